#include "app/panels/strip_plan.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/describe/formula.h"

namespace headlight {
namespace {

std::string nodeName(Stage stage) {
  switch (stage) {
    case Stage::input:
      return "tokens  X";
    case Stage::memory:
      return "memory  X_m";
    case Stage::k:
      return "K^T";
    case Stage::weights:
      return "weights  A";
    case Stage::output:
      return "output  Y";
    default:
      return std::string(info(stage).label);
  }
}

std::string scaleWords(const Panel& p, bool* off) {
  const Experiment& e = p.session.evaluation()->experiment;
  if (e.scale.isNumber()) return "× " + shortest(e.scale.number());
  *off = e.scale.isString() && e.scale.string() == "none";
  return *off ? "no scale" : "÷ √" + std::to_string(p.session.evaluation()->run->sizes.dK);
}

/// What leads from one node to the next.
StripOperator between(const Panel& p, Stage from, Stage to) {
  const auto evaluation = p.session.evaluation();
  const Experiment& e = evaluation->experiment;
  StripOperator op;
  if (to == Stage::q) {
    op.kind = StripOperator::Kind::projections;
  } else if ((from == Stage::q && to == Stage::k) || (from == Stage::weights && to == Stage::v)) {
    op.kind = StripOperator::Kind::sign;
    op.words = "×";
  } else if ((from == Stage::k && to == Stage::dot) || (from == Stage::v && to == Stage::headOutput)) {
    op.kind = StripOperator::Kind::sign;
    op.words = "=";
  } else if (to == Stage::scaled) {
    op.words = scaleWords(p, &op.off);
  } else if (to == Stage::biased) {
    op.words = biasStep(*evaluation);
  } else if (to == Stage::masked) {
    op.off = e.mask.empty();
    op.words = maskStep(*evaluation);
  } else if (to == Stage::weights) {
    op.words = normalizerStep(*evaluation);
  } else if (to == Stage::concat) {
    const int heads = evaluation->run->sizes.heads;
    const auto& ablated = evaluation->run->ablated;
    const auto silenced = static_cast<int>(std::count(ablated.begin(), ablated.end(), true));
    op.words = std::to_string(heads) + (heads == 1 ? " head" : " heads");
    if (silenced > 0) op.words = std::to_string(heads - silenced) + " of " + op.words;
  } else if (to == Stage::output) {
    op.words = "· W_O";
  } else {
    op.kind = StripOperator::Kind::sign;
    op.words = "";
  }
  return op;
}

float naturalWidth(const Panel& p, const StripOperator& op, bool tight) {
  const Ui& ui = p.ui;
  switch (op.kind) {
    case StripOperator::Kind::sign:
      return ui.u(tight ? 14 : 24);
    case StripOperator::Kind::projections:
      return mathWidth(ui, Role::label, "W_Q") + ui.u(tight ? 20 : 30);
    case StripOperator::Kind::arrow:
      return std::max(mathWidth(ui, Role::label, op.words), ui.u(24)) + ui.u(tight ? 2 : 8);
  }
  return 0;
}

std::vector<Stage> stripOrder(const Panel& p) {
  std::vector<Stage> order;
  for (const Stage stage : p.session.stagesShown()) {
    if (stage != Stage::v && stripStage(stage) == stage) order.push_back(stage);
    if (stage == Stage::weights) {
      const auto shown = p.session.stagesShown();
      if (std::find(shown.begin(), shown.end(), Stage::v) != shown.end()) order.push_back(Stage::v);
    }
  }
  return order;
}

}  // namespace

Stage stripStage(Stage stage) {
  switch (stage) {
    case Stage::valueWeighted:
      return Stage::weights;
    case Stage::contribution:
      return Stage::output;
    case Stage::gradQ:
      return Stage::q;
    case Stage::gradK:
      return Stage::k;
    case Stage::gradV:
      return Stage::v;
    case Stage::gradScores:
      return Stage::masked;
    default:
      return stage;
  }
}

StripPlan planStrip(Panel& p) {
  Ui& ui = p.ui;
  const Layout& l = p.layout;
  StripPlan plan;
  if (!p.session.evaluation()) return plan;
  const bool folded = l.stripFolded;
  const float height = folded ? ui.u(33) : ui.m(55, 88);
  const float centre = l.strip.y0 + (folded ? ui.u(42) : ui.m(58, 73));
  const int largest = static_cast<int>(folded ? ui.u(3) : ui.m(5, 8));
  const float wide = folded ? ui.u(40) : ui.m(64, 128);

  for (const Stage stage : stripOrder(p)) {
    const auto field = shownField(p, stage, shownHead(p));
    if (!field) continue;
    if (!plan.nodes.empty()) plan.operators.push_back(between(p, plan.nodes.back().stage, stage));
    plan.nodes.push_back({stage, *field, nodeName(stage), {}, {}, {}});
  }

  // As large as fits, down to the names alone.
  const float room = l.strip.width() - 2 * ui.m(12, 14);
  float spare = 0;
  float pad = 0;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const bool tight = attempt > 0;
    const float share = 1.0f - 0.12f * static_cast<float>(attempt);
    pad = tight ? ui.u(4) : ui.m(6, 10);
    float needed = 0;
    for (StripNode& node : plan.nodes) {
      const float w = std::max(ui.u(16), std::round(wide * share));
      const int cell = std::max(1, static_cast<int>(std::round(static_cast<float>(largest) * share)));
      node.thumb = thumbOf(node.field.rows, node.field.cols, w, height, cell, node.stage == Stage::k);
      const float words = mathWidth(ui, Role::labelStrong, node.name);
      needed += std::max(words, node.thumb.width + ui.u(4)) + 2 * pad;
    }
    for (const StripOperator& op : plan.operators) needed += naturalWidth(p, op, tight);
    spare = room - needed;
    if (spare >= 0) break;
  }
  const bool tight = pad == ui.u(4);
  // The few nodes of given maps stay together.
  const float gap = plan.operators.empty()
                        ? 0
                        : std::clamp(spare / static_cast<float>(plan.operators.size()), 0.0f, ui.u(110));
  float x = l.strip.x0 + ui.m(12, 14);
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    StripNode& node = plan.nodes[i];
    const float words = mathWidth(ui, Role::labelStrong, node.name);
    const float width = std::max(words, node.thumb.width + ui.u(4)) + 2 * pad;
    node.box = {std::round(x), l.strip.y0, std::round(x + width), l.strip.y1 - ui.u(1)};
    node.map = Box::at(std::round(node.box.centreX() - node.thumb.width / 2),
                       std::round(centre - node.thumb.height / 2), node.thumb.width, node.thumb.height);
    x += width;
    if (i < plan.operators.size()) {
      plan.operators[i].x0 = std::round(x);
      x += naturalWidth(p, plan.operators[i], tight) + gap;
      plan.operators[i].x1 = std::round(x);
    }
  }
  plan.width = x - l.strip.x0 + ui.m(12, 14);
  return plan;
}

}  // namespace headlight
