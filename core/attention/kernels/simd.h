#pragma once
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace headlight {

/// The instruction set that the kernels use: "avx512", "avx2", "sse4", "neon" or "scalar".
std::string_view simdLevel();

/// The levels that this machine can run, best first.
std::vector<std::string_view> simdLevels();

/// Makes every kernel use `level` from the next call on; an empty text means the best one. Not to be called
/// while something computes. Errors: a level that is unknown, or that this machine cannot run, with those it
/// can.
Status useSimdLevel(std::string_view level);

/// useSimdLevel of the environment variable HEADLIGHT_SIMD; nothing when it is not set.
Status useSimdLevelOfEnvironment();

}  // namespace headlight
