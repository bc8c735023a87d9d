#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "app/panels/frame.h"
#include "app/render/map_renderer.h"
#include "app/session/session.h"
#include "app/widgets/box.h"
#include "app/widgets/keys.h"

struct ImGuiContext;

namespace headlight::test {

/// A clipboard in memory.
struct FakeClipboard : Clipboard {
  std::string held;
  void setText(const std::string& text) override { held = text; }
  std::string text() override { return held; }
};

/// The whole interface without a display: ImGui without a backend, a renderer that draws nothing, a clock that the test
/// turns. Controls are found by their stable ids, as they were last drawn.
class Driver {
 public:
  explicit Driver(int width = 1280, int height = 720, float scale = 1);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  Session& session() { return *session_; }
  const Experiment& experiment() const { return session_->experiment(); }
  Frame& window() { return *frame_; }
  const Registry& drawn() const { return frame_->registry(); }
  FakeClipboard& clipboard() { return clipboard_; }
  std::string folder() const { return folder_; }

  void frames(int count = 1);
  /// Frames until the numbers are there and nothing moves any more.
  void settle();
  void pass(double seconds);
  void resize(int width, int height, float scale);

  bool has(std::string_view id) const { return drawn().find(id) != nullptr; }
  /// Where a control is; fails the test when it was not drawn.
  Box box(std::string_view id) const;
  /// Scrolls the region of the control until it is in sight.
  void reveal(std::string_view id);

  void moveTo(float x, float y);
  void click(std::string_view id, int button = 0);
  void clickAt(float x, float y, int button = 0);
  void drag(std::string_view id, float fromShare, float toShare);
  void dragBy(float x, float y, float dx, float dy);
  void wheel(std::string_view id, float notches, bool shift = false);
  void key(int key, int modifiers = kNoModifier);
  /// Characters, as the window's callback hands them on.
  void type(std::string_view utf8);

 private:
  void frame();

  int width_;
  int height_;
  float scale_;
  double clock_ = 100;
  std::string folder_;
  FakeClipboard clipboard_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<MapRenderer> renderer_;
  std::unique_ptr<Frame> frame_;
  std::shared_ptr<Fonts> fonts_;
  ImGuiContext* context_ = nullptr;
  bool fontsNew_ = true;
};

}  // namespace headlight::test
