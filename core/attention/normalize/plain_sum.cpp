#include <limits>

#include "core/attention/explain_steps.h"
#include "core/attention/normalize/mistaken.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/base/words.h"

namespace headlight {
namespace {

class PlainSum : public Normalizer {
 public:
  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const override {
    RowNumbers row = scoreNumbers(scores, count, setting.temperature);
    double sum = 0;
    for (std::int64_t j = 0; j < count; ++j) sum += static_cast<double>(scores[j] / setting.temperature);
    row.sum = static_cast<float>(sum);
    float* weights = rowScratch(count);
    weigh(scores, count, setting, row, weights);
    addWeightNumbers(weights, count, row);
    return row;
  }

  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers& row,
             float* weights) const override {
    for (std::int64_t j = 0; j < count; ++j) weights[j] = scores[j] / setting.temperature / row.sum;
  }

  /// They do but for the rounding, which a sum of scores near 0 makes as large as one likes.
  bool sumsToOne() const override { return false; }

  std::vector<double> reference(std::span<const double> z, int) const override {
    double sum = 0;
    for (const double x : z) sum += x;
    std::vector<double> weights;
    for (const double x : z) weights.push_back(x / sum);
    return weights;
  }

  /// ∂(z_i ÷ Σ z)/∂z_j is no symmetric matrix, so it has none of this form.
  Jacobian jacobian(std::span<const double> weights) const override {
    return {std::vector<double>(weights.size(), std::numeric_limits<double>::quiet_NaN()), 0};
  }

  std::vector<ExplainStep> explain(const WeightCause& cause) const override {
    const float temperature = cause.setting.temperature;
    const bool plain = temperature == 1;
    const std::string title = plain ? "÷ Σs" : "÷ Σ(s ÷ τ)";
    if (!cause.kept)
      return {plainStep(Stage::weights, title, "a masked key gets no weight", "", cause.weight)};
    std::vector<ExplainStep> steps;
    const float z = cause.score / temperature;
    if (!plain) {
      steps.push_back(plainStep(Stage::weights, "÷ τ", "τ = " + numberText(temperature),
                                operandText(cause.score) + " ÷ " + numberText(temperature), z));
    }
    steps.push_back(plainStep(
        Stage::weights, title,
        "the scores themselves are summed over " + countText(cause.row.keptKeys, "kept key", "kept keys"),
        operandText(z) + " ÷ " + operandText(cause.row.sum), cause.weight));
    return steps;
  }
};

}  // namespace

std::unique_ptr<Normalizer> plainSum() {
  return std::make_unique<PlainSum>();
}

}  // namespace headlight
