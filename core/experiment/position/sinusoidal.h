#pragma once
#include "core/experiment/position/position.h"

namespace headlight {

/// PE(p, 2i) = sin(p / 10000^{2i/d}), PE(p, 2i + 1) = cos of the same (Vaswani et al. 2017, section 3.5). An
/// odd width ends in a sine.
const PositionKind& sinusoidalPosition();

}  // namespace headlight
