#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

/// The weight that every key has in a row that keeps none, of `keys` in all.
float emptyRowWeight(EmptyRow policy, std::int64_t keys);

/// The numbers of such a row: nothing was kept, so the largest of no scores is −∞ and the smallest +∞.
RowNumbers emptyRowNumbers(EmptyRow policy, std::int64_t keys);

}  // namespace headlight
