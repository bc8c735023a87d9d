#include "core/attention/normalize/sparse_family.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/explain_steps.h"
#include "core/attention/kernels/sparse_row.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/base/matrix.h"

namespace headlight {
namespace {

SparseRule ruleOf(bool half, float maximum, float temperature) {
  return {.maximum = maximum, .temperature = temperature, .factor = half ? 0.5f : 1.0f};
}

}  // namespace

RowNumbers SparseFamily::measure(const float* scores, std::int64_t count, const RowSetting& setting) const {
  RowNumbers row = scoreNumbers(scores, count, setting.temperature);
  if (std::isnan(row.sum)) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    row.reach = kNan;
    row.reachRest = kNan;
    row.threshold = kNan;
    row.entropy = kNan;
    row.effectiveKeys = kNan;
    row.largestWeight = kNan;
    row.weightSum = kNan;
    return row;
  }
  // A key one or more below the largest has no weight, since the largest alone would have 1.
  thread_local AlignedFloats below;
  below.resize(std::max(below.size(), static_cast<std::size_t>(count + kSparseSlack)));
  const SparseRule rule = ruleOf(half_, row.maximum, setting.temperature);
  std::int64_t support = sparseCandidates(scores, count, rule, below.data());
  const double reached = reach(below.data(), support);
  row.reach = static_cast<float>(reached);
  row.reachRest = static_cast<float>(reached - static_cast<double>(row.reach));
  row.threshold = static_cast<float>(static_cast<double>(rule.factor) * static_cast<double>(row.maximum) /
                                         static_cast<double>(setting.temperature) -
                                     reached);
  sparseWeights(below.data(), support, {}, row.reach, row.reachRest, half_, below.data());
  addWeightNumbers(below.data(), support, row);
  return row;
}

void SparseFamily::weigh(const float* scores, std::int64_t count, const RowSetting& setting,
                         const RowNumbers& row, float* weights) const {
  const SparseRule rule = ruleOf(half_, row.maximum, setting.temperature);
  sparseWeights(scores, count, rule, row.reach, row.reachRest, half_, weights);
}

std::vector<ExplainStep> SparseFamily::explain(const WeightCause& cause) const {
  const float temperature = cause.setting.temperature;
  const bool plain = temperature == 1;
  const std::string u = half_ ? plain ? "s ÷ 2" : "s ÷ 2τ" : plain ? "s" : "s ÷ τ";
  const std::string title = u + " − t";
  const std::string positive = half_ ? "max(…, 0)^2" : "max(…, 0)";
  if (!cause.kept) {
    return {plainStep(Stage::weights, positive, "a masked key gets no weight", "", cause.weight)};
  }
  std::string expression = operandText(cause.score);
  if (half_) expression += " ÷ 2";
  if (!plain) expression += " ÷ " + numberText(temperature);
  const float below = (half_ ? 0.5f : 1.0f) * ((cause.score - cause.row.maximum) / temperature);
  const float difference = below + cause.row.reach + cause.row.reachRest;
  std::string detail =
      "the threshold t = " + numberText(cause.row.threshold) + " is the one with which the weights sum to 1";
  if (!plain) detail += ", τ = " + numberText(temperature);
  return {plainStep(Stage::weights, title, detail, expression + " − " + operandText(cause.row.threshold),
                    difference),
          plainStep(Stage::weights, positive,
                    difference <= 0 ? "not above the threshold: no weight" : "above the threshold",
                    "max(" + numberText(difference) + ", 0)" + (half_ ? "^2" : ""), cause.weight)};
}

}  // namespace headlight
