#include <cmath>

#include "app/panels/compare_parts.h"
#include "app/render/visible_tiles.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlots = 2100;

/// The stage whose colours a map takes: signed where either of the two is.
Stage colouredAs(const CompareScene& scene, int which) {
  if (which == kMapDifference) return Stage::scaled;
  const Stage a = scene.compare->map(kMapA).stage;
  const Stage b = scene.compare->map(kMapB).stage;
  return info(b).isSigned ? b : a;
}

std::shared_ptr<const MapLook> lookOf(Panel& p, const CompareScene& scene, int which) {
  const auto& range = which == kMapDifference ? scene.differenceRange : scene.range;
  const std::uint64_t slot = kSlots + static_cast<std::uint64_t>(which);
  if (range) return shownLook(p, colouredAs(scene, which), scene.stage.field.head, slot, range);
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

/// Counts of the values over the bar's range, as bars of their square root.
void histogramBars(const Ui& ui, const std::vector<const FieldStatistics*>& fields, const Range& range,
                   const Box& box) {
  const float pitch = std::max(3.0f, ui.u(4));
  const int bins = std::max(8, static_cast<int>(box.width() / pitch));
  const std::vector<double> counts = histogram(fields, range, bins);
  double most = 0;
  for (const double count : counts) most = std::max(most, count);
  if (most <= 0) return;
  const float step = box.width() / static_cast<float>(bins);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] <= 0) continue;
    const auto share = static_cast<float>(std::sqrt(counts[i] / most));
    const float tall = std::max(1.0f, std::round(share * box.height()));
    const float x = std::round(box.x0 + static_cast<float>(i) * step);
    fill({x, box.y1 - tall, x + std::max(1.0f, std::floor(step) - 1), box.y1}, ui.c.edge);
  }
}

void bar(Ui& ui, const Colormap& map, const Range& range, const std::vector<const FieldStatistics*>& fields,
         const Box& box) {
  const Box strip = Box::at(box.x0, box.y0 + ui.u(14), box.width(), ui.u(8));
  if (!fields.empty()) histogramBars(ui, fields, range, {box.x0, box.y0, box.x1, strip.y0 - ui.u(1)});
  const int width = std::max(1, static_cast<int>(strip.width()));
  for (int x = 0; x < width; ++x) {
    const float at = strip.x0 + static_cast<float>(x);
    const auto index = static_cast<std::size_t>(std::clamp(x * 256 / width, 0, 255));
    fill({at, strip.y0, at + 1, strip.y1}, toColour(map.colours[index]));
  }
  float lastEnd = -1e9f;
  for (const Tick& tick : ticks(range, std::max(2, static_cast<int>(strip.width() / ui.u(46))))) {
    const float x = std::round(strip.x0 + static_cast<float>(tick.at) * (strip.width() - 1));
    vertical(x, strip.y1, strip.y1 + ui.u(4), ui.c.edge, ui.u(1));
    const float w = textWidth(ui, Role::numMicro, tick.text);
    const float tx = std::round(x - w / 2);
    if (tx < lastEnd + ui.u(4)) continue;
    text(ui, Role::numMicro, tx, strip.y1 + ui.u(16), ui.c.t2, tick.text);
    lastEnd = tx + w;
  }
}

std::vector<std::string_view> labelsOf(const std::vector<Token>& tokens) {
  std::vector<std::string_view> labels;
  labels.reserve(tokens.size());
  for (const Token& token : tokens) labels.push_back(token.label);
  return labels;
}

/// Whether the labels of rows and columns are right for both maps.
bool sameTokens(Panel& p, const Compare& compare) {
  CompareView& kept = p.state.part<CompareView>();
  const std::array<std::shared_ptr<const Evaluation>, 2> now{compare.evaluation(kMapA),
                                                             compare.evaluation(kMapB)};
  if (now[0] && now[1] && kept.tokensOf[0].lock() == now[0] && kept.tokensOf[1].lock() == now[1])
    return kept.sameTokens;
  kept.tokensOf = {now[0], now[1]};
  kept.sameTokens = now[0] == now[1] || !now[0] || !now[1] ||
                    (labelsOf(now[0]->prepared->queryTokens) == labelsOf(now[1]->prepared->queryTokens) &&
                     labelsOf(now[0]->prepared->keyTokens) == labelsOf(now[1]->prepared->keyTokens));
  return kept.sameTokens;
}

