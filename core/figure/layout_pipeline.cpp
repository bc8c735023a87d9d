#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/number.h"
#include "core/describe/describe.h"
#include "core/describe/formula.h"
#include "core/figure/axis.h"
#include "core/figure/key.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/figure/look_of.h"
#include "core/figure/map_drawing.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kUsualWidth = 250;  // mm, when the width is ours to choose
constexpr double kTallestMap = 90;
constexpr double kBarGap = 2.4;  // em: the numbers at the ends of two bars stay apart

// What stands before a panel: an arrow with words over it, or a bare sign.
struct Operator {
  std::string markup;
  bool arrow = false;
  bool idle = false;  ///< a step that does nothing here
};

struct Panel {
  Stage stage;
  Operator before;
  Field field;
  std::size_t bar = 0;
  double width = 0;
};

struct Group {  // panels that share a range and a bar
  Stage stage;
  std::string label;
  std::vector<std::size_t> panels;
  const Colormap* map = nullptr;
  Range range;
};

Operator scaleOperator(const Scene& scene) {
  const Value& scale = scene.evaluation.experiment.scale;
  if (scale.isNumber()) return {"× " + shortest(scale.number()), true, false};
  if (scale.isString() && scale.string() == "none") return {"no scale", true, true};
  return {"÷ √" + std::to_string(scene.run().sizes.dK), true, false};
}

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

double operatorWidth(const Scene& scene, const Operator& op) {
  const double words = measure(mathText(scene, op.markup, 0.93, 500, scene.colours.t1)).width;
  return op.arrow ? std::max(4.6 * scene.em(), words + 1.6 * scene.em()) : words + 2.2 * scene.em();
}

// Maps are square; V and head out keep their own proportions, but are never wider than a map nor a mere line.
double panelWidth(const Scene& scene, const Panel& panel, double cell, std::int64_t keys) {
  const double map = cell * static_cast<double>(keys);
  if (isMap(panel.stage)) return map;
  return std::clamp(cell * static_cast<double>(panel.field.cols()), std::min(map, 7 * scene.em()), map);
}

