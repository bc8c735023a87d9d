#pragma once
#include <array>

#include "core/attention/run.h"

namespace headlight {

/// Name of what decides which keys are kept.
std::uint64_t maskKey(const AttentionPlan& plan);

/// Name of the numbers of every stage, 0 where the stage is absent: a hash of its causes and of nothing else.
std::array<std::uint64_t, kStageCount> stageKeys(const AttentionPlan& plan);

/// Name of the head outputs before any head is switched off.
std::uint64_t mixedKey(const AttentionPlan& plan);

}  // namespace headlight
