#include <algorithm>
#include <cmath>

#include "app/panels/home.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/map_image.h"
#include "app/session/home_desk.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlots = 5000;
constexpr int kMostKeys = 9;

std::string idOf(const HomeCard& card) {
  return (card.kind == HomeCard::Kind::scene ? "home/scene." : "home/example.") + card.name;
}

void open(Panel& p, const HomeCard& card) {
  if (card.kind == HomeCard::Kind::scene) return openHomeLesson(p, card.name);
  p.state.tab = "explore";
  runCommand(p, "example." + card.name);
}

/// The whole map with its cells as they were evaluated.
void drawPreview(Panel& p, std::uint64_t slot, const MapPreview& preview, const Box& box) {
  const int level = preview.tile->level;
  Thumb thumb = thumbOf(preview.tile->rows, preview.tile->cols, box.width(), box.height(),
                        static_cast<int>(box.width()), preview.queryColumns && isMap(preview.stage));
  thumb.geometry.level = level;
  const Colormap* map = preview.colormap.empty() ? nullptr : colormap(preview.colormap);
  const bool isSigned = info(preview.stage).isSigned;
  if (map == nullptr || map->diverging != isSigned) map = &defaultColormap(isSigned, isDark(p.ui.theme));
  MapImage image;
  image.fieldKey = preview.key;
  image.rows = preview.rows;
  image.cols = preview.cols;
  image.geometry = thumb.geometry;
  image.look = makeLook(preview.range, *map, p.ui.theme, p.ui.scale);
  image.tile = [tile = preview.tile](std::int64_t, std::int64_t) { return tile; };
  const ImVec2 at{box.x0, box.y0};
  if (const MapTexture drawn = p.maps.map(slot, image))
    putMap(drawn, at, {at.x + thumb.width, at.y + thumb.height});
}

/// A card: its map at the left, at its right what it is.
void drawCard(Panel& p, const HomeCard& card, int place, const Box& box, float side) {
  Ui& ui = p.ui;
  const std::string id = idOf(card);
  const Press press = pressable(ui, id, box, card.problem.empty());
  const float radius = ui.u(6);
  fill(box, press.hovered || press.held ? ui.c.s3 : ui.c.s2, radius);
  frame(box, ui.c.line, ui.u(1), radius);
  const float pad = ui.u(10);
  const Box map = Box::at(box.x0 + pad, box.y0 + pad, side, side);
  if (card.map) {
    drawPreview(p, kSlots + static_cast<std::uint64_t>(place), *card.map, map);
  } else {
    frame(map, ui.c.line, ui.u(1));
  }
  const float x = map.x1 + ui.u(12);
  const float room = box.x1 - pad - x;
  float y = map.y0 + ui.u(12);
  float titleRoom = room;
  if (place < kMostKeys) {
    // The key that opens it.
    const Box key = Box::at(box.x1 - pad - ui.u(18), map.y0 - ui.u(2), ui.u(18), ui.u(18));
    frame(key, ui.c.edge, ui.u(1), ui.u(3));
    textIn(ui, Role::micro, key, Align::centre, ui.c.t2, std::to_string(place + 1));
    titleRoom -= ui.u(26);
  }
  std::vector<std::string> title = mathLines(ui, Role::strong, titleRoom, card.title);
  if (title.size() > 2) {
    title.resize(2);
    title[1] = shortened(ui, Role::strong, title[1] + " …", titleRoom);
  }
  for (const std::string& line : title) {
    math(ui, Role::strong, x, y, ui.c.t1, line);
    y += ui.u(18);
  }
  y += ui.u(1);
  for (const std::string& line : {card.problem.empty() ? card.facts : card.problem, card.origin}) {
    if (line.empty() || y > map.y1) continue;
    text(ui, Role::micro, x, y, ui.c.t2, shortened(ui, Role::micro, line, room));
    y += ui.u(16);
  }
  focusRing(ui, id, box, radius);
  if (press.pressed) open(p, card);
}

/// Digits open the first of them.
void takeDigits(Panel& p, const std::vector<HomeCard>& cards) {
  Ui& ui = p.ui;
  if (!ui.open.empty() || compat::typing() || ui.fieldOpens()) return;
  for (int digit = 0; digit <= kMostKeys; ++digit) {
    const bool main = ui.take(kKey0 + digit);
    const bool pad = ui.take(kKeyKeypad0 + digit);
    if (!main && !pad) continue;
    const auto place = static_cast<std::size_t>(digit - 1);
    if (digit > 0 && place < cards.size() && cards[place].problem.empty()) open(p, cards[place]);
  }
}

}  // namespace

float drawHomeCards(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const std::vector<HomeCard>& cards = p.session.homeDesk().cards();
  const float gap = ui.u(12);
  const int across = std::max(2, static_cast<int>((width + gap) / (ui.u(232) + gap)));
  const float cardWidth =
      std::floor((width - gap * static_cast<float>(across - 1)) / static_cast<float>(across));
  const float side = ui.m(84, 96);
  const float height = side + 2 * ui.u(10);
  int place = 0;
  for (const HomeCard::Kind kind : {HomeCard::Kind::example, HomeCard::Kind::scene}) {
    int column = 0;
    bool any = false;
    for (const HomeCard& card : cards) {
      if (card.kind != kind) continue;
      if (!any) {
        y += any || kind == HomeCard::Kind::example ? 0 : ui.u(14);
        sectionHead(ui, x, y + ui.u(12), kind == HomeCard::Kind::example ? "Examples" : "Scenes");
        y += ui.u(24);
        any = true;
      } else if (column == across) {
        column = 0;
        y += height + gap;
      }
      drawCard(p, card, place++,
               Box::at(x + static_cast<float>(column) * (cardWidth + gap), y, cardWidth, height), side);
      ++column;
    }
    if (any) y += height + gap;
  }
  takeDigits(p, cards);
  return y;
}

}  // namespace headlight
