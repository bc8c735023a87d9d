#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_state.h"

namespace headlight {

/// One row of the menus and of the command palette: an action of the session, or a command of the window
/// itself (folding, margins, colours), which changes no document but by the session's calls.
struct Command {
  std::string id;
  std::string label;
  std::string group;
  std::string chordText;
  bool enabled = true;
  std::function<void(Panel&)> run;
};

/// All of them as they stand now, actions first, in the order of their groups.
std::vector<Command> commands(const Panel& p);
/// Runs one by its id; false when there is none or it is disabled.
bool runCommand(Panel& p, std::string_view id);
/// The window's own keys, before the session's actions; false when the key means nothing here.
bool runKey(Panel& p, Chord chord);
/// A typed character that is a command on every keyboard layout: [ ] ?
bool runCharacter(Panel& p, unsigned int character);

}  // namespace headlight
