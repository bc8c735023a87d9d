#include "core/figure/pipeline_panel.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_pixels.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

std::string panelMarkup(Stage stage) {
  switch (stage) {
    case Stage::dot:
      return "QK^T";
    case Stage::weights:
      return "weights A";
    case Stage::headOutput:
      return "head out";
    default:
      return std::string(info(stage).label);
  }
}

// A range of the first panel's numbers says whether
// the others' lie beyond it.
Status findShared(Scene& scene, PipelineGroup& group, const std::vector<PipelinePanel>& panels, int head) {
  auto range = rangeFor(scene, group.stage, head, false);
  if (!range) return range.error();
  group.range = std::move(*range);
  if (group.panels.size() < 2) return {};
  std::vector<Field> fields;
  fields.reserve(group.panels.size());
  for (std::size_t n : group.panels) fields.push_back(panels[n].field);
  const auto statistics = statisticsOf(scene, fields);
  if (!statistics) return statistics.error();
  std::vector<const FieldStatistics*> all;
  all.reserve(fields.size());
  for (const FieldStatistics& one : *statistics) all.push_back(&one);
  markBeyond(group.range, all);
  return {};
}

Status findValueRange(Scene& scene, PipelineGroup& group, const std::vector<PipelinePanel>& panels) {
  auto choice = rangeOf(scene, group.stage, false);
  if (!choice) return choice.error();
  // Numbers typed for the scores say nothing of the values.
  if (choice->mode == "custom") choice->mode = "symmetric";
  std::vector<Field> fields;
  fields.reserve(group.panels.size());
  for (std::size_t n : group.panels) fields.push_back(panels[n].field);
  const auto statistics = statisticsOf(scene, fields);
  if (!statistics) return statistics.error();
  group.range = rangeOver(scene, group.stage, *choice, *statistics);
  return {};
}

}  // namespace

PipelineOperator scaleOperator(const Scene& scene) {
  const Value& scale = scene.evaluation.experiment.scale;
  if (scale.isNumber()) return {"× " + shortest(scale.number()), true, false};
  if (scale.isString() && scale.string() == "none") return {"no scale", true, true};
  return {"÷ √" + std::to_string(scene.run().sizes.dK), true, false};
}

double operatorWidth(const Scene& scene, const PipelineOperator& op) {
  const double words = measure(mathText(scene, op.markup, 0.93, 500, scene.colours.t1)).width;
  return op.arrow ? std::max(4.6 * scene.em(), words + 1.6 * scene.em()) : words + 2.2 * scene.em();
}

void drawOperator(Scene& scene, const PipelineOperator& op, double x, double width, double middle) {
  const double em = scene.em();
  const Rgb ink = op.idle ? scene.colours.t2 : scene.colours.t1;
  if (!op.arrow) {
    scene.drawing.text({x + width / 2, middle + halfHeight(1.3 * scene.pt())},
                       mathText(scene, op.markup, 1.3, 400, ink), Anchor::middle, false);
    return;
  }
  scene.drawing.text({x + width / 2, middle - 0.65 * em}, mathText(scene, op.markup, 0.93, 500, ink),
                     Anchor::middle, false);
  const double from = x + 0.45 * em;
  const double to = x + width - 0.45 * em;
  const double headLength = 0.55 * em;
  scene.drawing.lines(std::vector<Segment>{{{from, middle}, {to - headLength / 2, middle}}}, 0.22,
                      scene.colours.edge);
  scene.drawing.polygon(
      std::vector<Point>{
          {to - headLength, middle - 0.26 * em}, {to, middle}, {to - headLength, middle + 0.26 * em}},
      scene.colours.edge);
}

double panelWidth(const Scene& scene, const PipelinePanel& panel, double cell, std::int64_t keys) {
  const double map = cell * static_cast<double>(keys);
  if (isMap(panel.stage)) return map;
  return std::clamp(cell * static_cast<double>(panel.part.cols()), std::min(map, 7 * scene.em()), map);
}

FigureCrop partOfStep(const Field& field, const FigureCrop& maps) {
  FigureCrop part = wholeOf(field);
  const Axis rows = info(field.stage()).rows;
  if (rows == Axis::query) {
    part.rowFirst = maps.rowFirst;
    part.rowEnd = maps.rowEnd;
  } else if (rows == Axis::key) {
    part.rowFirst = maps.colFirst;
    part.rowEnd = maps.colEnd;
  }
  if (info(field.stage()).cols == Axis::key) {
    part.colFirst = maps.colFirst;
    part.colEnd = maps.colEnd;
  }
  return part;
}

Text panelName(const Scene& scene, Stage stage, std::size_t n) {
  const bool isValue = stage == Stage::v;
  Text name = mathText(scene, panelMarkup(stage), 1, stage == Stage::weights || isValue ? 600 : 500,
                       isValue ? scene.colours.v : scene.colours.t1);
  addLetter(scene, static_cast<int>(n), name);
  return name;
}

void framePanel(Scene& scene, const Rect& area, Rgb colour) {
  const double d = 0.25;
  const Rect r{area.x - d, area.y - d, area.width + 2 * d, area.height + 2 * d};
  scene.drawing.lines(std::vector<Segment>{{{r.x - 0.15, r.y}, {r.right() + 0.15, r.y}},
                                           {{r.right(), r.y}, {r.right(), r.bottom()}},
                                           {{r.right() + 0.15, r.bottom()}, {r.x - 0.15, r.bottom()}},
                                           {{r.x, r.bottom()}, {r.x, r.y}}},
                      0.3, colour);
}

Status findRange(Scene& scene, PipelineGroup& group, const std::vector<PipelinePanel>& panels, int head) {
  const auto map = colormapOf(scene, group.stage, false);
  if (!map) return map.error();
  group.map = *map;
  return group.label == "value" ? findValueRange(scene, group, panels)
                                : findShared(scene, group, panels, head);
}

std::vector<std::vector<PipelineStrip>> stripsOf(const std::vector<PipelinePanel>& panels) {
  const std::size_t all = panels.size();
  const auto isScore = [](const PipelinePanel& panel) {
    return isMap(panel.stage) && panel.stage != Stage::weights;
  };
  const auto scores = static_cast<std::size_t>(std::count_if(panels.begin(), panels.end(), isScore));
  std::vector<std::vector<PipelineStrip>> ways{{{0, all}}};
  if (scores == 0 || scores == all) return ways;
  ways.push_back({{0, scores}, {scores, all}});
  const std::size_t half = (scores + 1) / 2;
  if (half < scores) ways.push_back({{0, half}, {half, scores}, {scores, all}});
  return ways;
}

}  // namespace headlight
