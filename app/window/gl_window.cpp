#include "app/window/gl_window.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <imgui.h>

#include "app/window/ui_scale.h"

namespace headlight {
namespace {

/// GLFW's description of the last error.
std::string lastError() {
  const char* description = nullptr;
  glfwGetError(&description);
  return description == nullptr ? "no reason given" : description;
}

struct Area {
  int width = 0;
  int height = 0;
};

Area workArea() {
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return {1280, 720};
  int x = 0;
  int y = 0;
  Area area;
  glfwGetMonitorWorkarea(monitor, &x, &y, &area.width, &area.height);
  return area;
}

/// Four fifths of the monitor, at least 1280 × 720 of the interface's own px, at most the monitor.
int initialLength(int asked, int room, int least, double scale) {
  if (asked > 0) return asked;
  const int wanted = std::max(room * 4 / 5, static_cast<int>(least * scale));
  return room > 0 ? std::min(wanted, room) : wanted;
}

/// The monitor that most of the rectangle lies on.
GLFWmonitor* monitorOf(int x, int y, int width, int height) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  GLFWmonitor* best = glfwGetPrimaryMonitor();
  std::int64_t most = 0;
  for (int i = 0; i < count; ++i) {
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (mode == nullptr) continue;
    int left = 0;
    int top = 0;
    glfwGetMonitorPos(monitors[i], &left, &top);
    const std::int64_t across = std::min(x + width, left + mode->width) - std::max(x, left);
    const std::int64_t down = std::min(y + height, top + mode->height) - std::max(y, top);
    const std::int64_t shared = across > 0 && down > 0 ? across * down : 0;
    if (shared > most) {
      most = shared;
      best = monitors[i];
    }
  }
  return best;
}

std::optional<double> physicalDpi(GLFWwindow* window) {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  glfwGetWindowPos(window, &x, &y);
  glfwGetWindowSize(window, &width, &height);
  GLFWmonitor* monitor = monitorOf(x, y, width, height);
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode == nullptr) return std::nullopt;
  int wideMm = 0;
  int highMm = 0;
  glfwGetMonitorPhysicalSize(monitor, &wideMm, &highMm);
  if (wideMm <= 0 || highMm <= 0) return std::nullopt;
  const double across = mode->width * 25.4 / wideMm;
  const double down = mode->height * 25.4 / highMm;
  // Projectors and virtual machines tell sizes that are none.
  constexpr double kLeast = 50;
  constexpr double kMost = 600;
  constexpr double kSquare = 1.15;
  const bool square = across < down * kSquare && down < across * kSquare;
  if (!square || across < kLeast || across > kMost) return std::nullopt;
  return (across + down) / 2;
}

GlWindow& self(GLFWwindow* window) {
  return *static_cast<GlWindow*>(glfwGetWindowUserPointer(window));
}

}  // namespace

Result<std::unique_ptr<Display>> Display::open() {
  glfwInitHint(GLFW_JOYSTICK_HAT_BUTTONS, GLFW_FALSE);
  if (glfwInit() == GLFW_TRUE) return std::unique_ptr<Display>(new Display);
  return Error{ErrorCode::failed, lastError(), {}, {}};
}

Display::~Display() {
  glfwTerminate();
}

Result<std::unique_ptr<GlWindow>> GlWindow::open(const Display&, const GlWindowRequest& request) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_ALPHA_BITS, 0);
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);  // a lecturer works on the other monitor meanwhile
  glfwWindowHint(GLFW_VISIBLE, request.visible ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "headlight");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "headlight");

  float monitorScale = 1;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor())
    glfwGetMonitorContentScale(monitor, &monitorScale, nullptr);
  const double scale = wantedScale(request.scale, static_cast<double>(monitorScale));
  const Area room = workArea();
  std::unique_ptr<GlWindow> window(new GlWindow);
  window->title_ = "Headlight";
  window->window_ = glfwCreateWindow(initialLength(request.width, room.width, 1280, scale),
                                     initialLength(request.height, room.height, 720, scale),
                                     window->title_.c_str(), nullptr, nullptr);
  if (window->window_ == nullptr) return Error{ErrorCode::failed, lastError(), {}, {}};
  glfwMakeContextCurrent(window->window_);
  glfwSwapInterval(1);
  window->listen();
  return window;
}

