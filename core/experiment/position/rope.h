#pragma once
#include "core/experiment/position/position.h"

namespace headlight {

/// Rotary embedding of q and k (Su et al. 2021, equation 34; attention/position/rotary.h).
const PositionKind& ropePosition();

}  // namespace headlight
