#include "core/attention/normalize/row_numbers.h"

#include <algorithm>
#include <cmath>

#include "core/attention/kernels/softmax_row.h"
#include "core/attention/kernels/weight_sums.h"
#include "core/base/matrix.h"

namespace headlight {
namespace {

/// The vector maximum passes over NaN on some machines; the numbers that are shown must not.
void showNan(const float* scores, std::int64_t count, SoftmaxSums& sums) {
  const float* nan = std::find_if(scores, scores + count, [](float s) { return std::isnan(s); });
  if (nan == scores + count) return;
  sums.maximum = *nan;
  sums.minimum = *nan;
}

}  // namespace

bool hasLargest(std::span<const double> scores) {
  const auto isNan = [](double x) { return std::isnan(x); };
  return std::none_of(scores.begin(), scores.end(), isNan) &&
         std::isfinite(*std::max_element(scores.begin(), scores.end()));
}

float* rowScratch(std::int64_t count) {
  thread_local AlignedFloats scratch;
  scratch.resize(std::max(scratch.size(), static_cast<std::size_t>(count)));
  return scratch.data();
}

RowNumbers scoreNumbers(const float* scores, std::int64_t count, float temperature, float* exponentials,
                        double* total, double* weighted) {
  SoftmaxSums sums =
      softmaxRow(scores, count, temperature, exponentials != nullptr ? exponentials : rowScratch(count));
  if (std::isnan(sums.sum)) showNan(scores, count, sums);
  RowNumbers row{};
  row.maximum = sums.maximum;
  row.minimum = sums.minimum;
  row.sum = static_cast<float>(sums.sum);
  row.lse = static_cast<float>(static_cast<double>(sums.maximum) / static_cast<double>(temperature) +
                               std::log(sums.sum));
  row.keptKeys = static_cast<std::int32_t>(count);
  if (total != nullptr) *total = sums.sum;
  if (weighted != nullptr) *weighted = sums.weighted;
  return row;
}

void addWeightNumbers(const float* weights, std::int64_t count, RowNumbers& row) {
  const WeightSums sums = weightSums(weights, count);
  row.largestWeight = sums.largest;
  row.weightSum = static_cast<float>(sums.sum);
  // H = −Σ (w ÷ W) ln (w ÷ W) = ln W − Σ w ln w ÷ W.
  const double entropy = sums.sum == 0 ? 0.0 : std::log(sums.sum) - sums.products / sums.sum;
  row.entropy = static_cast<float>(entropy < 0 ? 0.0 : entropy + 0.0);
  row.effectiveKeys = sums.sum == 0 ? 0.0f : std::exp(row.entropy);
}

}  // namespace headlight
