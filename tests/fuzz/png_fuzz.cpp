#include <cstdint>
#include <string>

#include <zlib.h>

#include "core/files/png_pixels.h"

namespace {

/// Few pixels, so that an input does not take long.
void decode(std::string_view png) {
  headlight::PixelLimits limits;
  limits.pixels = 1 << 16;
  const auto pixels = headlight::decodePngPixels(png, limits);
  if (pixels &&
      static_cast<std::int64_t>(pixels->tensor().floats.size()) != pixels->width * pixels->height * 3) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string png(reinterpret_cast<const char*>(data), size);
  decode(png);
  // Once more with right checksums, which changes of a chunk seldom leave right.
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kFrame = 12;
  for (std::size_t at = kSignature; at + kFrame <= png.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(png[at + i]);
    if (length > png.size() - at - kFrame) break;
    const auto sum =
        ::crc32(0, reinterpret_cast<const Bytef*>(png.data()) + at + 4, static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      png[at + 8 + length + i] = static_cast<char>(static_cast<unsigned char>(sum >> (24 - 8 * i) & 0xff));
    }
    at += kFrame + length;
  }
  decode(png);
  return 0;
}
