#include <algorithm>
#include <cmath>

#include "core/attention/explain_steps.h"
#include "core/attention/kernels/elementwise_row.h"
#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// a_j = σ(z_j + b), each key for itself (Ramapuram et al. 2024): b = −ln T_k where it is not given.
class Sigmoid : public Normalizer {
 public:
  Sigmoid(double bias, std::int64_t ofKeys) : bias_(bias), ofKeys_(ofKeys) {}

  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const override {
    RowNumbers row = scoreNumbers(scores, count, setting.temperature);
    float* weights = rowScratch(count);
    weigh(scores, count, setting, row, weights);
    addWeightNumbers(weights, count, row);
    return row;
  }

  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers&,
             float* weights) const override {
    sigmoidRow(scores, count, setting.temperature, static_cast<float>(bias_), weights);
  }

  bool sumsToOne() const override { return false; }

  std::vector<double> reference(std::span<const double> z, int) const override {
    std::vector<double> weights;
    for (const double x : z) weights.push_back(1 / (1 + std::exp(-(x + bias_))));
    return weights;
  }

  /// diag(a (1 − a)).
  Jacobian jacobian(std::span<const double> weights) const override {
    Jacobian jacobian;
    for (const double weight : weights) jacobian.c.push_back(weight * (1 - weight));
    return jacobian;
  }

  std::vector<ExplainStep> explain(const WeightCause& cause) const override {
    if (!cause.kept) {
      return {plainStep(Stage::weights, "σ", "a masked key gets no weight", "", cause.weight)};
    }
    const float temperature = cause.setting.temperature;
    const bool plain = temperature == 1;
    const auto bias = static_cast<float>(bias_);
    const float y = cause.score / temperature + bias;
    std::string detail = "b = " + numberText(bias);
    if (ofKeys_ > 0) detail += ", −ln of " + std::to_string(ofKeys_) + " keys";
    std::string expression = operandText(cause.score);
    if (!plain) {
      detail += ", τ = " + numberText(temperature);
      expression += " ÷ " + numberText(temperature);
    }
    return {plainStep(Stage::weights, plain ? "s + b" : "s ÷ τ + b", detail,
                      expression + " + " + operandText(bias), y),
            plainStep(Stage::weights, "σ", "each key for itself: the weights of a query need not sum to 1",
                      "1 ÷ (1 + e^{" + numberText(-y) + "})", cause.weight)};
  }

 private:
  double bias_;
  std::int64_t ofKeys_;  ///< that the bias is −ln of; 0: it was given
};

Result<std::unique_ptr<Normalizer>> make(const Kinded& entry, const NormalizerContext& context,
                                         const std::string& path) {
  static const NormalizerKind kind = sigmoidNormalizer();
  const Value& given = valueOf(entry, kind.spec, "bias");
  if (given.isNull()) {
    const std::int64_t keys = std::max<std::int64_t>(context.keys, 1);
    return std::unique_ptr<Normalizer>(std::make_unique<Sigmoid>(-std::log(static_cast<double>(keys)), keys));
  }
  if (!given.isNumber() || !std::isfinite(given.number())) {
    return Error{ErrorCode::invalid, "found " + foundText(given) + ", accepted is a number or null",
                 path + ".bias", ""};
  }
  return std::unique_ptr<Normalizer>(std::make_unique<Sigmoid>(given.number(), 0));
}

std::string sentence(const Kinded& entry) {
  const Value* bias = entry.find("bias");
  const std::string text = "each weight is the sigmoid of its own score ";
  if (bias == nullptr || !bias->isNumber()) {
    return text + "minus the logarithm of the number of keys; the weights of a query need not sum to 1";
  }
  return text + "plus " + withTrueMinus(shortest(bias->number())) +
         "; the weights of a query need not sum to 1";
}

}  // namespace

NormalizerKind sigmoidNormalizer() {
  return {{.kind = "sigmoid",
           .label = "sigmoid",
           .help = "1 / (1 + e^-(z + bias)), each key for itself: rows need not sum to 1 (Ramapuram et al. "
                   "2024)",
           .keys = {{.name = "bias",
                     .type = KeyType::number,
                     .fallback = nullptr,
                     .nullable = true,
                     .minimum = -1e30,
                     .maximum = 1e30,
                     .words = {},
                     .help = "Added to each score; null: minus the logarithm of the number of keys"}}},
          make,
          sentence};
}

}  // namespace headlight
