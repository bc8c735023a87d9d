#include <algorithm>
#include <cmath>

#include "core/attention/explain_row.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// "1st", "2nd", "11th".
std::string ordinal(std::int64_t n) {
  constexpr std::int64_t kTen = 10;
  const bool teen = n / kTen % kTen == 1;
  const std::int64_t last = n % kTen;
  const char* ending = teen ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
  return std::to_string(n) + ending;
}

/// Whether a key of the row has a weight of its own: it is kept, or takes part by mistake.
bool hasWeight(const MapRow& row, std::int64_t key) {
  const Run& run = row.run();
  if (givesWeights(run) || run.rules.mistake.maskAs == Mistake::MaskAs::zeroScore) return true;
  return run.mask->keeps(row.head(), row.query(), key);
}

ExplainFact rankOf(const MapRow& row, float weight, const std::vector<float>& weights) {
  std::int64_t keys = 0;
  std::int64_t more = 0;
  std::int64_t equal = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (!hasWeight(row, static_cast<std::int64_t>(j))) continue;
    ++keys;
    if (weights[j] > weight) ++more;
    if (weights[j] == weight) ++equal;
  }
  ExplainFact fact{
      .kind = ExplainFact::Kind::rank, .name = "rank in the row", .text = {}, .value = 0, .steps = {}};
  const std::string kept = givesWeights(row.run()) ? "" : "kept ";
  fact.text = ordinal(more + 1) + " of " + countText(keys, kept + "key", kept + "keys");
  if (equal > 1) fact.text += ", together with " + countText(equal - 1, "other", "others");
  fact.value = static_cast<float>(more + 1);
  return fact;
}

/// (a v_j · z_i) ÷ (z_i · z_i); nothing where the output is 0.
std::optional<ExplainFact> shareOf(const MapRow& row, float weight) {
  const Run& run = row.run();
  const auto h = static_cast<std::size_t>(row.head());
  if (run.sizes.dV == 0 || !run.outputs || run.ablated[h]) return {};
  const float* z = run.outputs->headOutput[h].row(row.query());
  const Matrix& values = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(row.head()))];
  std::vector<ExplainTerm> along;
  std::vector<ExplainTerm> squares;
  double sum = 0;
  double square = 0;
  for (std::int64_t e = 0; e < values.cols(); ++e) {
    along.push_back(term(e, weight * values(row.key(), e), z[e]));
    squares.push_back(term(e, z[e], z[e]));
    sum += static_cast<double>(along.back().left) * static_cast<double>(z[e]);
    square += static_cast<double>(z[e]) * static_cast<double>(z[e]);
  }
  const auto part = static_cast<float>(sum);
  const auto whole = static_cast<float>(square);
  const float share = part / whole;
  if (!(whole > 0) || !std::isfinite(share)) return {};
  ExplainFact fact{.kind = ExplainFact::Kind::share,
                   .name = "share of the output",
                   .text = {},
                   .value = share,
                   .steps = {}};
  constexpr double kPercent = 100;
  fact.text = fixed(kPercent * static_cast<double>(share), 1) + " % of what the head collects";
  if (share < 0) fact.text += ": it works against it";
  fact.steps.push_back(sumStep(Stage::headOutput, "a_{ij} v_j · z_i", std::move(along), part));
  fact.steps.push_back(sumStep(Stage::headOutput, "z_i · z_i", std::move(squares), whole));
  fact.steps.push_back(plainStep(Stage::headOutput, "share", "how much of z_i this key makes, along z_i",
                                 operandText(part) + " ÷ " + numberText(whole), share));
  return fact;
}

/// The diagonal of diag(c) − κ c cᵀ at this key, ÷ τ.
std::optional<ExplainFact> gradientOf(const MapRow& row, float weight, const std::vector<float>& weights) {
  const Run& run = row.run();
  if (givesWeights(run) || run.rules.mistake.any()) return {};
  std::vector<double> kept;
  std::size_t own = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const auto key = static_cast<std::int64_t>(j);
    if (!hasWeight(row, key)) continue;
    if (key == row.key()) own = kept.size();
    kept.push_back(static_cast<double>(weights[j]));
  }
  const Jacobian jacobian = run.rules.normalizer->jacobian(kept);
  const double c = jacobian.c[own];
  const auto slope = static_cast<float>(c - jacobian.kappa * c * c);
  const float value = slope / run.rules.temperature;
  if (!std::isfinite(value)) return {};
  ExplainFact fact{
      .kind = ExplainFact::Kind::gradient, .name = "gradient", .text = {}, .value = value, .steps = {}};
  fact.text = numberText(value) + " for each 1 that is added to its score";
  const std::string detail = "how the weight moves with its own score";
  const auto shown = static_cast<float>(c);
  const auto kappa = static_cast<float>(jacobian.kappa);
  if (kappa == 1 && shown == weight) {
    fact.steps.push_back(plainStep(Stage::weights, "a_{ij} (1 − a_{ij})", detail,
                                   numberText(weight) + " × (1 − " + numberText(weight) + ")", slope));
  } else if (kappa == 0) {
    fact.steps.push_back(plainStep(Stage::weights, "c", detail + "; no other key changes it", "", slope));
  } else {
    fact.steps.push_back(plainStep(
        Stage::weights, "c − κ c^2", detail + "; κ = " + numberText(kappa) + ", since the keys share one sum",
        numberText(shown) + " − " + numberText(kappa) + " × " + numberText(shown) + "^2", slope));
  }
  if (run.rules.temperature != 1) {
    const std::string tau = numberText(run.rules.temperature);
    fact.steps.push_back(
        plainStep(Stage::weights, "÷ τ", "τ = " + tau, operandText(slope) + " ÷ " + tau, value));
  }
  return fact;
}

}  // namespace

void addFacts(const MapRow& row, Explanation& out) {
  if (out.rowEmpty || !std::isfinite(out.value) || !hasWeight(row, row.key())) return;
  const std::vector<float> weights = row.row(Stage::weights);
  out.facts.push_back(rankOf(row, out.value, weights));
  if (auto share = shareOf(row, out.value)) out.facts.push_back(std::move(*share));
  if (auto gradient = gradientOf(row, out.value, weights)) out.facts.push_back(std::move(*gradient));
}

}  // namespace headlight
