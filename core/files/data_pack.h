#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace headlight {

/// What the files inside a figure may have together.
inline constexpr std::size_t kMostPackedBytes = std::size_t{8} << 20;

/// A file as it is carried inside a figure.
struct PackedFile {
  std::string path;  ///< relative, as the figure's experiment spells it
  std::string bytes;
};

/// The files as one stretch of bytes, each with its size and SHA-256. Equal files give equal bytes.
std::string packed(const std::vector<PackedFile>& files);

/// Back again, every file proven by its hash. Errors (invalid): no such bytes, damaged ones, more than
/// kMostPackedBytes, a path that is empty, absolute or not text.
Result<std::vector<PackedFile>> unpacked(std::string_view pack);

}  // namespace headlight
