#pragma once
#include <vector>

#include "core/attention/normalize/normalize.h"

namespace headlight {

// The deliberately wrong normalizers of contract §2, `mistake`.

/// e^z ÷ (e^sink + Σ e^z) in float without subtracting the largest score first: beyond z = 88.7 the
/// exponentials are ∞ and their weights NaN. `sinks` one a head; empty: there is none.
std::unique_ptr<Normalizer> unshiftedSoftmax(std::vector<float> sinks);

/// Score ÷ sum of the row's scores, both ÷ τ: weights may be negative, and large where the sum is near 0.
std::unique_ptr<Normalizer> plainSum();

}  // namespace headlight
