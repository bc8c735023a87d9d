#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/attention/explain_steps.h"
#include "core/attention/field_blocks.h"

namespace headlight {
namespace {

constexpr std::size_t kListedKeys = 64;

/// One row of a map, and one of its cells.
class MapRow {
 public:
  MapRow(const Run& run, const Explanation& at) : run_(run), at_(at) {}

  float cell(Stage stage) const {
    float value = 0;
    mapBlock(run_, stage, at_.head, {at_.row, at_.row + 1, at_.col, at_.col + 1}, {&value, nullptr, 1});
    return value;
  }
  std::vector<float> row(Stage stage) const {
    std::vector<float> values(static_cast<std::size_t>(run_.sizes.keys));
    mapBlock(run_, stage, at_.head, {at_.row, at_.row + 1, 0, run_.sizes.keys},
             {values.data(), nullptr, run_.sizes.keys});
    return values;
  }
  const RowNumbers& numbers() const {
    return run_.statistics->heads[static_cast<std::size_t>(at_.head)].rows[static_cast<std::size_t>(at_.row)];
  }
  /// e^{z − max z} of a kept score: its weight before the division by the sum.
  float exponential(float score) const {
    RowNumbers undivided = numbers();
    undivided.sum = 1;
    run_.rules.normalizer->weigh(&score, 1, run_.rules.temperature, undivided, &score);
    return score;
  }

 private:
  const Run& run_;
  const Explanation& at_;
};

ExplainStep dotStep(const Run& run, const Explanation& at, float result) {
  const Matrix& q = run.projected->q[static_cast<std::size_t>(at.head)];
  const Matrix& k = run.projected->k[static_cast<std::size_t>(run.sizes.kvHeadOf(at.head))];
  std::vector<ExplainTerm> terms;
  for (std::int64_t e = 0; e < q.cols(); ++e) terms.push_back(term(e, q(at.row, e), k(at.col, e)));
  return sumStep(Stage::dot, "QK^T", std::move(terms), result);
}

ExplainStep scaleStep(const Run& run, float dot, float result) {
  const float scale = run.rules.scale;
  const double root = std::sqrt(static_cast<double>(run.sizes.dK));
  if (scale == 1) return plainStep(Stage::scaled, "× 1", "no scale", operandText(dot) + " × 1", result);
  if (scale == static_cast<float>(1 / root)) {
    return plainStep(Stage::scaled, "÷ √d_k", "d_k = " + std::to_string(run.sizes.dK),
                     operandText(dot) + " ÷ " + numberText(static_cast<float>(root)), result);
  }
  return plainStep(Stage::scaled, "× scale", "scale = " + numberText(scale),
                   operandText(dot) + " × " + operandText(scale), result);
}

ExplainStep maskStep(const Run& run, const Explanation& at, float scaled, float result) {
  std::string reason;
  if (run.mask->droppedBy(at.row, at.col, &reason) >= 0) {
    return plainStep(Stage::masked, "+ mask", "masked: " + reason, operandText(scaled) + " + (−∞)", result);
  }
  const std::string detail = run.mask->keepsAll() ? "no mask" : "kept";
  return plainStep(Stage::masked, "+ mask", detail, operandText(scaled) + " + 0", result);
}

std::string emptyRowText(const Run& run) {
  switch (run.rules.emptyRow) {
    case EmptyRow::zeros:
      return "this query keeps no key: all its weights are 0";
    case EmptyRow::nan:
      return "this query keeps no key: all its weights are NaN";
    case EmptyRow::uniform:
      return "this query keeps no key: each key gets 1 ÷ " + std::to_string(run.sizes.keys);
  }
  return "";
}

/// The normalizer's own steps, or what an empty row has instead.
void addWeightSteps(const Run& run, const MapRow& row, float score, Explanation& out) {
  if (out.rowEmpty) {
    out.steps.push_back(plainStep(Stage::weights, "weights", emptyRowText(run), "", out.value));
    return;
  }
  const bool kept = run.mask->keeps(out.row, out.col);
  for (ExplainStep& step :
       run.rules.normalizer->explain({score, kept, run.rules.temperature, row.numbers(), out.value})) {
    out.steps.push_back(std::move(step));
  }
}

/// × V: what this key adds to the query's output, as strips.
void addValueStep(const Run& run, Explanation& out) {
  if (run.sizes.dV == 0) return;
  const Matrix& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(out.head))];
  std::vector<float> value(v.row(out.col), v.row(out.col) + v.cols());
  std::vector<float> weighted(value);
  for (float& x : weighted) x = out.masked ? 0.0f : out.value * x;
  ExplainStep step = plainStep(Stage::headOutput, "× V", "this key's part of the head output",
                               numberText(out.value) + " × v_{" + std::to_string(out.col) + "}", 0);
  step.hasResult = false;
  step.strips.push_back(strip("v_j", std::move(value)));
  step.strips.push_back(strip("a_{ij} v_j", std::move(weighted)));
  const auto h = static_cast<std::size_t>(out.head);
  if (run.outputs) {
    const Matrix& z = run.outputs->headOutput[h];
    step.strips.push_back(strip("z_i", {z.row(out.row), z.row(out.row) + z.cols()}));
  }
  if (run.ablated[h]) step.detail = "head " + std::to_string(out.head) + " is switched off: z is 0";
  out.steps.push_back(std::move(step));
}

