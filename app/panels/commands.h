#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_state.h"

namespace headlight {

/// One row of the menus, the shortcuts, the palette, the help and of scripts: an action of the session, or a
/// command of the window itself (folding, margins, colours), which changes no document but by the session's
/// calls.
struct Command {
  std::string id;
  std::string label;
  std::string
      group;  ///< File, Edit, View, Go, Heads, Lesson, Help: of the menu; others: in the palette alone
  std::string chordText;  ///< "Ctrl K"
  bool enabled = true;
  std::function<void(Panel&)> run;
  Chord chord{};               ///< key 0: none
  unsigned int character = 0;  ///< typed on every keyboard layout: [ ] ?
  std::string reason{};        ///< why it is disabled; where it is empty, whyDisabled knows
};

/// All of them as they stand now, actions first, in the order of their groups.
std::vector<Command> commands(const Panel& p);
/// Why a disabled command can do nothing now, without full stop.
std::string whyDisabled(const Panel& p, const Command& command);
/// Runs one by its id; false when there is none or it is disabled.
bool runCommand(Panel& p, std::string_view id);
/// Runs the command of a key; false when the key means nothing here.
bool runKey(Panel& p, Chord chord);
/// Runs the command of a typed character.
bool runCharacter(Panel& p, unsigned int character);

// The features' rows.
void addCompareCommands(const Panel& p, std::vector<Command>& list);
void addWindowCommands(const Panel& p, std::vector<Command>& list);
void addEditCommands(const Panel& p, std::vector<Command>& list);
void addHeadsCommands(const Panel& p, std::vector<Command>& list);
void addHomeCommands(const Panel& p, std::vector<Command>& list);
void addFigureCommands(const Panel& p, std::vector<Command>& list);
void addFileCommands(const Panel& p, std::vector<Command>& list);
void addInspectCommands(const Panel& p, std::vector<Command>& list);
void addLessonCommands(const Panel& p, std::vector<Command>& list);
void addMapCommands(const Panel& p, std::vector<Command>& list);
void addPresentCommands(const Panel& p, std::vector<Command>& list);
void addShareCommands(const Panel& p, std::vector<Command>& list);

}  // namespace headlight
