#pragma once
#include <cstdint>

namespace headlight {

/// What a row's weights w add up to.
struct WeightSums {
  double sum = 0;
  double products = 0;  ///< Σ w ln w, a w of 0 counting as 0; NaN with a w below 0
  float largest = 0;    ///< NaN with a NaN
};

/// Sums run over the row in one fixed order, in float within short blocks and in double over the blocks.
WeightSums weightSums(const float* weights, std::int64_t count);

}  // namespace headlight
