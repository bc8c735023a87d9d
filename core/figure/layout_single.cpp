#include <algorithm>
#include <cmath>

#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kLargestCell = 6;  // mm, when the width is ours to choose
constexpr double kUsualMap = 90;    // mm, of maps with many cells
constexpr double kTallestMap = 200;

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
  const auto choice = rangeOf(scene, stage, true);
  if (!choice) return choice.error();

  Range range;
  if (scene.spec.sharedRange) {
    range = *scene.spec.sharedRange;
  } else {
    std::vector<Field> fields;
    if (needsStatistics(choice->mode, stage)) {
      const bool all = view.sharedRange && info(stage).perHead && *head != kMeanHead;
      const int first = all ? 0 : *head;
      const int last = all ? scene.run().sizes.heads - 1 : *head;
      for (int h = first; h <= last; ++h) {
        auto counted = Field::make(scene.evaluation.run, choice->counted, h);
        if (!counted) return counted.error();
        fields.push_back(std::move(*counted));
      }
    }
    const auto statistics = statisticsOf(scene, fields);
    if (!statistics) return statistics.error();
    range = rangeOver(scene, stage, *choice, *statistics);
  }

  // Sizes: labels take what they need, the map the rest.
  const double em = scene.em();
  const double margin = scene.margin();
  const bool transposed = isMap(stage) && view.queryColumns;
  const Axis rowAxis = transposed ? info(stage).cols : info(stage).rows;
  const Axis colAxis = transposed ? info(stage).rows : info(stage).cols;
  const std::int64_t rows = transposed ? field->cols() : field->rows();
  const std::int64_t cols = transposed ? field->rows() : field->cols();
  const double titleThickness = 1.65 * scene.line();
  const double longest = scene.spec.widthMm > 0 ? std::min(26.0, 0.25 * scene.spec.widthMm) : 26.0;
  Size size = ownSize(rows, cols, isMap(stage), scene.spec.dpi);
  AxisLabels rowLabels = axisLabels(scene, rowAxis, rows, size.cellH, longest);
  double left = margin + titleThickness + rowLabels.widest + 0.5 * em;
  if (scene.spec.widthMm > 0) {
    for (int pass = 0; pass < 2; ++pass) {
      left = margin + titleThickness + rowLabels.widest + 0.5 * em;
      const double room = scene.spec.widthMm - margin - left;
      if (Status status = checkRoom(room, scene.spec.widthMm); !status) return status;
      size.cellW = room / static_cast<double>(cols);
      size.cellH = std::min(isMap(stage) ? size.cellW : std::max(size.cellH, size.cellW),
                            kTallestMap / static_cast<double>(rows));
      if (isMap(stage)) size.cellW = size.cellH;
      // The last pass keeps to the room that was left for the labels.
      rowLabels = axisLabels(scene, rowAxis, rows, size.cellH, pass == 0 ? longest : rowLabels.widest);
    }
  }
  const double mapW = size.cellW * static_cast<double>(cols);
  const double mapH = size.cellH * static_cast<double>(rows);
  const AxisLabels colLabels = axisLabels(scene, colAxis, cols, size.cellW, longest);

  const Pooling pooling = printedPooling(*field, transposed, mapW, mapH, scene.spec.dpi);
  auto pixels = readPixels(*field, transposed, pooling, scene.pool, scene.cancel);
  if (!pixels) return pixels.error();
  if (pooling.any()) scene.notes.push_back(poolingNote(pooling, info(stage).isSigned, transposed));

  // The page is as wide as asked for, or as its widest part.
  ColourBar bar{range, *map, barLabel(stage), ruleText(range), left, 0, false};
  double right = left + mapW;
  if (scene.spec.widthMm > 0) {
    right = scene.spec.widthMm - margin;
  } else {
    right = std::max({right, left + barLabelWidth(scene, bar), left + 19 * em});
  }
  const double width = right - left;
  bar.width = std::min(width, std::max(18 * em, std::min(0.62 * mapW, 30 * em)));
  fitRule(scene, bar, width);

  double y = margin;
  const std::string title = scene.spec.title.empty() ? std::string(info(stage).title) : scene.spec.title;
  const bool own = scene.spec.title.empty();
  y += drawTitle(scene, left, y, width, title, own ? headTitle(scene, stage, *head) : "",
                 own ? stageFormula(scene.evaluation, stage) : "");
  y += 0.7 * em;
  const double top = y;
  drawLevelTitle(scene, axisTitle(scene, colAxis), left, left + mapW, right, y + 0.8 * scene.line());
  y += scene.line() + 0.5 * em + colLabels.widest + 0.5 * em;
  const Rect area{left, y, mapW, mapH};
  drawColumnLabels(scene, colLabels, left, y - 0.5 * em, size.cellW, false);
  drawRowLabels(scene, rowLabels, left - 0.5 * em, y, size.cellH);
  const MapLook look = makeLook(range, **map, scene.spec.dark ? Theme::dark : Theme::light);
  const SeenLooks seen = drawMap(scene, *pixels, area, look, stage == Stage::weights, true, "map");
  y += mapH + 0.9 * em;

  const double barBottom = y + barHeight(scene);
  drawBar(scene, bar, y);
  // The legend stands beside the bar where there is room, else under it.
  const double beside = bar.left + std::max(bar.width, barLabelWidth(scene, bar)) + 2 * em;
  if (legendWidth(scene, seen) > 0 && beside + legendWidth(scene, seen) <= right) {
    drawLegend(scene, seen, beside, y + 1.3 * scene.line() - 0.18 * em, right - beside);
    y = barBottom;
  } else {
    y = barBottom + (legendWidth(scene, seen) > 0 ? 0.4 * em : 0);
    y += drawLegend(scene, seen, left, y, width);
  }
  y += 0.5 * em;
  y += drawNotes(scene, left, y, width);
  const Text rowTitle = axisTitle(scene, rowAxis);
  const double titleLength = measure(rowTitle).width;
  const double bottom = std::max(y, top + titleLength);
  drawUprightTitle(scene, rowTitle, margin, area.y + mapH / 2, top, bottom);

  scene.drawing.width = right + margin;
  scene.drawing.height = bottom + margin;
  scene.altText = altText(scene.evaluation, stage, *head);
  return {};
}

}  // namespace headlight
