#include "app/window/input_queue.h"

#include <string>

#include <GLFW/glfw3.h>
#include <gmock/gmock.h>

namespace headlight {
namespace {

InputEvent key(int code, int action, int modifiers = 0) {
  return {InputEvent::Kind::key, code, 0, action, modifiers, 0};
}
InputEvent character(char32_t c) {
  return {InputEvent::Kind::character, 0, 0, 0, 0, c};
}

/// "v259" pressed, "^259" released, "a" typed, frames divided by blanks.
std::string frames(InputQueue& queue, bool typing) {
  std::string text;
  while (!queue.empty()) {
    if (!text.empty()) text += ' ';
    for (const InputEvent& event : queue.next(typing)) {
      if (event.kind == InputEvent::Kind::character) {
        text += static_cast<char>(event.character);
      } else {
        text += (event.action == GLFW_RELEASE ? '^' : 'v') + std::to_string(event.key);
      }
    }
  }
  return text;
}

TEST(InputQueue, PressAndReleaseAreSeenInTwoFrames) {
  InputQueue queue;
  queue.push(key(GLFW_KEY_BACKSPACE, GLFW_PRESS));
  queue.push(key(GLFW_KEY_BACKSPACE, GLFW_RELEASE));
  EXPECT_EQ(frames(queue, true), "v259 ^259");
}

TEST(InputQueue, TwoBackspacesAreTwo) {
  InputQueue queue;
  for (int i = 0; i < 2; ++i) {
    queue.push(key(GLFW_KEY_BACKSPACE, GLFW_PRESS));
    queue.push(key(GLFW_KEY_BACKSPACE, GLFW_RELEASE));
  }
  EXPECT_EQ(frames(queue, true), "v259 ^259 v259 ^259");
}

TEST(InputQueue, BackspaceDoesNotOvertakeTheCharacterBeforeIt) {
  InputQueue queue;
  queue.push(character('a'));
  queue.push(key(GLFW_KEY_BACKSPACE, GLFW_PRESS));
  queue.push(character('b'));
  EXPECT_EQ(frames(queue, true), "a v259 b");
}

// As a machine under load hands on a quick Ctrl A, with the modifier gone before the key.
TEST(InputQueue, ACommandIsSeenWithItsModifier) {
  InputQueue queue;
  queue.push(key(GLFW_KEY_LEFT_CONTROL, GLFW_PRESS));
  queue.push(key(GLFW_KEY_A, GLFW_PRESS, GLFW_MOD_CONTROL));
  queue.push(key(GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE, GLFW_MOD_CONTROL));
  queue.push(key(GLFW_KEY_A, GLFW_RELEASE));
  queue.push(key(GLFW_KEY_B, GLFW_PRESS));
  queue.push(character('b'));
  EXPECT_EQ(frames(queue, true), "v341v65 ^341^65v66b");
}

TEST(InputQueue, FastTypingStaysInOneFrame) {
  InputQueue queue;
  for (const char c : {'A', 'B', 'A'}) {
    queue.push(key(c, GLFW_PRESS));
    queue.push(character(static_cast<char32_t>(c)));
    queue.push(key(c, GLFW_RELEASE));
  }
  EXPECT_EQ(frames(queue, true), "v65A^65v66B^66v65A^65");
}

TEST(InputQueue, KeysThatTypeAreCommandsOutsideOfText) {
  InputQueue queue;
  queue.push(key(GLFW_KEY_2, GLFW_PRESS));
  queue.push(key(GLFW_KEY_2, GLFW_RELEASE));
  EXPECT_EQ(frames(queue, false), "v50 ^50");
}

TEST(InputQueue, ChordIsOneFrame) {
  InputQueue queue;
  queue.push(key(GLFW_KEY_LEFT_CONTROL, GLFW_PRESS, GLFW_MOD_CONTROL));
  queue.push(key(GLFW_KEY_A, GLFW_PRESS, GLFW_MOD_CONTROL));
  queue.push(key(GLFW_KEY_A, GLFW_RELEASE, GLFW_MOD_CONTROL));
  queue.push(key(GLFW_KEY_LEFT_CONTROL, GLFW_RELEASE));
  EXPECT_EQ(frames(queue, true), "v341v65 ^65^341");
}

}  // namespace
}  // namespace headlight
