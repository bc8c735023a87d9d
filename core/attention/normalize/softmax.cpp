#include <algorithm>
#include <cmath>
#include <vector>

#include "core/attention/explain_steps.h"
#include "core/attention/kernels/softmax_row.h"
#include "core/attention/normalize/kinds.h"
#include "core/base/matrix.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// a_j = e^{z_j − max z} ÷ Σ e^{z − max z}, z = scores ÷ τ (Vaswani et al. 2017, equation 1).
///
/// A NaN or +∞ among the kept scores, or −∞ for all of them, makes the whole row NaN, as the formula says.
class Softmax : public Normalizer {
 public:
  RowNumbers measure(const float* scores, std::int64_t count, float temperature) const override {
    thread_local AlignedFloats exponentials;
    exponentials.resize(std::max(exponentials.size(), static_cast<std::size_t>(count)));
    SoftmaxSums sums = softmaxRow(scores, count, temperature, exponentials.data());
    if (std::isnan(sums.sum)) showNan(scores, count, sums);
    RowNumbers row{};
    row.maximum = sums.maximum;
    row.minimum = sums.minimum;
    row.sum = static_cast<float>(sums.sum);
    row.lse = static_cast<float>(static_cast<double>(sums.maximum) / static_cast<double>(temperature) +
                                 std::log(sums.sum));
    // H = −Σ a ln a = ln l − Σ e (z − max z) ÷ l; a one-hot row may come out as −0.
    const double entropy = std::log(sums.sum) - sums.weighted / sums.sum;
    row.entropy = static_cast<float>(entropy < 0 ? 0.0 : entropy + 0.0);
    row.effectiveKeys = std::exp(row.entropy);
    row.largestWeight = std::isnan(sums.sum) ? row.sum : 1.0f / row.sum;
    row.weightSum = static_cast<float>(sumOfQuotients(exponentials.data(), count, row.sum));
    row.keptKeys = static_cast<std::int32_t>(count);
    return row;
  }

  void weigh(const float* scores, std::int64_t count, float temperature, const RowNumbers& row,
             float* weights) const override {
    softmaxWeights(scores, count, temperature, row.maximum, row.sum, weights);
  }

  bool sumsToOne() const override { return true; }

  std::vector<double> reference(std::span<const double> z) const override {
    const double most = *std::max_element(z.begin(), z.end());
    std::vector<double> weights;
    double sum = 0;
    for (const double x : z) sum += weights.emplace_back(std::exp(x - most));
    for (double& weight : weights) weight /= sum;
    return weights;
  }

  std::vector<ExplainStep> explain(const WeightCause& cause) const override {
    const bool plain = cause.temperature == 1;
    const std::string title = plain ? "e^{s − max}" : "e^{(s − max) ÷ τ}";
    const std::string sumTitle = "÷ Σe";
    if (!cause.kept) {
      return {plainStep(Stage::weights, title, "e^{−∞} is 0", "", 0),
              plainStep(Stage::weights, sumTitle, "a masked key gets no weight", "", cause.weight)};
    }
    std::string exponent = operandText(cause.score) + " − " + operandText(cause.row.maximum);
    std::string detail = "the largest score of the row is " + numberText(cause.row.maximum);
    if (!plain) {
      exponent = "(" + exponent + ") ÷ " + numberText(cause.temperature);
      detail += ", τ = " + numberText(cause.temperature);
    }
    float e = 0;
    softmaxWeights(&cause.score, 1, cause.temperature, cause.row.maximum, 1, &e);
    return {plainStep(Stage::weights, title, detail, "e^{" + exponent + "}", e),
            plainStep(Stage::weights, sumTitle,
                      "the sum over " + countText(cause.row.keptKeys, "kept key", "kept keys"),
                      numberText(e) + " ÷ " + numberText(cause.row.sum), cause.weight)};
  }

 private:
  /// The vector maximum passes over NaN on some machines; the numbers that are shown must not.
  static void showNan(const float* scores, std::int64_t count, SoftmaxSums& sums) {
    const float* nan = std::find_if(scores, scores + count, [](float s) { return std::isnan(s); });
    if (nan == scores + count) return;
    sums.maximum = *nan;
    sums.minimum = *nan;
  }
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const std::string&) {
  return std::unique_ptr<Normalizer>(std::make_unique<Softmax>());
}

}  // namespace

NormalizerKind softmaxNormalizer() {
  return {{.kind = "softmax",
           .label = "softmax",
           .help = "Positive weights that sum to 1: e^z divided by the sum of all e^z of the row",
           .keys = {}},
          make};
}

}  // namespace headlight
