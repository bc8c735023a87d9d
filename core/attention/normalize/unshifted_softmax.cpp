#include <cmath>
#include <limits>

#include "core/attention/explain_steps.h"
#include "core/attention/normalize/mistaken.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/base/words.h"

namespace headlight {
namespace {

class UnshiftedSoftmax : public Normalizer {
 public:
  explicit UnshiftedSoftmax(std::vector<float> sinks) : sinks_(std::move(sinks)) {}

  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const override {
    RowNumbers row = scoreNumbers(scores, count, setting.temperature);
    float* weights = rowScratch(count);
    float sum = sinkShare(setting.head);
    for (std::int64_t j = 0; j < count; ++j) sum += std::exp(scores[j] / setting.temperature);
    row.sum = sum;
    weigh(scores, count, setting, row, weights);
    addWeightNumbers(weights, count, row);
    return row;
  }

  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers& row,
             float* weights) const override {
    for (std::int64_t j = 0; j < count; ++j) {
      weights[j] = std::exp(scores[j] / setting.temperature) / row.sum;
    }
  }

  bool sumsToOne() const override { return sinks_.empty(); }

  std::vector<double> reference(std::span<const double> z, int head) const override {
    double sum = static_cast<double>(sinkShare(head));
    for (const double x : z) sum += std::exp(x);
    std::vector<double> weights;
    for (const double x : z) weights.push_back(std::exp(x) / sum);
    return weights;
  }

  Jacobian jacobian(std::span<const double> weights) const override {
    return {{weights.begin(), weights.end()}, 1};
  }

  std::vector<ExplainStep> explain(const WeightCause& cause) const override {
    const float temperature = cause.setting.temperature;
    const bool plain = temperature == 1;
    const std::string title = plain ? "e^s" : "e^{s ÷ τ}";
    if (!cause.kept) {
      return {plainStep(Stage::weights, title, "e^{−∞} is 0", "", 0),
              plainStep(Stage::weights, "÷ Σe", "a masked key gets no weight", "", cause.weight)};
    }
    std::string exponent = numberText(cause.score);
    if (!plain) exponent += " ÷ " + numberText(temperature);
    const float e = std::exp(cause.score / temperature);
    std::string sum = "the sum over " + countText(cause.row.keptKeys, "kept key", "kept keys");
    if (!sinks_.empty()) sum += " and e^{sink} = " + numberText(sinkShare(cause.setting.head));
    return {
        plainStep(Stage::weights, title, "the largest score is not subtracted first: floats end at e^{88.7}",
                  "e^{" + exponent + "}", e),
        plainStep(Stage::weights, "÷ Σe", sum, numberText(e) + " ÷ " + numberText(cause.row.sum),
                  cause.weight)};
  }

 private:
  float sinkShare(int head) const {
    const auto h = static_cast<std::size_t>(head);
    return h < sinks_.size() ? std::exp(sinks_[h]) : 0.0f;
  }

  std::vector<float> sinks_;
};

}  // namespace

std::unique_ptr<Normalizer> unshiftedSoftmax(std::vector<float> sinks) {
  return std::make_unique<UnshiftedSoftmax>(std::move(sinks));
}

}  // namespace headlight
