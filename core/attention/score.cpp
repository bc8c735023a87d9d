#include "core/attention/score.h"

#include "core/attention/kernels/score_rows.h"

namespace headlight {

std::int64_t PanelRange::firstKey() const {
  return first * kPanelWidth;
}

std::int64_t PanelRange::width() const {
  return (last - first) * kPanelWidth;
}

PanelRange panelsOf(std::int64_t begin, std::int64_t end) {
  if (begin >= end) return {};
  return {begin / kPanelWidth, (end + kPanelWidth - 1) / kPanelWidth};
}

void score(const Matrix& queries, std::int64_t r0, std::int64_t r1, const PackedKeys& keys, PanelRange panels,
           float scale, float* scores, std::int64_t stride) {
  scoreRows(queries.row(r0), queries.cols(), r1 - r0, keys.panels.data() + panels.firstKey() * keys.depth,
            panels.last - panels.first, keys.depth, scale, scores, stride);
}

}  // namespace headlight
