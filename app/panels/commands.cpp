#include "app/panels/commands.h"

#include "app/panels/dialogs.h"
#include "app/panels/home.h"
#include "app/panels/patch_view.h"
#include "app/panels/present.h"
#include "app/panels/stage.h"
#include "app/widgets/keys.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

using AddCommands = void (*)(const Panel&, std::vector<Command>&);
constexpr AddCommands kFeatures[] = {
    addWindowCommands, addFileCommands,    addEditCommands, addCompareCommands,
    addHeadsCommands,  addInspectCommands, addMapCommands,  addPresentCommands,
    addFigureCommands, addLessonCommands,  addHomeCommands, addShareCommands,
};

}  // namespace

std::vector<Command> commands(const Panel& p) {
  std::vector<Command> list;
  for (const Action& row : actions()) {
    Command command{std::string(row.id),
                    std::string(row.label),
                    std::string(row.group),
                    std::string(row.chordText),
                    row.enabled(p.session),
                    {},
                    row.chord};
    if (row.id == "document.export") {
      command.run = openExport;
    } else {
      command.run = [&row](Panel& q) { row.run(q.session); };
    }
    if (row.id == "edit.undo" && p.session.canUndo()) command.label += " " + p.session.undoName();
    if (row.id == "edit.redo" && p.session.canRedo()) command.label += " " + p.session.redoName();
    list.push_back(std::move(command));
  }
  for (const auto add : kFeatures) add(p, list);
  if (homeWanted(p)) leaveHomeFirst(list);
  if (presenting(p)) {
    for (Command& command : list) {
      if (presentAllows(command.id)) continue;
      command.enabled = false;
      command.reason = "not while presenting";
    }
  }
  return list;
}

std::string whyDisabled(const Panel& p, const Command& command) {
  if (!command.reason.empty()) return command.reason;
  if (command.id == "edit.undo") return "nothing to undo";
  if (command.id == "edit.redo") return "nothing to do again";
  if (command.id == "pin.release") return "no cell is pinned";
  if (p.session.evaluation() == nullptr) return "there are no numbers yet";
  if (command.id == "copy.explanation") return "no cell is pinned or pointed at";
  if (command.id.rfind("head.", 0) == 0) return "there is no such head";
  if (command.id.rfind("go.", 0) == 0) return "there is nothing further on";
  if (readsArrays(p.session.experiment().source)) return "the numbers come from a file";
  return "it has nothing to act on now";
}

bool runCommand(Panel& p, std::string_view id) {
  for (const Command& command : commands(p)) {
    if (command.id != id) continue;
    if (command.enabled) command.run(p);
    return command.enabled;
  }
  return false;
}

bool runKey(Panel& p, Chord chord) {
  const auto move = [&](std::int64_t rows, std::int64_t cols) {
    return movePatch(p, rows, cols) || movePin(p, rows, cols);
  };
  constexpr std::int64_t kFar = 10;
  const std::int64_t stride = chord.modifiers == kShift ? kFar : 1;
  if (chord.modifiers == kNoModifier || chord.modifiers == kShift) {
    if (chord.key == kKeyLeft && move(0, -stride)) return true;
    if (chord.key == kKeyRight && move(0, stride)) return true;
    if (chord.key == kKeyUp && move(-stride, 0)) return true;
    if (chord.key == kKeyDown && move(stride, 0)) return true;
  }
  if (chord.key >= kKeyKeypad0 && chord.key <= kKeyKeypad9) chord.key = chord.key - kKeyKeypad0 + kKey0;
  if (chord.key == kKeyKeypadEnter) chord.key = kKeyEnter;
  const Action* row = actionFor(chord);
  for (const Command& command : commands(p)) {
    const bool meant = row ? command.id == row->id : command.chord.key != 0 && command.chord == chord;
    if (!meant) continue;
    if (command.enabled) command.run(p);
    return command.enabled;
  }
  return false;
}

bool runCharacter(Panel& p, unsigned int character) {
  for (const Command& command : commands(p)) {
    if (command.character == 0 || command.character != character) continue;
    if (command.enabled) command.run(p);
    return command.enabled;
  }
  return false;
}

}  // namespace headlight
