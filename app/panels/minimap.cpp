#include "app/panels/minimap.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/draw.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlot = 90;
constexpr float kGap = 14;  ///< between the large map and the small one

float side(const Ui& ui) {
  return ui.m(80, 104);
}

float marginHeads(const Ui& ui) {
  return ui.u(32);
}

/// Where cells [from, to) of `cells` lie on the picture's `length` px.
std::pair<float, float> partOf(std::int64_t from, std::int64_t to, std::int64_t cells, float begin,
                               float length) {
  const auto at = [&](std::int64_t cell) {
    return begin +
           std::round(static_cast<float>(static_cast<double>(cell) / static_cast<double>(cells)) * length);
  };
  return {at(from), at(to)};
}

/// Black, white, black: seen on every colour.
void outline(const Ui& ui, const Box& box) {
  const float thin = std::max(1.0f, ui.u(1));
  frame(box.inset(-2 * thin, -2 * thin), IM_COL32_BLACK, thin);
  frame(box.inset(-thin, -thin), IM_COL32_WHITE, thin);
  if (box.width() > 4 * thin && box.height() > 4 * thin) frame(box, IM_COL32_BLACK, thin);
}

/// At least so large, about the same middle, inside the picture.
Box grown(Box box, float least, const Box& inside) {
  box = box.atLeast(least);
  if (box.x0 < inside.x0) box = box.moved(inside.x0 - box.x0, 0);
  if (box.y0 < inside.y0) box = box.moved(0, inside.y0 - box.y0);
  if (box.x1 > inside.x1) box = box.moved(inside.x1 - box.x1, 0);
  if (box.y1 > inside.y1) box = box.moved(0, inside.y1 - box.y1);
  return box;
}

void picture(Panel& p, const StageScene& s, const Thumb& thumb, const Box& box) {
  auto image = shownLook(p, s.field.stage, s.field.head, kSlot) ? mapImage(p, s.field, thumb.geometry, kSlot)
                                                                : std::nullopt;
  if (!image) {
    frame(box, p.ui.c.line, p.ui.u(1));
    return;
  }
  Session& session = p.session;
  image->tile = [&session, field = s.field, level = thumb.geometry.level](std::int64_t r, std::int64_t c) {
    return session.overview(field.stage, field.head, level, r, c);
  };
  if (const MapTexture map = p.maps.map(kSlot, *image)) putMap(map, box.min(), box.max());
}

}  // namespace

float minimapAside(const Panel& p, float margins) {
  // Beside narrow margins it makes do with half of its side: the map does not get smaller when it is zoomed.
  const float room = margins - p.ui.u(kGap);
  return room >= side(p.ui) / 2 ? 0 : side(p.ui) - room;
}

float minimapZone(const Panel& p) {
  return side(p.ui) + marginHeads(p.ui);
}

void drawMinimap(Panel& p, const StageScene& s) {
  MapView& map = p.state.map;
  if (map.showsAll()) return;
  Ui& ui = p.ui;
  const Box& seen = map.box();
  const float left = seen.x1 + ui.u(kGap);
  const bool margins = s.marginWidth > 0 && s.rowNumbers() != nullptr && !s.turned;
  const float room = margins ? seen.y0 - marginHeads(ui) - s.columnTop : side(ui);
  const float across = std::min(side(ui), s.content.x1 - left);
  const float most = std::min(side(ui), room);
  if (across < ui.u(24) || most < ui.u(24)) return;
  const Thumb thumb = thumbOf(s.field.rows, s.field.cols, across, most, 1 << 20, s.turned);
  const Box box =
      Box::at(std::round(s.content.x1 - thumb.width), std::round(s.columnTop), thumb.width, thumb.height);

  const Press press = pressable(ui, "minimap", box, true, false);
  if (press.held) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto cellAt = [](float at, float begin, float length, std::int64_t cells) {
      const double share = std::clamp(static_cast<double>((at - begin) / length), 0.0, 1.0);
      return std::min(cells - 1, static_cast<std::int64_t>(share * static_cast<double>(cells)));
    };
    map.centreOn(cellAt(mouse.y, box.y0, box.height(), s.rows), cellAt(mouse.x, box.x0, box.width(), s.cols));
    ui.stayAwake(0.05);
  }
  picture(p, s, thumb, box);
  frame(box.inset(-ui.u(1), -ui.u(1)), ui.c.edge, ui.u(1));
  if (s.pinned) {
    const auto [x0, x1] = partOf(s.pinned->col, s.pinned->col + 1, s.cols, box.x0, box.width());
    const auto [y0, y1] = partOf(s.pinned->row, s.pinned->row + 1, s.rows, box.y0, box.height());
    fill(grown({x0, y0, x1, y1}, ui.u(5), box), IM_COL32_BLACK);
    fill(grown({x0, y0, x1, y1}, ui.u(5), box).inset(ui.u(1), ui.u(1)), IM_COL32_WHITE);
  }
  const auto [x0, x1] = partOf(map.firstCol(), map.endCol(), s.cols, box.x0, box.width());
  const auto [y0, y1] = partOf(map.firstRow(), map.endRow(), s.rows, box.y0, box.height());
  outline(ui, grown({x0, y0, x1, y1}, ui.u(6), box));
  ui.tip("minimap", box, press.hovered && !press.held, "The whole map: drag the frame to move");
}

}  // namespace headlight
