#pragma once
#include <string>
#include <vector>

#include "core/attention/inputs.h"

namespace headlight {

/// A sentence for each matrix that holds NaN or infinities: their count and the first place.
std::vector<std::string> nonFiniteWarnings(const Inputs& inputs);

}  // namespace headlight