GlWindow::~GlWindow() {
  if (window_ != nullptr) glfwDestroyWindow(window_);
}

void GlWindow::listen() {
  glfwSetWindowUserPointer(window_, this);
  // ImGui's backend is told by hand: keys wait for their frame, and characters above U+FFFF must be
  // translated first.
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int modifiers) {
    self(w).happened_ = true;
    self(w).input_.push({InputEvent::Kind::key, key, scancode, action, modifiers, 0});
  });
  glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned int character) {
    self(w).happened_ = true;
    self(w).input_.push({InputEvent::Kind::character, 0, 0, 0, 0, static_cast<char32_t>(character)});
  });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int modifiers) {
    self(w).happened_ = true;
    ImGui_ImplGlfw_MouseButtonCallback(w, button, action, modifiers);
  });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double x, double y) {
    self(w).happened_ = true;
    ImGui_ImplGlfw_ScrollCallback(w, x, y);
  });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int entered) {
    self(w).happened_ = true;
    ImGui_ImplGlfw_CursorEnterCallback(w, entered);
  });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int focused) {
    self(w).happened_ = true;
    ImGui_ImplGlfw_WindowFocusCallback(w, focused);
  });
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { self(w).happened_ = true; });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { self(w).happened_ = self(w).lost_ = true; });
  glfwSetFramebufferSizeCallback(window_,
                                 [](GLFWwindow* w, int, int) { self(w).happened_ = self(w).lost_ = true; });
  glfwSetWindowIconifyCallback(window_, [](GLFWwindow* w, int) { self(w).happened_ = self(w).lost_ = true; });
  glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* w, float, float) { self(w).happened_ = true; });
  glfwSetWindowCloseCallback(window_, [](GLFWwindow* w) {
    glfwSetWindowShouldClose(w, GLFW_FALSE);  // whether it closes is the session's to say
    self(w).closeAsked_ = true;
    self(w).happened_ = true;
  });
  glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
    for (int i = 0; i < count; ++i) self(w).dropped_.emplace_back(paths[i]);
    self(w).happened_ = true;
  });
}

double GlWindow::monitorScale() const {
  float scale = 1;
  glfwGetWindowContentScale(window_, &scale, nullptr);
  return static_cast<double>(scale);
}

std::optional<double> GlWindow::monitorDpi() {
  constexpr double kSeconds = 2;
  const double now = glfwGetTime();
  if (!dpiAskedAt_ || now - *dpiAskedAt_ > kSeconds) {
    dpiAskedAt_ = now;
    monitorDpi_ = physicalDpi(window_);
  }
  return monitorDpi_;
}

bool GlWindow::hidden() const {
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  return width < 1 || height < 1 || glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE;
}

void GlWindow::setTitle(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  glfwSetWindowTitle(window_, title.c_str());
}

void GlWindow::setFullScreen(bool full) {
  if (full == full_) return;
  full_ = full;
  happened_ = true;
  if (!full) {
    glfwSetWindowMonitor(window_, nullptr, windowed_[0], windowed_[1], windowed_[2], windowed_[3],
                         GLFW_DONT_CARE);
    return;
  }
  glfwGetWindowPos(window_, &windowed_[0], &windowed_[1]);
  glfwGetWindowSize(window_, &windowed_[2], &windowed_[3]);
  GLFWmonitor* monitor = monitorOf(windowed_[0], windowed_[1], windowed_[2], windowed_[3]);
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode == nullptr) return;
  glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

void GlWindow::setLeastSize(double scale) {
  if (scale == leastFor_) return;
  leastFor_ = scale;
  const Area room = workArea();
  const int width = static_cast<int>(kLeastWidth * scale);
  const int height = static_cast<int>(kLeastHeight * scale);
  glfwSetWindowSizeLimits(window_, room.width > 0 ? std::min(width, room.width) : width,
                          room.height > 0 ? std::min(height, room.height) : height, GLFW_DONT_CARE,
                          GLFW_DONT_CARE);
}

bool GlWindow::takeHappened() {
  return std::exchange(happened_, false);
}
bool GlWindow::takeLost() {
  return std::exchange(lost_, false);
}
bool GlWindow::takeCloseAsked() {
  return std::exchange(closeAsked_, false);
}
std::vector<std::string> GlWindow::takeDropped() {
  return std::exchange(dropped_, {});
}

}  // namespace headlight
