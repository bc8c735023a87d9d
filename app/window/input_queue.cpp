#include "app/window/input_queue.h"

#include <algorithm>

#include <GLFW/glfw3.h>

namespace headlight {
namespace {

/// Keys whose only effect on a text field is the character that follows.
bool typesACharacter(const InputEvent& event) {
  return event.key >= GLFW_KEY_SPACE && event.key <= GLFW_KEY_WORLD_2 &&
         (event.modifiers & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) == 0;
}

}  // namespace

std::vector<InputEvent> InputQueue::next(bool typing) {
  std::vector<InputEvent> batch;
  std::vector<int> changed;
  bool characters = false;
  bool commands = false;
  while (!events_.empty()) {
    const InputEvent& event = events_.front();
    if (event.kind == InputEvent::Kind::character) {
      if (commands) break;
      characters = true;
    } else {
      // What a command was pressed with is still down when it is looked at.
      if (commands && event.action == GLFW_RELEASE) break;
      const bool free = typing && typesACharacter(event);
      const bool again = std::find(changed.begin(), changed.end(), event.key) != changed.end();
      if (!free && (again || (characters && event.action != GLFW_RELEASE))) break;
      changed.push_back(event.key);
      if (event.action != GLFW_RELEASE && !typesACharacter(event)) commands = true;
    }
    batch.push_back(event);
    events_.pop_front();
  }
  return batch;
}

}  // namespace headlight
