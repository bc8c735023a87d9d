#pragma once
#include <cstdint>

namespace headlight {

/// scores[j] becomes cap · tanh(scores[j] ÷ cap) (Gemma 2, Riviere et al. 2024, section 2), in place, about
/// 2 ulp off at most; scores far below the cap stay as they are, ±∞ becomes ±cap, NaN stays. cap > 0.
void softcapRow(float* scores, std::int64_t count, float cap);

}  // namespace headlight
