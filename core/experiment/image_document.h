#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// How an image is cut: rows × columns patches of equal size.
struct PatchGrid {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  bool operator==(const PatchGrid&) const = default;
};
/// Patches of an image nobody has cut yet: about square, at most kMostPatches along the longer side, and
/// whole squares of pixels where the sides have a divisor that gives kFewPatches or more of them.
PatchGrid patchGrid(std::int64_t width, std::int64_t height);
inline constexpr std::int64_t kMostPatches = 14;
inline constexpr std::int64_t kFewPatches = 8;

/// "16 × 16 pixels", "21.4 × 21.3 pixels".
std::string patchSizeText(std::int64_t width, std::int64_t height, const PatchGrid& grid);

/// Whether the bytes are a PNG that no figure of Headlight is: its patches can be tokens.
bool isPlainImage(std::string_view bytes);

/// A PNG as a document: its patches attend to each other by random weights.
struct ImageDocument {
  Experiment experiment;
  std::string words;  ///< "14 × 11 patches of 21.4 × 21.3 pixels"
};
/// `file` lies in `folder`, which the experiment is opened in. Errors: as readPngPixels.
Result<ImageDocument> imageDocument(const std::string& file, const std::string& folder);

}  // namespace headlight
