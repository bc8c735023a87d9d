#include "app/window/window_picture.h"

#include <array>
#include <cstdint>
#include <string_view>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <epoxy/gl.h>
#include <epoxy/glx.h>

namespace headlight {
namespace {

/// Whether the processor is the renderer, for an X server.
bool isSoftware() {
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  if (name == nullptr || glXGetCurrentDisplay() == nullptr) return false;
  const std::string_view renderer(name);
  return renderer.find("llvmpipe") != std::string_view::npos ||
         renderer.find("softpipe") != std::string_view::npos;
}

/// Shows two grounds, one after the other, and looks whether each is still there afterwards: buffers that
/// take turns hold the one before.
bool keepsWhatItShows(GLFWwindow* window) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  for (const std::uint8_t level : {std::uint8_t{16}, std::uint8_t{20}}) {
    const float grey = static_cast<float>(level) / 255.0F;
    glClearColor(grey, grey, grey, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glfwSwapBuffers(window);
    std::array<std::uint8_t, 4> pixel{};
    glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, pixel.data());
    if (pixel[0] != level || pixel[1] != level || pixel[2] != level) return false;
  }
  return true;
}

}  // namespace

WindowPicture::WindowPicture(GLFWwindow* window)
    : window_(window), keeps_(isSoftware() && keepsWhatItShows(window)) {}

void WindowPicture::show(const ImDrawData& data, const FrameSources& sources, int width, int height,
                         bool lost) {
  std::vector<PixelBox> boxes = painter_.differs(data, sources, width, height);
  if (boxes.empty() && !lost) return;
  if (lost || !keeps_) boxes = {{0, 0, width, height}};
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  painter_.paint(data, boxes);
  glfwSwapBuffers(window_);
}

}  // namespace headlight
