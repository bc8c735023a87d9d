#pragma once
#include "app/window/frame_painter.h"

struct GLFWwindow;

namespace headlight {

/// What a window shows. Mesa's software renderers copy the picture when it is shown and keep it: there only
/// the parts that changed are drawn. A card draws all of it. A frame that is equal to the one before is not
/// shown again.
class WindowPicture {
 public:
  /// `window` has a current context, and shows the ground from here on.
  WindowPicture(GLFWwindow* window, ImU32 ground);

  /// Draws and shows a frame; `lost`: the window may show something else by now, or have another picture.
  void show(const ImDrawData& data, const FrameSources& sources, int width, int height, bool lost);

 private:
  GLFWwindow* window_;
  FramePainter painter_;
  bool keeps_;
};

}  // namespace headlight
