#include <algorithm>

#include "core/attention/explain_steps.h"
#include "core/attention/kernels/elementwise_row.h"
#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/row_numbers.h"

namespace headlight {
namespace {

/// a_j = max(z_j, 0) ÷ T_k (Wortsman et al. 2023).
class Relu : public Normalizer {
 public:
  explicit Relu(std::int64_t keys) : keys_(keys) {}

  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const override {
    RowNumbers row = scoreNumbers(scores, count, setting.temperature);
    float* weights = rowScratch(count);
    weigh(scores, count, setting, row, weights);
    addWeightNumbers(weights, count, row);
    return row;
  }

  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers&,
             float* weights) const override {
    reluRow(scores, count, setting.temperature, static_cast<float>(keys_), weights);
  }

  bool sumsToOne() const override { return false; }

  std::vector<double> reference(std::span<const double> z, int) const override {
    std::vector<double> weights;
    for (const double x : z) weights.push_back((x <= 0 ? 0 : x) / static_cast<double>(keys_));
    return weights;
  }

  /// diag(1 ÷ T_k where a > 0).
  Jacobian jacobian(std::span<const double> weights) const override {
    Jacobian jacobian;
    for (const double weight : weights) {
      jacobian.c.push_back(weight == 0 ? 0.0 : weight > 0 ? 1 / static_cast<double>(keys_) : weight);
    }
    return jacobian;
  }

  std::vector<ExplainStep> explain(const WeightCause& cause) const override {
    const float temperature = cause.setting.temperature;
    const bool plain = temperature == 1;
    const std::string title = plain ? "max(s, 0)" : "max(s ÷ τ, 0)";
    const std::string divisor = "÷ T_k";
    if (!cause.kept) {
      return {plainStep(Stage::weights, divisor, "a masked key gets no weight", "", cause.weight)};
    }
    const float z = cause.score / temperature;
    const float positive = z <= 0 ? 0.0f : z;
    std::string expression = numberText(cause.score);
    if (!plain) expression += " ÷ " + numberText(temperature);
    return {plainStep(Stage::weights, title, z <= 0 ? "not above 0: no weight" : "above 0",
                      "max(" + expression + ", 0)", positive),
            plainStep(Stage::weights, divisor, "the number of keys, masked ones among them",
                      numberText(positive) + " ÷ " + std::to_string(keys_), cause.weight)};
  }

 private:
  std::int64_t keys_;
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const NormalizerContext& context,
                                         const std::string&) {
  return std::unique_ptr<Normalizer>(std::make_unique<Relu>(std::max<std::int64_t>(context.keys, 1)));
}

std::string sentence(const Kinded&) {
  return "each weight is its own score where that is above 0, divided by the number of keys; the weights of "
         "a query need not sum to 1";
}

}  // namespace

NormalizerKind reluNormalizer() {
  return {{.kind = "relu",
           .label = "ReLU",
           .help = "max(z, 0) divided by the number of keys: rows need not sum to 1 (Wortsman et al. 2023)",
           .keys = {}},
          make,
          sentence};
}

}  // namespace headlight
