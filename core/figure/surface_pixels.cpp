#include "core/figure/surface_pixels.h"

#include <cstdint>

#include <cairo.h>

namespace headlight {

Picture pixelsOf(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  const int width = cairo_image_surface_get_width(surface);
  const int height = cairo_image_surface_get_height(surface);
  Picture picture{width, height, {}};
  const unsigned char* data = cairo_image_surface_get_data(surface);
  if (!data || width < 1 || height < 1) return {};
  const bool hasAlpha = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32;
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  picture.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  std::uint8_t* out = picture.rgba.data();
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    // Cairo's pixel: alpha, red, green, blue from the highest byte down, colours multiplied by alpha.
    const auto* row = reinterpret_cast<const std::uint32_t*>(data + y * stride);
    if (!hasAlpha) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
        for (int shift : {16, 8, 0}) *out++ = static_cast<std::uint8_t>(row[x] >> shift);
        *out++ = 255;
      }
      continue;
    }
    for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
      const std::uint32_t alpha = row[x] >> 24;
      for (int shift : {16, 8, 0}) {
        const std::uint32_t channel = (row[x] >> shift) & 255u;
        *out++ = static_cast<std::uint8_t>(alpha == 255 ? channel
                                           : alpha == 0 ? 0u
                                                        : (channel * 255u + alpha / 2) / alpha);
      }
      *out++ = static_cast<std::uint8_t>(alpha);
    }
  }
  return picture;
}

}  // namespace headlight
