#include "tests/render/png_file.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <png.h>

namespace headlight::test {

std::optional<Picture> readPng(const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&image, path.c_str()) == 0) return std::nullopt;
  image.format = PNG_FORMAT_RGBA;
  Picture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  picture.rgba.resize(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr) == 0) return std::nullopt;
  return picture;
}

bool writeGolden(const std::string& path, const Picture& picture) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  png_structp png = png_create_write_struct(
      PNG_LIBPNG_VER_STRING, nullptr,
      [](png_structp, png_const_charp why) {
        std::fprintf(stderr, "libpng: %s\n", why);
        std::abort();
      },
      nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  const auto width = static_cast<png_uint_32>(picture.width);
  png_set_IHDR(png, info, width, static_cast<png_uint_32>(picture.height), 8, PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  // Flat surfaces and letters that come again and again: best found as they are.
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, 9);
  png_write_info(png, info);
  std::vector<png_byte> row(std::size_t{width} * 3);
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    for (std::size_t n = 0; n < row.size(); ++n) {
      row[n] = picture.rgba[(y * width + n / 3) * 4 + n % 3];
    }
    png_write_row(png, row.data());
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return std::fclose(file) == 0;
}

}  // namespace headlight::test
