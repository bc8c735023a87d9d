#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/text_layout.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 183;  // mm, two columns of a journal
constexpr double kLargestCell = 4.5;
constexpr double kSmallestMap = 14;
constexpr double kLeastColumn = 14;  // em that key and notes need beside the grid
constexpr int kLastPass = 4;         // cells and the room of labels have come to terms by then

// Columns of a grid about 1.8 times as wide as high; one that leaves no gap in the last row where there is
// one near.
int columnsFor(int maps, double room, double gap, double least) {
  const int most = std::max(1, static_cast<int>((room + gap) / (std::max(kSmallestMap, least) + gap)));
  const int wanted =
      std::clamp(static_cast<int>(std::lround(std::sqrt(1.8 * maps))), 1, std::min(maps, most));
  if (maps <= 4 && maps <= most) return maps;
  for (int columns : {wanted, wanted + 1, wanted - 1}) {
    if (columns > 1 && columns <= most && maps % columns == 0) return columns;
  }
  return wanted;
}

// On a page that may not be higher, the columns with which the maps are largest. `pitch` is what a row of
// maps takes besides them.
int columnsWithin(int maps, double room, double gap, double least, double height, double pitch,
                  double proportion) {
  int best = 1;
  double largest = 0;
  for (int columns = 1; columns <= maps; ++columns) {
    const double across = (room - gap * (columns - 1)) / columns;
    if (columns > 1 && across < least) break;
    const int down = (maps + columns - 1) / columns;
    const double width = std::min(across, (height / down - pitch) / proportion);
    if (width <= largest + 1e-9) continue;
    largest = width;
    best = columns;
  }
  return best;
}

