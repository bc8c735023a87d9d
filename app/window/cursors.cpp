#include "app/window/cursors.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

namespace headlight {

void Cursors::open() {
  crosshair_ = glfwCreateStandardCursor(GLFW_CROSSHAIR_CURSOR);
  beam_ = glfwCreateStandardCursor(GLFW_IBEAM_CURSOR);
}

void Cursors::close() {
  if (crosshair_ != nullptr) glfwDestroyCursor(crosshair_);
  if (beam_ != nullptr) glfwDestroyCursor(beam_);
  crosshair_ = beam_ = shown_ = nullptr;
}

void Cursors::show(GLFWwindow* window, bool crosshair) {
  GLFWcursor* wanted = nullptr;
  if (crosshair) {
    wanted = crosshair_;
  } else if (ImGui::GetMouseCursor() == ImGuiMouseCursor_TextInput) {
    wanted = beam_;
  }
  if (wanted == shown_) return;
  shown_ = wanted;
  glfwSetCursor(window, wanted);
}

}  // namespace headlight
