#pragma once
#include "core/attention/run.h"

namespace headlight {

/// Q, K and V of every head [H][T, d]: y = x W + b where x and the projection are given, else q, k, v as
/// given; then the cells set by hand. Feature e of a projection belongs to head e ÷ d, whole part (Vaswani et
/// al. 2017, 3.2.2). K is packed for the score kernel. Null when cancelled.
std::shared_ptr<const Projected> project(const Inputs& inputs, ThreadPool& pool, const Cancel& cancel);

/// K [keys, depth] in panels of kPanelWidth keys, the last one filled up with zeros.
PackedKeys packKeys(const Matrix& keys);

/// V [keys, d_v] for the mixing kernel.
MixValues mixValues(const Matrix& values);

/// Checks that every matrix has the shape that the sizes promise, and every edit a cell.
Status checkInputs(const Inputs& inputs);

}  // namespace headlight
