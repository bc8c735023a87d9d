#pragma once
#include <memory>

#include "app/render/gl_object.h"
#include "app/window/damage.h"
#include "core/picture/picture.h"

namespace headlight {

/// A picture of the whole interface that stays between frames: what the window shows, or what is drawn in its
/// place, for which no visible window and no screen of its size are needed.
class Offscreen {
 public:
  Offscreen(int width, int height);
  int width() const { return width_; }
  int height() const { return height_; }
  void bind() const;
  /// Draws the frame into it by ImGui's backend: only where it differs from the one before.
  void paint(const ImDrawData& data, const FrameSources& sources);
  /// Copies all of it into the window's own picture of the same size.
  void copyToWindow() const;
  /// Share of the px that the last `paint` drew.
  double painted() const { return painted_; }
  /// What was drawn, first row on top.
  Picture read() const;

 private:
  int width_;
  int height_;
  GlTexture colour_;
  GlFramebuffer framebuffer_;
  Damage damage_;
  std::unique_ptr<ImDrawList> part_;
  double painted_ = 0;
};

}  // namespace headlight
