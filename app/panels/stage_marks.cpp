#include <cmath>

#include "app/panels/stage_parts.h"
#include "app/widgets/draw.h"
#include "app/widgets/icons.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

/// Lines beside a row: the band's edges, each with an s0 halo, outside the cells.
void rowBand(const Panel& p, const StageScene& s, std::int64_t i, ImU32 colour, float thickness,
             float reach) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const Box& box = map.box();
  const float x0 = box.x0 - reach;
  const float x1 = box.x1 + reach;
  const float halo = thickness > ui.u(1) ? std::max(1.0f, ui.u(1)) : 0;
  for (const float edge : {map.y(i) - thickness, map.y(i + 1) - (map.cellPx() >= 8 ? 1 : 0)}) {
    if (edge < box.y0 - thickness - 1 || edge > box.y1 + 1) continue;
    if (halo > 0) fill({x0, edge - halo, x1, edge + thickness + halo}, ui.c.s0);
    fill({x0, edge, x1, edge + thickness}, colour);
  }
  (void)s;
}

void colBand(const Panel& p, std::int64_t j, ImU32 colour, float thickness, float reach) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const Box& box = map.box();
  const float halo = thickness > ui.u(1) ? std::max(1.0f, ui.u(1)) : 0;
  for (const float edge : {map.x(j) - thickness, map.x(j + 1) - (map.cellPx() >= 8 ? 1 : 0)}) {
    if (edge < box.x0 - thickness - 1 || edge > box.x1 + 1) continue;
    if (halo > 0) fill({edge - halo, box.y0 - reach, edge + thickness + halo, box.y1 + reach}, ui.c.s0);
    fill({edge, box.y0 - reach, edge + thickness, box.y1 + reach}, colour);
  }
}

Box cellBox(const MapView& map, Cell cell) {
  const float gap = map.cellPx() >= 8 ? 1 : 0;
  return {map.x(cell.col), map.y(cell.row), map.x(cell.col + 1) - gap, map.y(cell.row + 1) - gap};
}

/// Words over stripes stand on a ground of their own.
void striped(const Panel& p, const Box& cell, ImU32 ground, ImU32 ink, std::string_view words) {
  Ui& ui = p.ui;
  const float width = textWidth(ui, Role::num, words);
  fill({cell.centreX() - width / 2 - ui.u(3), cell.centreY() - ui.u(8), cell.centreX() + width / 2 + ui.u(3),
        cell.centreY() + ui.u(8)},
       ground);
  textIn(ui, Role::num, cell, Align::centre, ink, words);
}

void infinity(const Panel& p, const Box& cell, const MapLook& look, float value) {
  if (value < 0) {
    striped(p, cell, p.ui.c.mask, p.ui.c.t1, "−∞");
  } else {
    striped(p, cell, toColour(look.colours.back()), toColour(look.beyond), "+∞");
  }
}

bool inSight(const MapView& map, Cell cell) {
  return cell.row >= map.firstRow() && cell.row < map.endRow() && cell.col >= map.firstCol() &&
         cell.col < map.endCol();
}

}  // namespace

