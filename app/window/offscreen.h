#pragma once
#include "app/render/gl_object.h"
#include "core/picture/picture.h"

namespace headlight {

/// A picture to be drawn into in place of the window: it needs no visible window and no screen of its size.
class Offscreen {
 public:
  Offscreen(int width, int height);
  int width() const { return width_; }
  int height() const { return height_; }
  void bind() const;
  /// What was drawn, first row on top.
  Picture read() const;

 private:
  int width_;
  int height_;
  GlTexture colour_;
  GlFramebuffer framebuffer_;
};

}  // namespace headlight
