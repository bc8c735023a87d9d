#include "app/window/clipboard.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

#include "app/widgets/text_input.h"

namespace headlight {

void WindowClipboard::attach(GLFWwindow* window) {
  window_ = window;
  if (window == nullptr) picture_.reset();
}

Status WindowClipboard::setPicture(const std::string& png) {
  if (!picture_) {
    Result<std::unique_ptr<X11Picture>> opened = X11Picture::open();
    if (!opened) return opened.error();
    picture_ = *std::move(opened);
  }
  return picture_->offer(png);
}

void WindowClipboard::setText(const std::string& text) {
  if (window_ != nullptr) glfwSetClipboardString(window_, text.c_str());
}

std::string WindowClipboard::text() {
  const char* text = window_ == nullptr ? nullptr : glfwGetClipboardString(window_);
  return text == nullptr ? "" : text;
}

void useClipboard(Clipboard& clipboard) {
  ImGuiIO& io = ImGui::GetIO();
  io.ClipboardUserData = &clipboard;
  io.SetClipboardTextFn = [](void* user, const char* text) {
    static_cast<Clipboard*>(user)->setText(fromEdited(text));
  };
  io.GetClipboardTextFn = [](void* user) -> const char* {
    static std::string edited;  // ImGui reads it before it asks again
    edited = toEdited(static_cast<Clipboard*>(user)->text());
    return edited.c_str();
  };
}

}  // namespace headlight
