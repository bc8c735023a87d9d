#include <algorithm>
#include <cmath>

#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/overlays.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kLargestCell = 6;  // mm, when the width is ours to choose
constexpr double kUsualMap = 90;    // mm, of maps with many cells
constexpr double kTallestMap = 200;
constexpr double kLeastColumn = 14;  // em that key and notes need beside a map

struct Size {
  double cellW = 0;
  double cellH = 0;
};

// Cells for a page of our own choosing. Images get a whole number of pixels a texel, so that all are equally
// wide.
Size ownSize(std::int64_t rows, std::int64_t cols, bool square, double dpi) {
  const double pixel = 25.4 / dpi;
  const auto along = [&](std::int64_t cells) {
    if (cells <= kMostVectorCells) return std::min(kLargestCell, kUsualMap / static_cast<double>(cells));
    const int level = printedLevel(cells, 2 * kUsualMap, dpi);
    const double texels = std::ceil(static_cast<double>(cells) / std::exp2(level));
    const double pixels = std::max(1.0, std::round(kUsualMap / pixel / texels));
    return pixels * pixel / std::exp2(level);
  };
  Size size{along(cols), along(rows)};
  if (square) size.cellW = size.cellH = std::min(size.cellW, size.cellH);
  return size;
}

}  // namespace

