#pragma once
#include "core/attention/attend_rows.h"

namespace headlight {

/// Whether rows can go through fusedRows: a softmax, with or without a sink, of scores made from q and k.
bool canFuse(const RowsInput& input);

/// attendRows for such rows. Rows that are out of the ordinary (no key kept, NaN or infinite scores) are
/// counted in `left`, for attendRows to do one by one;
/// they have left nothing behind but zeros.
RowsExtremes fusedAttendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                             RowNumbers* measured, Matrix* mixed, const WeightRows* weights,
                             PixelRows* pixels, std::vector<std::int64_t>& left);

}  // namespace headlight
