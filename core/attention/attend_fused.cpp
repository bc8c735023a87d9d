#include "core/attention/attend_fused.h"

#include <algorithm>
#include <cmath>

#include "core/attention/fused_rows.h"
#include "core/attention/kernels/softmax_row.h"
#include "core/attention/mask/runs.h"
#include "core/attention/score.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// ∞ and NaN of V, which the kernel has met as 0, for the rows that keep their keys.
void mixOddKeys(const std::vector<std::int64_t>& oddKeys, const Matrix& values, const FusedInput& in,
                FusedBlock& block) {
  for (const std::int64_t key : oddKeys) {
    if (key < block.firstKey || key >= block.firstKey + chunkKeys(in.keyCount)) continue;
    for (std::size_t r = 0; r < in.kept.size(); ++r) {
      const KeyRun* run = runBehind(in.kept[r], key);
      if (run == in.kept[r].data() + in.kept[r].size() || run->begin > key) continue;
      const auto row = static_cast<std::int64_t>(r);
      const float e = block.scores[static_cast<std::size_t>(row * block.stride + key - block.firstKey)];
      float* mixed = block.mixed.data() + row * in.valueWidth;
      for (std::int64_t c = 0; c < values.cols(); ++c) {
        if (!std::isfinite(values(key, c))) mixed[c] += e * values(key, c);
      }
    }
  }
}

/// Only finite scores, at least one, and sums that have not underflown beside a sink.
bool isOrdinary(const SoftmaxRow& row) {
  return std::isfinite(row.sum) && row.sum > 1e-20 && std::isfinite(row.smallest) &&
         std::isfinite(row.largest);
}

RowNumbers numbersOf(const SoftmaxRow& row, float sink, float temperature, std::int64_t kept) {
  const double tau = static_cast<double>(temperature);
  const double reference = static_cast<double>(row.reference) / tau;
  const double logSum = std::log(row.sum);
  double total = row.sum;
  if (sink != -kInfinity) total += std::exp(static_cast<double>(sink) - reference);
  // H = −Σ a ln a = ln l − Σ e (z − max z) ÷ l; a one-hot row may come out as −0.
  const double entropy = logSum - row.weighted / row.sum;
  RowNumbers numbers{};
  numbers.maximum = row.largest;
  numbers.minimum = row.smallest;
  numbers.sum = static_cast<float>(total);
  numbers.lse = static_cast<float>(reference + logSum);
  numbers.entropy = static_cast<float>(entropy < 0 ? 0.0 : entropy + 0.0);
  numbers.effectiveKeys = std::exp(numbers.entropy);
  float largest = 1;
  if (row.largest != row.reference) largest = std::exp((row.largest - row.reference) / temperature);
  numbers.largestWeight = largest / numbers.sum;
  numbers.weightSum = static_cast<float>(row.sum / static_cast<double>(numbers.sum));
  numbers.keptKeys = static_cast<std::int32_t>(kept);
  return numbers;
}

/// The weights of a row whose e_j all stand in the block.
void writeWeights(const FusedBlock& block, std::int64_t row, float sum, std::int64_t keys,
                  bool droppedAreZero, float* weights) {
  const std::vector<PanelRun>& runs = block.runsOf(row);
  dividePanels(block.scores.data() + row * block.stride, runs.data(), static_cast<std::int64_t>(runs.size()),
               sum, keys, weights);
  if (droppedAreZero) return;
  std::int64_t at = 0;
  for (const PanelRun& run : runs) {
    std::fill(weights + at, weights + run.begin * kPanelWidth, 0.0f);
    at = std::min<std::int64_t>(run.end * kPanelWidth, keys);
  }
  std::fill(weights + at, weights + keys, 0.0f);
}

/// The weights of rows that are longer than a chunk, from their numbers.
void writeLongWeights(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                      const std::vector<RowNumbers>& numbers, const WeightRows& weights) {
  const RowSetting setting{input.rules.temperature, head};
  AlignedFloats scores(static_cast<std::size_t>((r1 - r0) * kLongRowChunk));
  for (std::int64_t i = r0; !weights.droppedAreZero && i < r1; ++i) {
    std::fill_n(weights.data + (i - r0) * weights.stride, input.sizes.keys, 0.0f);
  }
  for (std::int64_t first = 0; first < input.sizes.keys; first += kLongRowChunk) {
    KeyRun reach{input.sizes.keys, 0};
    for (std::int64_t i = r0; i < r1; ++i) {
      forEachInside(input.mask.runs(head, i), first, first + kLongRowChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      reach = {std::min(reach.begin, begin), std::max(reach.end, end)};
                    });
    }
    const PanelRange panels = panelsOf(reach.begin, reach.end);
    scoreBlock({input.projected, input.sizes, input.rules, nullptr}, Stage::biased, head, r0, r1, panels,
               scores.data(), kLongRowChunk);
    for (std::int64_t i = r0; i < r1; ++i) {
      const float* row = scores.data() + (i - r0) * kLongRowChunk - panels.firstKey();
      forEachInside(input.mask.runs(head, i), first, first + kLongRowChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      input.rules.normalizer->weigh(row + begin, end - begin, setting,
                                                    numbers[static_cast<std::size_t>(i - r0)],
                                                    weights.data + (i - r0) * weights.stride + begin);
                    });
    }
  }
}

