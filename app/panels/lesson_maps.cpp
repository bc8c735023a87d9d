#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "app/panels/heads_parts.h"
#include "app/panels/lesson_panel_parts.h"
#include "app/panels/stage_parts.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlots = std::uint64_t{0x6c65737} << 36;

/// The shown cells of a variant, as the renderer takes them.
std::shared_ptr<const Tile> tileOf(const PanelMap& map) {
  auto tile = std::make_shared<Tile>();
  tile->rows = static_cast<int>(map.shownRows);
  tile->cols = static_cast<int>(map.shownCols);
  tile->extreme = map.values;
  tile->mean = map.values;
  tile->classes = map.classes;
  return tile;
}

/// What all variants span together.
Range rangeOf(const LessonPanel& panel, const std::vector<PanelMap>& maps) {
  double largest = 0;
  for (const PanelMap& map : maps) largest = std::max(largest, map.largest);
  Range range;
  range.rule = "one scale";
  if (panel.stage == Stage::weights) return range;
  range.high = largest > 0 ? largest : 1;
  range.low = info(panel.stage).isSigned ? -range.high : 0;
  return range;
}

/// Which looks besides colours there are in any of them.
PanelMap::Looks looksOf(const std::vector<PanelMap>& maps) {
  PanelMap::Looks looks;
  for (const PanelMap& map : maps) {
    looks.masked = looks.masked || map.has.masked;
    looks.zero = looks.zero || map.has.zero;
    looks.nan = looks.nan || map.has.nan;
    looks.plusInfinity = looks.plusInfinity || map.has.plusInfinity;
    looks.minusInfinity = looks.minusInfinity || map.has.minusInfinity;
  }
  return looks;
}

/// Of a map that is done on paper cells are large enough for their numbers.
float mostCell(const Ui& ui, const PanelMap& map) {
  return ui.u(map.rows <= 8 && map.cols <= 8 ? 64 : 44);
}

void numbers(Ui& ui, const LessonPanel& panel, const PanelMap& map, const MapLook& colours, const ImVec2& at,
             float size) {
  if (size < ui.u(44)) return;
  const bool weight = panel.stage == Stage::weights;
  for (std::size_t n = 0; n < map.values.size(); ++n) {
    const float value = map.values[n];
    if (map.classes[n] == static_cast<std::uint8_t>(CellClass::masked) || !std::isfinite(value)) continue;
    const auto cols = static_cast<std::size_t>(map.shownCols);
    const std::size_t row = n / cols;
    const Box cell = Box::at(at.x + size * static_cast<float>(n % cols),
                             at.y + size * static_cast<float>(row), size, size);
    const Rgb ground = colours.colours[static_cast<std::size_t>(colourIndex(colours, value))];
    if (value == 0) fill(cell.inset(ui.u(1), ui.u(1)), toColour(ground));
    textIn(ui, Role::num, cell, Align::centre, toColour(textOn(ground)),
           cellText(static_cast<double>(value), weight));
  }
}

/// No wider than the maps can become, so that what is said of them stands at them.
Box withinReach(const LessonStagePanel& all, Box box) {
  const Ui& ui = all.ui;
  if (all.maps.empty()) return box;
  const auto rows = static_cast<float>(all.maps.front().shownRows);
  const auto cols = static_cast<float>(all.maps.front().shownCols);
  const float cell =
      std::clamp((box.height() - ui.u(72)) / std::max(rows, 1.0f), 1.0f, mostCell(ui, all.maps.front()));
  const float each = std::max(ui.u(220), ui.u(64) + cols * cell);
  const auto count = static_cast<float>(all.maps.size());
  box.x1 = std::min(box.x1, box.x0 + std::round(each * count + ui.u(32) * (count - 1)));
  return box;
}

