#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/attention/run.h"
#include "core/base/thread_pool.h"

namespace headlight {

/// A sentence for each matrix that holds NaN or infinities: their count and the first place. Large ones are
/// looked through by the pool, where there is one.
std::vector<std::string> nonFiniteWarnings(const Inputs& inputs, ThreadPool* pool);

/// The same for the tensors that biases and additive masks name, whose −∞ cells are masked and no fault. What
/// cannot be opened is left to who uses it.
std::vector<std::string> nonFiniteTensorWarnings(const AttentionPlan& plan);
/// Names what nonFiniteTensorWarnings reads: equal keys, equal warnings.
std::uint64_t namedTensorsKey(const AttentionPlan& plan);

}  // namespace headlight
