#include "core/attention/attend_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/attend_fused.h"
#include "core/attention/mask/runs.h"
#include "core/attention/mix.h"
#include "core/attention/normalize/empty_row.h"
#include "core/attention/normalize/row_numbers.h"
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
  addScores(smallest, largest, extremes);
}

/// The weights of keys that take part, 0 for the others.
void copyWeights(const float* row, std::int64_t firstKey, std::span<const KeyRun> runs, std::int64_t keys,
                 float* weights) {
  std::fill_n(weights, keys, 0.0f);
  for (const KeyRun& run : runs) {
    std::copy(row + run.begin - firstKey, row + run.end - firstKey, weights + run.begin);
  }
}

/// The keys that any of the rows keeps.
KeyRun hull(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1, const KeyRun& everything) {
  KeyRun all{input.sizes.keys, 0};
  for (std::int64_t i = r0; i < r1; ++i) {
    const auto runs = normalizedRuns(input, head, i, everything);
    if (runs.empty()) continue;
    all.begin = std::min(all.begin, runs.front().begin);
    all.end = std::max(all.end, runs.back().end);
  }
  return all;
}

/// Sets what the mask drops of a row: by mistake dropped pairs may take part with the score 0, or only lose
/// their weight.
void fillDropped(const RowsInput& input, int head, std::int64_t query, std::int64_t firstKey, float* row) {
  const KeyRun everything{0, input.sizes.keys};
  for (const KeyRun& run : difference({&everything, 1}, input.mask.runs(head, query))) {
    std::fill(row + run.begin - firstKey, row + run.end - firstKey, 0.0f);
  }
}

/// The numbers of a row of weights that was made elsewhere.
RowNumbers givenRowNumbers(const float* weights, std::int64_t count) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  RowNumbers row{};
  row.maximum = kNan;
  row.minimum = kNan;
  row.lse = kNan;
  double sum = 0;
  row.largestWeight = weights[0];
  for (std::int64_t j = 0; j < count; ++j) {
    sum += static_cast<double>(weights[j]);
    if (weights[j] > row.largestWeight) row.largestWeight = weights[j];
  }
  double entropy = 0;
  for (std::int64_t j = 0; j < count; ++j) {
    const double share = static_cast<double>(weights[j]) / sum;
    if (weights[j] != 0) entropy -= share * std::log(share);
  }
  row.sum = 1;
  row.weightSum = static_cast<float>(sum);
  row.entropy = sum == 0 ? 0.0f : static_cast<float>(entropy < 0 ? 0.0 : entropy);
  row.effectiveKeys = sum == 0 ? 0.0f : std::exp(row.entropy);
  row.keptKeys = static_cast<std::int32_t>(count);
  return row;
}

