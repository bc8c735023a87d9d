#pragma once
#include "app/window/frame_painter.h"

struct GLFWwindow;

namespace headlight {

/// What a window shows. A software renderer draws and hands over only the parts that changed, where the X
/// server's renderer can show parts of its picture and keeps it; a card draws all of it. A frame that is
/// equal to the one before is not shown again.
class WindowPicture {
 public:
  /// `window` has a current context.
  explicit WindowPicture(GLFWwindow* window);

  /// Draws and shows a frame; `lost`: the window may show something else by now.
  void show(const ImDrawData& data, const FrameSources& sources, int width, int height, bool lost);
  bool showsParts() const { return showsParts_; }

 private:
  GLFWwindow* window_;
  FramePainter painter_;
  bool showsParts_;
};

}  // namespace headlight
