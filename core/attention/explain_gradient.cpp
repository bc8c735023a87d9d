#include <cmath>

#include "core/attention/explain_row.h"
#include "core/attention/field_blocks.h"

namespace headlight {
namespace {

constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);

/// Cells of a map with their classes.
struct Cells {
  std::vector<float> values;
  std::vector<std::uint8_t> classes;

  Cells(const Run& run, Stage stage, int head, const BlockRange& range)
      : values(static_cast<std::size_t>((range.r1 - range.r0) * (range.c1 - range.c0))),
        classes(values.size()) {
    mapBlock(run, stage, head, range, {values.data(), classes.data(), range.c1 - range.c0});
  }
};

/// ∂L/∂(q · k) of the cells: ∂L/∂S × the slope of the softcap × scale.
Cells dotGradients(const Run& run, int head, const BlockRange& range) {
  Cells cells(run, Stage::gradScores, head, range);
  const auto cap = static_cast<double>(run.rules.softcap);
  const std::vector<float> scaled =
      cap > 0 ? Cells(run, Stage::scaled, head, range).values : std::vector<float>{};
  for (std::size_t n = 0; n < cells.values.size(); ++n) {
    double slope = static_cast<double>(cells.values[n]) * static_cast<double>(run.rules.scale);
    if (cap > 0) {
      const double t = std::tanh(static_cast<double>(scaled[n]) / cap);
      slope *= 1 - t * t;
    }
    cells.values[n] = static_cast<float>(slope);
  }
  return cells;
}

std::string slopeDetail(const Run& run) {
  std::string detail = "; ∂L/∂(q·k) is ∂L/∂S × " + numberText(run.rules.scale);
  if (run.rules.softcap > 0) detail += " × the slope of the softcap";
  return detail;
}

void explainQueryGradient(const Run& run, Explanation& out) {
  const Matrix& keys = run.projected->k[static_cast<std::size_t>(run.sizes.kvHeadOf(out.head))];
  const Cells slopes = dotGradients(run, out.head, {out.row, out.row + 1, 0, run.sizes.keys});
  std::vector<ExplainTerm> terms;
  for (std::int64_t j = 0; j < run.sizes.keys; ++j) {
    const auto n = static_cast<std::size_t>(j);
    if (slopes.classes[n] == kMasked) continue;
    terms.push_back(term(j, slopes.values[n], keys(j, out.col)));
  }
  ExplainStep step = sumStep(Stage::gradQ, "Σ_j ∂L/∂(q·k) K", std::move(terms), out.value);
  step.detail += slopeDetail(run);
  out.steps.push_back(std::move(step));
  out.headline =
      "how the loss changes with feature " + std::to_string(out.col) + " of query " + std::to_string(out.row);
}

/// grad_k and grad_v: over the queries of every head that shares the key and value.
void explainKeyGradient(const Run& run, Explanation& out) {
  const bool ofValue = out.stage == Stage::gradV;
  const int group = run.sizes.heads / run.sizes.kvHeads;
  const int first = run.sizes.kvHeadOf(out.head) * group;
  std::vector<ExplainTerm> terms;
  for (int head = first; head < first + group; ++head) {
    const auto h = static_cast<std::size_t>(head);
    if (run.ablated[h]) continue;
    const BlockRange column{0, run.sizes.queries, out.row, out.row + 1};
    const Cells left = ofValue ? Cells(run, Stage::weights, head, column) : dotGradients(run, head, column);
    const Matrix& right = ofValue ? run.gradients->upstream[h] : run.projected->q[h];
    for (std::int64_t i = 0; i < run.sizes.queries; ++i) {
      const auto n = static_cast<std::size_t>(i);
      if (left.classes[n] == kMasked) continue;
      terms.push_back(term(i, left.values[n], right(i, out.col)));
    }
  }
  ExplainStep step =
      sumStep(out.stage, ofValue ? "Σ_i a_{ij} ∂L/∂Z" : "Σ_i ∂L/∂(q·k) Q", std::move(terms), out.value);
  if (group > 1) step.detail += " over the " + std::to_string(group) + " heads that share this key";
  if (!ofValue) step.detail += slopeDetail(run);
  out.steps.push_back(std::move(step));
  out.headline = "how the loss changes with feature " + std::to_string(out.col) +
                 (ofValue ? " of the value of key " : " of key ") + std::to_string(out.row);
}

}  // namespace

void addScoreGradientSteps(const MapRow& row, float value, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const auto h = static_cast<std::size_t>(row.head());
  const auto end = [&](const std::string& why) {
    steps.push_back(plainStep(Stage::gradScores, "∂L/∂S", why, "", value));
  };
  if (!run.mask->keeps(row.head(), row.query(), row.key())) return end("a masked pair has no gradient");
  if (run.ablated[h]) {
    return end("head " + std::to_string(row.head()) + " is switched off: nothing depends on its scores");
  }
  const Matrix& upstream = run.gradients->upstream[h];
  const Matrix& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(row.head()))];
  std::vector<ExplainTerm> terms;
  double sum = 0;
  for (std::int64_t e = 0; e < v.cols(); ++e) {
    const ExplainTerm t = term(e, upstream(row.query(), e), v(row.key(), e));
    sum += static_cast<double>(t.left) * static_cast<double>(t.right);
    terms.push_back(t);
  }
  const auto slope = static_cast<float>(sum);
  ExplainStep first = sumStep(Stage::gradScores, "∂L/∂a_{ij}", std::move(terms), slope);
  first.detail += "; of ∂L/∂z_i and v_j";
  steps.push_back(std::move(first));

  const auto centre = static_cast<float>(run.gradients->centre[h][static_cast<std::size_t>(row.query())]);
  float difference = slope;
  if (centre != 0) {
    difference = slope - centre;
    steps.push_back(plainStep(Stage::gradScores, "− Σ c ∂L/∂a",
                              "what the keys of the row have in common, since they share one sum",
                              operandText(slope) + " − " + operandText(centre), difference));
  }
  const auto weight = static_cast<double>(row.cell(Stage::weights));
  const auto c = static_cast<float>(run.rules.normalizer->jacobian({&weight, 1}).c.front());
  const float product = c * difference;
  steps.push_back(plainStep(Stage::gradScores, "× c", "how the weight moves with its own score",
                            operandText(difference) + " × " + numberText(c), product));
  if (run.rules.temperature != 1) {
    const std::string tau = numberText(run.rules.temperature);
    steps.push_back(
        plainStep(Stage::gradScores, "÷ τ", "τ = " + tau, operandText(product) + " ÷ " + tau, value));
  }
  steps.back().result = value;
}

void explainGradient(const Run& run, Explanation& out) {
  if (out.stage == Stage::gradQ) return explainQueryGradient(run, out);
  explainKeyGradient(run, out);
}

}  // namespace headlight
