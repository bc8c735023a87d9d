#include "app/window/offscreen.h"

#include <algorithm>
#include <vector>

namespace headlight {

Offscreen::Offscreen(int width, int height)
    : width_(width),
      height_(height),
      colour_(makeTexture(GL_RGBA8, width, height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr)),
      framebuffer_(GlFramebuffer::make()) {
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.name(), 0);
  checkGl("Offscreen");
}

void Offscreen::bind() const {
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
}

void Offscreen::paint(const ImDrawData& data, const FrameSources& sources) {
  const std::vector<PixelBox> boxes = painter_.differs(data, sources, width_, height_);
  std::int64_t px = 0;
  for (const PixelBox& box : boxes) px += box.area();
  painted_ = static_cast<double>(px) / (static_cast<double>(width_) * height_);
  bind();
  painter_.paint(data, boxes);
}

Picture Offscreen::read() const {
  Picture picture{width_, height_, {}};
  const std::size_t stride = static_cast<std::size_t>(width_) * 4;
  picture.rgba.resize(stride * static_cast<std::size_t>(height_));
  bind();
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  for (int top = 0, bottom = height_ - 1; top < bottom; ++top, --bottom) {
    std::uint8_t* a = picture.rgba.data() + static_cast<std::size_t>(top) * stride;
    std::uint8_t* b = picture.rgba.data() + static_cast<std::size_t>(bottom) * stride;
    std::swap_ranges(a, a + stride, b);
  }
  checkGl("Offscreen::read");
  return picture;
}

}  // namespace headlight
