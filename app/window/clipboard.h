#pragma once
#include "app/desktop/dialogs.h"

struct GLFWwindow;

namespace headlight {

/// The clipboard of the display. Interface thread only.
class WindowClipboard final : public Clipboard {
 public:
  void attach(GLFWwindow* window) { window_ = window; }
  void setText(const std::string& text) override;
  std::string text() override;

 private:
  GLFWwindow* window_ = nullptr;
};

/// Makes ImGui's text fields use the clipboard, in the form that fields edit; `clipboard` outlives the
/// context.
void useClipboard(Clipboard& clipboard);

}  // namespace headlight
