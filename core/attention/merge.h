#pragma once
#include "core/attention/run.h"

namespace headlight {

/// Head outputs with ablated heads 0, and Y = Σ_h z_h W_O^h + b_O, the same as [Z_0 … Z_{H−1}] W_O + b_O
/// where W_O^h are the d_v rows of head h (Vaswani et al. 2017, 3.2.2). With `mistake.meanMerge` the mean of
/// the heads × W_O^0 + b_O. Y stays empty without W_O. Null when cancelled.
std::shared_ptr<const Outputs> merge(const std::shared_ptr<const Heads>& mixed,
                                     const std::vector<bool>& ablated, const Caused<Linear>& wO,
                                     const Mistake& mistake, ThreadPool& pool, const Cancel& cancel);

/// The factor of every head's part, and the first of its rows in W_O.
struct MergeRows {
  float factor = 1;
  std::int64_t first = 0;
};
MergeRows mergeRows(const Mistake& mistake, int head, int heads, std::int64_t dV);

/// z_i W_O^h, columns [c0, c1): what head h adds to row i of the output. Each column is one sum over d_v from
/// 0 upwards, so its bits do not depend on which columns were asked for together.
void contribution(const Matrix& headOutput, const Linear& wO, const MergeRows& rows, std::int64_t row,
                  std::int64_t c0, std::int64_t c1, float* out);

}  // namespace headlight
