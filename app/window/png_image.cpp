#include "app/window/png_image.h"

#include <vector>

#include <png.h>

#include "core/files/atomic_save.h"

namespace headlight {

Status writePng(const std::string& path, const Picture& picture) {
  const std::size_t pixels = picture.rgba.size() / 4;
  std::vector<png_byte> rgb(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t part = 0; part < 3; ++part) rgb[3 * i + part] = picture.rgba[4 * i + part];
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, rgb.data(), 0, nullptr) == 0) {
    return Error{ErrorCode::failed, std::string("the picture cannot be encoded: ") + image.message, path, {}};
  }
  bytes.resize(size);
  return saveAtomically(path, bytes, Overwrite::replace);
}

}  // namespace headlight
