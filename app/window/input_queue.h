#pragma once
#include <deque>
#include <vector>

namespace headlight {

/// A key that went down, repeated or went up, or a character that was typed: numbers are GLFW's.
struct InputEvent {
  enum class Kind { key, character };
  Kind kind = Kind::key;
  int key = 0;
  int scancode = 0;
  int action = 0;
  int modifiers = 0;
  char32_t character = 0;
};

/// Key events wait here and are handed out frame by frame: ImGui 1.86 looks at the state of the keys once a
/// frame, so that a key pressed and released in between would never be seen, and a Backspace behind a
/// character would overtake it.
class InputQueue {
 public:
  void push(const InputEvent& event) { events_.push_back(event); }
  bool empty() const { return events_.empty(); }

  /// The events of the next frame, in their order. While a text is typed, characters and the keys they come
  /// from do not wait for each other.
  std::vector<InputEvent> next(bool typing);

 private:
  std::deque<InputEvent> events_;
};

}  // namespace headlight