std::string numberText(double value) {
  const double size = std::abs(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

}  // namespace

Status drawHeads(Scene& scene) {
  const ViewSpec& view = scene.evaluation.experiment.view;
  const Stage stage = scene.spec.stage.value_or(view.stage);
  if (!info(stage).perHead) {
    return Error{ErrorCode::usage, "the stage " + std::string(info(stage).id) + " has no heads to lay out",
                 "", "Layout single draws it"};
  }
  std::vector<int> heads = scene.spec.heads;
  for (int h = 0; scene.spec.heads.empty() && h < scene.run().sizes.heads; ++h) heads.push_back(h);
  const auto map = colormapOf(scene, stage, true);
  if (!map) return map.error();
  const auto choice = rangeOf(scene, stage, true);
  if (!choice) return choice.error();
  std::vector<Field> fields;
  for (int head : heads) {
    auto field = Field::make(scene.evaluation.run, stage, head);
    if (!field) return field.error();
    fields.push_back(std::move(*field));
  }
  const bool perHead = !view.sharedRange && !scene.spec.sharedRange && choice->mode != "unit";
  std::vector<Range> ranges;
  for (std::size_t n = 0; n < fields.size(); ++n) {
    if (n > 0 && !perHead) {
      ranges.push_back(ranges[0]);
      continue;
    }
    auto range = rangeFor(scene, stage, heads[n], true);
    if (!range) return range.error();
    ranges.push_back(std::move(*range));
  }

  // Sizes.
  const double em = scene.em();
  const double margin = scene.margin();
  const bool transposed = isMap(stage) && view.queryColumns;
  const auto part = partOf(scene, fields[0]);
  if (!part) return part.error();
  if (Status status = checkHighlights(scene, fields[0]); !status) return status;
  const PageAxes axes = pageAxes(fields[0], *part, transposed);
  const std::int64_t rows = axes.down.count;
  const std::int64_t cols = axes.across.count;
  const double asked = scene.spec.widthMm > 0 ? scene.spec.widthMm : kUsualWidth;
  const double gapX = 1.6 * em;
  const double longest = std::min(20.0, 0.15 * asked);
  // What stands over each map: its number, and its largest value where scales differ.
  const auto numberOf = [&](int head) {
    return Text{{words(scene, head == kMeanHead ? "mean" : "H" + std::to_string(head), 1, 600)}};
  };
  const auto maximumOf = [&](const Range& range) {
    return Text{{faint(scene, (range.low < 0 ? "±" : "max ") + numberText(range.high), 0.86)}};
  };
  double captions = 0;
  for (std::size_t n = 0; n < heads.size(); ++n) {
    const double maximum = perHead ? 0.8 * em + measure(maximumOf(ranges[n])).width : 0;
    Text number = numberOf(heads[n]);
    addLetter(scene, static_cast<int>(n), number);
    captions = std::max(captions, measure(number).width + maximum);
  }
  const double titleLine = 1.25 * scene.line();
  const double rowGap = 1.1 * em;
  AxisLabels rowLabels;
  BracketLanes rowBrackets;
  int columns = 1;
  int gridRows = 1;
  double cellW = 0;
  double cellH = 3;
  double left = 0;
  for (int pass = 0; pass <= kLastPass; ++pass) {
    // The last pass keeps to the room that was left for the labels, but for a hair.
    const double most = pass < kLastPass ? longest : rowLabels.widest + 0.2 * em;
    rowLabels = axisLabels(scene, axes.down.axis, rows, cellH, most, axes.down.first);
    auto lanes = bracketLanes(scene, axes.down, cellH);
    if (!lanes) return lanes.error();
    rowBrackets = std::move(*lanes);
    if (pass == kLastPass) break;
    left = margin + 1.65 * scene.line() + rowBrackets.depth + rowLabels.widest + 0.5 * em;
    const double room = asked - margin - left;
    const int maps = static_cast<int>(heads.size());
    columns = columnsFor(maps, room, gapX, captions);
    if (std::isfinite(scene.stackLimit)) {
      columns = columnsWithin(maps, room, gapX, std::max(captions, kSmallestMap), scene.stackLimit,
                              titleLine + rowGap,
                              isMap(stage) ? static_cast<double>(rows) / static_cast<double>(cols) : 0.2);
    }
    gridRows = (maps + columns - 1) / columns;
    const double mapRoom = (room - gapX * (columns - 1)) / columns;
    if (Status status = checkRoom(mapRoom, asked); !status) return status;
    cellW = mapRoom / static_cast<double>(cols);
    if (scene.spec.widthMm <= 0) cellW = std::min(cellW, kLargestCell);
    cellH = isMap(stage) ? cellW : std::min(std::max(cellW, 1.0), 80.0 / static_cast<double>(rows));
    if (cellH * static_cast<double>(rows) > 3 * mapRoom) cellH = 3 * mapRoom / static_cast<double>(rows);
    const double tallest = (scene.stackLimit + rowGap) / gridRows - titleLine - rowGap;
    if (Status status = checkRoom(std::max(0.0, tallest), asked); !status) return status;
    cellH = std::min(cellH, tallest / static_cast<double>(rows));
    if (isMap(stage)) cellW = std::min(cellW, cellH);
  }
  const AxisLabels colLabels = columnLabels(scene, axes.across.axis, cols, cellW, longest, axes.across.first);
  const auto colBrackets = bracketLanes(scene, axes.across, cellW);
  if (!colBrackets) return colBrackets.error();
  const double mapW = cellW * static_cast<double>(cols);
  const double mapH = cellH * static_cast<double>(rows);
  const double panelW = std::max(mapW, captions);
  const double gridW = columns * panelW + (columns - 1) * gapX;
  const Pooling pooling = printedPooling(fields[0], *part, transposed, mapW, mapH, scene.spec.dpi);
  if (Status status = checkNumbers(scene, pooling, cellW, cellH); !status) return status;
  const std::string ofPart = partNote(fields[0], *part);
  if (!ofPart.empty()) scene.notes.push_back(ofPart);
  if (pooling.any()) scene.notes.push_back(poolingNote(pooling, info(stage).isSigned, transposed));

  ColourBar bar{ranges[0], *map, barLabel(stage), ruleText(ranges[0]), left, 0, perHead};
  if (perHead) {
    bar.rule = "each head on its own scale";
    scene.notes.push_back("each head has its own colour scale: colours not comparable");
  }
  double right = left + gridW;
  if (scene.spec.widthMm > 0) {
    right = scene.spec.widthMm - margin;
  } else {
    right = std::max({right, left + barLabelWidth(scene, bar), left + 19 * em});
  }
  const double width = right - left;

  double y = margin;
  const bool own = scene.spec.title.empty();
  const double titleHeight = drawTitle(
      scene, left, y, width, own ? std::string(info(stage).title) : scene.spec.title,
      own ? grouped(static_cast<std::int64_t>(heads.size())) + (heads.size() == 1 ? " head" : " heads") : "",
      own ? stageFormula(scene.evaluation, stage) : "");
  y += titleHeight + (titleHeight > 0 ? 0.6 * em : 0);
  // A grid that leaves much of the width free has its key beside it.
  const double beside = left + gridW + 2.2 * em;
  const bool hasColumn = std::isfinite(scene.stackLimit) && right - beside >= kLeastColumn * em;
  const double gridTop = y;
  const double pitch = titleLine + mapH + rowGap;
  const MapLook sharedLook = makeLook(ranges[0], **map, scene.theme());
  SeenLooks seen;
  for (int n = 0; n < static_cast<int>(heads.size()); ++n) {
    const auto at = static_cast<std::size_t>(n);
    const int row = n / columns;
    const int column = n % columns;
    const Rect area{left + column * (panelW + gapX), gridTop + row * pitch + titleLine, mapW, mapH};
    auto pixels = readPixels(fields[at], *part, transposed, pooling, scene.pool, scene.cancel);
    if (!pixels) return pixels.error();

    Text label = numberOf(heads[at]);
    addLetter(scene, n, label);
    // A name may reach into the gap before the next map.
    const bool hasGap = column + 1 < columns || hasColumn;
    double free = panelW + (hasGap && !perHead ? gapX - 0.6 * em : 0);
    if (perHead) {
      const Text maximum = maximumOf(ranges[at]);
      free -= measure(maximum).width + 0.5 * em;
      scene.drawing.text({area.x + panelW, area.y - 0.45 * em}, maximum, Anchor::end, false);
    }
    const auto& names = scene.evaluation.prepared->headNames;
    if (heads[at] != kMeanHead && static_cast<std::size_t>(heads[at]) < names.size()) {
      const std::string& full = names[static_cast<std::size_t>(heads[at])];
      for (std::size_t keep = full.empty() ? 0 : 24; keep > 1; --keep) {
        TextPiece name = words(scene, shortLabel(full, keep));
        name.gapMm = 0.45 * em;
        Text longer = label;
        longer.pieces.push_back(name);
        if (measure(longer).width > free) continue;
        label = longer;
        break;
      }
    }
    scene.drawing.text({area.x, area.y - 0.45 * em}, label, Anchor::start, false);
    const MapLook look = perHead ? makeLook(ranges[at], **map, scene.theme()) : sharedLook;
    const SeenLooks here =
        drawMap(scene, *pixels, area, look, stage == Stage::weights, true,
                heads[at] == kMeanHead ? "head-mean" : "head-" + std::to_string(heads[at]));
    seen.add(here);
    drawHighlights(scene, area, *part, transposed);
    scene.panels.push_back(panelOf(fields[at], ranges[at], **map, transposed));
    scene.panels.back().part = *part;
    if (column == 0) {
      drawRowLabels(scene, rowLabels, left - 0.5 * em, area.y, cellH);
      drawRowBrackets(scene, rowBrackets, left - 0.8 * em - rowLabels.widest, area.y);
    }
    // Under the lowest map of each column.
    if (n + columns >= static_cast<int>(heads.size())) {
      drawColumnLabels(scene, colLabels, area.x, area.bottom() + 0.5 * em, cellW, true);
      drawColumnBrackets(scene, *colBrackets, area.x, area.bottom() + 0.8 * em + colLabels.widest, true);
    }
  }
  const double gridBottom = gridTop + gridRows * pitch - rowGap;
  scene.stack = gridBottom - gridTop;
  const double depth = colBrackets->depth + (colBrackets->depth > 0 ? 0.3 * em : 0);
  y = gridBottom + 0.5 * em + colLabels.widest + depth + 0.4 * em;
  // Beside the key the title stands under the grid alone.
  drawLevelTitle(scene, axisTitle(scene, axes.across.axis), left, left + gridW,
                 hasColumn ? left + gridW : right, y + 0.8 * scene.line());
  y += scene.line();

  bar.left = hasColumn ? beside : left;
  const double keyRoom = right - bar.left;
  bar.width = std::min(keyRoom, 24 * em);
  fitRule(scene, bar, keyRoom);
  double keyY = hasColumn ? gridTop + titleLine : y + 0.8 * em;
  keyY += drawKey(scene, bar, seen, right, keyY);
  keyY += 0.5 * em;
  keyY += drawNotes(scene, bar.left, keyY, keyRoom);
  y = std::max(y, keyY);
  const Text rowTitle = axisTitle(scene, axes.down.axis);
  const double bottom = std::max(y, gridTop + measure(rowTitle).width);
  drawUprightTitle(scene, rowTitle, margin, (gridTop + titleLine + gridBottom) / 2, gridTop, bottom);

  scene.drawing.width = right + margin;
  scene.drawing.height = bottom + margin;
  scene.altText = "Maps of " + grouped(static_cast<std::int64_t>(heads.size())) + " heads, " +
                  std::string(info(stage).title) +
                  (perHead ? ", each on its own colour scale. " : ", on one colour scale. ") +
                  headline(scene.evaluation) + " " + altText(scene.evaluation, stage, heads[0]);
  if (!ofPart.empty()) scene.altText += " Drawn are " + ofPart + ".";
  return {};
}

}  // namespace headlight
