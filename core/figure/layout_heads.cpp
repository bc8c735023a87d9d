#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/text_layout.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 183;  // mm, two columns of a journal
constexpr double kLargestCell = 4.5;
constexpr double kSmallestMap = 14;

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
  std::vector<FieldStatistics> statistics;
  if (needsStatistics(choice->mode, stage)) {
    std::vector<Field> counted = fields;
    for (std::size_t n = 0; n < heads.size() && choice->counted != stage; ++n) {
      auto field = Field::make(scene.evaluation.run, choice->counted, heads[n]);
      if (!field) return field.error();
      counted[n] = std::move(*field);
    }
    auto all = statisticsOf(scene, counted);
    if (!all) return all.error();
    statistics = std::move(*all);
  }
  std::vector<Range> ranges;
  for (std::size_t n = 0; n < fields.size(); ++n) {
    if (scene.spec.sharedRange) {
      ranges.push_back(*scene.spec.sharedRange);
    } else if (perHead) {
      ranges.push_back(rangeOver(scene, stage, *choice, std::span(statistics).subspan(n, 1)));
    } else if (n == 0) {
      ranges.push_back(rangeOver(scene, stage, *choice, statistics));
    } else {
      ranges.push_back(ranges[0]);
    }
  }

  // Sizes.
  const double em = scene.em();
  const double margin = scene.margin();
  const bool transposed = isMap(stage) && view.queryColumns;
  const Axis rowAxis = transposed ? info(stage).cols : info(stage).rows;
  const Axis colAxis = transposed ? info(stage).rows : info(stage).cols;
  const std::int64_t rows = transposed ? fields[0].cols() : fields[0].rows();
  const std::int64_t cols = transposed ? fields[0].rows() : fields[0].cols();
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
    captions = std::max(captions, measure(numberOf(heads[n])).width + maximum);
  }
  AxisLabels rowLabels;
  int columns = 1;
  double cellW = 0;
  double cellH = 3;
  double left = 0;
  for (int pass = 0; pass < 2; ++pass) {
    rowLabels = axisLabels(scene, rowAxis, rows, cellH, longest);
    left = margin + 1.65 * scene.line() + rowLabels.widest + 0.5 * em;
    const double room = asked - margin - left;
    columns = columnsFor(static_cast<int>(heads.size()), room, gapX, captions);
    const double mapRoom = (room - gapX * (columns - 1)) / columns;
    if (Status status = checkRoom(mapRoom, asked); !status) return status;
    cellW = mapRoom / static_cast<double>(cols);
    if (scene.spec.widthMm <= 0) cellW = std::min(cellW, kLargestCell);
    cellH = isMap(stage) ? cellW : std::min(std::max(cellW, 1.0), 80.0 / static_cast<double>(rows));
    if (cellH * static_cast<double>(rows) > 3 * mapRoom) cellH = 3 * mapRoom / static_cast<double>(rows);
  }
  rowLabels =
      axisLabels(scene, rowAxis, rows, cellH, rowLabels.widest);  // in the room that was left for them
  const AxisLabels colLabels = axisLabels(scene, colAxis, cols, cellW, longest);
  const double mapW = cellW * static_cast<double>(cols);
  const double mapH = cellH * static_cast<double>(rows);
  const double panelW = std::max(mapW, captions);
  const double gridW = columns * panelW + (columns - 1) * gapX;
  const int gridRows = (static_cast<int>(heads.size()) + columns - 1) / columns;
  const Pooling pooling = printedPooling(fields[0], transposed, mapW, mapH, scene.spec.dpi);
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
  bar.width = std::min(width, 24 * em);
  fitRule(scene, bar, width);

  double y = margin;
  const bool own = scene.spec.title.empty();
  y += drawTitle(
      scene, left, y, width, own ? std::string(info(stage).title) : scene.spec.title,
      own ? grouped(static_cast<std::int64_t>(heads.size())) + (heads.size() == 1 ? " head" : " heads") : "",
      own ? stageFormula(scene.evaluation, stage) : "");
  y += 0.6 * em;
  const double gridTop = y;
  const double titleLine = 1.25 * scene.line();
  const double pitch = titleLine + mapH + 1.1 * em;
  const MapLook sharedLook = makeLook(ranges[0], **map, scene.spec.dark ? Theme::dark : Theme::light);
  SeenLooks seen;
  for (int n = 0; n < static_cast<int>(heads.size()); ++n) {
    const auto at = static_cast<std::size_t>(n);
    const int row = n / columns;
    const int column = n % columns;
    const Rect area{left + column * (panelW + gapX), gridTop + row * pitch + titleLine, mapW, mapH};
    auto pixels = readPixels(fields[at], transposed, pooling, scene.pool, scene.cancel);
    if (!pixels) return pixels.error();

    Text label = numberOf(heads[at]);
    double free = panelW;
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
        if (measure({{label.pieces[0], name}}).width > free) continue;
        label.pieces.push_back(name);
        break;
      }
    }
    scene.drawing.text({area.x, area.y - 0.45 * em}, label, Anchor::start, false);
    const MapLook look =
        perHead ? makeLook(ranges[at], **map, scene.spec.dark ? Theme::dark : Theme::light) : sharedLook;
    const SeenLooks here =
        drawMap(scene, *pixels, area, look, stage == Stage::weights, true,
                heads[at] == kMeanHead ? "head-mean" : "head-" + std::to_string(heads[at]));
    seen.add(here);
    if (column == 0) drawRowLabels(scene, rowLabels, left - 0.5 * em, area.y, cellH);
    // Under the lowest map of each column.
    if (n + columns >= static_cast<int>(heads.size())) {
      drawColumnLabels(scene, colLabels, area.x, area.bottom() + 0.5 * em, cellW, true);
    }
  }
  const double gridBottom = gridTop + gridRows * pitch - 1.1 * em;
  y = gridBottom + 0.5 * em + colLabels.widest + 0.4 * em;
  drawLevelTitle(scene, axisTitle(scene, colAxis), left, left + gridW, right, y + 0.8 * scene.line());
  y += scene.line() + 0.8 * em;

  drawBar(scene, bar, y);
  const double beside = bar.left + std::max(bar.width, barLabelWidth(scene, bar)) + 2 * em;
  if (legendWidth(scene, seen) > 0 && beside + legendWidth(scene, seen) <= right) {
    drawLegend(scene, seen, beside, y + 1.3 * scene.line() - 0.18 * em, right - beside);
    y += barHeight(scene);
  } else {
    y += barHeight(scene) + (legendWidth(scene, seen) > 0 ? 0.4 * em : 0);
    y += drawLegend(scene, seen, left, y, width);
  }
  y += 0.5 * em;
  y += drawNotes(scene, left, y, width);
  const Text rowTitle = axisTitle(scene, rowAxis);
  const double bottom = std::max(y, gridTop + measure(rowTitle).width);
  drawUprightTitle(scene, rowTitle, margin, (gridTop + titleLine + gridBottom) / 2, gridTop, bottom);

  scene.drawing.width = right + margin;
  scene.drawing.height = bottom + margin;
  scene.altText = "Maps of " + grouped(static_cast<std::int64_t>(heads.size())) + " heads, " +
                  std::string(info(stage).title) +
                  (perHead ? ", each on its own colour scale. " : ", on one colour scale. ") +
                  headline(scene.evaluation) + " " + altText(scene.evaluation, stage, heads[0]);
  return {};
}

}  // namespace headlight
