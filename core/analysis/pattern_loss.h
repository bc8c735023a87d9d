#pragma once
#include <cstdint>
#include <memory>

#include "core/attention/run.h"

namespace headlight {

/// A number over the rows that keep at least two keys, and how many those are. NaN where there is none.
struct OverRows {
  double number = 0;
  std::int64_t rows = 0;
};

/// What a sparse pattern leaves out of the full map: Σ of the full weights on keys that the pattern drops,
/// mean over the rows of the full map that keep at least two keys. Read row by row; the full map is not
/// renormalized. `pattern` and `full` are two runs of as many queries and keys. Errors: no weights in `full`
/// (with the reason), no such head, other sizes.
Result<OverRows> massOutside(const Run& pattern, const std::shared_ptr<const Run>& full, int head,
                             const Cancel& cancel = {});

/// How far the output is off: √(Σ ‖o_i − o′_i‖² ÷ Σ ‖o′_i‖²) with o of `pattern` and o′ of `full`, over the
/// rows of which `full` keeps at least two keys. 0: the same numbers; 1: as far off as zeros. `stage` is
/// head_output or output. Errors: as above, the stage is absent or has another width.
Result<OverRows> outputError(const std::shared_ptr<const Run>& pattern,
                             const std::shared_ptr<const Run>& full, Stage stage, int head,
                             const Cancel& cancel = {});

/// The same for linear attention (linearAttention) in the place of softmax, on q, k, v and mask of `run`: how
/// far its head output is off that of the run. Errors: as linearAttention.
Result<OverRows> linearOutputError(const std::shared_ptr<const Run>& run, int head,
                                   const Cancel& cancel = {});

/// ½ Σ_j |b_ij − A_ij| of the weights b that linear attention implies, mean over rows that keep at least two
/// keys: how much weight lies elsewhere. Tq · Tk · d_k products, one row at a time. Errors: as above.
Result<OverRows> linearWeightChange(const std::shared_ptr<const Run>& run, int head,
                                    const Cancel& cancel = {});

}  // namespace headlight
