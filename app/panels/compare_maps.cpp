#include <cmath>

#include "app/panels/compare_parts.h"
#include "app/render/visible_tiles.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlots = 2100;

std::shared_ptr<const MapLook> lookOf(Panel& p, const CompareScene& scene, int which) {
  const auto& range = which == kMapDifference ? scene.differenceRange : scene.range;
  const std::uint64_t slot = kSlots + static_cast<std::uint64_t>(which);
  if (range) return shownLook(p, scene.colouredAs(which), scene.stage.field.head, slot, range);
  const auto known = p.state.looks.find(slot);
  return known == p.state.looks.end() ? nullptr : known->second.look;
}

MapImage imageOf(const CompareScene& scene, int which, const MapGeometry& geometry, const MapLook& look) {
  Compare* compare = scene.compare;
  const FieldDifference& difference = *compare->difference();
  const std::uint64_t keys[] = {difference.first().key(), difference.second().key(), difference.key()};
  MapImage image;
  image.fieldKey = keys[which];
  image.rows = difference.rows();
  image.cols = difference.cols();
  image.geometry = geometry;
  image.look = look;
  const int level = geometry.level;
  image.tile = [compare, which, level](std::int64_t r, std::int64_t c) {
    return which == kMapDifference ? compare->differenceTile(level, r, c) : compare->tile(which, level, r, c);
  };
  return image;
}

/// A difference with all of its visible tiles in hand: drawn until the next one is as complete.
std::optional<MapImage> wholeOf(const MapImage& image) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const Tile>> held;
  for (const VisibleTile& place : visibleTiles(image.rows, image.cols, image.geometry)) {
    auto tile = image.tile(place.r, place.c);
    if (!tile) return std::nullopt;
    held[{place.r, place.c}] = std::move(tile);
  }
  MapImage whole = image;
  whole.tile = [held = std::move(held)](std::int64_t r, std::int64_t c) -> std::shared_ptr<const Tile> {
    const auto found = held.find({r, c});
    return found == held.end() ? nullptr : found->second;
  };
  return whole;
}

bool sameView(const MapImage& a, const MapImage& b) {
  return a.rows == b.rows && a.cols == b.cols && a.geometry == b.geometry;
}

void blit(Panel& p, int which, const MapImage& image) {
  const MapTexture map = p.maps.map(kSlots + static_cast<std::uint64_t>(which), image);
  if (!map) return;
  const MapView& view = p.state.map;
  const ImVec2 at = view.box().min();
  const MapGeometry& g = image.geometry;
  const float height = static_cast<float>(g.height * view.stretch());
  canvas()->PushClipRect(view.box().min(), view.box().max(), true);
  putMap(map, at, {at.x + static_cast<float>(g.width), at.y + height});
  canvas()->PopClipRect();
}

void cellNumbers(Panel& p, const CompareScene& scene, int which, const MapLook& look) {
  Ui& ui = p.ui;
  const MapView& view = p.state.map;
  if (view.level() > 0 || view.cellPx() < static_cast<int>(ui.u(50)) || view.stretch() > 1) return;
  const bool weight = scene.stage.field.stage == Stage::weights;
  for (std::int64_t i = view.firstRow(); i < view.endRow(); ++i) {
    for (std::int64_t j = view.firstCol(); j < view.endCol(); ++j) {
      const Box box{view.x(j), view.y(i), view.x(j + 1) - 1, view.y(i + 1) - 1};
      const Box& in = view.box();
      if (box.x0 < in.x0 || box.y0 < in.y0 || box.x1 > in.x1 + 1 || box.y1 > in.y1 + 1) continue;
      const auto cell = comparedCell(*scene.compare, which, scene.stage.fromShown({i, j}));
      if (!cell || cell->second == CellClass::masked || cell->second == CellClass::notComputed) continue;
      if (std::isnan(cell->first)) continue;
      const auto value = static_cast<double>(cell->first);
      const std::string words = which == kMapDifference ? signedText(value, 2) : cellText(value, weight);
      textIn(ui, Role::num, box, Align::centre, toColour(textOn(flatColour(look, cell->first, cell->second))),
             words);
    }
  }
}

}  // namespace

Stage CompareScene::colouredAs(int which) const {
  if (which == kMapDifference) return Stage::scaled;
  const Stage a = compare->map(kMapA).stage;
  const Stage b = compare->map(kMapB).stage;
  return info(b).isSigned ? b : a;
}

void drawComparedMap(Panel& p, CompareScene& scene, int place) {
  Ui& ui = p.ui;
  const int which = scene.shownAt(place);
  const ViewAt at(p.state.map, scene.dx(place), scene.dy(place));
  const MapView& view = p.state.map;
  StageScene& s = scene.stage;
  if (place == kMapA) {
    drawAxes(p, s);
  } else if (scene.dy(place) > 0) {
    drawRowLabels(p, s);
  } else {
    drawColumnLabels(p, s);
  }
  const auto look = lookOf(p, scene, which);
  CompareView& kept = p.state.part<CompareView>();
  if (look && view.box().width() >= 1) {
    MapImage image = imageOf(scene, which, view.geometry(s.turned), *look);
    if (which == kMapDifference) {
      if (auto whole = wholeOf(image)) {
        kept.whole = std::move(whole);
      } else {
        scene.computing = true;
        if (kept.whole && sameView(*kept.whole, image)) image = *kept.whole;
      }
    }
    blit(p, which, image);
    cellNumbers(p, scene, which, *look);
  } else {
    frame(view.box(), ui.c.line, ui.u(1));
  }
  // A band or a frame of a cell at the edge may not reach into the next map.
  const float reach = ui.u(8);
  canvas()->PushClipRect(view.box().inset(-reach, -reach).min(), view.box().inset(-reach, -reach).max(),
                         true);
  drawCrosshair(p, s);
  canvas()->PopClipRect();
}

}  // namespace headlight
