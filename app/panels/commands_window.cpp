#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/panels/map_image.h"
#include "app/panels/map_picture.h"
#include "app/panels/rail.h"
#include "app/panels/settings_panel.h"
#include "app/panels/tabs.h"
#include "app/widgets/keys.h"
#include "core/base/words.h"
#include "core/experiment/examples.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

constexpr int kKeyB = 66;
constexpr int kKeyComma = 44;
constexpr int kKeyK = 75;
constexpr int kKeyR = 82;

bool generated(const Panel& p) {
  return !readsArrays(p.session.experiment().source);
}

void scaleBy(Panel& p, double steps) {
  const double setting = p.session.settings().uiScale;
  const double now = setting > 0 ? setting : static_cast<double>(p.ui.scale);
  setInterfaceScale(p, steps == 0 ? 1.0 : std::clamp(now + steps, 0.75, 3.0));
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

}  // namespace

void addWindowCommands(const Panel& p, std::vector<Command>& list) {
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const auto add = [&list](const char* id, std::string label, const char* group, const char* chord,
                           bool enabled, std::function<void(Panel&)> run, Chord keys = {},
                           unsigned int character = 0) {
    list.push_back({id, std::move(label), group, chord, enabled, std::move(run), keys, character});
  };
  for (const Tab& tab : tabs()) {
    const auto place = static_cast<int>(&tab - tabs().data());
    add(("tab." + std::string(tab.id)).c_str(), std::string(tab.label), "Go",
        ("Alt " + std::to_string(place + 1)).c_str(), true,
        [id = std::string(tab.id)](Panel& q) { q.state.tab = id; }, {kKey0 + place + 1, kAlt});
  }
  for (const std::string& name : exampleNames()) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '-', ' ');
    list.push_back({"example." + name, "Example: " + words, "File", "", true, [name](Panel& q) {
                      if (q.session.mayLeave("example." + name)) q.session.openExample(name);
                    }});
  }
  add("source.resample", "Resample the numbers", "Edit", "R", generated(p), resample, {kKeyR});
  add("memory.toggle",
      p.session.experiment().memory ? "Attend to itself again" : "Attend to another sentence", "Edit", "",
      generated(p), toggleMemory);
  add(
      "view.rail", p.layout.railFolded ? "Show the controls" : "Fold the controls", "View", "[", true,
      [](Panel& q) {
        Folds& folds = q.state.folds;
        if (q.layout.railFolded && !folds.rail) {
          folds.railOpen = !folds.railOpen;  // the window is too narrow for both
        } else {
          folds.rail = !folds.rail;
          folds.railOpen = false;
        }
      },
      {}, '[');
  add(
      "view.inspector", p.layout.inspectorFolded ? "Show the inspector" : "Fold the inspector", "View", "]",
      true, [](Panel& q) { q.state.folds.inspector = !q.state.folds.inspector; }, {}, ']');
  add("view.strip", p.state.folds.strip ? "Show the whole pipeline" : "Fold the pipeline", "View", "", true,
      [](Panel& q) { q.state.folds.strip = !q.state.folds.strip; });
  add("view.stageOnly", "Pipeline and map alone", "View", "Ctrl B", true, foldAll, {kKeyB, kCtrl});
  add("view.received", p.state.received ? "Hide what keys receive" : "Show what keys receive", "View", "",
      hasNumbers, [](Panel& q) { q.state.received = !q.state.received; });
  add("view.larger", "Larger interface", "View", "", true, [](Panel& q) { scaleBy(q, 0.1); });
  add("view.smaller", "Smaller interface", "View", "", true, [](Panel& q) { scaleBy(q, -0.1); });
  add("view.scale100", "Interface at 100 %", "View", "", true, [](Panel& q) { scaleBy(q, 0); });
  add("head.mean", "Mean of all heads", "Go", "", hasNumbers,
      [](Panel& q) { q.session.selectHead(kMeanHead); });
  add("settings.open", "Settings…", "Edit", "Ctrl ,", true, openSettings, {kKeyComma, kCtrl});
  for (const std::string_view word : themeWords()) {
    list.push_back({"theme." + std::string(word), "Theme: " + lowered(themeLabel(word)), "Theme", "", true,
                    [word](Panel& q) { q.session.setTheme(std::string(word)); }});
  }
  std::string why = whyNoMapPicture(p);
  list.push_back({"copy.map",
                  "Copy the map as an image",
                  "Edit",
                  "Ctrl Shift C",
                  why.empty(),
                  copyMapPicture,
                  {kKeyC, kCtrl | kShift},
                  0,
                  why});
  add("palette", "Search commands", "Help", "Ctrl K", true, openPalette, {kKeyK, kCtrl});
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

}  // namespace headlight
