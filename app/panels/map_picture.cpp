#include "app/panels/map_picture.h"

#include <algorithm>
#include <map>
#include <utility>

#include "app/panels/compare.h"
#include "app/panels/figure_room.h"
#include "app/panels/map_image.h"
#include "app/panels/pages.h"
#include "app/panels/tabs.h"
#include "app/render/visible_tiles.h"

namespace headlight {
namespace {

using Tiles = std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const Tile>>;

/// Rows stand as often as the map stretches them.
Picture stretched(const Picture& picture, int times) {
  if (times <= 1) return picture;
  Picture tall{picture.width, picture.height * times, {}};
  const std::size_t stride = static_cast<std::size_t>(picture.width) * 4;
  tall.rgba.reserve(picture.rgba.size() * static_cast<std::size_t>(times));
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    const auto row = picture.rgba.begin() + static_cast<std::ptrdiff_t>(y * stride);
    for (int n = 0; n < times; ++n)
      tall.rgba.insert(tall.rgba.end(), row, row + static_cast<std::ptrdiff_t>(stride));
  }
  return tall;
}

/// Frames of black, white and black about the cells, as the window marks what is pinned.
void markPins(Picture& picture, const std::vector<Cell>& pins, const MapGeometry& geometry, int times,
              int line) {
  const auto put = [&picture](std::int64_t x, std::int64_t y, std::uint8_t grey) {
    if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return;
    const auto at = static_cast<std::size_t>(y * picture.width + x) * 4;
    for (std::size_t channel = 0; channel < 3; ++channel) picture.rgba[at + channel] = grey;
    picture.rgba[at + 3] = 255;
  };
  for (const Cell& pin : pins) {
    const std::int64_t across = (geometry.transposed ? pin.row : pin.col) >> geometry.level;
    const std::int64_t down = (geometry.transposed ? pin.col : pin.row) >> geometry.level;
    const std::int64_t x0 = across * geometry.texelPx - geometry.left;
    const std::int64_t y0 = (down * geometry.texelPx - geometry.top) * times;
    const std::int64_t x1 = x0 + geometry.texelPx;
    const std::int64_t y1 = y0 + std::int64_t{geometry.texelPx} * times;
    for (std::int64_t out = 2 * line; out > -3 * line; --out) {
      const std::uint8_t grey = out > line || out <= -2 * line ? 0 : 255;
      for (std::int64_t x = x0 - out; x < x1 + out; ++x) put(x, y0 - out, grey), put(x, y1 + out - 1, grey);
      for (std::int64_t y = y0 - out; y < y1 + out; ++y) put(x0 - out, y, grey), put(x1 + out - 1, y, grey);
    }
  }
}

}  // namespace

std::string whyNoMapPicture(const Panel& p) {
  if (p.session.evaluation() == nullptr) return "there are no numbers yet";
  const auto pages = stagePages();
  const bool covered = std::any_of(pages.begin(), pages.end(), [&p](const StagePage& page) {
    return page.wants(p) && page.wants != compareWanted;
  });
  if (openTab(p).id != "explore" || covered) return "the large map is not shown";
  return "";
}

void copyMapPicture(Panel& p) {
  if (compareWanted(p)) return copyComparison(p);
  const Stage stage = p.session.view().stage;
  const int head = shownHead(p);
  const auto field = shownField(p, stage, head);
  if (!field) return p.session.tell("The stage is absent, so there is no map to copy");
  const bool turned = p.session.view().queryColumns && isMap(stage);
  const MapGeometry geometry = p.state.map.geometry(turned);
  const auto look = shownLook(p, stage, head, 1);
  Tiles tiles;
  for (const VisibleTile& visible : visibleTiles(field->rows, field->cols, geometry)) {
    auto tile = p.session.tile(stage, head, geometry.level, visible.r, visible.c);
    if (!tile || !look) return p.session.tell("The map is still being computed; copy it once it is there");
    tiles.emplace(std::pair(visible.r, visible.c), std::move(tile));
  }
  if (tiles.empty()) return;
  std::string name = p.session.documentName() + "-" + std::string(info(stage).id);
  if (info(stage).perHead) name += "-" + headName(head);
  p.session.copyPicture(
      [geometry, look, tiles = std::move(tiles), rows = field->rows, cols = field->cols,
       times = p.state.map.stretch(), pins = p.session.pins(),
       line = std::max(1, static_cast<int>(p.ui.u(1)))] {
        Picture whole = stretched(paintMap(rows, cols, geometry, *look,
                                           [&tiles](std::int64_t r, std::int64_t c) -> const Tile* {
                                             const auto at = tiles.find({r, c});
                                             return at == tiles.end() ? nullptr : at->second.get();
                                           }),
                                  times);
        markPins(whole, pins, geometry, times, line);
        return whole;
      },
      name);
}

}  // namespace headlight
