#pragma once
#include "app/render/gl_object.h"
#include "app/window/frame_painter.h"
#include "core/picture/picture.h"

namespace headlight {

/// A picture to be drawn into in place of the window: it needs no visible window and no screen of its size.
class Offscreen {
 public:
  Offscreen(int width, int height);
  int width() const { return width_; }
  int height() const { return height_; }
  void bind() const;
  /// Draws the frame into it by ImGui's backend: only where it differs from the one before.
  void paint(const ImDrawData& data, const FrameSources& sources);
  /// Share of the px that the last `paint` drew.
  double painted() const { return painted_; }
  /// What was drawn, first row on top.
  Picture read() const;

 private:
  int width_;
  int height_;
  GlTexture colour_;
  GlFramebuffer framebuffer_;
  FramePainter painter_;
  double painted_ = 0;
};

}  // namespace headlight
