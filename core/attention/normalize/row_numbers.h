#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

/// What the numbers of a row owe to its kept scores alone, count ≥ 1: maximum, minimum, sum, lse, keptKeys. A
/// NaN or +∞ among the scores, or −∞ for all of them, makes `sum` NaN; a NaN also the maximum and minimum.
///
/// `exponentials` [count], where it is given, receives e^{z − max z}; `weighted` Σ e^{x} x, x = z − max z,
/// and `total` the sum in double.
RowNumbers scoreNumbers(const float* scores, std::int64_t count, float temperature,
                        float* exponentials = nullptr, double* total = nullptr, double* weighted = nullptr);

/// What they owe to the weights: largest, sum, entropy, effective keys. Weights of 0 may be left out. Where
/// the sum is 0 there are no effective keys; a weight below 0 has no logarithm and makes the entropy NaN.
void addWeightNumbers(const float* weights, std::int64_t count, RowNumbers& row);

/// False where a NaN or +∞ is among the scores, or nothing but −∞: weights by differences to the largest are
/// NaN then.
bool hasLargest(std::span<const double> scores);

/// At least `count` floats, the same at every call of a thread.
float* rowScratch(std::int64_t count);

}  // namespace headlight
