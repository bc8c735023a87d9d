#include "app/window/window_picture.h"

#include <string_view>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <epoxy/gl.h>
#include <epoxy/glx.h>

namespace headlight {
namespace {

/// Whether the processor is the renderer.
bool isSoftware() {
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  if (name == nullptr) return false;
  const std::string_view renderer(name);
  return renderer.find("llvmpipe") != std::string_view::npos ||
         renderer.find("softpipe") != std::string_view::npos;
}

/// GLX_MESA_copy_sub_buffer: parts of the back buffer are shown, and it stays as it is.
bool canShowParts() {
  auto* const display = glXGetCurrentDisplay();
  return display != nullptr &&
         epoxy_has_glx_extension(display, DefaultScreen(display), "GLX_MESA_copy_sub_buffer");
}

}  // namespace

WindowPicture::WindowPicture(GLFWwindow* window)
    : window_(window), showsParts_(isSoftware() && canShowParts()) {}

void WindowPicture::show(const ImDrawData& data, const FrameSources& sources, int width, int height,
                         bool lost) {
  std::vector<PixelBox> boxes = painter_.differs(data, sources, width, height);
  if (boxes.empty() && !lost) return;
  const std::vector<PixelBox> all{{0, 0, width, height}};
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  if (!showsParts_) {
    painter_.paint(data, all);
    glfwSwapBuffers(window_);
    return;
  }
  painter_.paint(data, boxes);
  for (const PixelBox& box : lost ? all : boxes) {
    glXCopySubBufferMESA(glXGetCurrentDisplay(), glXGetCurrentDrawable(), box.x0, height - box.y1,
                         box.x1 - box.x0, box.y1 - box.y0);
  }
}

}  // namespace headlight
