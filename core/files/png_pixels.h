#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/base/result.h"

namespace headlight {

/// The pixels of an image, red, green and blue of each, row after row from the top left corner on.
struct Pixels {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::uint8_t> rgb;  ///< [height, width, 3]

  /// In [0, 1].
  float at(std::int64_t row, std::int64_t column, std::int64_t channel) const {
    return static_cast<float>(rgb[static_cast<std::size_t>((row * width + column) * 3 + channel)]) / 255.0f;
  }
  /// All of them: [height, width, 3] in [0, 1].
  Tensor tensor() const;
};

/// What an image may cost.
struct PixelLimits {
  std::int64_t pixels = std::int64_t{64} << 20;
  std::uint64_t fileBytes = std::uint64_t{256} << 20;
};

/// The pixels of a PNG of any colour type, depth and interlacing, as eight bits a channel: 16-bit values are
/// scaled, grey counts for all three channels, and what is transparent is blended over white. The numbers are
/// the file's: no gamma or colour profile is applied. Errors: (unreadable) as readFile; (invalid) no PNG,
/// damaged, cut off, too many pixels, with the byte that was reached. No room is made for more pixels than
/// the bytes of the file can hold.
Result<Pixels> readPngPixels(const std::string& path, const PixelLimits& limits = {});
/// The same of a PNG in memory.
Result<Pixels> decodePngPixels(std::string_view png, const PixelLimits& limits = {});

}  // namespace headlight
