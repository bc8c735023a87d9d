#include <algorithm>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/strip_plan.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/describe/formula.h"

namespace headlight {
namespace {

/// A node of the strip: its name over its map.
struct Node {
  ShownField field;
  std::string name;  ///< math markup
  std::string sign;  ///< what stands before it: × = →
  float named = 0;   ///< width of the name, px
  float width = 0;
  Thumb thumb;
  Box box;
  Box map;
};

std::string nameOf(const Evaluation& evaluation, Stage stage) {
  switch (stage) {
    case Stage::k:
      return "K^T";
    case Stage::scaled: {
      const Experiment& e = evaluation.experiment;
      if (!evaluation.run->has(Stage::dot)) return "scores";
      if (e.scale.isNumber()) return "× " + shortest(e.scale.number());
      return e.scale.isString() && e.scale.string() == "none" ? "no scale" : "÷ √d_k";
    }
    case Stage::biased:
      return biasStep(evaluation);
    case Stage::masked:
      return maskStep(evaluation);
    case Stage::weights:
      return evaluation.run->has(Stage::scaled) ? normalizerStep(evaluation) : "weights";
    case Stage::headOutput:
      return "out";
    default:
      return std::string(info(stage).label);
  }
}

std::string signBefore(Stage from, Stage to) {
  if (to == Stage::k || to == Stage::v) return "×";
  return from == Stage::k || from == Stage::v ? "=" : "→";
}

ImU32 hueOf(const Ui& ui, Stage stage) {
  if (stage == Stage::q) return ui.c.q;
  if (stage == Stage::k) return ui.c.k;
  return stage == Stage::v ? ui.c.v : 0;
}

std::vector<Node> nodesOf(Panel& p, const Box& strip) {
  const auto evaluation = p.session.evaluation();
  std::vector<Node> nodes;
  if (!evaluation) return nodes;
  for (const Stage stage : presentStages(p)) {
    const auto field = shownField(p, stage, shownHead(p));
    if (!field) continue;
    Node node;
    node.field = *field;
    node.name = nameOf(*evaluation, stage);
    if (!nodes.empty()) node.sign = signBefore(nodes.back().field.stage, stage);
    nodes.push_back(std::move(node));
  }
  // Names as they are; where they do not fit beside each other, the long ones give way.
  const auto count = static_cast<float>(nodes.size());
  const float edge = atLines(p, 18);
  const float least = atLines(p, 22);
  float taken = 2 * edge;
  const float longest = (strip.width() - 2 * edge) / std::max(1.0f, count) - least;
  for (Node& node : nodes) {
    node.named = std::min(mathWidth(p.ui, Role::stageStrong, node.name), longest);
    node.thumb = thumbOf(node.field.rows, node.field.cols, atLines(p, 78), atLines(p, 56),
                         static_cast<int>(std::max(1.0f, atLines(p, 6))), node.field.stage == Stage::k);
    node.width = std::max({node.named + atLines(p, 16), node.thumb.width + atLines(p, 16), atLines(p, 60)});
    taken += node.width;
  }
  const float between =
      nodes.size() < 2 ? 0 : std::clamp((strip.width() - taken) / (count - 1), least, atLines(p, 130));
  const float whole = taken - 2 * edge + between * std::max(0.0f, count - 1);
  float x = std::max(edge, (strip.width() - whole) / 2);
  for (Node& node : nodes) {
    node.box = {std::round(x), strip.y0, std::round(x + node.width), strip.y1};
    node.map = Box::at(std::round(node.box.centreX() - node.thumb.width / 2),
                       std::round(strip.y0 + atLines(p, 63) - node.thumb.height / 2), node.thumb.width,
                       node.thumb.height);
    x += node.width + between;
  }
  return nodes;
}

void drawNode(Panel& p, const Node& node, bool here) {
  Ui& ui = p.ui;
  const Stage stage = node.field.stage;
  const Press press = pressable(ui, "stage." + std::string(info(stage).id), node.box, true, false);
  if (press.pressed) p.session.selectStage(stage);
  const ImU32 hue = hueOf(ui, stage);
  const Role role = here || hue != 0 ? Role::stageStrong : Role::stage;
  const float baseline = atLines(p, 24);
  if (mathWidth(ui, role, node.name) <= node.named + atLines(p, 12)) {
    math(ui, role, std::round(node.box.centreX() - mathWidth(ui, role, node.name) / 2), baseline,
         hue != 0 && !here ? hue : ui.c.t1, node.name);
  } else {
    textIn(ui, role, {node.box.x0, baseline - ui.fonts->face(role).capital, node.box.x1, baseline},
           Align::centre, ui.c.t1, node.name);
  }
  drawMap(p, 100 + static_cast<std::uint64_t>(stage), node.field, node.thumb.geometry, node.map.min(),
          node.thumb.sx, node.thumb.sy,
          node.thumb.geometry.level == 0 ? stripRange(p, stage, node.field.head) : std::nullopt);
  const float line = std::max(1.0f, atLines(p, 2));
  if (hue != 0) frame(node.map.inset(-line, -line), hue, line);
}

}  // namespace

void drawPresentStrip(Panel& p, const PresentLayout& layout) {
  Ui& ui = p.ui;
  const Box& strip = layout.strip;
  fill(strip, ui.c.s1);
  const std::vector<Node> nodes = nodesOf(p, strip);
  const Stage now = p.session.view().stage;
  const auto at =
      std::find_if(nodes.begin(), nodes.end(), [now](const Node& n) { return n.field.stage == now; });
  if (at != nodes.end()) {
    Presentation& state = p.state.part<Presentation>();
    const float x0 = std::round(state.markLeft.to(ui, at->box.x0));
    const float x1 = std::round(state.markRight.to(ui, at->box.x1));
    fill({x0, strip.y0, x1, strip.y1}, isDark(ui.theme) ? ui.c.s3 : ui.c.accbg);
    fill({x0, strip.y0, x1, strip.y0 + atLines(p, 4)}, ui.c.acc);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    drawNode(p, nodes[i], nodes[i].field.stage == now);
    if (i == 0) continue;
    const float centre = (nodes[i - 1].box.x1 + nodes[i].box.x0) / 2;
    const float width = textWidth(ui, Role::stage, nodes[i].sign);
    const float y = strip.y0 + atLines(p, 63);
    text(ui, Role::stage, std::round(centre - width / 2), centredBaseline(ui, Role::stage, y, y), ui.c.t1,
         nodes[i].sign);
  }
  horizontal(strip.x0, strip.x1, strip.y1 - 1, ui.c.line, atLines(p, 1));
}

}  // namespace headlight
