#include "core/attention/attend_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/mix.h"
#include "core/attention/normalize/empty_row.h"
#include "core/attention/score.h"

namespace headlight {
namespace {

/// The kept scores of a row side by side: where they already stand when they are one run, else copied.
struct KeptScores {
  float* scores = nullptr;
  std::int64_t count = 0;
  bool copied = false;
};

KeptScores gather(float* row, std::int64_t firstKey, std::span<const KeyRun> runs, AlignedFloats& scratch) {
  if (runs.size() == 1) return {row + runs[0].begin - firstKey, runs[0].end - runs[0].begin, false};
  scratch.clear();
  for (const KeyRun& run : runs) {
    scratch.insert(scratch.end(), row + run.begin - firstKey, row + run.end - firstKey);
  }
  return {scratch.data(), static_cast<std::int64_t>(scratch.size()), true};
}

void scatter(const KeptScores& kept, float* row, std::int64_t firstKey, std::span<const KeyRun> runs) {
  if (!kept.copied) return;
  const float* from = kept.scores;
  for (const KeyRun& run : runs) {
    std::copy(from, from + (run.end - run.begin), row + run.begin - firstKey);
    from += run.end - run.begin;
  }
}

void addScores(const KeptScores& kept, const RowNumbers& row, RowsExtremes& extremes) {
  float smallest = row.minimum;
  float largest = row.maximum;
  if (!std::isfinite(smallest) || !std::isfinite(largest)) {
    smallest = std::numeric_limits<float>::infinity();
    largest = -smallest;
    for (std::int64_t j = 0; j < kept.count; ++j) {
      if (!std::isfinite(kept.scores[j])) continue;
      smallest = std::min(smallest, kept.scores[j]);
      largest = std::max(largest, kept.scores[j]);
    }
    if (smallest > largest) return;
  }
  extremes.smallestScore = extremes.anyScore ? std::min(extremes.smallestScore, smallest) : smallest;
  extremes.largestScore = extremes.anyScore ? std::max(extremes.largestScore, largest) : largest;
  extremes.anyScore = true;
}

void addWeights(const RowNumbers& row, bool sumsToOne, RowsExtremes& extremes) {
  if (row.largestWeight > extremes.largestWeight) extremes.largestWeight = row.largestWeight;
  if (!sumsToOne || row.keptKeys == 0) return;
  const double error = std::abs(static_cast<double>(row.weightSum) - 1.0);
  // A NaN row is an error that must be seen.
  if (std::isnan(error) || error > extremes.rowSumError) extremes.rowSumError = error;
}

/// The keys that any of the rows keeps.
KeyRun hull(const MaskPlan& mask, std::int64_t r0, std::int64_t r1) {
  KeyRun all{mask.keys(), 0};
  for (std::int64_t i = r0; i < r1; ++i) {
    const auto runs = mask.runs(i);
    if (runs.empty()) continue;
    all.begin = std::min(all.begin, runs.front().begin);
    all.end = std::max(all.end, runs.back().end);
  }
  return all;
}

}  // namespace

std::int64_t rowsTogether(const Sizes& sizes) {
  constexpr std::int64_t kScratch = std::int64_t{1} << 17;
  return std::clamp<std::int64_t>(kScratch / sizes.keys, 12, 48);
}

RowsExtremes attendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                        RowNumbers* measured, const RowNumbers* known, Matrix* mixed) {
  const auto& [projected, sizes, rules, mask] = input;
  const auto kvHead = static_cast<std::size_t>(sizes.kvHeadOf(head));
  const KeyRun everything{0, sizes.keys};
  const bool emptyRowsMix = rules.emptyRow != EmptyRow::zeros;
  KeyRun reach = hull(mask, r0, r1);
  // A row without keys has weights on all keys unless they are zeros.
  bool anyEmpty = false;
  for (std::int64_t i = r0; i < r1; ++i) anyEmpty = anyEmpty || mask.runs(i).empty();
  if (mixed != nullptr && anyEmpty && emptyRowsMix) reach = everything;

  const PanelRange panels = panelsOf(reach.begin, reach.end);
  const std::int64_t firstKey = panels.firstKey();
  // Sixteen floats more than the panels, against rows that share a cache set.
  const std::int64_t stride = panels.width() + 16;
  AlignedFloats block(static_cast<std::size_t>((r1 - r0) * stride));
  AlignedFloats scratch;
  if (!panels.empty()) {
    score(projected.q[static_cast<std::size_t>(head)], r0, r1, projected.packed[kvHead], panels, rules.scale,
          block.data(), stride);
  }
  RowsExtremes extremes;
  std::vector<std::span<const KeyRun>> mixedRuns;
  for (std::int64_t i = r0; i < r1; ++i) {
    float* row = block.data() + (i - r0) * stride;
    RowNumbers number = known != nullptr ? known[i] : RowNumbers{};
    std::span<const KeyRun> runs = mask.runs(i);
    if (runs.empty()) {
      if (measured != nullptr) number = emptyRowNumbers(rules.emptyRow, sizes.keys);
      if (mixed != nullptr && emptyRowsMix) {
        std::fill_n(row, sizes.keys, emptyRowWeight(rules.emptyRow, sizes.keys));
        runs = {&everything, 1};
      }
    } else {
      const KeptScores kept = gather(row, firstKey, runs, scratch);
      if (measured != nullptr) {
        number = rules.normalizer->measure(kept.scores, kept.count, rules.temperature);
        addScores(kept, number, extremes);
      }
      if (mixed != nullptr) {
        rules.normalizer->weigh(kept.scores, kept.count, rules.temperature, number, kept.scores);
        scatter(kept, row, firstKey, runs);
      }
    }
    if (measured != nullptr) {
      measured[i] = number;
      addWeights(number, rules.normalizer->sumsToOne(), extremes);
    }
    if (mixed != nullptr) mixedRuns.push_back(runs);
  }
  if (mixed != nullptr) {
    mix(block.data(), stride, firstKey, mixedRuns, projected.v[kvHead], *mixed, r0);
  }
  return extremes;
}

}  // namespace headlight
