#include <algorithm>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/present_tools.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"

namespace headlight {
namespace {

constexpr ImU32 kShade = IM_COL32(0, 0, 0, 156);
constexpr int kParts = 32;  ///< of a quarter of the circle

/// A corner of the square about the circle, without the circle: triangles that share their edges exactly, so
/// that no seam is seen.
void shadeCorner(ImVec2 centre, float radius, float sx, float sy) {
  ImDrawList* list = canvas();
  const ImVec2 corner{centre.x + sx * radius, centre.y + sy * radius};
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list->PrimReserve(kParts * 3, kParts + 2);
  const auto first = static_cast<ImDrawIdx>(list->_VtxCurrentIdx);
  for (int i = 0; i < kParts; ++i) {
    list->PrimWriteIdx(first);
    list->PrimWriteIdx(static_cast<ImDrawIdx>(first + 1 + i));
    list->PrimWriteIdx(static_cast<ImDrawIdx>(first + 2 + i));
  }
  list->PrimWriteVtx(corner, white, kShade);
  for (int i = 0; i <= kParts; ++i) {
    const float angle = static_cast<float>(i) / kParts * 1.57079633f;
    list->PrimWriteVtx({centre.x + sx * radius * std::cos(angle), centre.y + sy * radius * std::sin(angle)},
                       white, kShade);
  }
}

/// Where it stands: where the pointer or the pinned cell moved last.
ImVec2 placeOf(Panel& p, Spotlight& spot, const Box& window) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool there = window.contains(mouse);
  const auto pin = p.session.pinned();
  const MapView& view = p.state.map;
  const auto cellPlace = [&]() -> std::optional<ImVec2> {
    const ViewSpec& shown = p.session.view();
    if (!pin) return std::nullopt;
    const bool turned = shown.queryColumns && isMap(shown.stage);
    const std::int64_t row = turned ? pin->col : pin->row;
    const std::int64_t col = turned ? pin->row : pin->col;
    const ImVec2 at{(view.x(col) + view.x(col + 1)) / 2, (view.y(row) + view.y(row + 1)) / 2};
    return view.box().contains(at) ? std::optional(at) : std::nullopt;
  };
  const bool moved = mouse.x != spot.mouse.x || mouse.y != spot.mouse.y;
  if (spot.pin != pin && spot.at) {
    if (const auto cell = cellPlace()) spot.at = cell;
  } else if (!spot.at || (moved && there)) {
    const auto cell = cellPlace();
    spot.at = there ? mouse : cell ? *cell : ImVec2{window.centreX(), window.centreY()};
  }
  spot.mouse = mouse;
  spot.pin = pin;
  return *spot.at;
}

}  // namespace

void nextSpotlightSize(Spotlight& spot) {
  constexpr float kSizes[] = {80, 130, 200, 300};
  const auto* larger =
      std::find_if(std::begin(kSizes), std::end(kSizes), [&](float size) { return size > spot.radius + 1; });
  spot.radius = larger == std::end(kSizes) ? kSizes[0] : *larger;
}

void drawSpotlight(Panel& p, const Box& window) {
  Spotlight& spot = p.state.part<Presentation>().spotlight;
  if (!spot.on) return;
  if (const float wheel = ImGui::GetIO().MouseWheel; wheel != 0)
    spot.radius = std::clamp(spot.radius * std::exp2(wheel / 4), kSmallestSpot, kLargestSpot);
  const ImVec2 at = placeOf(p, spot, window);
  const ImVec2 centre{std::round(at.x), std::round(at.y)};
  const float radius = atLines(p, spot.radius);
  const Box square{centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius};
  fill({window.x0, window.y0, window.x1, square.y0}, kShade);
  fill({window.x0, square.y1, window.x1, window.y1}, kShade);
  fill({window.x0, square.y0, square.x0, square.y1}, kShade);
  fill({square.x1, square.y0, window.x1, square.y1}, kShade);
  for (const float sx : {-1.0f, 1.0f}) {
    for (const float sy : {-1.0f, 1.0f}) shadeCorner(centre, radius, sx, sy);
  }
  canvas()->AddCircle(centre, radius, p.ui.c.t1, 4 * kParts, atLines(p, 2));
}

}  // namespace headlight
