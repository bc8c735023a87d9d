#include <algorithm>

#include "app/panels/cell_edit_tool.h"
#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/panels/history_panel.h"
#include "app/panels/map_tools.h"
#include "app/panels/matrix_page.h"
#include "app/panels/presets.h"
#include "app/panels/rail.h"
#include "app/panels/rail_pen.h"
#include "app/panels/token_order.h"
#include "app/widgets/keys.h"
#include "core/experiment/edit_tokens.h"

namespace headlight {

void drawEditDialogs(Panel& p) {
  drawCellField(p);
  drawTokenOrder(p);
  drawHistory(p);
  drawRailHelp(p);
}

void addEditCommands(const Panel& p, std::vector<Command>& list) {
  constexpr int kKeyE = kKeyA + 4;
  constexpr int kKeyH = kKeyA + 7;
  constexpr int kKeyP = kKeyA + 15;
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const auto add = [&list](std::string id, std::string label, const char* group, const char* chord,
                           bool enabled, std::function<void(Panel&)> run, Chord keys = {}) {
    list.push_back({std::move(id), std::move(label), group, chord, enabled, std::move(run), keys});
  };
  const bool paints = p.state.mapTool == "paint";
  const bool sets = p.state.mapTool == "edit";
  add("tool.paint", paints ? "Stop painting the mask" : "Paint the mask", "Edit", "P", hasNumbers,
      [](Panel& q) { toggleMapTool(q, "paint"); }, {kKeyP});
  add("tool.edit", sets ? "Stop setting cells" : "Set cells of X, Q, K, V", "Edit", "E", hasNumbers,
      [](Panel& q) { toggleMapTool(q, "edit"); }, {kKeyE});
  add("edit.history", "History", "Edit", "Ctrl H", true, openHistory, {kKeyH, kCtrl});
  add("edit.resetCells", "Reset all cells set by hand", "Change", "", !p.session.experiment().edits.empty(),
      resetEdits);
  add("matrix.open", "Weight matrices", "Change", "", hasMatrices(p), openAnyMatrix);
  add("tokens.order", "Order of the tokens", "Change", "",
      hasNumbers && fixedTokens(p.session.experiment()).empty(), openTokenOrder);
  add("presets", "Presets", "Change", "", hasNumbers, openPresets);
  add("help.controls", "What the controls do", "Help", "", true, [](Panel& q) { openRailHelp(q, ""); });
  const std::vector<Kinded>& masks = p.session.experiment().mask;
  for (const KindSpec* kind : offeredMasks()) {
    const bool there = std::any_of(masks.begin(), masks.end(),
                                   [&](const Kinded& entry) { return entry.kind == kind->kind; });
    add("mask.toggle." + std::string(kind->kind),
        (there ? "Remove the mask: " : "Add the mask: ") + std::string(kind->label), "Masks", "", hasNumbers,
        [kind](Panel& q) { toggleMask(q, *kind); });
  }
  for (const Preset& preset : presets()) {
    add("preset." + std::string(preset.id), "Preset: " + std::string(preset.label), "Presets", "", hasNumbers,
        [&preset](Panel& q) { applyPreset(q, preset); });
  }
}

}  // namespace headlight