/// The row's largest keys by weight, the explained one always among them.
void addKeys(const Run& run, const MapRow& row, Explanation& out) {
  const std::vector<float> weights = row.row(Stage::weights);
  const std::vector<float> scores = row.row(Stage::masked);
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const bool kept = run.mask->keeps(out.row, static_cast<std::int64_t>(j));
    if (kept || out.rowEmpty) order.push_back(j);
  }
  const auto heavier = [&](std::size_t a, std::size_t b) {
    const bool nanA = std::isnan(weights[a]);
    const bool nanB = std::isnan(weights[b]);
    if (nanA != nanB) return nanB;
    if (!nanA && weights[a] != weights[b]) return weights[a] > weights[b];
    return a < b;
  };
  const std::size_t listed = std::min(kListedKeys, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(listed), order.end(), heavier);
  const auto own = static_cast<std::size_t>(out.col);
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(listed);
  if (std::find(order.begin(), last, own) == last) {
    const auto elsewhere = std::find(last, order.end(), own);
    if (elsewhere != order.end()) {
      std::iter_swap(elsewhere, last - 1);
    } else if (listed < kListedKeys) {
      order.insert(last, own);
    } else {
      order.insert(last - 1, own);
    }
  }
  double others = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const std::size_t j = order[n];
    if (n >= kListedKeys) {
      others += static_cast<double>(weights[j]);
      continue;
    }
    ExplainKey key{.key = static_cast<std::int64_t>(j),
                   .kept = false,
                   .score = scores[j],
                   .exponential = 0,
                   .weight = weights[j]};
    key.kept = run.mask->keeps(out.row, key.key);
    if (key.kept) key.exponential = row.exponential(key.score);
    out.keys.push_back(key);
  }
  out.otherWeight = static_cast<float>(others);
}

std::string headline(const Run& run, const Explanation& out) {
  std::string reason;
  const bool dropped = run.mask->droppedBy(out.row, out.col, &reason) >= 0;
  switch (out.stage) {
    case Stage::dot:
      return "how alike query and key are";
    case Stage::scaled:
    case Stage::biased:
      return "the score before the mask";
    case Stage::masked:
      return dropped ? "masked: " + reason : "the score that enters the normalizer";
    default:
      break;
  }
  if (out.rowEmpty) return "this query keeps no key";
  return dropped ? "masked: " + reason : numberText(out.value) + " of its weight";
}

}  // namespace

void explainMap(const Run& run, Explanation& out) {
  const MapRow row(run, out);
  out.numbers = row.numbers();
  out.headline = headline(run, out);
  addKeys(run, row, out);

  const float dot = row.cell(Stage::dot);
  out.steps.push_back(dotStep(run, out, dot));
  if (out.stage == Stage::dot) return;
  const float scaled = row.cell(Stage::scaled);
  out.steps.push_back(scaleStep(run, dot, scaled));
  if (out.stage == Stage::scaled) return;
  if (out.stage == Stage::biased) {
    out.steps.push_back(
        plainStep(Stage::biased, "+ bias", "no softcap and no bias", operandText(scaled) + " + 0", scaled));
    return;
  }
  const float masked = row.cell(Stage::masked);
  out.steps.push_back(maskStep(run, out, scaled, masked));
  if (out.stage == Stage::masked) return;
  addWeightSteps(run, row, masked, out);
  addValueStep(run, out);
}

}  // namespace headlight
