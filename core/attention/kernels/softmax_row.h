#pragma once
#include <cstdint>

namespace headlight {

/// What one pass over a row's scores s gives; e_j = e^{(s_j − maximum) ÷ τ}.
struct SoftmaxSums {
  float maximum = 0;
  float minimum = 0;
  double sum = 0;       ///< l = Σ e_j
  double weighted = 0;  ///< Σ e_j (s_j − maximum) ÷ τ, for the entropy
};

/// One row, count ≥ 1. Writes e_j into `exponentials` [count]. Sums run over the row in one fixed order, in
/// float within short blocks and in double over the blocks. A NaN or +∞ among the scores makes `sum` NaN.
SoftmaxSums softmaxRow(const float* scores, std::int64_t count, float temperature, float* exponentials);

/// What scores are taken relative to where a logit joins the sum that has no score: the largest score, or
/// what would be the logit's score if that is larger. `sink` −∞: there is no such logit.
inline float softmaxReference(float maximum, float temperature, float sink) {
  const float score = sink * temperature;
  return score > maximum ? score : maximum;
}

/// weights[j] = e^{(s_j − maximum) ÷ τ} ÷ sum, alike for every position; may write over the scores.
void softmaxWeights(const float* scores, std::int64_t count, float temperature, float maximum, float sum,
                    float* weights);

/// Σ numbers[j] ÷ divisor, each quotient rounded to float, the sum as in softmaxRow.
double sumOfQuotients(const float* numbers, std::int64_t count, float divisor);

}  // namespace headlight
