#pragma once
#include <memory>
#include <string>

#include "app/desktop/dialogs.h"
#include "app/window/x11_picture.h"

struct GLFWwindow;

namespace headlight {

/// The clipboard of the display. Interface thread only.
class WindowClipboard final : public Clipboard {
 public:
  /// Null lets go of the display.
  void attach(GLFWwindow* window);
  void setText(const std::string& text) override;
  std::string text() override;
  Status setPicture(const std::string& png) override;

 private:
  GLFWwindow* window_ = nullptr;
  std::unique_ptr<X11Picture> picture_;  ///< made when the first one is copied
};

/// Makes ImGui's text fields use the clipboard, in the form that fields edit; `clipboard` outlives the
/// context.
void useClipboard(Clipboard& clipboard);

}  // namespace headlight
