#include "app/panels/row_parts.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {

std::string RowPlot::value(double x) const {
  return fixed(x, decimals);
}

ImU32 RowPlot::colourOf(float x) const {
  return toColour(look->colours[static_cast<std::size_t>(colourIndex(*look, x))]);
}

std::pair<float, float> RowPlot::reach(float x, float from, float to) const {
  const float zero = isSigned ? placeIn(range, 0) : 0;
  const float at = placeIn(range, static_cast<double>(x));
  const float a = std::round(from + (to - from) * std::min(zero, at));
  const float b = std::round(from + (to - from) * std::max(zero, at));
  return {a, x != 0 ? std::max(b, a + 1) : b};
}

void RowPlot::point(const Press& press, std::int64_t key) {
  Session& session = p.session;
  const bool inside = press.hovered && key >= 0;
  p.state.mouseInMap = inside;
  const Cell cell{row->row, key};
  if (inside) {
    session.hover(cell);
  } else if (session.hovered()) {
    session.hover(std::nullopt);
  }
  if (press.pressed && inside && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
    if (ImGui::GetIO().KeyCtrl) {
      session.togglePin(cell);
    } else {
      session.pin(cell);
    }
  } else if (press.pressed && !session.pinned() && !row->largest.empty()) {
    session.pin(Cell{row->row, row->largest.front()});
  }
  if (press.secondary && session.pinned()) session.pin(std::nullopt);
  const auto keyIn = [this](const std::optional<Cell>& lit) {
    return lit && lit->row == row->row ? lit->col : std::int64_t{-1};
  };
  pinned = keyIn(session.pinned());
  hovered = keyIn(session.hovered());
}

std::string RowPlot::wordOf(std::int64_t key) const {
  std::string word = keyLabel(p, key);
  return word == std::to_string(key) ? "" : word;
}

bool fitsRowList(const RowPlot& plot, float height) {
  return static_cast<float>(plot.scene.field.cols) * plot.ui.u(17) <= height - rowAxisHeight(plot.ui);
}

}  // namespace headlight
