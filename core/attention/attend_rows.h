#pragma once
#include "core/attention/run.h"

namespace headlight {

/// What one pass over the scores of a few rows of one head reads.
struct RowsInput {
  const Projected& projected;
  const Sizes& sizes;
  const Rules& rules;
  const MaskPlan& mask;
  const GivenMaps* maps = nullptr;
};
RowsInput rowsInput(const Run& run);

/// What the rows add to their head's ranges.
struct RowsExtremes {
  float largestWeight = 0;
  float smallestScore = 0;  ///< of kept finite masked scores
  float largestScore = 0;
  bool anyScore = false;
  double rowSumError = 0;
};

/// How many rows are done together: as many as fit beside the keys of the level-2 cache. Depends on the sizes
/// and rules alone.
std::int64_t rowsTogether(const RowsInput& input);

/// Where the weights of a block of rows go: its first row begins at `data`.
struct WeightRows {
  float* data = nullptr;
  std::int64_t stride = 0;
  bool droppedAreZero = false;
};

/// The keys that take part in the normalizer: those that the mask keeps, or all of them where dropped pairs
/// take part by mistake.
std::span<const KeyRun> normalizedRuns(const RowsInput& input, int head, std::int64_t query,
                                       const KeyRun& everything);

/// Largest weight and sum of the weights over the kept cells of each pixel, for rows of pixels that follow
/// each other.
struct PixelRows {
  std::int64_t side = 0;        ///< rows and keys of a pixel: 2^level of the overview, whole panels
  std::int64_t firstQuery = 0;  ///< of the first row of pixels
  std::int64_t cols = 0;        ///< pixels along the keys
  AlignedFloats sums;           ///< [rows of pixels, cols], zeros at first
  AlignedFloats largest;

  PixelRows(std::int64_t side, std::int64_t firstQuery, std::int64_t endQuery, std::int64_t keys);
  /// Adds the weights of one row, [Tk], of the keys in the runs. NaN stays.
  void add(std::int64_t query, const float* weights, std::span<const KeyRun> runs);
};

/// Rows [r0, r1) of a head: scores, mask, normalizer. Fills measured[0 … r1 − r0) where `measured` is given,
/// else takes the rows' numbers from `known` [r1 − r0]; with `mixed` also writes the head's outputs, weights
/// × values, into rows [r0, r1) of [Tq, d_v], which are zeros; with `weights` also the weights themselves;
/// `pixels` is added to, where canFuse.
RowsExtremes attendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                        RowNumbers* measured, const RowNumbers* known, Matrix* mixed,
                        const WeightRows* weights = nullptr, PixelRows* pixels = nullptr);

/// What a row adds to the ranges.
void addWeights(const RowNumbers& row, bool sumsToOne, RowsExtremes& extremes);
void addScores(float smallest, float largest, RowsExtremes& extremes);
void addExtremes(const RowsExtremes& more, RowsExtremes& extremes);

}  // namespace headlight
