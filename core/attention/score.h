#pragma once
#include "core/attention/run.h"

namespace headlight {

/// Keys of whole panels: [first · kPanelWidth, last · kPanelWidth).
struct PanelRange {
  std::int64_t first = 0;
  std::int64_t last = 0;

  std::int64_t firstKey() const;
  std::int64_t width() const;  ///< in keys, filled up to whole panels
  bool empty() const { return first >= last; }
};
/// The panels that hold keys [begin, end).
PanelRange panelsOf(std::int64_t begin, std::int64_t end);

/// What scores are made of.
struct ScoreInput {
  const Projected& projected;  ///< empty where maps are given
  const Sizes& sizes;
  const Rules& rules;
  const GivenMaps* maps = nullptr;  ///< scores that enter at `scaled`
};
ScoreInput scoreInput(const Run& run);

/// `dot`, `scaled` or `biased` of queries [r0, r1) of a head and the keys of the panels, into scores
/// [r1 − r0, width], `stride` floats a row: q · k × scale, softcap, biases. What stands behind the last key
/// is of no meaning.
void scoreBlock(const ScoreInput& input, Stage stage, int head, std::int64_t r0, std::int64_t r1,
                PanelRange panels, float* scores, std::int64_t stride);

/// Softcap and biases of keys [begin, end) of one row, in place.
void modifyScores(const Rules& rules, int head, std::int64_t query, std::int64_t begin, std::int64_t end,
                  float* scores);

/// q_i · k_j × scale for queries [r0, r1) and the keys of the panels, into scores [r1 − r0, width], `stride`
/// floats a row; scale 1 gives the stage `dot`. What stands behind the last key is the score of a key of
/// zeros.
void score(const Matrix& queries, std::int64_t r0, std::int64_t r1, const PackedKeys& keys, PanelRange panels,
           float scale, float* scores, std::int64_t stride);

}  // namespace headlight