Status drawSingle(Scene& scene) {
  const ViewSpec& view = scene.evaluation.experiment.view;
  const Stage stage = scene.spec.stage.value_or(view.stage);
  const auto head = oneHead(scene);
  if (!head) return head.error();
  auto field = Field::make(scene.evaluation.run, stage, *head);
  if (!field) return field.error();
  const auto map = colormapOf(scene, stage, true);
  if (!map) return map.error();
  const auto found = rangeFor(scene, stage, *head, true);
  if (!found) return found.error();
  const Range& range = *found;

  const auto part = partOf(scene, *field);
  if (!part) return part.error();
  if (Status status = checkHighlights(scene, *field); !status) return status;

  // Sizes: labels and brackets take what they need, the map the rest.
  const double em = scene.em();
  const double margin = scene.margin();
  const bool transposed = isMap(stage) && view.queryColumns;
  const PageAxes axes = pageAxes(*field, *part, transposed);
  const std::int64_t rows = axes.down.count;
  const std::int64_t cols = axes.across.count;
  const bool fixedWidth = scene.spec.widthMm > 0;
  const double longest = fixedWidth ? std::min(26.0, 0.25 * scene.spec.widthMm) : 26.0;
  const double tallestCell = std::min(kTallestMap, scene.stackLimit) / static_cast<double>(rows);
  Size size = ownSize(rows, cols, isMap(stage), scene.spec.dpi);
  double left = 0;
  AxisLabels rowLabels;
  BracketLanes rowBrackets;
  for (int pass = 0; pass < (fixedWidth ? 3 : 2); ++pass) {
    // The last pass keeps to the room that was left for the labels.
    if (pass < 2) {
      rowLabels = axisLabels(scene, axes.down.axis, rows, size.cellH, longest, axes.down.first);
    } else {
      rowLabels = axisLabels(scene, axes.down.axis, rows, size.cellH, rowLabels.widest, axes.down.first);
    }
    auto lanes = bracketLanes(scene, axes.down, size.cellH);
    if (!lanes) return lanes.error();
    rowBrackets = std::move(*lanes);
    if (pass == 2) break;
    left = margin + 1.65 * scene.line() + rowBrackets.depth + rowLabels.widest + 0.5 * em;
    if (fixedWidth) {
      const double room = scene.spec.widthMm - margin - left;
      if (Status status = checkRoom(room, scene.spec.widthMm); !status) return status;
      size.cellW = room / static_cast<double>(cols);
      size.cellH = isMap(stage) ? size.cellW : std::max(size.cellH, size.cellW);
    }
    size.cellH = std::min(size.cellH, tallestCell);
    if (isMap(stage)) size.cellW = std::min(size.cellW, size.cellH);
  }
  const double mapW = size.cellW * static_cast<double>(cols);
  const double mapH = size.cellH * static_cast<double>(rows);
  scene.stack = mapH;
  if (Status status = checkRoom(std::max(mapW, mapH), scene.spec.widthMm); !status && fixedWidth)
    return status;
  const AxisLabels colLabels =
      columnLabels(scene, axes.across.axis, cols, size.cellW, longest, axes.across.first);
  const auto colBrackets = bracketLanes(scene, axes.across, size.cellW);
  if (!colBrackets) return colBrackets.error();

  const Pooling pooling = printedPooling(*field, *part, transposed, mapW, mapH, scene.spec.dpi);
  if (Status status = checkNumbers(scene, pooling, size.cellW, size.cellH); !status) return status;
  auto pixels = readPixels(*field, *part, transposed, pooling, scene.pool, scene.cancel);
  if (!pixels) return pixels.error();
  const std::string ofPart = partNote(*field, *part);
  if (!ofPart.empty()) scene.notes.push_back(ofPart);
  if (pooling.any()) scene.notes.push_back(poolingNote(pooling, info(stage).isSigned, transposed));

  // The page is as wide as asked for, or as its widest part.
  ColourBar bar{range, *map, barLabel(stage), ruleText(range), left, 0, false};
  double right = left + mapW;
  if (fixedWidth) {
    right = scene.spec.widthMm - margin;
  } else {
    right = std::max({right, left + barLabelWidth(scene, bar), left + 19 * em});
  }
  const double width = right - left;

  double y = margin;
  const std::string title = scene.spec.title.empty() ? std::string(info(stage).title) : scene.spec.title;
  const bool own = scene.spec.title.empty();
  const double titleHeight =
      drawTitle(scene, left, y, width, title, own ? headTitle(scene, stage, *head) : "",
                own ? stageFormula(scene.evaluation, stage) : "");
  y += titleHeight + (titleHeight > 0 ? 0.7 * em : 0);
  const double top = y;
  drawLevelTitle(scene, axisTitle(scene, axes.across.axis), left, left + mapW, right, y + 0.8 * scene.line());
  y += scene.line() + 0.5 * em + colBrackets->depth + colLabels.widest + 0.5 * em;
  const Rect area{left, y, mapW, mapH};
  drawColumnLabels(scene, colLabels, left, y - 0.5 * em, size.cellW, false);
  drawColumnBrackets(scene, *colBrackets, left, y - 0.8 * em - colLabels.widest, false);
  drawRowLabels(scene, rowLabels, left - 0.5 * em, y, size.cellH);
  drawRowBrackets(scene, rowBrackets, left - 0.8 * em - rowLabels.widest, y);
  const MapLook look = makeLook(range, **map, scene.theme());
  const SeenLooks seen = drawMap(scene, *pixels, area, look, stage == Stage::weights, true, "map");
  drawHighlights(scene, area, *part, transposed);
  scene.panels.push_back(panelOf(*field, range, **map, transposed));
  scene.panels.back().part = *part;

  // Beside a map that leaves much of the width free stand its key and notes, else under it.
  const double beside = area.right() + 2.2 * em;
  const bool hasColumn = fixedWidth && right - beside >= kLeastColumn * em;
  const double keyLeft = hasColumn ? beside : left;
  const double keyRoom = right - keyLeft;
  bar.left = keyLeft;
  bar.width = std::min(keyRoom, std::max(18 * em, std::min(0.62 * mapW, 30 * em)));
  fitRule(scene, bar, keyRoom);
  double keyY = hasColumn ? area.y : area.bottom() + 0.9 * em;
  keyY += drawKey(scene, bar, seen, right, keyY);
  keyY += 0.5 * em;
  keyY += drawNotes(scene, keyLeft, keyY, keyRoom);
  y = std::max(area.bottom(), keyY);
  const Text rowTitle = axisTitle(scene, axes.down.axis);
  const double titleLength = measure(rowTitle).width;
  const double bottom = std::max(y, top + titleLength);
  drawUprightTitle(scene, rowTitle, margin, area.y + mapH / 2, top, bottom);

  scene.drawing.width = right + margin;
  scene.drawing.height = bottom + margin;
  scene.altText = altText(scene.evaluation, stage, *head);
  if (!ofPart.empty()) scene.altText += " Drawn are " + ofPart + ".";
  return {};
}

}  // namespace headlight
