#pragma once
#include <vector>

namespace headlight {

/// Slopes of ALiBi for any number of heads [heads] (Press et al. 2021, section 3, and their code): for a
/// power of two 2^{−8(h + 1) ÷ H}; else those of the largest power of two c below H, then every second one of
/// 2c.
std::vector<double> alibiSlopes(int heads);

}  // namespace headlight
