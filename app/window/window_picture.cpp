#include "app/window/window_picture.h"

#include <algorithm>
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
  const std::string_view renderer(name == nullptr ? "" : name);
  const bool software = renderer.find("llvmpipe") != std::string_view::npos ||
                        renderer.find("softpipe") != std::string_view::npos;
  return software && glXGetCurrentDisplay() != nullptr;
}

/// Shows the ground, and one that no eye tells from it, and looks whether each is still there afterwards:
/// buffers that take turns hold the one before.
bool keepsWhatItShows(GLFWwindow* window, ImU32 ground) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  for (const std::uint32_t other : {0u, 1u}) {
    std::array<std::uint8_t, 3> colour{};
    const std::array<int, 3> shifts{IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT};
    for (std::size_t part = 0; part < colour.size(); ++part)
      colour[part] = static_cast<std::uint8_t>((ground >> shifts[part] & 0xff) ^ other);
    const auto level = [&](std::size_t part) { return static_cast<float>(colour[part]) / 255.0F; };
    glClearColor(level(0), level(1), level(2), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glfwSwapBuffers(window);
    std::array<std::uint8_t, 4> found{};
    glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, found.data());
    if (!std::equal(colour.begin(), colour.end(), found.begin())) return false;
  }
  return true;
}

}  // namespace

WindowPicture::WindowPicture(GLFWwindow* window, ImU32 ground)
    : window_(window), keeps_(isSoftware() && keepsWhatItShows(window, ground)) {}

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
