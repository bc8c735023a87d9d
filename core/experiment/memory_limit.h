#pragma once
#include "core/attention/inputs.h"
#include "core/base/result.h"

namespace headlight {

/// What the matrices of one evaluation may take together.
inline constexpr double kMostMatrixBytes = 4.0 * 1024 * 1024 * 1024;

/// Whether X, the weights, q, k, v and the outputs fit, before any of them is made. Error (invalid): the
/// largest of them and the sum, at `shape`.
Status checkMemory(const Sizes& sizes, bool projects, bool cross);

}  // namespace headlight
