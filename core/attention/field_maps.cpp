#include <limits>

#include "core/attention/field_blocks.h"
#include "core/attention/mask/runs.h"
#include "core/attention/normalize/empty_row.h"
#include "core/attention/score.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr auto kValue = static_cast<std::uint8_t>(CellClass::value);
constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);

void fill(float* values, std::uint8_t* classes, std::int64_t count, float value, std::uint8_t cellClass) {
  std::fill_n(values, count, value);
  if (classes != nullptr) std::fill_n(classes, count, cellClass);
}

/// The columns of the range that any of its rows keeps.
KeyRun keptColumns(const MaskPlan& mask, const BlockRange& range) {
  KeyRun hull{range.c1, range.c0};
  for (std::int64_t i = range.r0; i < range.r1; ++i) {
    forEachInside(mask.runs(i), range.c0, range.c1, [&](std::int64_t begin, std::int64_t end) {
      hull.begin = std::min(hull.begin, begin);
      hull.end = std::max(hull.end, end);
    });
  }
  return hull;
}

/// At most kBlockRows × kBlockCols cells.
void mapPiece(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target,
              AlignedFloats& scratch) {
  const auto h = static_cast<std::size_t>(head);
  const Projected& projected = *run.projected;
  const PackedKeys& packed = projected.packed[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
  const bool isMasked = showsMask(stage);
  const KeyRun needed = isMasked ? keptColumns(*run.mask, range) : KeyRun{range.c0, range.c1};
  const PanelRange panels = panelsOf(needed.begin, needed.end);
  const std::int64_t width = panels.width();
  scratch.resize(std::max(scratch.size(), static_cast<std::size_t>((range.r1 - range.r0) * width)));
  if (!panels.empty()) {
    const float scale = stage == Stage::dot ? 1.0f : run.rules.scale;
    score(projected.q[h], range.r0, range.r1, packed, panels, scale, scratch.data(), width);
  }
  for (std::int64_t i = range.r0; i < range.r1; ++i) {
    const float* scores = scratch.data() + (i - range.r0) * width - panels.firstKey();
    float* values = target.row(i - range.r0);
    std::uint8_t* classes = target.classRow(i - range.r0);
    const std::int64_t count = range.c1 - range.c0;
    if (!isMasked) {
      std::copy(scores + range.c0, scores + range.c1, values);
      if (classes != nullptr) std::fill_n(classes, count, kValue);
      continue;
    }
    const std::span<const KeyRun> runs = run.mask->runs(i);
    const bool weighs = stage == Stage::weights;
    if (weighs && runs.empty()) {
      const EmptyRow policy = run.rules.emptyRow;
      fill(values, classes, count, emptyRowWeight(policy, run.sizes.keys),
           policy == EmptyRow::zeros ? kMasked : kValue);
      continue;
    }
    fill(values, classes, count, weighs ? 0.0f : -kInfinity, kMasked);
    forEachInside(runs, range.c0, range.c1, [&](std::int64_t begin, std::int64_t end) {
      float* into = values + (begin - range.c0);
      if (classes != nullptr) std::fill(classes + (begin - range.c0), classes + (end - range.c0), kValue);
      if (weighs) {
        run.rules.normalizer->weigh(scores + begin, end - begin, run.rules.temperature,
                                    run.statistics->heads[h].rows[static_cast<std::size_t>(i)], into);
      } else {
        std::copy(scores + begin, scores + end, into);
      }
    });
  }
}

}  // namespace

void mapBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target) {
  AlignedFloats scratch;
  forEachPiece(range, [&](const BlockRange& piece) {
    const std::int64_t at = (piece.r0 - range.r0) * target.stride + (piece.c0 - range.c0);
    mapPiece(run, stage, head, piece, target.from(at), scratch);
  });
}

}  // namespace headlight