/// Adds a row's pixels as weights.
void addPixelsOf(const FusedBlock& block, std::int64_t row, float temperature, float sum, std::int64_t query,
                 PixelRows& pixels) {
  const float reference = block.rows[static_cast<std::size_t>(row)].reference;
  const auto rows = static_cast<std::int64_t>(block.rows.size());
  const std::int64_t into = (query - pixels.firstQuery) / pixels.side * pixels.cols;
  for (std::int64_t chunk = block.firstChunk; chunk < block.endChunk; ++chunk) {
    const float at = block.chunkReferences[static_cast<std::size_t>(row * block.chunks + chunk)];
    // Chunks before the first kept key have collected nothing, by no reference.
    if (at == -kInfinity) continue;
    const float factor = (at == reference ? 1.0f : std::exp((at - reference) / temperature)) / sum;
    const std::int64_t first = chunk * block.chunkPixels;
    const std::int64_t count = std::min(block.chunkPixels, pixels.cols - first);
    const std::int64_t from = (chunk * rows + row) * block.chunkPixels;
    addPixels(block.pixelSums.data() + from, block.pixelLargest.data() + from, count, factor,
              pixels.sums.data() + into + first, pixels.largest.data() + into + first);
  }
}

}  // namespace

bool canFuse(const RowsInput& input) {
  const Mistake& mistake = input.rules.mistake;
  const bool asMeant = !mistake.overQueries && mistake.maskAs == Mistake::MaskAs::minusInfinity &&
                       !mistake.plainSum && !mistake.keepsMaximum;
  return asMeant && input.maps == nullptr && input.rules.normalizer->sinkLogit(0).has_value();
}

RowsExtremes fusedAttendRows(const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
                             RowNumbers* measured, Matrix* mixed, const WeightRows* weights,
                             PixelRows* pixels, std::vector<std::int64_t>& left) {
  const auto h = static_cast<std::size_t>(head);
  const auto kvHead = static_cast<std::size_t>(input.sizes.kvHeadOf(head));
  const Rules& rules = input.rules;
  const float sink = *rules.normalizer->sinkLogit(head);
  thread_local FusedBlock block;
  std::vector<std::span<const KeyRun>> kept;
  for (std::int64_t i = r0; i < r1; ++i) kept.push_back(input.mask.runs(head, i));

  FusedInput in;
  in.queries = input.projected.q[h].row(r0);
  in.keys = input.projected.packed[kvHead].panels.data();
  in.depth = input.sizes.dK;
  in.keyCount = input.sizes.keys;
  in.scale = rules.scale;
  in.temperature = rules.temperature;
  in.reference = softmaxReference(-kInfinity, rules.temperature, sink);
  in.kept = kept;
  if (rules.modifies()) {
    in.bias = [&](std::int64_t row, std::int64_t firstKey, std::int64_t count, float* scores) {
      modifyScores(rules, head, r0 + row, firstKey, firstKey + count, scores);
    };
  }
  if (pixels != nullptr) in.panelsPerPixel = pixels->side / kPanelWidth;
  if (mixed != nullptr) {
    const Matrix& values = input.projected.v[kvHead];
    const MixValues& mixing = input.projected.mixing[kvHead];
    in.values = mixing.of(values);
    in.valueWidth = mixing.width;
    if (!mixing.oddKeys.empty()) in.eachChunk = [&] { mixOddKeys(mixing.oddKeys, values, in, block); };
  }
  fusedRows(in, block);

  const bool whole = input.sizes.keys <= kWholeRow;
  std::vector<RowNumbers> numbers(static_cast<std::size_t>(r1 - r0));
  RowsExtremes extremes;
  for (std::int64_t i = r0; i < r1; ++i) {
    const SoftmaxRow& row = block.rows[static_cast<std::size_t>(i - r0)];
    RowNumbers& number = numbers[static_cast<std::size_t>(i - r0)];
    if (!isOrdinary(row)) {
      left.push_back(i);
      continue;
    }
    std::int64_t count = 0;
    for (const KeyRun& run : kept[static_cast<std::size_t>(i - r0)]) count += run.end - run.begin;
    number = numbersOf(row, sink, rules.temperature, count);
    if (measured != nullptr) {
      measured[i - r0] = number;
      addScores(row.smallest, row.largest, extremes);
      addWeights(number, rules.normalizer->sumsToOne(), extremes);
    }
    if (mixed != nullptr) {
      divideRow(block.mixed.data() + (i - r0) * in.valueWidth, mixed->cols(), number.sum, mixed->row(i));
    }
    if (pixels != nullptr) {
      addPixelsOf(block, i - r0, rules.temperature, number.sum, i, *pixels);
    }
    if (weights != nullptr && whole) {
      writeWeights(block, i - r0, number.sum, input.sizes.keys, weights->droppedAreZero,
                   weights->data + (i - r0) * weights->stride);
    }
  }
  if (weights != nullptr && !whole) writeLongWeights(input, head, r0, r1, numbers, *weights);
  return extremes;
}

}  // namespace headlight
