#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/frame.h"
#include "app/render/map_renderer.h"
#include "app/session/session.h"
#include "app/widgets/box.h"
#include "app/widgets/keys.h"
#include "tests/temporary_folder.h"

struct ImGuiContext;

namespace headlight::test {

/// A clipboard in memory.
struct FakeClipboard : Clipboard {
  std::string held;
  void setText(const std::string& text) override { held = text; }
  std::string text() override { return held; }
  std::string picture;
  bool takesPictures = true;
  Status setPicture(const std::string& png) override {
    if (!takesPictures) return Error{ErrorCode::failed, "the test takes no pictures", {}, {}};
    picture = png;
    return {};
  }
};

/// Native dialogs that the test answers by hand; absent unless it says otherwise.
struct FakeDialogs : FileDialogs {
  bool isAvailable = false;
  std::vector<DialogRequest> asked;
  std::function<void(std::optional<std::string>)> answer;
  bool available() const override { return isAvailable; }
  void ask(const DialogRequest& request, std::function<void(std::optional<std::string>)> reply) override {
    asked.push_back(request);
    answer = std::move(reply);
  }
};

/// The whole interface without a display: ImGui without a backend, a renderer that draws nothing, a clock
/// that the test turns. Controls are found by their stable ids, as they were last drawn.
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
  FakeDialogs& dialogs() { return dialogs_; }
  std::string folder() const { return folder_.path(); }
  float scale() const { return scale_; }
  /// A parameter of the document as JSON: value("shape.heads") is "8".
  std::string value(std::string_view path) const;
  /// The document as its file says it, without how it is looked at.
  std::string document() const;
  /// All that can be told of the interface: the document, every word and control, what is open and asked.
  std::string reading() const;
  /// Equal for equal pixels: everything that the last frame drew.
  std::uint64_t picture() const;
  /// How many steps undo takes back to the start; all of them are undone.
  int undoAll();

  void frames(int count = 1);
  /// Frames until the numbers are there and nothing moves any more.
  void settle();
  void pass(double seconds);
  void resize(int width, int height, float scale);
  /// Opens an example, or a file that is written first; fails the test when it was not opened.
  void openExample(const std::string& name);
  void openText(const std::string& experiment);
  std::string write(const std::string& name, std::string_view bytes) const;

  bool has(std::string_view id) const { return drawn().find(id) != nullptr; }
  /// Where a control is; fails the test when it was not drawn.
  Box box(std::string_view id) const;
  /// The part of it that is in sight.
  Box seen(std::string_view id) const;
  /// Scrolls the region of the control until it is in sight.
  void reveal(std::string_view id);

  void moveTo(float x, float y);
  void click(std::string_view id, int button = 0);
  void clickAt(float x, float y, int button = 0);
  void drag(std::string_view id, float fromShare, float toShare);
  void dragBy(float x, float y, float dx, float dy);
  void wheel(std::string_view id, float notches, bool shift = false);
  /// Clicks a field, replaces what stands in it, presses Enter.
  void enter(std::string_view id, std::string_view words);
  void wheelAt(float x, float y, float notches);
  void key(int key, int modifiers = kNoModifier);
  /// A key and then characters, as a frame that stalled hands them on: all of them in the next one.
  void keyThenType(int key, int modifiers, std::string_view utf8);
  /// Characters, as the window's callback hands them on.
  void type(std::string_view utf8);
  /// Presses or releases the left button without moving.
  void hold(bool down);
  /// True while a text field takes what is typed.
  bool typing() const;

 private:
  void frame();
  /// The key goes down for a frame.
  void strike(int key, int modifiers);

  int width_;
  int height_;
  float scale_;
  double clock_ = 100;
  TemporaryFolder folder_;
  FakeClipboard clipboard_;
  FakeDialogs dialogs_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<MapRenderer> renderer_;
  std::unique_ptr<Frame> frame_;
  std::shared_ptr<Fonts> fonts_;
  ImGuiContext* context_ = nullptr;
  bool fontsNew_ = true;
};

}  // namespace headlight::test
