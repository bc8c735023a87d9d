#include "core/attention/over_queries.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/attend_rows.h"
#include "core/attention/field_blocks.h"
#include "core/attention/mask/runs.h"
#include "core/attention/mix.h"
#include "core/attention/normalize/empty_row.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/attention/score.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::int64_t kColumns = 256;

/// Scores of a few rows and keys of a head, dropped pairs as the mistakes have them.
class ScoreRows {
 public:
  explicit ScoreRows(const RowsInput& input) : input_(input), everything_{0, input.sizes.keys} {}

  /// Rows [r0, r1), keys [c0, c1).
  void make(int head, std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1) {
    const PanelRange panels = panelsOf(c0, c1);
    firstRow_ = r0;
    firstKey_ = panels.firstKey();
    stride_ = panels.width() + 16;
    block_.resize(std::max(block_.size(), static_cast<std::size_t>((r1 - r0) * stride_)));
    scoreBlock({input_.projected, input_.sizes, input_.rules, input_.maps}, Stage::biased, head, r0, r1,
               panels, block_.data(), stride_);
    if (input_.rules.mistake.maskAs != Mistake::MaskAs::zeroScore) return;
    for (std::int64_t i = r0; i < r1; ++i) drop(head, i, c0, c1);
  }
  /// Dropped keys of [c0, c1) become 0: scores, or weights in their place.
  void drop(int head, std::int64_t query, std::int64_t c0, std::int64_t c1) {
    const KeyRun range{c0, c1};
    for (const KeyRun& run : difference({&range, 1}, input_.mask.runs(head, query))) {
      std::fill(row(query) + run.begin, row(query) + run.end, 0.0f);
    }
  }
  /// The keys that take part in row `query`.
  std::span<const KeyRun> runs(int head, std::int64_t query) const {
    return normalizedRuns(input_, head, query, everything_);
  }
  /// Key j stands at row[j].
  float* row(std::int64_t query) { return block_.data() + (query - firstRow_) * stride_ - firstKey_; }
  const float* block() const { return block_.data(); }
  std::int64_t stride() const { return stride_; }
  std::int64_t firstKey() const { return firstKey_; }
  const KeyRun& everything() const { return everything_; }

 private:
  const RowsInput& input_;
  KeyRun everything_;
  AlignedFloats block_;
  std::int64_t firstRow_ = 0;
  std::int64_t firstKey_ = 0;
  std::int64_t stride_ = 0;
};

/// Largest score and sum of exponentials of keys [c0, c1), rows from above, by the running maximum.
void measureColumns(const RowsInput& input, int head, std::int64_t c0, std::int64_t c1,
                    std::vector<HeadStatistics::Column>& columns) {
  const Rules& rules = input.rules;
  const auto width = static_cast<std::size_t>(c1 - c0);
  // Without subtracting the maximum, its place is taken by 0.
  std::vector<float> largest(width, rules.mistake.keepsMaximum ? 0.0f : -kInfinity);
  std::vector<double> sums(width, 0.0);
  ScoreRows scores(input);
  for (std::int64_t r0 = 0; r0 < input.sizes.queries; r0 += kBlockRows) {
    const std::int64_t r1 = std::min(r0 + kBlockRows, input.sizes.queries);
    scores.make(head, r0, r1, c0, c1);
    for (std::int64_t i = r0; i < r1; ++i) {
      const float* row = scores.row(i);
      forEachInside(scores.runs(head, i), c0, c1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t j = begin; j < end; ++j) {
          const auto c = static_cast<std::size_t>(j - c0);
          if (row[j] > largest[c] && !rules.mistake.keepsMaximum) {
            const float change = (largest[c] - row[j]) / rules.temperature;
            if (sums[c] != 0) sums[c] *= std::exp(static_cast<double>(change));
            largest[c] = row[j];
          }
          sums[c] += static_cast<double>(std::exp((row[j] - largest[c]) / rules.temperature));
        }
      });
    }
  }
  for (std::size_t c = 0; c < width; ++c) {
    columns[static_cast<std::size_t>(c0) + c] = {largest[c], static_cast<float>(sums[c])};
  }
}

/// The numbers of a row from its scores and, in their place afterwards, its weights.
RowNumbers measureRow(const Run& run, int head, std::int64_t query, ScoreRows& scores) {
  thread_local std::vector<float> gathered;
  const auto gather = [&] {
    gathered.clear();
    for (const KeyRun& keys : scores.runs(head, query)) {
      gathered.insert(gathered.end(), scores.row(query) + keys.begin, scores.row(query) + keys.end);
    }
    return static_cast<std::int64_t>(gathered.size());
  };
  const std::int64_t count = gather();
  RowNumbers row = scoreNumbers(gathered.data(), count, run.rules.temperature);
  for (const KeyRun& keys : scores.runs(head, query)) {
    float* at = scores.row(query) + keys.begin;
    columnWeights(run, head, keys.begin, keys.end, at, at);
  }
  if (run.rules.mistake.maskAs == Mistake::MaskAs::zeroWeight) {
    scores.drop(head, query, 0, run.sizes.keys);
  }
  gather();
  addWeightNumbers(gathered.data(), count, row);
  return row;
}

