#include "app/panels/map_tools.h"

#include <array>

#include "app/panels/cell_edit_tool.h"
#include "app/panels/stage_views.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

/// As many of the parts between " · " as fit.
std::string fitting(const Ui& ui, std::string words, float width) {
  constexpr std::string_view kBetween = " · ";
  while (textWidth(ui, Role::body, words) > width) {
    const std::size_t cut = words.rfind(kBetween);
    if (cut == std::string::npos) break;
    words.resize(cut);
  }
  return words;
}

/// The tool in hand: what it does, what is in the way, and how it is put away. One line whatever it says: the
/// map must not move under the pointer. Returns its height.
float toolLine(Panel& p, const StageScene& s, const MapTool& tool, float top) {
  Ui& ui = p.ui;
  const Box line{s.content.x0, top, s.content.x1, top + ui.u(26)};
  const float doneWidth = buttonWidth(ui, "Done", "Esc");
  const Box done = Box::at(line.x1 - doneWidth - ui.u(1), line.y0 + ui.u(1), doneWidth, ui.u(24));
  fill(line, ui.c.s2, ui.u(4));
  fill({line.x0, line.y0, line.x0 + ui.u(3), line.y1}, ui.c.acc, ui.u(1));
  Box room{line.x0 + ui.u(12), line.y0, done.x0 - ui.u(10), line.y1};
  const std::string warning = tool.warning == nullptr ? "" : tool.warning(p, s);
  if (!warning.empty()) {
    icon(ui, Icon::warning, room.x0 + ui.u(7), room.centreY(), ui.c.warn);
    room.x0 += ui.u(20);
    textIn(ui, Role::body, room, Align::left, ui.c.t1, fitting(ui, warning, room.width()));
  } else if (tool.words != nullptr) {
    room.x0 = text(ui, Role::strong, room.x0, centredBaseline(ui, Role::strong, room.y0, room.y1), ui.c.t1,
                   tool.label) +
              ui.u(10);
    textIn(ui, Role::body, room, Align::left, ui.c.t2, fitting(ui, tool.words(p, s), room.width()));
  }
  if (button(ui, "tool/done", done, "Done", "Esc")) p.state.mapTool.clear();
  return ui.u(30);
}

/// Which queries are padding, in words; empty for none. A source with a memory pads its keys alone.
std::string paddedQueries(const StageScene& s) {
  const auto& tokens = s.evaluation->prepared->queryTokens;
  const auto count = static_cast<std::int64_t>(tokens.size());
  std::int64_t first = count;
  while (first > 0 && tokens[static_cast<std::size_t>(first - 1)].label == "[PAD]") --first;
  if (first == count || first == 0) return "";
  const std::string from = std::to_string(first);
  const bool one = first == count - 1;
  return (one ? "Query " + from + " is" : "Queries " + from + " to " + std::to_string(count - 1) + " are") +
         " [PAD]: " + (one ? "its row stays" : "their rows stay") + ", ignored by later layers";
}

}  // namespace

std::span<const MapTool> mapTools() {
  static const std::array tools{paintTool(), cellEditTool()};
  return tools;
}

const MapTool* chosenMapTool(const Panel& p) {
  for (const MapTool& tool : mapTools()) {
    if (tool.id == p.state.mapTool) return &tool;
  }
  return nullptr;
}

void toggleMapTool(Panel& p, std::string_view id) {
  p.state.mapTool = p.state.mapTool == id ? "" : id;
  if (!p.state.mapTool.empty()) p.ui.focus.set("stage", false);
}

bool useMapTool(Panel& p, const StageScene& scene, const MapPointer& pointer) {
  const MapTool* tool = chosenMapTool(p);
  if (tool == nullptr) return openCellByDoubleClick(p, scene, pointer);
  const bool taken = tool->use(p, scene, pointer);
  // Esc belongs to what lies on top first.
  if (p.ui.open.empty() && !p.layout.railOver && !compat::typing() && p.ui.take(kKeyEscape))
    p.state.mapTool.clear();
  return taken;
}

void drawMapTool(Panel& p, const StageScene& scene) {
  drawEditedCells(p, scene);
  const MapTool* tool = chosenMapTool(p);
  if (tool != nullptr && tool->draw != nullptr) tool->draw(p, scene);
}

float drawStageNotes(Panel& p, const StageScene& scene, float top) {
  Ui& ui = p.ui;
  float y = top;
  const bool onMap = stageView(p, scene.field.stage) == StageView::map;
  if (const MapTool* tool = chosenMapTool(p); tool != nullptr && onMap) {
    y += toolLine(p, scene, *tool, y);
  }
  const bool queries = scene.rowAxis == Axis::query || scene.colAxis == Axis::query;
  if (const std::string padded = queries ? paddedQueries(scene) : ""; !padded.empty()) {
    textIn(ui, Role::micro, {scene.content.x0, y, scene.content.x1, y + ui.u(20)}, Align::left, ui.c.t2,
           padded);
    y += ui.u(22);
  }
  return y - top;
}

}  // namespace headlight
