#include "core/attention/field_kept.h"

#include <algorithm>

#include "core/attention/field.h"
#include "core/attention/mask/runs.h"

namespace headlight {
namespace {

/// Keys in any of the lists.
void joinRuns(std::vector<KeyRun>& runs) {
  std::sort(runs.begin(), runs.end(), [](const KeyRun& a, const KeyRun& b) { return a.begin < b.begin; });
  std::size_t count = 0;
  for (const KeyRun& run : runs) {
    if (count > 0 && run.begin <= runs[count - 1].end) {
      runs[count - 1].end = std::max(runs[count - 1].end, run.end);
    } else {
      runs[count++] = run;
    }
  }
  runs.resize(count);
}

/// Whether masked cells of the stage are those that the mask drops.
bool followsMask(const Run& run, Stage stage) {
  if (!showsMask(stage)) return false;
  const Mistake::MaskAs maskAs = run.rules.mistake.maskAs;
  if (stage == Stage::gradScores) return true;
  if (stage == Stage::masked) return maskAs == Mistake::MaskAs::minusInfinity;
  if (maskAs == Mistake::MaskAs::zeroWeight) return true;
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  return !given && maskAs == Mistake::MaskAs::minusInfinity;
}

}  // namespace

KeptCells::KeptCells(const Run& run, Stage stage, int head, std::int64_t cols)
    : run_(run), everything_{0, cols} {
  if (!followsMask(run, stage) || run.mask->keepsAll()) return;
  mask_ = run.mask.value.get();
  head_ = std::max(head, 0);
  joins_ = head == kMeanHead && mask_->perHead() && run.sizes.heads > 1;
  emptyRowsKept_ = (stage == Stage::weights || stage == Stage::valueWeighted) &&
                   run.rules.emptyRow != EmptyRow::zeros &&
                   run.rules.mistake.maskAs == Mistake::MaskAs::minusInfinity;
}

std::span<const KeyRun> KeptCells::of(std::int64_t i, std::vector<KeyRun>& scratch) const {
  if (mask_ == nullptr) return {&everything_, 1};
  if (!joins_) {
    const std::span<const KeyRun> runs = mask_->runs(head_, i);
    if (runs.empty() && emptyRowsKept_) return {&everything_, 1};
    return runs;
  }
  scratch.clear();
  for (int head = 0; head < run_.sizes.heads; ++head) {
    const std::span<const KeyRun> runs = mask_->runs(head, i);
    if (runs.empty() && emptyRowsKept_) return {&everything_, 1};
    scratch.insert(scratch.end(), runs.begin(), runs.end());
  }
  joinRuns(scratch);
  return scratch;
}

std::span<const KeyRun> KeptCells::ofAllHeads(std::int64_t i, std::vector<KeyRun>& scratch) const {
  if (!joins_) return of(i, scratch);
  scratch.assign(1, everything_);
  for (int head = 0; head < run_.sizes.heads; ++head) {
    const std::span<const KeyRun> runs = mask_->runs(head, i);
    if (runs.empty() && emptyRowsKept_) continue;
    scratch = intersection(scratch, runs);
  }
  return scratch;
}

void countInPixels(std::span<const KeyRun> runs, int level, std::int64_t first,
                   std::span<std::int64_t> counts, std::span<std::int64_t> steps) {
  const std::int64_t side = std::int64_t{1} << level;
  const std::int64_t begin = first * side;
  const std::int64_t end = begin + static_cast<std::int64_t>(counts.size()) * side;
  forEachInside(runs, begin, end, [&](std::int64_t from, std::int64_t to) {
    from -= begin;
    to -= begin;
    const auto head = static_cast<std::size_t>(from >> level);
    const auto tail = static_cast<std::size_t>((to - 1) >> level);
    if (head == tail) {
      counts[head] += to - from;
      return;
    }
    counts[head] += static_cast<std::int64_t>(head + 1) * side - from;
    counts[tail] += to - static_cast<std::int64_t>(tail) * side;
    steps[head + 1] += side;
    steps[tail] -= side;
  });
}

void sumSteps(std::span<std::int64_t> counts, std::span<const std::int64_t> steps) {
  std::int64_t sum = 0;
  for (std::size_t p = 0; p < counts.size(); ++p) {
    sum += steps[p];
    counts[p] += sum;
  }
}

}  // namespace headlight
