#include <algorithm>
#include <cmath>

#include "app/panels/map_tools.h"
#include "app/panels/stage_views.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/edit_cells.h"

namespace headlight {
namespace {

/// A stroke: from the cell where it began to the one under the pointer.
struct PaintState {
  enum class Reach : std::uint8_t { cells, rows, columns };  ///< rows: of queries, all keys
  bool painting = false;
  bool given = false;  ///< the press was let go by Esc: nothing more until it is released
  bool drop = true;    ///< what the first cell decided
  Reach reach = Reach::cells;
  Cell from;
  Cell to;
  std::string refused;  ///< what the last stroke was refused for
};

/// Why no mask can be painted on this stage, or nothing.
std::string noMask(const StageScene& s) {
  const auto& maps = s.evaluation->run->inputs.maps;
  if (maps && maps->enters == Stage::weights) return "The file gives the weights: no mask is applied to them";
  if (!isMap(s.field.stage)) return "Masks are painted on the maps, from QKᵀ to the weights";
  return "";
}

std::int64_t paintableKeys(const StageScene& s) {
  return s.evaluation->run->sizes.tokenKeys();
}

CellBlock blockOf(const PaintState& paint, const StageScene& s) {
  CellBlock block{std::min(paint.from.row, paint.to.row), std::max(paint.from.row, paint.to.row) + 1,
                  std::min(paint.from.col, paint.to.col), std::max(paint.from.col, paint.to.col) + 1};
  if (paint.reach == PaintState::Reach::rows) block.key0 = 0, block.key1 = paintableKeys(s);
  if (paint.reach == PaintState::Reach::columns) block.query0 = 0, block.query1 = s.field.rows;
  block.key1 = std::min(block.key1, paintableKeys(s));
  block.query1 = std::min(block.query1, s.field.rows);
  return block;
}

std::string cellsText(std::int64_t count) {
  return grouped(count) + (count == 1 ? " cell" : " cells");
}

std::string tooMany() {
  return "Over " + grouped(kMostDropped) + " cells: add a causal or window mask · or a prefix or block mask";
}

void begin(Panel& p, const StageScene& s, Cell cell, PaintState::Reach reach) {
  auto& paint = p.state.part<PaintState>();
  if (cell.col >= paintableKeys(s)) return;
  paint.painting = true;
  paint.refused.clear();
  paint.reach = reach;
  paint.from = paint.to = cell;
  const CellBlock block = blockOf(paint, s);
  paint.drop = !isDroppedByHand(p.session.experiment(), block.query0, block.key0);
}

void finish(Panel& p, const StageScene& s) {
  auto& paint = p.state.part<PaintState>();
  paint.painting = false;
  const CellBlock block = blockOf(paint, s);
  auto next = withBlock(p.session.experiment(), block, paint.drop);
  Status done =
      next ? p.session.apply(std::move(*next), (paint.drop ? "drop " : "restore ") + cellsText(block.cells()))
           : next.error();
  if (done) return;
  paint.refused = block.cells() > kMostDropped || !done.error().hint.empty() ? tooMany() : done.error().what;
}

/// A press on the labels of rows or columns takes whole ones. Returns whether the pointer is theirs.
bool overLabels(Panel& p, const StageScene& s, PaintState& paint) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const Box& box = map.box();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Box rows{s.content.x0, box.y0, s.labelRight + ui.u(6), box.y1};
  const Box columns{box.x0, s.columnTop, box.x1, box.y0 - ui.u(4)};
  const Press onRows = pressable(ui, "stage/rows", rows, true, false);
  const Press onColumns = pressable(ui, "stage/columns", columns, true, false);
  if (paint.given || paint.painting || !(onRows.held || onColumns.held)) return onRows.held || onColumns.held;
  const Cell shown{map.rowAt(mouse.y), map.colAt(mouse.x)};
  // Rows as shown are queries unless the axes are swapped.
  const bool whole = onRows.held != s.turned;
  const Cell cell = s.fromShown({onRows.held ? shown.row : 0, onRows.held ? 0 : shown.col});
  begin(p, s, cell, whole ? PaintState::Reach::rows : PaintState::Reach::columns);
  return true;
}

bool usePaint(Panel& p, const StageScene& s, const MapPointer& pointer) {
  auto& paint = p.state.part<PaintState>();
  if (!noMask(s).empty()) {
    paint.painting = false;
    return false;
  }
  const ImGuiIO& io = ImGui::GetIO();
  const MapView& map = p.state.map;
  const bool down = ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (!down) paint.given = false;
  overLabels(p, s, paint);
  // The sequence may have become shorter under the stroke.
  if (paint.from.row >= s.field.rows || paint.from.col >= paintableKeys(s)) paint.painting = false;
  if (paint.painting) {
    if (p.ui.take(kKeyEscape)) {
      paint.painting = false;
      paint.given = true;
      return true;
    }
    paint.to = s.fromShown({map.rowAt(io.MousePos.y), map.colAt(io.MousePos.x)});
    paint.to.col = std::min(paint.to.col, paintableKeys(s) - 1);
    if (!down) finish(p, s);
    return true;
  }
  if (pointer.press.held && pointer.inside && !paint.given) {
    begin(p, s, pointer.cell,
          io.KeyShift  ? PaintState::Reach::rows
          : io.KeyCtrl ? PaintState::Reach::columns
                       : PaintState::Reach::cells);
    return true;
  }
  // Enter paints the pinned cell.
  const bool byKey = pointer.press.pressed && !ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  if (byKey && p.session.pinned()) {
    begin(p, s, *p.session.pinned(), PaintState::Reach::cells);
    if (paint.painting) finish(p, s);
    return true;
  }
  return !byKey;
}

std::string paintWords(const Panel& p, const StageScene& s) {
  const auto& paint = p.state.part<PaintState>();
  if (paint.painting) {
    const CellBlock block = blockOf(paint, s);
    return (paint.drop ? "drop " : "restore ") + cellsText(block.cells()) +
           " · Esc leaves the mask as it was";
  }
  return "drag to drop, again to restore · Shift for whole rows, Ctrl for columns · or drag over the labels";
}

std::string paintWarning(const Panel& p, const StageScene& s) {
  const auto& paint = p.state.part<PaintState>();
  if (std::string why = noMask(s); !why.empty()) return why;
  if (paint.painting && paint.drop && blockOf(paint, s).cells() > kMostDropped) {
    return tooMany();
  }
  if (!paint.refused.empty()) return paint.refused;
  const auto& plan = s.evaluation->run->mask.value;
  if (paint.painting || !p.session.hovered() || !plan) return "";
  const Cell cell = *p.session.hovered();
  if (cell.row >= plan->queries() || cell.col >= plan->keys()) return "";
  std::string reason;
  const int by = plan->droppedBy(std::max(s.field.head, 0), cell.row, cell.col, &reason);
  const auto& masks = s.evaluation->experiment.mask;
  if (by < 0 || by >= static_cast<int>(masks.size()) || masks[static_cast<std::size_t>(by)].kind == "cells")
    return "";
  return reason + ": stays masked · painting adds to the other masks";
}

/// Outside the cells, in black and white that every colour leaves to be seen.
void outline(const Ui& ui, const Box& box) {
  const float thin = std::max(1.0f, ui.u(1));
  const float white = ui.u(2);
  frame(box.inset(-white - thin, -white - thin), IM_COL32_BLACK, thin);
  frame(box.inset(-white, -white), IM_COL32_WHITE, white);
  if (std::min(box.width(), box.height()) > 4 * thin) frame(box, IM_COL32_BLACK, thin);
}

void drawPaint(Panel& p, const StageScene& s) {
  const auto& paint = p.state.part<PaintState>();
  if (!noMask(s).empty()) return;
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float gap = map.cellPx() >= 8 ? 1 : 0;
  const auto shownBox = [&](const CellBlock& block) {
    const Cell first = s.toShown({block.query0, block.key0});
    const Cell end = s.toShown({block.query1, block.key1});
    return Box{map.x(first.col), map.y(first.row), map.x(end.col) - gap, map.y(end.row) - gap};
  };
  if (paint.painting) {
    const CellBlock block = blockOf(paint, s);
    const Box box = shownBox(block).clippedTo(map.box());
    if (box.empty()) return;
    outline(ui, box);
    const std::string words = (paint.drop ? "drop " : "restore ") + cellsText(block.cells());
    const float width = textWidth(ui, Role::microStrong, words) + ui.u(16);
    const float x = std::clamp(box.x1 - width, map.box().x0, std::max(map.box().x0, map.box().x1 - width));
    const float y = box.y1 + ui.u(28) < s.barTop ? box.y1 + ui.u(6) : box.y0 - ui.u(28);
    const Box pill = Box::at(std::round(x), std::round(y), width, ui.u(22));
    fill(pill, ui.c.s3, ui.u(4));
    frame(pill, ui.c.edge, ui.u(1), ui.u(4));
    textIn(ui, Role::microStrong, pill, Align::centre, ui.c.t1, words);
    return;
  }
  // Beside the pointer: hatched for what will be dropped, open for what will come back.
  if (!p.session.hovered() || !p.state.mouseInMap) return;
  const Cell cell = *p.session.hovered();
  if (cell.col >= paintableKeys(s)) return;
  const bool drop = !isDroppedByHand(p.session.experiment(), cell.row, cell.col);
  const ImVec2 at = ImGui::GetIO().MousePos;
  const Box mark = Box::at(std::round(at.x + ui.u(12)), std::round(at.y + ui.u(12)), ui.u(13), ui.u(13));
  fill(mark.inset(-ui.u(1), -ui.u(1)), ui.c.s0, ui.u(2));
  if (drop) {
    drawHatched(ui, mark);
  } else {
    fill(mark, ui.c.s1, ui.u(2));
  }
  frame(mark, ui.c.t1, ui.u(1), ui.u(2));
}

}  // namespace

MapTool paintTool() {
  return {"paint", "Painting the mask", usePaint, drawPaint, paintWords, paintWarning};
}

}  // namespace headlight
