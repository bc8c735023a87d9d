#include "app/panels/label_drag.h"

#include <algorithm>
#include <cmath>

#include "app/panels/token_order.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/describe/words.h"
#include "core/experiment/edit_tokens.h"

namespace headlight {
namespace {

struct LabelDrag {
  bool held = false;
  bool down = false;   ///< along the rows
  bool moved = false;  ///< far enough to be no click
  std::int64_t from = 0;
};

/// The tokens of the document stand along the axis, and may stand in another order.
bool canMove(const Panel& p, const StageScene& s, Axis axis) {
  if (!axisHasTokens(axis) || !fixedTokens(p.session.experiment()).empty()) return false;
  return axis == Axis::query || !isCross(*s.evaluation);
}

/// Where the labels of an axis stand.
Box zoneOf(const Panel& p, const StageScene& s, bool down) {
  const Box& map = p.state.map.box();
  return down ? Box{s.content.x0, map.y0, map.x0, map.y1} : Box{map.x0, s.columnTop, map.x1, map.y0};
}

/// The boundary of tokens nearest to the pointer: 0 before the first.
std::int64_t boundaryAt(const Panel& p, const StageScene& s, bool down, ImVec2 mouse) {
  const MapView& map = p.state.map;
  const double px = map.pxPerCell() * (down ? map.stretch() : 1);
  const float start = down ? map.y(0) : map.x(0);
  const double place = std::round(static_cast<double>((down ? mouse.y : mouse.x) - start) / px);
  const std::int64_t first = down ? map.firstRow() : map.firstCol();
  const std::int64_t end = down ? map.endRow() : map.endCol();
  (void)s;
  return std::clamp(static_cast<std::int64_t>(place), first, end);
}

/// The token that is lifted, and the place that it would take.
void mark(Panel& p, const StageScene& s, const LabelDrag& drag, std::int64_t place) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const Box zone = zoneOf(p, s, drag.down);
  const float half = ui.u(1);
  if (drag.down) {
    const float y = std::round(map.y(place));
    fill({zone.x0, y - half, zone.x1 - ui.u(4), y + half}, ui.c.acc);
    frame({zone.x0, std::max(zone.y0, map.y(drag.from)), zone.x1 - ui.u(4),
           std::min(zone.y1, map.y(drag.from + 1))},
          ui.c.acc, ui.u(1), ui.u(4));
  } else {
    const float x = std::round(map.x(place));
    fill({x - half, zone.y0, x + half, zone.y1 - ui.u(3)}, ui.c.acc);
    frame({std::max(zone.x0, map.x(drag.from)), zone.y0, std::min(zone.x1, map.x(drag.from + 1)),
           zone.y1 - ui.u(3)},
          ui.c.acc, ui.u(1), ui.u(4));
  }
}

}  // namespace

void dragLabels(Panel& p, const StageScene& s) {
  LabelDrag& drag = p.state.part<LabelDrag>();
  const ImGuiIO& io = ImGui::GetIO();
  const MapView& map = p.state.map;
  if (!p.ui.open.empty() || p.ui.covers) drag.held = false;
  if (!drag.held) {
    // Labels are thinned where cells are smaller than type: what is not to be read is not to be dragged.
    const bool clicked = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && ImGui::IsWindowHovered() &&
                         p.ui.open.empty() && map.level() == 0;
    for (const bool down : {true, false}) {
      if (!clicked || !zoneOf(p, s, down).contains(io.MousePos)) continue;
      if (static_cast<float>(map.cellPx()) < p.ui.u(8) || !canMove(p, s, down ? s.rowAxis : s.colAxis))
        continue;
      drag = {true, down, false, down ? map.rowAt(io.MousePos.y) : map.colAt(io.MousePos.x)};
    }
    return;
  }
  const float far = p.ui.u(4);
  if (io.MouseDragMaxDistanceSqr[0] > far * far) drag.moved = true;
  const std::int64_t place = boundaryAt(p, s, drag.down, io.MousePos);
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    if (drag.moved) mark(p, s, drag, place);
    return;
  }
  drag.held = false;
  if (!drag.moved) return;
  const Axis axis = drag.down ? s.rowAxis : s.colAxis;
  if (!canMove(p, s, axis)) return;
  const std::int64_t to = place > drag.from ? place - 1 : place;
  const std::string refused = moveToken(p, drag.from, to, axisLabel(p, axis, drag.from));
  if (!refused.empty()) p.session.tell(refused);
}

}  // namespace headlight
