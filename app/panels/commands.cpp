#include "app/panels/commands.h"

#include <algorithm>
#include <cmath>

#include "app/panels/dialogs.h"
#include "app/panels/map_image.h"
#include "app/panels/rail.h"
#include "app/panels/stage.h"
#include "app/widgets/keys.h"
#include "core/experiment/examples.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

constexpr int kKeyB = 66;
constexpr int kKeyE = 69;
constexpr int kKeyK = 75;
constexpr int kKeyR = 82;

bool generated(const Panel& p) {
  return !readsArrays(p.session.experiment().source);
}

void scaleBy(Panel& p, double steps) {
  Settings& settings = p.session.settings();
  const double now = settings.uiScale > 0 ? settings.uiScale : static_cast<double>(p.ui.scale);
  settings.uiScale = steps == 0 ? 1.0 : std::clamp(std::round((now + steps) * 20) / 20, 0.75, 3.0);
  p.session.saveSettingsSoon();
  p.ui.stayAwake(0.1);
}

void toggleMemory(Panel& p) {
  if (p.session.experiment().memory) {
    p.session.change("memory", Value(), Phase::done);
    return;
  }
  Object text;
  text.emplace_back("text", Value("L'animal n'a pas traversé la rue parce qu'il était trop fatigué"));
  p.session.change("memory", Value(std::move(text)), Phase::done);
}

void foldAll(Panel& p) {
  Folds& folds = p.state.folds;
  const bool all = folds.rail && folds.inspector;
  folds.rail = folds.inspector = !all;
  folds.railOpen = false;
}

void addWindowCommands(const Panel& p, std::vector<Command>& list) {
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const auto add = [&list](const char* id, std::string label, const char* group, const char* chord,
                           bool enabled, std::function<void(Panel&)> run) {
    list.push_back({id, std::move(label), group, chord, enabled, std::move(run)});
  };
  for (const std::string& name : exampleNames()) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '-', ' ');
    list.push_back({"example." + name, "Example: " + words, "File", "", true, [name](Panel& q) {
                      if (q.session.mayLeave("example." + name)) q.session.openExample(name);
                    }});
  }
  add("source.resample", "Resample the numbers", "Edit", "R", generated(p), resample);
  add("memory.toggle",
      p.session.experiment().memory ? "Attend to itself again" : "Attend to another sentence", "Edit", "",
      generated(p), toggleMemory);
  add("view.rail", p.layout.railFolded ? "Show the controls" : "Fold the controls", "View", "[", true,
      [](Panel& q) {
        Folds& folds = q.state.folds;
        if (q.layout.railFolded && !folds.rail) {
          folds.railOpen = !folds.railOpen;  // the window is too narrow for both
        } else {
          folds.rail = !folds.rail;
          folds.railOpen = false;
        }
      });
  add("view.inspector", p.layout.inspectorFolded ? "Show the inspector" : "Fold the inspector", "View", "]",
      true, [](Panel& q) { q.state.folds.inspector = !q.state.folds.inspector; });
  add("view.strip", p.state.folds.strip ? "Show the whole pipeline" : "Fold the pipeline", "View", "", true,
      [](Panel& q) { q.state.folds.strip = !q.state.folds.strip; });
  add("view.stageOnly", "Pipeline and map alone", "View", "Ctrl B", true, foldAll);
  add("view.received", p.state.received ? "Hide what keys receive" : "Show what keys receive", "View", "",
      hasNumbers, [](Panel& q) { q.state.received = !q.state.received; });
  add("view.larger", "Larger interface", "View", "", true, [](Panel& q) { scaleBy(q, 0.1); });
  add("view.smaller", "Smaller interface", "View", "", true, [](Panel& q) { scaleBy(q, -0.1); });
  add("view.scale100", "Interface at 100 %", "View", "", true, [](Panel& q) { scaleBy(q, 0); });
  add("head.mean", "Mean of all heads", "Go", "", hasNumbers,
      [](Panel& q) { q.session.selectHead(kMeanHead); });
  add("palette", "Search commands", "Help", "Ctrl K", true, openPalette);
  for (const Colormap& map : colormaps()) {
    const std::string id(map.id);
    list.push_back(
        {"colours." + id, "Colours: " + std::string(map.label), "Colours", "", hasNumbers, [id](Panel& q) {
           ViewSpec view = q.session.view();
           view.colormap = id;
           q.session.setView(view);
         }});
  }
  list.push_back({"colours.default", "Colours: the stage's own", "Colours", "", hasNumbers, [](Panel& q) {
                    ViewSpec view = q.session.view();
                    view.colormap.clear();
                    q.session.setView(view);
                  }});
}

}  // namespace

std::vector<Command> commands(const Panel& p) {
  std::vector<Command> list;
  for (const Action& row : actions()) {
    Command command{std::string(row.id),        std::string(row.label), std::string(row.group),
                    std::string(row.chordText), row.enabled(p.session), {}};
    if (row.id == "document.export") {
      command.run = openExport;
    } else {
      command.run = [&row](Panel& q) { row.run(q.session); };
    }
    if (row.id == "edit.undo" && p.session.canUndo()) command.label += " " + p.session.undoName();
    if (row.id == "edit.redo" && p.session.canRedo()) command.label += " " + p.session.redoName();
    list.push_back(std::move(command));
  }
  addWindowCommands(p, list);
  return list;
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
  if (chord.key == kKeyK && chord.modifiers == kCtrl) return runCommand(p, "palette");
  if (chord.key == kKeyB && chord.modifiers == kCtrl) return runCommand(p, "view.stageOnly");
  if (chord.key == kKeyE && chord.modifiers == kCtrl) return runCommand(p, "document.export");
  if (chord.key == kKeyR && chord.modifiers == kNoModifier) return runCommand(p, "source.resample");
  const auto move = [&](std::int64_t rows, std::int64_t cols) { return movePin(p, rows, cols); };
  const std::int64_t far = 10;
  const std::int64_t stride = chord.modifiers == kShift ? far : 1;
  if (chord.modifiers == kNoModifier || chord.modifiers == kShift) {
    if (chord.key == kKeyLeft && move(0, -stride)) return true;
    if (chord.key == kKeyRight && move(0, stride)) return true;
    if (chord.key == kKeyUp && move(-stride, 0)) return true;
    if (chord.key == kKeyDown && move(stride, 0)) return true;
  }
  if (chord.key >= kKeyKeypad0 && chord.key <= kKeyKeypad9) chord.key = chord.key - kKeyKeypad0 + kKey0;
  if (chord.key == kKeyKeypadEnter) chord.key = kKeyEnter;
  const Action* row = actionFor(chord);
  if (!row || !row->enabled(p.session)) return false;
  row->run(p.session);
  return true;
}

bool runCharacter(Panel& p, unsigned int character) {
  if (character == '[') return runCommand(p, "view.rail");
  if (character == ']') return runCommand(p, "view.inspector");
  return false;
}

}  // namespace headlight
