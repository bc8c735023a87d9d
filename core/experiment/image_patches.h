#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/files/png_pixels.h"
#include "core/text/tokens.h"

namespace headlight {

/// A patch becomes 8 × 8 pixels of red, green and blue.
inline constexpr std::int64_t kPatchSide = 8;
inline constexpr std::int64_t kPatchWidth = kPatchSide * kPatchSide * 3;

/// How an image is named that the program brings along: "headlight:garden.png" is exampleFiles()' garden.png.
inline constexpr std::string_view kOwnImage = "headlight:";
bool isOwnImage(std::string_view image);

/// The image that a sequence is cut from.
struct ImagePatches {
  std::string file;         ///< where it lies, or the name of one of the program's own
  std::string where;        ///< the JSON path that names it
  std::uint64_t stamp = 0;  ///< of its bytes
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t first = 0;  ///< the token that the first patch is
};

/// The image of a spec that is no batch, or nothing. Errors: missing or unreadable, at the JSON path.
Result<std::optional<ImagePatches>> imageOf(const TokenSpec& spec, const std::string& folder,
                                            const std::string& path);
/// Its pixels. Errors: as readPngPixels, at the JSON path.
Result<Pixels> pixelsOf(const ImagePatches& image);

/// Patch (row, column) of an image cut into rows × columns, resampled by area to [8, 8, 3] in [0, 1], less
/// the image's own mean of each colour: [kPatchWidth].
class PatchReader {
 public:
  PatchReader(const Pixels& pixels, std::int64_t rows, std::int64_t columns);
  void read(std::int64_t row, std::int64_t column, float* patch) const;

 private:
  const Pixels& pixels_;
  std::int64_t rows_;
  std::int64_t columns_;
  double mean_[3] = {0, 0, 0};
};

/// X [T, d_model]: patches times a generated matrix of N(0, 1/16), which makes about N(0, 1) of pixels that
/// are spread evenly; tokens beside the patches ([CLS], [PAD]) are generated from their text.
Result<Matrix> embedPatches(const ImagePatches& image, std::uint64_t seed, std::span<const Token> tokens,
                            std::int64_t dModel);

}  // namespace headlight
