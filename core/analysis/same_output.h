#pragma once
#include <span>
#include <vector>

#include "core/base/matrix.h"
#include "core/base/result.h"

namespace headlight {

/// Other weights that give the same output.
struct SameOutput {
  std::vector<double> weights;  ///< [Tk], none below 0, with the sum of the given ones
  double distance = 0;          ///< total variation to the given weights, ½ Σ |a′_j − a_j|
  double outputChange = 0;      ///< largest |Σ_j (a′_j − a_j) v_j| over the columns, summed in double
};

/// Weights a′ ≠ a with Σ_j a′_j v_j = Σ_j a_j v_j and Σ_j a′_j = Σ_j a_j: weights alone do not tell what made
/// an output (Brunner et al. 2020, section 3.2: attention is not identifiable where there are more keys than
/// d_v + 1). Walks along the null space of [V, 1] as far as no weight falls below 0, and keeps the direction
/// that leads farthest. The distance is 0 where there is no other. `values` is [Tk, d_v]. Errors: sizes
/// differ, more than 512 keys, a number is not finite.
Result<SameOutput> sameOutputWeights(std::span<const float> weights, const Matrix& values);

}  // namespace headlight
