#pragma once
#include "core/experiment/position/position.h"

namespace headlight {

/// Adds row p of a table [T, d_model] of N(0, 1) to token p, as models that learn their positions do before
/// training (Gehring et al. 2017, section 3.1). A row depends on the seed and p alone.
const PositionKind& learnedPosition();

}  // namespace headlight
