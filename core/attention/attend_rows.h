#pragma once
#include "core/attention/run.h"

namespace headlight {

/// What one pass over the scores of a few rows of one head reads.
struct RowsInput {
  const Projected& projected;
  const Sizes& sizes;
  const Rules& rules;
  const MaskPlan& mask;
};

/// What the rows add to their head's ranges.
struct RowsExtremes {
  float largestWeight = 0;
  float smallestScore = 0;  ///< of kept finite masked scores
  float largestScore = 0;
  bool anyScore = false;
  double rowSumError = 0;
};

/// How many rows are done together: as many as fit beside the keys of the level-2 cache. Depends on the sizes
/// alone.
std::int64_t rowsTogether(const Sizes& sizes);

/// Rows [r0, r1) of a head: scores, mask, normalizer. Fills measured[r0 … r1) where `measured` is given, else
/// takes the rows' numbers from `known`; with `mixed` also writes the head's outputs, weights × values, into
/// its rows.
RowsExtremes attendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                        RowNumbers* measured, const RowNumbers* known, Matrix* mixed);

}  // namespace headlight
