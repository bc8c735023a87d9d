#pragma once

struct GLFWcursor;
struct GLFWwindow;

namespace headlight {

/// The pointer's shapes: an arrow, a crosshair inside maps, a beam inside text.
class Cursors {
 public:
  void open();
  void close();
  /// Shows the one that ImGui asks for, or the crosshair.
  void show(GLFWwindow* window, bool crosshair);

 private:
  GLFWcursor* crosshair_ = nullptr;
  GLFWcursor* beam_ = nullptr;
  GLFWcursor* shown_ = nullptr;  // null: the arrow
};

}  // namespace headlight
