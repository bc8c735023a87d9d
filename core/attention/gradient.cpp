#include "core/attention/gradient.h"

#include "core/attention/mask/runs.h"
#include "core/attention/score.h"

namespace headlight {

void gradientOfScores(const Run& run, const Gradients& gradients, int head, const BlockRange& range,
                      const float* weights, float* out, std::int64_t stride) {
  const auto h = static_cast<std::size_t>(head);
  const std::int64_t rows = range.r1 - range.r0;
  if (run.ablated[h]) {
    for (std::int64_t r = 0; r < rows; ++r) std::fill_n(out + r * stride, range.c1 - range.c0, 0.0f);
    return;
  }
  const PanelRange panels = panelsOf(range.c0, range.c1);
  thread_local AlignedFloats slopes;  // ∂L/∂weights
  slopes.resize(std::max(slopes.size(), static_cast<std::size_t>(rows * panels.width())));
  const PackedKeys& values = gradients.packedValues[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
  score(gradients.upstream[h], range.r0, range.r1, values, panels, 1, slopes.data(), panels.width());

  const auto temperature = static_cast<double>(run.rules.temperature);
  std::vector<double> kept;
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t i = range.r0 + r;
    const float* row = weights + r * stride - range.c0;
    const float* slope = slopes.data() + r * panels.width() - panels.firstKey();
    float* into = out + r * stride - range.c0;
    const double centre = gradients.centre[h][static_cast<std::size_t>(i)];
    std::int64_t at = range.c0;
    forEachInside(run.mask->runs(head, i), range.c0, range.c1, [&](std::int64_t begin, std::int64_t end) {
      std::fill(into + at, into + begin, 0.0f);
      at = end;
      kept.assign(row + begin, row + end);
      // Of the Jacobian only c is read, which needs no more than the weight of its own key.
      const std::vector<double> c = run.rules.normalizer->jacobian(kept).c;
      for (std::int64_t j = begin; j < end; ++j) {
        const double difference = static_cast<double>(slope[j]) - centre;
        into[j] = static_cast<float>(c[static_cast<std::size_t>(j - begin)] * difference / temperature);
      }
    });
    std::fill(into + at, into + range.c1, 0.0f);
  }
}

void gradientBlock(const Run& run, int head, const BlockRange& range, const BlockTarget& target) {
  mapBlock(run, Stage::weights, head, range, target);
  gradientOfScores(run, *run.gradients, head, range, target.values, target.values, target.stride);
  if (target.classes == nullptr) return;
  for (std::int64_t i = range.r0; i < range.r1; ++i) {
    std::uint8_t* classes = target.classRow(i - range.r0);
    std::fill_n(classes, range.c1 - range.c0, static_cast<std::uint8_t>(CellClass::masked));
    forEachInside(run.mask->runs(head, i), range.c0, range.c1, [&](std::int64_t begin, std::int64_t end) {
      std::fill(classes + (begin - range.c0), classes + (end - range.c0),
                static_cast<std::uint8_t>(CellClass::value));
    });
  }
}

}  // namespace headlight
