#pragma once
#include <cstdint>

namespace headlight {

/// weights[j] = 1 ÷ (1 + e^{−(s_j ÷ τ + bias)}), alike for every position; may write over the scores. 1 for
/// +∞, 0 for −∞, NaN for NaN.
void sigmoidRow(const float* scores, std::int64_t count, float temperature, float bias, float* weights);

/// weights[j] = max(s_j ÷ τ, 0) ÷ divisor, as above; NaN for NaN.
void reluRow(const float* scores, std::int64_t count, float temperature, float divisor, float* weights);

}  // namespace headlight
