#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/window/input_queue.h"
#include "core/base/result.h"

struct GLFWwindow;

namespace headlight {

/// The connection to the display, made before and closed after every window.
class Display {
 public:
  /// Errors: there is no display, in GLFW's words.
  static Result<std::unique_ptr<Display>> open();
  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

 private:
  Display() = default;
};

struct GlWindowRequest {
  int width = 0;  ///< px; 0: as the monitor allows
  int height = 0;
  double scale = 0;  ///< of the interface; 0: the monitor's
  bool visible = true;
};

/// A window with a current OpenGL 3.3 core context, and what has happened to it since the last look.
class GlWindow {
 public:
  /// Errors: no window, no OpenGL 3.3, in GLFW's words.
  static Result<std::unique_ptr<GlWindow>> open(const Display& display, const GlWindowRequest& request);
  ~GlWindow();
  GlWindow(const GlWindow&) = delete;
  GlWindow& operator=(const GlWindow&) = delete;

  GLFWwindow* handle() const { return window_; }
  double monitorScale() const;
  /// Px per inch of the monitor that it stands on, by its physical size; nothing where that is not known or
  /// cannot be true. The display is asked every other second.
  std::optional<double> monitorDpi();
  /// Nothing of it can be seen: it is iconified or has no area.
  bool hidden() const;
  void setTitle(const std::string& title);
  /// Takes the whole monitor that most of the window is on, or goes back to where it was.
  void setFullScreen(bool full);
  /// Limits resizing to what the layout needs at the scale, as far as the monitor has room.
  void setLeastSize(double scale);

  InputQueue& input() { return input_; }
  bool takeHappened();                     ///< anything that calls for a frame
  bool takeLost();                         ///< the desktop may have drawn over it
  bool takeCloseAsked();                   ///< the window's close button
  std::vector<std::string> takeDropped();  ///< paths of files

 private:
  GlWindow() = default;
  void listen();

  GLFWwindow* window_ = nullptr;
  InputQueue input_;
  std::vector<std::string> dropped_;
  bool happened_ = true;
  bool lost_ = true;
  bool closeAsked_ = false;
  std::string title_;
  double leastFor_ = 0;
  std::optional<double> monitorDpi_;
  std::optional<double> dpiAskedAt_;
  bool full_ = false;
  int windowed_[4] = {0, 0, 0, 0};  ///< place and size before it was full, screen units
};

}  // namespace headlight