/// What became of cells that a mask drops in A or B.
std::string maskWords(const CompareScene& scene, const FieldStatistics* a, const FieldStatistics* b,
                      const FieldStatistics* difference) {
  if (!a || !b || !difference || (a->masked == 0 && b->masked == 0)) return "";
  if (a->masked == b->masked && a->masked == difference->masked) return "masked in both";
  const Stage stage = scene.stage.field.stage;
  const bool countsAsZero =
      stage == Stage::weights || stage == Stage::valueWeighted || stage == Stage::gradScores;
  return countsAsZero ? "masked in one: counts as 0" : "masked in one: no difference";
}

}  // namespace

void drawComparedMap(Panel& p, CompareScene& scene, int place) {
  Ui& ui = p.ui;
  const int which = scene.shownAt(place);
  const ViewAt at(p.state.map, scene.dx(place));
  const MapView& view = p.state.map;
  StageScene& s = scene.stage;
  if (place == kMapA) {
    drawAxes(p, s);
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

float compareBarsHeight(const Ui& ui) {
  return ui.u(12 + 14 + 8 + 20 + 20);
}

void drawCompareBars(Panel& p, const CompareScene& scene) {
  Ui& ui = p.ui;
  const Box& a = p.state.map.box();
  const float right = scene.stage.content.x1;
  const float left = a.x0 + scene.dx(kMapDifference);
  const float room = std::min(scene.pitch - ui.m(18, 30), right - left);
  const float width = std::round(std::clamp(room, ui.u(90), ui.m(180, 260)));
  const auto statisticsA = scene.compare->statistics(kMapA);
  const auto statisticsB = scene.compare->statistics(kMapB);
  const auto statistics = scene.compare->differenceStatistics();
  const float labelTop = scene.barTop + ui.u(11);
  if (scene.range) {
    std::vector<const FieldStatistics*> fields;
    if (statisticsA) fields.push_back(statisticsA.get());
    if (statisticsB) fields.push_back(statisticsB.get());
    const Box box = Box::at(a.x0, scene.barTop, width, ui.u(22));
    bar(ui, shownColormap(p, colouredAs(scene, kMapA)), *scene.range, fields, box);
    textIn(ui, Role::micro, {scene.stage.content.x0, labelTop, scene.stage.labelRight, labelTop + ui.u(14)},
           Align::right, ui.c.t2, "A and B");
  }
  if (scene.differenceRange) {
    const Box box = Box::at(left, scene.barTop, width, ui.u(22));
    std::vector<const FieldStatistics*> fields;
    if (statistics) fields.push_back(statistics.get());
    bar(ui, shownColormap(p, Stage::scaled), *scene.differenceRange, fields, box);
    const std::string_view words = "A − B";
    textIn(ui, Role::micro, {left - scene.pitch, labelTop, left - ui.u(14), labelTop + ui.u(14)},
           Align::right, ui.c.t2, words);
  }
  if (!sameTokens(p, *scene.compare)) {
    const float at = a.x0 + scene.dx(kMapB);
    paragraph(ui, Role::micro, at, scene.barTop + ui.u(12), scene.pitch - ui.u(60), ui.u(14), ui.c.t2,
              "other words in the other: labels are of what is shown");
  }
  const float y = scene.barTop + ui.u(14 + 8 + 30);
  float x = a.x0;
  const bool anyMasked = (statisticsA && statisticsA->masked > 0) || (statisticsB && statisticsB->masked > 0);
  const bool anyZero = (statisticsA && statisticsA->zeros > 0) || (statisticsB && statisticsB->zeros > 0);
  const bool anyNan = (statisticsA && statisticsA->nan > 0) || (statisticsB && statisticsB->nan > 0);
  if (anyMasked) x = legendItem(p, CellClass::masked, 0, x, y, "masked");
  if (anyZero) x = legendItem(p, CellClass::value, 0, x, y, "exactly 0");
  if (anyNan) legendItem(p, CellClass::value, std::nanf(""), x, y, "NaN");
  std::string words = maskWords(scene, statisticsA.get(), statisticsB.get(), statistics.get());
  const bool redIsPlus = shownColormap(p, Stage::scaled).id != "rdbu";
  if (words.empty() || words == "masked in both")
    words = redIsPlus ? "blue: B larger, red: A larger" : "red: B larger, blue: A larger";
  const bool dots = p.state.map.cellPx() >= 12 && p.state.map.level() == 0;
  if (dots && statistics && statistics->zeros > 0) words += ", dot: equal";
  textIn(ui, Role::micro, {left, y - ui.u(7), right, y + ui.u(7)}, Align::left, ui.c.t2, words);
}

}  // namespace headlight
