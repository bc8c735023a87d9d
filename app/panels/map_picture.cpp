#include "app/panels/map_picture.h"

#include <algorithm>
#include <map>
#include <utility>

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

}  // namespace

std::string whyNoMapPicture(const Panel& p) {
  if (p.session.evaluation() == nullptr) return "there are no numbers yet";
  const auto pages = stagePages();
  const bool covered =
      std::any_of(pages.begin(), pages.end(), [&p](const StagePage& page) { return page.wants(p); });
  if (openTab(p).id != "explore" || covered) return "the large map is not shown";
  return "";
}

void copyMapPicture(Panel& p) {
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
       times = p.state.map.stretch()] {
        return stretched(paintMap(rows, cols, geometry, *look,
                                  [&tiles](std::int64_t r, std::int64_t c) -> const Tile* {
                                    const auto at = tiles.find({r, c});
                                    return at == tiles.end() ? nullptr : at->second.get();
                                  }),
                         times);
      },
      name);
}

}  // namespace headlight
