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

/// q_i · k_j × scale for queries [r0, r1) and the keys of the panels, into scores [r1 − r0, width], `stride`
/// floats a row; scale 1 gives the stage `dot`. There is neither softcap nor bias, so this is `scaled` and
/// `biased` too. What stands behind the last key is the score of a key of zeros.
void score(const Matrix& queries, std::int64_t r0, std::int64_t r1, const PackedKeys& keys, PanelRange panels,
           float scale, float* scores, std::int64_t stride);

}  // namespace headlight
