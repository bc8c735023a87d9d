#pragma once
#include <span>
#include <string_view>

namespace headlight {

class Session;

/// Keys are GLFW's numbers; modifiers a sum of these.
enum Modifier { kNoModifier = 0, kShift = 1, kCtrl = 2, kAlt = 4 };
struct Chord {
  int key = 0;
  int modifiers = 0;
  bool operator==(const Chord&) const = default;
};

/// A command: menu, shortcut, palette, help and scripts read the same row.
struct Action {
  std::string_view id;     ///< "document.open"
  std::string_view label;  ///< "Open…"
  std::string_view group;  ///< File, Edit, View, Go
  Chord chord;
  std::string_view chordText;  ///< "Ctrl O"
  bool (*enabled)(const Session&);
  void (*run)(Session&);
};
std::span<const Action> actions();
const Action* action(std::string_view id);
/// The action of a pressed key, or null.
const Action* actionFor(Chord chord);

}  // namespace headlight