std::string pooledWords(const std::vector<PanelMap>& maps) {
  for (const PanelMap& map : maps) {
    if (map.rows > map.shownRows || map.cols > map.shownCols)
      return std::to_string(map.rows) + " × " + std::to_string(map.cols) + " cells, of several the largest";
  }
  return "";
}

}  // namespace

LessonStagePanel::LessonStagePanel(Panel& of, const LessonPanel& shown, const std::vector<PanelMap>& measured,
                                   std::size_t place)
    : p(of), ui(of.ui), panel(shown), maps(measured), number(place), range(rangeOf(shown, measured)) {
  look = shownLook(p, panel.stage, 0, kSlots + number, range);
}

std::uint64_t LessonStagePanel::slot(std::size_t variant) const {
  return kSlots + (static_cast<std::uint64_t>(number) << 8) +
         ((static_cast<std::uint64_t>(variant) + 1) << 4);
}

std::vector<Box> lessonColumns(const LessonStagePanel& all, const Box& box) {
  Ui& ui = all.ui;
  std::vector<Box> columns;
  const auto count = static_cast<float>(all.maps.size());
  const float gap = ui.u(32);
  const float each = std::floor((box.width() - gap * (count - 1)) / count);
  float x = box.x0;
  for (const PanelMap& map : all.maps) {
    const Box place{x, box.y0 + ui.u(26), x + each, box.y1};
    const float baseline = box.y0 + ui.u(16);
    float room = each;
    if (map.effectiveKeys) {
      const std::string used = measuredText(*map.effectiveKeys) + " keys used";
      const float width = textWidth(ui, Role::micro, used);
      if (width + ui.u(60) < each) {
        text(ui, Role::micro, place.x1 - width, baseline, ui.c.t2, used);
        room -= width + ui.u(12);
      }
    }
    if (mathWidth(ui, Role::strong, map.label) <= room) {
      math(ui, Role::strong, x, baseline, ui.c.t1, map.label);
    } else {
      text(ui, Role::strong, x, baseline, ui.c.t1, shortened(ui, Role::strong, map.label, room));
    }
    columns.push_back(place);
    x += each + gap;
  }
  return columns;
}

void lessonKeyNames(Ui& ui, const PanelMap& map, const Box& area) {
  if (map.colLabels.empty()) return;
  const float each = area.width() / static_cast<float>(map.colLabels.size());
  const float most = std::max(3 * each, ui.u(48));
  // No more are looked at than may stand side by side.
  const auto step = static_cast<std::size_t>(std::max(1.0f, std::floor(ui.u(12) / each)));
  float lastEnd = -1e9f;
  for (std::size_t j = 0; j < map.colLabels.size(); j += step) {
    const float centre = area.x0 + each * (static_cast<float>(j) + 0.5f);
    if (centre < lastEnd) continue;
    const std::string words = shortened(ui, Role::micro, map.colLabels[j], most);
    const float width = textWidth(ui, Role::micro, words);
    const float x = centre - width / 2;
    if (x < lastEnd + ui.u(6) || x < area.x0 - ui.u(2) || x + width > area.x1 + ui.u(2)) continue;
    text(ui, Role::micro, std::round(x), area.y1 + ui.u(15), ui.c.t2, words);
    lastEnd = x + width;
  }
}

