#include "app/panels/commands.h"
#include "app/panels/figure_room.h"
#include "core/figure/figure.h"
#include "core/figure/presets.h"

namespace headlight {
namespace {

void openTab(Panel& p) {
  p.state.tab = "figure";
}

}  // namespace

void addFigureCommands(const Panel& p, std::vector<Command>& list) {
  const bool hasNumbers = p.session.evaluation() != nullptr;
  const auto add = [&](std::string id, std::string label, const char* group,
                       std::function<void(Panel&)> run) {
    Command command;
    command.id = std::move(id);
    command.label = std::move(label);
    command.group = group;
    command.enabled = hasNumbers;
    command.run = std::move(run);
    list.push_back(std::move(command));
  };
  add("figure.as_seen", "Figure as seen", "File", figureAsSeen);
  add("figure.save", "Save the figure…", "Figure", saveFigure);
  add("figure.copy", "Copy the figure as an image", "Figure", copyFigure);
  for (const FigurePreset& preset : figurePresets()) {
    const std::string id(preset.id);
    add("figure.preset." + id, "Figure for " + std::string(preset.label), "Figure", [id](Panel& q) {
      takePreset(q, id);
      openTab(q);
    });
  }
  for (const FigureLayoutInfo& layout : figureLayouts()) {
    const std::string id(layout.id);
    add("figure.layout." + id, "Figure, layout " + id, "Figure", [id](Panel& q) {
      q.state.part<FigureRoom>().spec.layout = id;
      openTab(q);
    });
  }
}

}  // namespace headlight
