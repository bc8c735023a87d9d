#include "core/attention/normalize/softmax_family.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/explain_steps.h"
#include "core/attention/kernels/softmax_row.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/base/words.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// What scores are taken relative to, and the sink's share of the sum.
struct Reference {
  float score;
  double share;
};

Reference referenceOf(float maximum, float temperature, float sink) {
  const float score = softmaxReference(maximum, temperature, sink);
  if (sink == -kInfinity) return {score, 0};
  // The limit of a sink beyond all scores.
  if (score == kInfinity && maximum < kInfinity) return {score, 1};
  double difference =
      static_cast<double>(sink) - static_cast<double>(score) / static_cast<double>(temperature);
  // Taken for the largest, the sink is 0 below itself, but for the rounding of large logits.
  if (score != maximum) difference = std::clamp(difference, -1.0, 1.0);
  return {score, std::exp(difference)};
}

}  // namespace

RowNumbers SoftmaxFamily::measure(const float* scores, std::int64_t count, const RowSetting& setting) const {
  float* exponentials = rowScratch(count);
  double kept = 0;
  double weighted = 0;
  RowNumbers row = scoreNumbers(scores, count, setting.temperature, exponentials, &kept, &weighted);
  const bool beside = row.maximum == -kInfinity && sink(setting.head) > -kInfinity;
  const Reference reference = referenceOf(row.maximum, setting.temperature, sink(setting.head));
  double total = kept;
  if (reference.score != row.maximum) {
    softmaxWeights(scores, count, setting.temperature, reference.score, 1, exponentials);
    total = sumOfQuotients(exponentials, count, 1);
  }
  row.sum = static_cast<float>(total + reference.share);
  row.weightSum = static_cast<float>(sumOfQuotients(exponentials, count, row.sum));
  if (std::isnan(kept) && !beside) {
    row.entropy = row.effectiveKeys = row.largestWeight = std::numeric_limits<float>::quiet_NaN();
    return row;
  }
  if (beside) row.lse = -kInfinity;
  weigh(&row.maximum, 1, setting, row, &row.largestWeight);
  if (row.weightSum == 0) return row;
  // H = −Σ a ln a of the keys alone = ln Σ e − Σ e (z − max z) ÷ Σ e; a one-hot row may come out as −0.
  const double entropy = std::log(kept) - weighted / kept;
  row.entropy = static_cast<float>(entropy < 0 ? 0.0 : entropy + 0.0);
  row.effectiveKeys = std::exp(row.entropy);
  return row;
}

void SoftmaxFamily::weigh(const float* scores, std::int64_t count, const RowSetting& setting,
                          const RowNumbers& row, float* weights) const {
  const float reference = softmaxReference(row.maximum, setting.temperature, sink(setting.head));
  softmaxWeights(scores, count, setting.temperature, reference, row.sum, weights);
}

Jacobian SoftmaxFamily::jacobian(std::span<const double> weights) const {
  return {{weights.begin(), weights.end()}, 1};
}

std::vector<ExplainStep> SoftmaxFamily::explain(const WeightCause& cause) const {
  const float temperature = cause.setting.temperature;
  const float maximum = cause.row.maximum;
  const bool plain = temperature == 1;
  const std::string title = plain ? "e^{s − max}" : "e^{(s − max) ÷ τ}";
  const std::string sumTitle = "÷ Σe";
  if (!cause.kept) {
    return {plainStep(Stage::weights, title, "e^{−∞} is 0", "", 0),
            plainStep(Stage::weights, sumTitle, "a masked key gets no weight", "", cause.weight)};
  }
  const float logit = sink(cause.setting.head);
  const Reference reference = referenceOf(maximum, temperature, logit);
  std::string exponent = operandText(cause.score) + " − " + operandText(reference.score);
  std::string detail = "the largest score of the row is " + numberText(maximum);
  if (reference.score != maximum) detail += ", the sink's " + numberText(reference.score) + " is larger";
  if (!plain) {
    exponent = "(" + exponent + ") ÷ " + numberText(temperature);
    detail += ", τ = " + numberText(temperature);
  }
  RowNumbers undivided = cause.row;
  undivided.sum = 1;
  float e = 0;
  weigh(&cause.score, 1, cause.setting, undivided, &e);
  std::vector<ExplainStep> steps{plainStep(Stage::weights, title, detail, "e^{" + exponent + "}", e)};
  const std::string keys = countText(cause.row.keptKeys, "kept key", "kept keys");
  if (logit > -kInfinity) {
    const double kept = static_cast<double>(cause.row.sum) - reference.share;
    steps.push_back(plainStep(
        Stage::weights, "Σe + e^{sink − max}",
        "the sum over " + keys + ", and the share of the sink with the logit " + numberText(logit) +
            ", which no key gets",
        numberText(static_cast<float>(kept)) + " + " + numberText(static_cast<float>(reference.share)),
        cause.row.sum));
  }
  steps.push_back(plainStep(Stage::weights, sumTitle,
                            logit > -kInfinity ? "the sum with the sink" : "the sum over " + keys,
                            numberText(e) + " ÷ " + numberText(cause.row.sum), cause.weight));
  return steps;
}

}  // namespace headlight