float lessonScaleBar(const LessonStagePanel& all, const std::string& words, const Box& box) {
  if (!all.look) return box.y1;
  Ui& ui = all.ui;
  const float baseline = centredBaseline(ui, Role::micro, box.y0, box.y1);
  float x = text(ui, Role::micro, box.x0, baseline, ui.c.t2, "one scale") + ui.u(8);
  x = text(ui, Role::numMicro, x, baseline, ui.c.t1, measuredText(all.range.low)) + ui.u(6);
  constexpr int kSteps = 40;
  const float wide = ui.u(4);
  for (int k = 0; k < kSteps; ++k) {
    const auto at = static_cast<std::size_t>(k * 255 / (kSteps - 1));
    fill(Box::at(x, box.centreY() - ui.u(4), wide, ui.u(8)), toColour(all.look->colours[at]));
    x += wide;
  }
  x = text(ui, Role::numMicro, x + ui.u(6), baseline, ui.c.t1, measuredText(all.range.high)) + ui.u(16);
  float y = box.y0;
  struct Item {
    bool isThere;
    CellClass kind;
    float value;
    std::string_view words;
  };
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const PanelMap::Looks looks = looksOf(all.maps);
  const std::array<Item, 5> items{{{looks.masked, CellClass::masked, 0, "masked"},
                                   {looks.zero, CellClass::value, 0, "exactly 0"},
                                   {looks.nan, CellClass::value, std::nanf(""), "NaN"},
                                   {looks.plusInfinity, CellClass::value, kInfinity, "+∞"},
                                   {looks.minusInfinity, CellClass::value, -kInfinity, "−∞"}}};
  const auto next = [&](float takes) {
    if (x + takes <= box.x1 || x <= box.x0) return;
    x = box.x0;
    y += box.height();
  };
  for (const Item& item : items) {
    if (!item.isThere) continue;
    next(ui.u(18) + textWidth(ui, Role::micro, item.words));
    x = legendItem(all.p, item.kind, item.value, x, y + box.height() / 2, item.words);
  }
  if (words.empty()) return y + box.height();
  next(textWidth(ui, Role::micro, words));
  text(ui, Role::micro, x, centredBaseline(ui, Role::micro, y, y + box.height()), ui.c.t2,
       shortened(ui, Role::micro, words, box.x1 - x));
  return y + box.height();
}

float drawLessonMaps(const LessonStagePanel& all, LessonRoom& room, const Box& box) {
  Ui& ui = all.ui;
  float bottom = box.y0;
  const std::vector<Box> columns = lessonColumns(all, withinReach(all, box));
  for (std::size_t n = 0; n < columns.size(); ++n) {
    const PanelMap& map = all.maps[n];
    const Box& column = columns[n];
    const std::uint64_t slot = all.slot(n);
    auto& tile = room.tiles[slot];
    if (!tile) tile = tileOf(map);
    const bool names = !map.rowLabels.empty() && map.rows <= 16;
    const float gutter = names ? ui.u(64) : 0;
    const float width = column.width() - gutter;
    const float height = column.height() - ui.u(46);
    // Square cells of whole px, drawn as every map is: what is masked is hatched from 6 px on.
    const int cell = std::clamp(static_cast<int>(std::min(width / static_cast<float>(tile->cols),
                                                          height / static_cast<float>(tile->rows))),
                                1, static_cast<int>(mostCell(ui, map)));
    const ImVec2 at{column.x0 + gutter, column.y0};
    const Box drawn =
        Box::at(at.x, at.y, static_cast<float>(cell * tile->cols), static_cast<float>(cell * tile->rows));
    if (all.look) {
      drawTile(all.p, slot, tile, all.look, at, cell);
      numbers(ui, all.panel, map, *all.look, at, static_cast<float>(cell));
    } else {
      frame(drawn, ui.c.line, ui.u(1));
      ui.stayAwake(0.05);
    }
    if (names && static_cast<float>(cell) >= ui.u(13)) {
      for (std::size_t i = 0; i < map.rowLabels.size(); ++i) {
        const float y = at.y + static_cast<float>(cell) * static_cast<float>(i);
        textIn(ui, Role::micro, {column.x0, y, at.x - ui.u(6), y + static_cast<float>(cell)}, Align::right,
               ui.c.t2, map.rowLabels[i]);
      }
    }
    lessonKeyNames(ui, map, drawn);
    bottom = std::max(bottom, drawn.y1 + ui.u(22));
  }
  return lessonScaleBar(all, pooledWords(all.maps), {box.x0, bottom, box.x1, bottom + ui.u(24)});
}

}  // namespace headlight