/// Any normalizer, mistake or source: the kept scores side by side, a row at a time.
RowsExtremes plainAttendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                             RowNumbers* measured, const RowNumbers* known, Matrix* mixed,
                             const WeightRows* weights) {
  const bool weighs = mixed != nullptr || weights != nullptr;
  const auto& [projected, sizes, rules, mask, maps] = input;
  const auto kvHead = static_cast<std::size_t>(sizes.kvHeadOf(head));
  const KeyRun everything{0, sizes.keys};
  const bool given = maps != nullptr && maps->enters == Stage::weights;
  const bool emptyRowsMix = rules.emptyRow != EmptyRow::zeros;
  const RowSetting setting{rules.temperature, head};
  KeyRun reach = hull(input, head, r0, r1, everything);
  // A row without keys has weights on all keys unless they are zeros.
  bool anyEmpty = false;
  for (std::int64_t i = r0; i < r1; ++i) {
    anyEmpty = anyEmpty || normalizedRuns(input, head, i, everything).empty();
  }
  if (given || (weighs && anyEmpty && emptyRowsMix)) reach = everything;

  const PanelRange panels = panelsOf(reach.begin, reach.end);
  const std::int64_t firstKey = panels.firstKey();
  // Sixteen floats more than the panels, against rows that share a cache set.
  const std::int64_t stride = panels.width() + 16;
  AlignedFloats block(static_cast<std::size_t>((r1 - r0) * stride));
  AlignedFloats scratch;
  scoreBlock({projected, sizes, rules, maps}, given ? Stage::scaled : Stage::biased, head, r0, r1, panels,
             block.data(), stride);
  RowsExtremes extremes;
  std::vector<std::span<const KeyRun>> mixedRuns;
  for (std::int64_t i = r0; i < r1; ++i) {
    float* row = block.data() + (i - r0) * stride;
    RowNumbers number = known != nullptr ? known[i - r0] : RowNumbers{};
    std::span<const KeyRun> runs = normalizedRuns(input, head, i, everything);
    if (given) {
      if (measured != nullptr) number = givenRowNumbers(row, sizes.keys);
      runs = {&everything, 1};
    } else if (runs.empty()) {
      if (measured != nullptr) number = emptyRowNumbers(rules.emptyRow, sizes.keys);
      if (weighs && emptyRowsMix) {
        std::fill_n(row, sizes.keys, emptyRowWeight(rules.emptyRow, sizes.keys));
        runs = {&everything, 1};
      }
    } else {
      if (rules.mistake.maskAs == Mistake::MaskAs::zeroScore) fillDropped(input, head, i, firstKey, row);
      const KeptScores kept = gather(row, firstKey, runs, scratch);
      if (measured != nullptr) {
        number = rules.normalizer->measure(kept.scores, kept.count, setting);
        addScores(kept, number, extremes);
      }
      const bool zeroWeight = rules.mistake.maskAs == Mistake::MaskAs::zeroWeight;
      if (weighs || zeroWeight) {
        rules.normalizer->weigh(kept.scores, kept.count, setting, number, kept.scores);
        scatter(kept, row, firstKey, runs);
        if (zeroWeight) fillDropped(input, head, i, firstKey, row);
        if (zeroWeight && measured != nullptr) addWeightNumbers(row, sizes.keys, number);
      }
    }
    if (measured != nullptr) {
      measured[i - r0] = number;
      addWeights(number, given || rules.normalizer->sumsToOne(), extremes);
    }
    if (weights != nullptr) {
      const std::span<const KeyRun> all{&everything, 1};
      copyWeights(row, firstKey, given ? all : runs, sizes.keys, weights->data + (i - r0) * weights->stride);
    }
    if (mixed != nullptr) mixedRuns.push_back(runs);
  }
  if (mixed != nullptr) {
    mix(block.data(), stride, firstKey, mixedRuns, projected.v[kvHead], *mixed, r0);
  }
  return extremes;
}

}  // namespace

RowsInput rowsInput(const Run& run) {
  const GivenMaps* maps = run.inputs.maps ? run.inputs.maps.value.get() : nullptr;
  return {*run.projected, run.sizes, run.rules, *run.mask, maps};
}

std::span<const KeyRun> normalizedRuns(const RowsInput& input, int head, std::int64_t query,
                                       const KeyRun& everything) {
  if (input.rules.mistake.maskAs != Mistake::MaskAs::minusInfinity) return {&everything, 1};
  return input.mask.runs(head, query);
}

std::int64_t rowsTogether(const RowsInput& input) {
  if (canFuse(input)) return 48;
  constexpr std::int64_t kScratch = std::int64_t{1} << 17;
  return std::clamp<std::int64_t>(kScratch / input.sizes.keys, 12, 48);
}

