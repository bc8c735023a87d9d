#include "core/attention/score.h"

#include <algorithm>

#include "core/attention/kernels/multiply.h"
#include "core/attention/kernels/softcap_row.h"

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
  const std::ptrdiff_t panelSize = keys.depth * kPanelWidth;
  multiply(queries.row(r0), queries.cols(), r1 - r0,
           {keys.panels.data() + panels.first * panelSize, panelSize, kPanelWidth},
           panels.last - panels.first, keys.depth, scale, Into::empty, scores, stride);
}

ScoreInput scoreInput(const Run& run) {
  const GivenMaps* maps = run.inputs.maps ? run.inputs.maps.value.get() : nullptr;
  return {*run.projected, run.sizes, run.rules, maps};
}

void modifyScores(const Rules& rules, int head, std::int64_t query, std::int64_t begin, std::int64_t end,
                  float* scores) {
  if (rules.softcap > 0) softcapRow(scores, end - begin, rules.softcap);
  rules.biases->add(head, query, begin, end, scores);
}

void scoreBlock(const ScoreInput& input, Stage stage, int head, std::int64_t r0, std::int64_t r1,
                PanelRange panels, float* scores, std::int64_t stride) {
  if (panels.empty()) return;
  const std::int64_t first = panels.firstKey();
  const std::int64_t last = std::min(first + panels.width(), input.sizes.keys);
  if (input.maps != nullptr) {
    const GivenMaps& maps = *input.maps;
    for (std::int64_t i = r0; i < r1; ++i) {
      const std::int64_t at = maps.first + head * maps.headStride + i * input.sizes.keys + first;
      maps.tensor->read(at, last - first, scores + (i - r0) * stride);
    }
  } else {
    const auto kvHead = static_cast<std::size_t>(input.sizes.kvHeadOf(head));
    const float scale = stage == Stage::dot ? 1.0f : input.rules.scale;
    score(input.projected.q[static_cast<std::size_t>(head)], r0, r1, input.projected.packed[kvHead], panels,
          scale, scores, stride);
  }
  if (stage == Stage::dot || stage == Stage::scaled || !input.rules.modifies()) return;
  for (std::int64_t i = r0; i < r1; ++i) {
    modifyScores(input.rules, head, i, first, last, scores + (i - r0) * stride);
  }
}

}  // namespace headlight
