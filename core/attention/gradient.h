#pragma once
#include "core/attention/field_blocks.h"
#include "core/attention/run.h"

namespace headlight {

/// Errors (invalid): the plan's upstream gradient has not the shape of what it is the gradient of.
Status checkUpstream(const AttentionPlan& plan);

/// All gradients of the run (attention.md B.8), from its mask and statistics. Rows are tasks of one thread
/// each, and so are blocks of keys, whose sums over queries run upwards: the bits do not depend on the
/// threads. Null when cancelled.
std::shared_ptr<const Gradients> gradientsOf(const Run& run, const Caused<Matrix>& upstream, ThreadPool& pool,
                                             const Cancel& cancel);

/// ∂L/∂scores of one head, L = Σ upstream ∘ output: c_ij (∂L/∂a_ij − centre_i) ÷ τ, 0 where masked
/// (attention.md B.8). The run must hold its gradients.
void gradientBlock(const Run& run, int head, const BlockRange& range, const BlockTarget& target);

/// ∂L/∂scores from the weights [r1 − r0, c1 − c0] of the same cells, `stride` floats a row; both may be the
/// same memory. What no key of the row keeps becomes 0, whatever an empty row's weights are.
void gradientOfScores(const Run& run, const Gradients& gradients, int head, const BlockRange& range,
                      const float* weights, float* out, std::int64_t stride);

}  // namespace headlight
