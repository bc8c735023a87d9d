#pragma once
#include <span>
#include <vector>

#include "core/attention/mask/mask.h"
#include "core/base/matrix.h"

namespace headlight {

/// Z = A V of a few rows: z_i = Σ_j a_ij v_j over the keys that row i keeps, and over no others, so that
/// nothing in a masked key's v can leak, NaN included.
///
/// `weights` [rows, …] with column `firstKey + c` in place c, `stride` floats a row; `runs` the kept keys of
/// each row; `values` [keys, d_v]; `out` rows [first, first + rows) of [queries, d_v].
void mix(const float* weights, std::int64_t stride, std::int64_t firstKey,
         const std::vector<std::span<const KeyRun>>& runs, const Matrix& values, Matrix& out,
         std::int64_t first);

}  // namespace headlight