void drawOperator(Scene& scene, const Operator& op, double x, double width, double middle) {
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

void frame(Scene& scene, const Rect& area, Rgb colour) {
  const double d = 0.25;
  const Rect r{area.x - d, area.y - d, area.width + 2 * d, area.height + 2 * d};
  scene.drawing.lines(std::vector<Segment>{{{r.x - 0.15, r.y}, {r.right() + 0.15, r.y}},
                                           {{r.right(), r.y}, {r.right(), r.bottom()}},
                                           {{r.right() + 0.15, r.bottom()}, {r.x - 0.15, r.bottom()}},
                                           {{r.x, r.bottom()}, {r.x, r.y}}},
                      0.3, colour);
}

Text panelName(const Scene& scene, Stage stage, std::size_t n) {
  const bool isValue = stage == Stage::v;
  Text name = mathText(scene, panelMarkup(stage), 1, stage == Stage::weights || isValue ? 600 : 500,
                       isValue ? scene.colours.v : scene.colours.t1);
  addLetter(scene, static_cast<int>(n), name);
  return name;
}

// Whether the names over the panels, which may be wider than these, stand apart and on the page.
bool namesFit(const Scene& scene, const std::vector<Panel>& panels, double keyLabelRoom, double left,
              double right) {
  double x = left;
  double taken = 0;
  for (std::size_t n = 0; n < panels.size(); ++n) {
    const Panel& panel = panels[n];
    if (!panel.before.markup.empty()) x += operatorWidth(scene, panel.before);
    if (panel.stage == Stage::v) x += keyLabelRoom;
    const double half = measure(panelName(scene, panel.stage, n)).width / 2;
    const double centre = x + panel.width / 2;
    if (centre - half < taken || centre + half > right) return false;
    taken = centre + half + 0.5 * scene.em();
    x += panel.width;
  }
  return true;
}

// Scores and weights have the colours that they have alone; a range of the first panel's numbers says whether
// the others' lie beyond it.
Status findRange(Scene& scene, Group& group, const std::vector<Panel>& panels, int head) {
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

}  // namespace

Status drawPipeline(Scene& scene) {
  const Run& run = scene.run();
  const auto head = oneHead(scene);
  if (!head) return head.error();

  std::vector<Panel> panels;
  const auto add = [&](Stage stage, Operator before) -> Status {
    if (!run.has(stage)) return {};
    auto field = Field::make(scene.evaluation.run, stage, *head);
    if (!field) return field.error();
    if (panels.empty()) before = {};
    panels.push_back({stage, std::move(before), std::move(*field), 0, 0});
    return {};
  };
  Status status = add(Stage::dot, {});
  if (status) status = add(Stage::scaled, scaleOperator(scene));
  if (status && run.rules.modifies()) status = add(Stage::biased, {biasStep(scene.evaluation), true, false});
  const bool masks = !scene.evaluation.experiment.mask.empty();
  if (status) status = add(Stage::masked, {maskStep(scene.evaluation), true, !masks});
  if (status) status = add(Stage::weights, {normalizerStep(scene.evaluation), true, false});
  const bool values = run.has(Stage::v) && run.has(Stage::headOutput) && run.outputs;
  if (status && values) status = add(Stage::v, {"×", false, false});
  if (status && values) status = add(Stage::headOutput, {"=", false, false});
  if (!status) return status;
  if (panels.empty())
    return Error{ErrorCode::invalid, "none of the stages of the pipeline is in this run", "", ""};
  const bool transposedAsked = scene.evaluation.experiment.view.queryColumns;
  if (transposedAsked)
    scene.warnings.push_back("the pipeline is drawn with queries as rows, so that A × V reads as written");

  // One range for the scores, one for the weights, one for values and output.
  std::vector<Group> groups;
  for (std::size_t n = 0; n < panels.size(); ++n) {
    const Stage stage = panels[n].stage;
    const std::string label = stage == Stage::weights ? "weight" : isMap(stage) ? "score" : "value";
    if (groups.empty() || groups.back().label != label) groups.push_back({stage, label, {}, nullptr, {}});
    groups.back().panels.push_back(n);
    panels[n].bar = groups.size() - 1;
  }
  for (Group& group : groups) {
    const auto map = colormapOf(scene, group.stage, false);
    if (!map) return map.error();
    group.map = *map;
    if (group.label == "value") {
      auto choice = rangeOf(scene, group.stage, false);
      if (!choice) return choice.error();
      // Numbers typed for the scores say nothing of the values.
      if (choice->mode == "custom") choice->mode = "symmetric";
      std::vector<Field> fields;
      for (std::size_t n : group.panels) fields.push_back(panels[n].field);
      const auto statistics = statisticsOf(scene, fields);
      if (!statistics) return statistics.error();
      group.range = rangeOver(scene, group.stage, *choice, *statistics);
    } else if (Status found = findRange(scene, group, panels, *head); !found) {
      return found;
    }
  }

  // Sizes: all maps have the same cells; V and head out are as wide as a map at most.
  const double em = scene.em();
  const double margin = scene.margin();
  const double asked = scene.spec.widthMm > 0 ? scene.spec.widthMm : kUsualWidth;
  const double longest = std::min(22.0, 0.12 * asked);
  const std::int64_t queries = run.sizes.queries;
  const std::int64_t keys = run.sizes.keys;
  const bool cross = static_cast<bool>(run.inputs.memory) || queries != keys;
  double operators = 0;
  for (const Panel& panel : panels)
    operators += panel.before.markup.empty() ? 0 : operatorWidth(scene, panel.before);
  const double largest = 1.18 * em * 1.02;  // every label fits
  double cell = largest;
  double left = 0;
  double keyLabelRoom = 0;
  AxisLabels rowLabels;
  AxisLabels keyRows;
  for (int pass = 0; pass < 3; ++pass) {
    rowLabels = axisLabels(scene, Axis::query, queries, cell, longest);
    if (cross && values) {
      keyRows = axisLabels(scene, Axis::key, keys, cell, longest);
      keyLabelRoom = keyRows.widest + 0.5 * em;
    }
    left = margin + 1.65 * scene.line() + rowLabels.widest + 0.5 * em;
    const double room = asked - margin - left - operators - keyLabelRoom;
    if (Status fits = checkRoom(room / static_cast<double>(panels.size()), asked); !fits) return fits;
    // The widest cells with which all panels fit side by side.
    double narrow = 0;
    double wide =
        std::min(scene.spec.widthMm > 0 ? room : largest,
                 std::min(kTallestMap, scene.stackLimit) / static_cast<double>(std::max(queries, keys)));
    for (int halving = 0; halving < 60; ++halving) {
      const double middleCell = halving == 0 ? wide : (narrow + wide) / 2;
      double all = 0;
      for (const Panel& panel : panels) all += panelWidth(scene, panel, middleCell, keys);
      (all <= room ? narrow : wide) = middleCell;
      if (halving == 0 && all <= room) break;
    }
    cell = narrow;
  }
  const auto panelHeight = [&](const Panel& p) { return cell * static_cast<double>(p.field.rows()); };
  double tallest = 0;
  double content = operators + keyLabelRoom;
  for (Panel& panel : panels) {
    panel.width = panelWidth(scene, panel, cell, keys);
    tallest = std::max(tallest, panelHeight(panel));
    content += panel.width;
  }
  scene.stack = tallest;
  // In the room that was left for them.
  rowLabels = axisLabels(scene, Axis::query, queries, cell, rowLabels.widest);
  if (keyLabelRoom > 0) keyRows = axisLabels(scene, Axis::key, keys, cell, keyRows.widest);
  const AxisLabels colLabels = columnLabels(scene, Axis::key, keys, cell, longest);

  double right =
      scene.spec.widthMm > 0 ? scene.spec.widthMm - margin : std::max(left + content, left + 60 * em);
  if (!namesFit(scene, panels, keyLabelRoom, left, right + 0.7 * margin)) return checkRoom(0, asked);
  const double width = right - left;
  double y = margin;
  const bool own = scene.spec.title.empty();
  const std::string named = headTitle(scene, Stage::weights, *head);
  const double title = drawTitle(scene, left, y, width, own ? "From scores to output" : scene.spec.title,
                                 own ? named : "", own ? pipelineFormula(scene.evaluation) : "");
  y += title + (title > 0 ? 0.7 * em : 0);
  const double top = y;
  y += 2.35 * scene.line();
  const double mapTop = y;
  const double middle = mapTop + cell * static_cast<double>(queries) / 2;

  SeenLooks seen;
  double x = left;
  double mapsRight = left;
  double valuesLeft = 0;
  double valuesRight = 0;
  std::vector<double> barLeft(groups.size(), -1);
  std::vector<double> barRight(groups.size(), 0);
  for (std::size_t n = 0; n < panels.size(); ++n) {
    Panel& panel = panels[n];
    if (!panel.before.markup.empty()) {
      const double w = operatorWidth(scene, panel.before);
      drawOperator(scene, panel.before, x, w, middle);
      x += w;
    }
    if (panel.stage == Stage::v && keyLabelRoom > 0) {
      x += keyLabelRoom;
      drawRowLabels(scene, keyRows, x - 0.5 * em, mapTop, cell);
    }
    const Rect area{x, mapTop, panel.width, panelHeight(panel)};
    const Pooling pooling = printedPooling(panel.field, false, area.width, area.height, scene.spec.dpi);
    if (pooling.any()) {
      const std::string of = isMap(panel.stage) ? "maps: " : "V and head out: ";
      const std::string note = of + poolingNote(pooling, true);
      if (scene.notes.empty() || scene.notes.back() != note) scene.notes.push_back(note);
    }
    auto pixels = readPixels(panel.field, false, pooling, scene.pool, scene.cancel);
    if (!pixels) return pixels.error();
    const Group& group = groups[panel.bar];
    const MapLook look = makeLook(group.range, *group.map, scene.theme());
    const SeenLooks here = drawMap(scene, *pixels, area, look, panel.stage == Stage::weights, false,
                                   std::string(info(panel.stage).id));
    seen.add(here);
    scene.panels.push_back(panelOf(panel.field, group.range, *group.map));
    const bool isValue = panel.stage == Stage::v;
    if (isValue) frame(scene, area, scene.colours.v);
    const double centre = area.x + area.width / 2;
    const Text name = panelName(scene, panel.stage, n);
    scene.drawing.text({centre, top + 0.85 * scene.line()}, name, Anchor::middle, false);
    scene.drawing.text(
        {centre, top + 1.75 * scene.line()},
        {{digits(scene, grouped(panel.field.rows()) + "×" + grouped(panel.field.cols()), 0.82)}},
        Anchor::middle, false);
    if (isMap(panel.stage)) {
      drawColumnLabels(scene, colLabels, area.x, area.bottom() + 0.5 * em, cell, true);
      mapsRight = area.right();
    } else {
      if (valuesLeft == 0) valuesLeft = area.x;
      valuesRight = area.right();
    }
    if (barLeft[panel.bar] < 0) barLeft[panel.bar] = area.x;
    barRight[panel.bar] = area.right();
    x = area.right();
  }
  drawRowLabels(scene, rowLabels, left - 0.5 * em, mapTop, cell);

  const double below = mapTop + cell * static_cast<double>(queries) + 0.5 * em + colLabels.widest;
  y = std::max(below + 0.4 * em, mapTop + tallest + 0.6 * em);
  drawLevelTitle(scene, axisTitle(scene, Axis::key), left, mapsRight, right, y + 0.8 * scene.line());
  if (values) {
    drawLevelTitle(scene, {{faint(scene, "dimension of the values", 0.93)}}, valuesLeft, valuesRight, right,
                   mapTop + tallest + 0.5 * em + 0.8 * scene.line());
  }
  y += scene.line() + 0.9 * em;

  // A bar under its panels; the legend behind the first that leaves room, else on a line of its own.
  double rowRight = left;
  double legendAt = -1;
  const double legend = legendWidth(scene, seen);
  for (std::size_t n = 0; n < groups.size() && scene.spec.showBar; ++n) {
    ColourBar bar{
        groups[n].range, groups[n].map, groups[n].label, ruleText(groups[n].range), barLeft[n], 0, false};
    bar.left = std::max(barLeft[n], n > 0 ? rowRight + kBarGap * em : left);
    const double next =
        n + 1 < groups.size() ? std::max(barLeft[n + 1], bar.left + 12 * em) - kBarGap * em : right;
    bar.width = std::min({std::max(barRight[n] - bar.left, 10 * em), 22 * em, right - bar.left});
    fitRule(scene, bar, next - bar.left);
    drawBar(scene, bar, y);
    rowRight = bar.left + std::max(bar.width, barLabelWidth(scene, bar));
    if (legendAt < 0 && legend > 0 && rowRight + 2.2 * em + legend <= next) legendAt = rowRight + 2.2 * em;
  }
  if (legendAt >= 0) drawLegend(scene, seen, legendAt, y + 1.3 * scene.line() - 0.18 * em, legend);
  y += barHeight(scene);
  if (legend > 0 && legendAt < 0) {
    y += scene.spec.showBar ? 0.5 * em : 0;
    y += drawLegend(scene, seen, left, y, width);
  }
  y += 0.5 * em;
  y += drawNotes(scene, left, y, width);
  const Text rowTitle = axisTitle(scene, Axis::query);
  const double bottom = std::max(y, top + measure(rowTitle).width);
  drawUprightTitle(scene, rowTitle, margin, middle, top, bottom);

  scene.drawing.width = right + margin;
  scene.drawing.height = bottom + margin;
  scene.altText =
      "The steps of attention in one row, from the products of queries and keys over scaled and masked "
      "scores "
      "to weights, values and the head's output. " +
      headline(scene.evaluation) + " " + altText(scene.evaluation, Stage::weights, *head);
  return {};
}

}  // namespace headlight