RowsExtremes attendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                        RowNumbers* measured, const RowNumbers* known, Matrix* mixed,
                        const WeightRows* weights, PixelRows* pixels) {
  if (!canFuse(input)) return plainAttendRows(input, head, r0, r1, measured, known, mixed, weights);
  std::vector<std::int64_t> left;
  RowsExtremes extremes = fusedAttendRows(input, head, r0, r1, measured, mixed, weights, pixels, left);
  AlignedFloats beside;
  for (const std::int64_t i : left) {
    const KeyRun everything{0, input.sizes.keys};
    WeightRows row;
    if (weights != nullptr) {
      row.data = weights->data + (i - r0) * weights->stride;
    } else if (pixels != nullptr) {
      beside.resize(static_cast<std::size_t>(input.sizes.keys));
      row.data = beside.data();
    }
    const RowsExtremes more = plainAttendRows(
        input, head, i, i + 1, measured == nullptr ? nullptr : measured + (i - r0),
        known == nullptr ? nullptr : known + (i - r0), mixed, row.data == nullptr ? nullptr : &row);
    addExtremes(more, extremes);
    if (pixels == nullptr) continue;
    const std::span<const KeyRun> runs = input.mask.runs(head, i);
    pixels->add(i, row.data, runs.empty() ? std::span<const KeyRun>(&everything, 1) : runs);
  }
  return extremes;
}

PixelRows::PixelRows(std::int64_t pixelSide, std::int64_t first, std::int64_t endQuery, std::int64_t keys)
    : side(pixelSide), firstQuery(first), cols((keys + pixelSide - 1) / pixelSide) {
  const std::int64_t rows = (endQuery - first + side - 1) / side;
  sums.assign(static_cast<std::size_t>(rows * cols), 0.0f);
  largest.assign(sums.size(), 0.0f);
}

void PixelRows::add(std::int64_t query, const float* weights, std::span<const KeyRun> runs) {
  const std::int64_t first = (query - firstQuery) / side * cols;
  for (const KeyRun& run : runs) {
    for (std::int64_t j = run.begin; j < run.end; ++j) {
      const auto pixel = static_cast<std::size_t>(first + j / side);
      sums[pixel] += weights[j];
      if (std::isnan(weights[j]) || weights[j] > largest[pixel]) largest[pixel] = weights[j];
    }
  }
}

void addWeights(const RowNumbers& row, bool sumsToOne, RowsExtremes& extremes) {
  if (row.largestWeight > extremes.largestWeight) extremes.largestWeight = row.largestWeight;
  if (!sumsToOne || row.keptKeys == 0) return;
  const double error = std::abs(static_cast<double>(row.weightSum) - 1.0);
  // A NaN row is an error that must be seen.
  if (std::isnan(error) || error > extremes.rowSumError) extremes.rowSumError = error;
}

void addScores(float smallest, float largest, RowsExtremes& extremes) {
  extremes.smallestScore = extremes.anyScore ? std::min(extremes.smallestScore, smallest) : smallest;
  extremes.largestScore = extremes.anyScore ? std::max(extremes.largestScore, largest) : largest;
  extremes.anyScore = true;
}

void addExtremes(const RowsExtremes& more, RowsExtremes& extremes) {
  extremes.largestWeight = std::max(extremes.largestWeight, more.largestWeight);
  if (std::isnan(more.rowSumError) || more.rowSumError > extremes.rowSumError) {
    extremes.rowSumError = more.rowSumError;
  }
  if (more.anyScore) addScores(more.smallestScore, more.largestScore, extremes);
}

void rowNumbers(const Run& run, int head, std::int64_t r0, std::int64_t r1, RowNumbers* out) {
  if (run.statistics) {
    const std::vector<RowNumbers>& rows = run.statistics->heads[static_cast<std::size_t>(head)].rows;
    std::copy(rows.begin() + r0, rows.begin() + r1, out);
    return;
  }
  const RowsInput input = rowsInput(run);
  const std::int64_t together = rowsTogether(input);
  for (std::int64_t r = r0; r < r1; r += together) {
    attendRows(input, head, r, std::min(r + together, r1), out + (r - r0), nullptr, nullptr);
  }
}

}  // namespace headlight