void drawCrosshair(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float thin = std::max(1.0f, ui.u(1));
  const float reach = ui.u(8);
  const auto rowInSight = [&](std::int64_t i) { return i >= map.firstRow() && i < map.endRow(); };
  const auto colInSight = [&](std::int64_t j) { return j >= map.firstCol() && j < map.endCol(); };
  if (s.hovered && (!s.pinned || !(*s.hovered == *s.pinned))) {
    if (rowInSight(s.hovered->row)) rowBand(p, s, s.hovered->row, axisColour(ui, s, s.rowAxis), thin, thin);
    if (colInSight(s.hovered->col)) colBand(p, s.hovered->col, axisColour(ui, s, s.colAxis), thin, thin);
  }
  if (!s.pinned) return;
  const float thick = ui.u(2);
  if (colInSight(s.pinned->col)) colBand(p, s.pinned->col, axisColour(ui, s, s.colAxis), thick, reach);
  if (rowInSight(s.pinned->row)) rowBand(p, s, s.pinned->row, axisColour(ui, s, s.rowAxis), thick, reach);
  for (const Cell& other : p.session.pins()) {
    const Cell shown = s.toShown(other);
    if (shown == *s.pinned || !inSight(map, shown)) continue;
    const Box box = cellBox(map, shown);
    frame(box.inset(-2 * thin, -2 * thin), IM_COL32_BLACK, thin);
    frame(box.inset(-thin, -thin), IM_COL32_WHITE, thin);
  }
  if (!inSight(map, *s.pinned)) return;
  const Box cell = cellBox(map, *s.pinned);
  const float white = ui.u(3);
  frame(cell.inset(-white - thin, -white - thin), IM_COL32_BLACK, thin);
  frame(cell.inset(-white, -white), IM_COL32_WHITE, white);
  if (cell.width() > 4 * thin) frame(cell, IM_COL32_BLACK, thin);
}

void drawCellNumbers(Panel& p, const StageScene& s) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const auto cellPx = static_cast<float>(map.cellPx());
  if (map.level() > 0 || cellPx < ui.u(50) || map.stretch() > 1) return;
  const auto look = shownLook(p, s.field.stage, s.field.head, 1);
  if (!look) return;
  const bool weight = s.field.stage == Stage::weights;
  for (std::int64_t i = map.firstRow(); i < map.endRow(); ++i) {
    for (std::int64_t j = map.firstCol(); j < map.endCol(); ++j) {
      const Cell cell = s.fromShown({i, j});
      const auto tile =
          p.session.tile(s.field.stage, s.field.head, 0, cell.row / kTileSize, cell.col / kTileSize);
      if (!tile) continue;
      const auto at = static_cast<std::size_t>((cell.row % kTileSize) * tile->cols + cell.col % kTileSize);
      if (at >= tile->extreme.size()) continue;
      const float value = tile->extreme[at];
      const auto kind = static_cast<CellClass>(tile->classes[at]);
      const Box box = cellBox(map, {i, j});
      // A number is drawn where all of its cell is seen.
      if (box.x0 < map.box().x0 || box.y0 < map.box().y0 || box.x1 > map.box().x1 + 1 ||
          box.y1 > map.box().y1 + 1)
        continue;
      if (kind == CellClass::masked) {
        if (s.field.stage != Stage::masked) continue;
        striped(p, box, ui.c.mask, ui.c.t2, "−∞");
        continue;
      }
      if (kind != CellClass::value || std::isnan(value)) continue;
      if (std::isinf(value)) {
        infinity(p, box, *look, value);
        continue;
      }
      const Rgb ground = flatColour(*look, value, kind);
      if (value == 0) {  // instead of its dot
        striped(p, box, toColour(ground), toColour(textOn(ground)), "0");
        continue;
      }
      textIn(ui, Role::num, box, Align::centre, toColour(textOn(ground)),
             cellText(static_cast<double>(value), weight));
    }
  }
}

void drawEmptyRows(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  if (!isMap(s.field.stage) || s.field.stage < Stage::masked || !s.evaluation) return;
  const auto& plan = s.evaluation->run->mask.value;
  if (!plan || plan->emptyRows(std::max(s.field.head, 0)) == 0) return;
  const float line = ui.u(2);
  const std::int64_t first = s.turned ? map.firstCol() : map.firstRow();
  const std::int64_t end = s.turned ? map.endCol() : map.endRow();
  for (std::int64_t i = first; i < end; ++i) {
    if (plan->kept(std::max(s.field.head, 0), i) > 0) continue;
    const Box row = s.turned ? Box{map.x(i), map.box().y0, map.x(i + 1), map.box().y1}
                             : Box{map.box().x0, map.y(i), map.box().x1, map.y(i + 1)};
    if (row.height() < 3 * line || row.width() < 3 * line) continue;
    frame(row.inset(-line / 2, -line / 2), ui.c.warn, line);
  }
}

}  // namespace headlight
