#pragma once
#include "core/base/result.h"

namespace headlight {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInput = 3;
inline constexpr int kExitOutput = 4;
inline constexpr int kExitDifferent = 5;
inline constexpr int kExitInterrupted = 130;

/// The exit code of contract §4 that a failure of this kind has.
int exitCode(ErrorCode code);

}  // namespace headlight