/// Rows [r0, r1): their numbers, outputs and weights, where there is a place for them.
void weighRows(const Run& run, const RowsInput& input, int head, std::int64_t r0, std::int64_t r1,
               RowNumbers* numbers, Matrix* mixed, const WeightRows& weights) {
  const Sizes& s = run.sizes;
  ScoreRows scores(input);
  scores.make(head, r0, r1, 0, s.keys);
  std::vector<std::span<const KeyRun>> mixedRuns;
  for (std::int64_t i = r0; i < r1; ++i) {
    std::span<const KeyRun> runs = scores.runs(head, i);
    RowNumbers row{};
    if (!runs.empty()) {
      row = measureRow(run, head, i, scores);
    } else {
      row = emptyRowNumbers(run.rules.emptyRow, s.keys);
      if (run.rules.emptyRow != EmptyRow::zeros) {
        std::fill_n(scores.row(i), s.keys, emptyRowWeight(run.rules.emptyRow, s.keys));
        runs = {&scores.everything(), 1};
      }
    }
    if (numbers != nullptr) numbers[i - r0] = row;
    if (weights.data != nullptr) {
      float* out = weights.data + (i - r0) * weights.stride;
      std::fill_n(out, s.keys, 0.0f);
      for (const KeyRun& keys : runs)
        std::copy(scores.row(i) + keys.begin, scores.row(i) + keys.end, out + keys.begin);
    }
    mixedRuns.push_back(runs);
  }
  if (mixed == nullptr) return;
  const auto kvHead = static_cast<std::size_t>(s.kvHeadOf(head));
  mix(scores.block(), scores.stride(), scores.firstKey(), mixedRuns, input.projected.v[kvHead], *mixed, r0);
}

/// The head's ranges over its rows.
void summarize(HeadStatistics& head) {
  bool any = false;
  for (const RowNumbers& row : head.rows) {
    head.largestWeight = std::max(head.largestWeight, row.largestWeight);
    if (row.keptKeys == 0 || !std::isfinite(row.minimum) || !std::isfinite(row.maximum)) continue;
    head.smallestScore = any ? std::min(head.smallestScore, row.minimum) : row.minimum;
    head.largestScore = any ? std::max(head.largestScore, row.maximum) : row.maximum;
    any = true;
  }
}

}  // namespace

bool weighsOverQueries(const Run& run) {
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  return run.rules.mistake.overQueries && !given;
}

void columnWeights(const Run& run, int head, std::int64_t begin, std::int64_t end, const float* scores,
                   float* weights) {
  const HeadStatistics::Column* columns =
      run.statistics->heads[static_cast<std::size_t>(head)].columns.data() + begin;
  const float temperature = run.rules.temperature;
  for (std::int64_t j = 0; j < end - begin; ++j) {
    weights[j] = std::exp((scores[j] - columns[j].maximum) / temperature) / columns[j].sum;
  }
}

bool attendOverQueries(Run& run, const HeadsWanted& wanted, ThreadPool& pool, const Cancel& cancel) {
  const Sizes& s = run.sizes;
  const auto heads = static_cast<std::size_t>(s.heads);
  const RowsInput input = rowsInput(run);
  const double flop =
      static_cast<double>(s.heads) * static_cast<double>(s.queries) * static_cast<double>(s.keys) *
      (2.0 * static_cast<double>(s.dK) + (wanted.mixed ? 2.0 * static_cast<double>(s.dV) : 0) + 40);
  std::shared_ptr<Statistics> statistics;
  if (wanted.statistics) {
    statistics = std::make_shared<Statistics>();
    statistics->heads.resize(heads);
    for (HeadStatistics& head : statistics->heads) {
      head.rows.resize(static_cast<std::size_t>(s.queries));
      head.columns.resize(static_cast<std::size_t>(s.keys));
    }
    const std::int64_t blocks = (s.keys + kColumns - 1) / kColumns;
    const auto columns = [&](std::int64_t index) {
      const auto head = static_cast<int>(index / blocks);
      const std::int64_t c0 = index % blocks * kColumns;
      measureColumns(input, head, c0, std::min(c0 + kColumns, s.keys),
                     statistics->heads[static_cast<std::size_t>(head)].columns);
    };
    if (!forEachTask(pool, flop, s.heads * blocks, columns, cancel)) return false;
    run.statistics.value = statistics;
  }
  auto mixed = std::make_shared<Heads>();
  if (wanted.mixed) mixed->assign(heads, Matrix(s.queries, s.dV));
  const std::int64_t together = rowsTogether(input);
  const std::int64_t blocks = (s.queries + together - 1) / together;
  const auto rows = [&](std::int64_t index) {
    const auto head = static_cast<int>(index / blocks);
    const auto h = static_cast<std::size_t>(head);
    const std::int64_t r0 = index % blocks * together;
    RowNumbers* numbers = wanted.statistics ? statistics->heads[h].rows.data() + r0 : nullptr;
    WeightRows weights;
    if (wanted.weights) {
      weights.data = wanted.weights.data + head * wanted.weights.headStride + r0 * wanted.weights.rowStride;
      weights.stride = wanted.weights.rowStride;
    }
    weighRows(run, input, head, r0, std::min(r0 + together, s.queries), numbers,
              wanted.mixed ? &(*mixed)[h] : nullptr, weights);
  };
  if (!forEachTask(pool, flop, s.heads * blocks, rows, cancel)) return false;
  if (wanted.mixed) run.mixed.value = std::move(mixed);
  if (wanted.statistics) {
    for (HeadStatistics& head : statistics->heads) summarize(head);
  }
  return true;
}

}  // namespace headlight
