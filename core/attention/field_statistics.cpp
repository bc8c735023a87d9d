#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "core/attention/field.h"
#include "core/attention/field_blocks.h"
#include "core/attention/field_kept.h"
#include "core/attention/field_summary.h"
#include "core/attention/work.h"
#include "core/base/random.h"

namespace headlight {
namespace {

constexpr std::int64_t kSampledCells = std::int64_t{1} << 20;

/// The cells of the keys that are left out.
class LeftOut {
 public:
  LeftOut(const Field& field, std::span<const std::int64_t> keys) {
    const StageInfo& stage = info(field.stage());
    down_ = stage.rows == Axis::key;
    if (!down_ && stage.cols != Axis::key) return;
    const std::int64_t count = down_ ? field.rows() : field.cols();
    for (const std::int64_t key : keys) {
      if (key < 0 || key >= count) continue;
      keys_.resize(static_cast<std::size_t>(count), 0);
      keys_[static_cast<std::size_t>(key)] = 1;
    }
  }
  bool any() const { return !keys_.empty(); }
  bool has(std::int64_t row, std::int64_t col) const {
    return any() && keys_[static_cast<std::size_t>(down_ ? row : col)] != 0;
  }

 private:
  bool down_ = false;  ///< keys run down, as in k and v
  std::vector<std::uint8_t> keys_;
};

/// A field in which what is left out looks masked.
class Remaining {
 public:
  Remaining(const Field& field, const LeftOut& leftOut) : field_(field), leftOut_(leftOut) {}
  std::int64_t rows() const { return field_.rows(); }
  std::int64_t cols() const { return field_.cols(); }
  void block(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
             std::uint8_t* classes, std::int64_t stride) const {
    field_.block(r0, r1, c0, c1, values, classes, stride);
    for (std::int64_t row = r0; row < r1; ++row) {
      for (std::int64_t col = c0; col < c1; ++col) {
        if (leftOut_.has(row, col))
          classes[(row - r0) * stride + col - c0] = static_cast<std::uint8_t>(CellClass::masked);
      }
    }
  }

 private:
  const Field& field_;
  const LeftOut& leftOut_;
};

bool allCells(const Field& field, const LeftOut& leftOut, ThreadPool& pool, const Cancel& cancel,
              FieldStatistics& statistics) {
  if (!leftOut.any()) return summarizeAll(field, cellWork(field), pool, cancel, statistics);
  return summarizeAll(Remaining(field, leftOut), cellWork(field), pool, cancel, statistics);
}

/// The cells of a field that are not masked in row-major order, found by their number.
class NumberedCells {
 public:
  explicit NumberedCells(const Field& field)
      : field_(field), kept_(field.run(), field.stage(), field.head(), field.cols()) {
    if (kept_.all()) {
      count_ = field.rows() * field.cols();
      return;
    }
    before_.reserve(static_cast<std::size_t>(field.rows()));
    for (std::int64_t i = 0; i < field.rows(); ++i) {
      before_.push_back(count_);
      for (const KeyRun& run : kept_.of(i, runs_)) count_ += run.end - run.begin;
    }
  }
  std::int64_t count() const { return count_; }
  std::pair<std::int64_t, std::int64_t> at(std::int64_t number) const {
    if (kept_.all()) return {number / field_.cols(), number % field_.cols()};
    const auto row = std::upper_bound(before_.begin(), before_.end(), number) - before_.begin() - 1;
    std::int64_t rest = number - before_[static_cast<std::size_t>(row)];
    std::vector<KeyRun> runs;
    for (const KeyRun& run : kept_.of(row, runs)) {
      if (rest < run.end - run.begin) return {row, run.begin + rest};
      rest -= run.end - run.begin;
    }
    return {row, 0};
  }

 private:
  const Field& field_;
  KeptCells kept_;
  std::int64_t count_ = 0;
  std::vector<std::int64_t> before_;
  std::vector<KeyRun> runs_;
};

/// A sample misses the largest weight; the pass over all scores did not.
void useKnownExtremes(const Field& field, FieldStatistics& statistics) {
  if (field.head() == kMeanHead || !field.run().statistics) return;
  const HeadStatistics& head = field.run().statistics->heads[static_cast<std::size_t>(field.head())];
  if (field.stage() == Stage::weights) statistics.maximum = std::max(statistics.maximum, head.largestWeight);
  if (field.stage() != Stage::masked) return;
  statistics.minimum = std::min(statistics.minimum, head.smallestScore);
  statistics.maximum = std::max(statistics.maximum, head.largestScore);
}

/// One cell in each of kSampledCells equal stretches of the kept cells, at a place in it that is always the
/// same.
bool sampledCells(const Field& field, const LeftOut& leftOut, ThreadPool& pool, const Cancel& cancel,
                  FieldStatistics& statistics) {
  constexpr std::int64_t kTasks = 1024;
  constexpr std::int64_t kCellsOfTask = kSampledCells / kTasks;
  const NumberedCells kept(field);
  AlignedFloats values(static_cast<std::size_t>(std::min(kSampledCells, kept.count())));
  std::vector<std::uint8_t> skipped(leftOut.any() ? values.size() : 0, 0);
  const auto taken = static_cast<std::int64_t>(values.size());
  const double stretch =
      static_cast<double>(kept.count()) / static_cast<double>(std::max<std::int64_t>(taken, 1));
  const auto task = [&](std::int64_t index) {
    for (std::int64_t n = index * kCellsOfTask; n < std::min(taken, (index + 1) * kCellsOfTask); ++n) {
      const double place =
          static_cast<double>(randomBits(0, {static_cast<std::uint64_t>(n), 0, 0, 0}) >> 11) * 0x1p-53;
      const auto number = static_cast<std::int64_t>((static_cast<double>(n) + place) * stretch);
      const auto [row, col] = kept.at(std::min(number, kept.count() - 1));
      values[static_cast<std::size_t>(n)] = field.cell(row, col);
      if (leftOut.has(row, col)) skipped[static_cast<std::size_t>(n)] = 1;
    }
  };
  if (!forEachTask(pool, cellWork(field) * static_cast<double>(taken), kTasks, task, cancel)) return false;
  CellCounts counts;
  std::size_t finite = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    const float value = values[n];
    if (leftOut.any() && skipped[n] != 0) continue;
    if (counts.add(value, static_cast<std::uint8_t>(CellClass::value))) values[finite++] = value;
  }
  values.resize(finite);
  counts.addTo(statistics);
  statistics.masked = field.rows() * field.cols() - kept.count();
  summarize(values, statistics);
  if (!leftOut.any()) useKnownExtremes(field, statistics);
  statistics.sampled = true;
  return true;
}

/// Whether every cell would need the numbers of its whole row to be computed first.
bool lacksRowNumbers(const Field& field) {
  return isMap(field.stage()) && field.stage() >= Stage::weights && !field.run().statistics;
}

/// All kept cells of a few rows, evenly spread.
bool sampledRows(const Field& field, const LeftOut& leftOut, ThreadPool& pool, const Cancel& cancel,
                 FieldStatistics& statistics) {
  constexpr std::int64_t kRows = 16;
  const std::int64_t cols = field.cols();
  std::vector<std::vector<float>> values(kRows);
  const auto task = [&](std::int64_t index) {
    const std::int64_t row = (2 * index + 1) * field.rows() / (2 * kRows);
    std::vector<float>& into = values[static_cast<std::size_t>(index)];
    into.resize(static_cast<std::size_t>(cols));
    std::vector<std::uint8_t> classes(into.size());
    field.row(row, into.data(), classes.data());
    std::size_t kept = 0;
    for (std::size_t j = 0; j < into.size(); ++j) {
      const bool counts = classes[j] != static_cast<std::uint8_t>(CellClass::masked) &&
                          !leftOut.has(row, static_cast<std::int64_t>(j));
      if (counts) into[kept++] = into[j];
    }
    into.resize(kept);
  };
  if (!forEachTask(pool, cellWork(field) * static_cast<double>(kRows * cols), kRows, task, cancel))
    return false;
  CellCounts counts;
  AlignedFloats finite;
  for (const std::vector<float>& row : values) {
    for (const float value : row) {
      if (counts.add(value, static_cast<std::uint8_t>(CellClass::value))) finite.push_back(value);
    }
  }
  counts.addTo(statistics);
  statistics.masked = field.rows() * field.cols() - NumberedCells(field).count();
  summarize(finite, statistics);
  statistics.sampled = true;
  return true;
}

}  // namespace

FieldStatistics Field::statistics(ThreadPool& pool, const Cancel& cancel,
                                  std::span<const std::int64_t> leaveOut) const {
  FieldStatistics statistics;
  const LeftOut leftOut(*this, leaveOut);
  const bool exact = rows_ <= kExactCells / std::max<std::int64_t>(cols_, 1);
  const auto count = exact ? allCells : lacksRowNumbers(*this) ? sampledRows : sampledCells;
  const bool done = count(*this, leftOut, pool, cancel, statistics);
  return done ? statistics : FieldStatistics{};
}

namespace {

/// The least and the largest of the finite values that are not masked.
struct Extremes {
  float least = std::numeric_limits<float>::infinity();
  float most = -std::numeric_limits<float>::infinity();

  void add(float value) {
    least = value < least ? value : least;
    most = value > most ? value : most;
  }
  /// `classes` may be null: nothing is masked.
  void add(std::span<const float> values, const std::uint8_t* classes) {
    constexpr std::size_t kLanes = 16;
    constexpr std::uint32_t kExponent = 0x7f800000u;
    const auto counts = [&](std::size_t n) {
      return (std::bit_cast<std::uint32_t>(values[n]) & kExponent) != kExponent &&
             (classes == nullptr || classes[n] != static_cast<std::uint8_t>(CellClass::masked));
    };
    std::array<float, kLanes> low;
    std::array<float, kLanes> high;
    low.fill(least);
    high.fill(most);
    std::size_t n = 0;
    for (; classes == nullptr && n + kLanes <= values.size(); n += kLanes) {
      std::uint32_t odd = 0;
      for (std::size_t k = 0; k < kLanes; ++k)
        odd |= (std::bit_cast<std::uint32_t>(values[n + k]) & kExponent) == kExponent ? 1u : 0u;
      if (odd != 0) {
        for (std::size_t k = n; k < n + kLanes; ++k) {
          if (counts(k)) add(values[k]);
        }
        continue;
      }
      for (std::size_t k = 0; k < kLanes; ++k) {
        low[k] = values[n + k] < low[k] ? values[n + k] : low[k];
        high[k] = values[n + k] > high[k] ? values[n + k] : high[k];
      }
    }
    for (; n < values.size(); ++n) {
      if (counts(n)) add(values[n]);
    }
    for (std::size_t k = 0; k < kLanes; ++k) {
      least = low[k] < least ? low[k] : least;
      most = high[k] > most ? high[k] : most;
    }
  }
};

}  // namespace

FieldStatistics Field::extremes(ThreadPool& pool, const Cancel& cancel) const {
  if (rows_ > kExactCells / std::max<std::int64_t>(cols_, 1)) return statistics(pool, cancel);
  const std::int64_t strips = (rows_ + kBlockRows - 1) / kBlockRows;
  std::vector<Extremes> found(static_cast<std::size_t>(strips));
  const auto task = [&](std::int64_t strip) {
    thread_local AlignedFloats values;
    thread_local std::vector<std::uint8_t> classes;
    const std::int64_t r0 = strip * kBlockRows;
    const std::int64_t r1 = std::min(r0 + kBlockRows, rows_);
    const auto size = static_cast<std::size_t>((r1 - r0) * cols_);
    if (values.size() < size) values.resize(size);
    if (isMap(stage_) && classes.size() < size) classes.resize(size);
    std::uint8_t* const kinds = isMap(stage_) ? classes.data() : nullptr;
    block(r0, r1, 0, cols_, values.data(), kinds, cols_);
    found[static_cast<std::size_t>(strip)].add({values.data(), size}, kinds);
  };
  const double flop = cellWork(*this) * static_cast<double>(rows_ * cols_);
  FieldStatistics statistics;
  if (!forEachTask(pool, flop, strips, task, cancel)) return statistics;
  Extremes all;
  for (const Extremes& one : found) {
    all.least = std::min(all.least, one.least);
    all.most = std::max(all.most, one.most);
  }
  if (all.least > all.most) return statistics;
  statistics.minimum = statistics.low = all.least;
  statistics.maximum = statistics.high = all.most;
  statistics.finite = 1;
  return statistics;
}

namespace {

/// Σ over queries per key from the block means of a head's overview: what the keys of a pixel receive
/// together, shared among them by how many queries keep each.
void addOverviewSums(const Run& run, int head, std::vector<double>& sums) {
  const Overviews& overviews = *run.overviews;
  const OverviewGrid& grid = overviews.grid;
  const HeadOverview& from = overviews.heads[static_cast<std::size_t>(head)];
  const KeptCells kept(run, Stage::weights, head, run.sizes.keys);
  std::vector<double> together(static_cast<std::size_t>(grid.cols), 0.0);
  std::vector<std::int64_t> counts(together.size());
  for (std::int64_t r = 0; r < grid.rows; ++r) {
    keptInPixels(run, head, grid, r, counts.data());
    for (std::size_t p = 0; p < together.size(); ++p) {
      if (counts[p] == 0) continue;
      const float mean = fromHalf(from.mean[static_cast<std::size_t>(r * grid.cols) + p]);
      together[p] += static_cast<double>(mean) * static_cast<double>(counts[p]);
    }
  }
  std::vector<std::int64_t> queries(sums.size(), 0);
  std::vector<std::int64_t> steps(sums.size() + 1, 0);
  std::vector<KeyRun> runs;
  for (std::int64_t i = 0; i < run.sizes.queries; ++i) {
    countInPixels(kept.of(i, runs), 0, 0, queries, steps);
  }
  sumSteps(queries, steps);
  const double factor = std::ldexp(1.0, -overviews.exponent);
  for (std::size_t p = 0; p < together.size(); ++p) {
    const std::size_t begin = p << grid.level;
    const std::size_t end = std::min(sums.size(), (p + 1) << grid.level);
    std::int64_t cells = 0;
    for (std::size_t j = begin; j < end; ++j) cells += queries[j];
    if (cells == 0) continue;
    const double each = together[p] * factor / static_cast<double>(cells);
    for (std::size_t j = begin; j < end; ++j) sums[j] += each * static_cast<double>(queries[j]);
  }
}

}  // namespace

bool Field::columnSumsAreSampled() const {
  return stage_ == Stage::weights && run_->overviews && !run_->overviewRows &&
         rows_ > kExactCells / std::max<std::int64_t>(cols_, 1);
}

std::vector<double> Field::columnSums(ThreadPool& pool, const Cancel& cancel) const {
  constexpr std::int64_t kColumns = 256;
  std::vector<double> sums(static_cast<std::size_t>(cols_), 0.0);
  if (columnSumsAreSampled()) {
    if (head_ != kMeanHead) {
      addOverviewSums(*run_, head_, sums);
      return sums;
    }
    for (int head = 0; head < run_->sizes.heads && !cancel.requested(); ++head) {
      addOverviewSums(*run_, head, sums);
    }
    for (double& sum : sums) sum /= run_->sizes.heads;
    return sums;
  }
  const auto task = [&](std::int64_t index) {
    const std::int64_t c0 = index * kColumns;
    const std::int64_t c1 = std::min(c0 + kColumns, cols_);
    const std::int64_t width = c1 - c0;
    std::vector<float> values(static_cast<std::size_t>(kBlockRows * width));
    std::vector<std::uint8_t> classes(values.size());
    for (std::int64_t r0 = 0; r0 < rows_ && !cancel.requested(); r0 += kBlockRows) {
      const std::int64_t r1 = std::min(r0 + kBlockRows, rows_);
      block(r0, r1, c0, c1, values.data(), classes.data(), width);
      for (std::int64_t n = 0; n < (r1 - r0) * width; ++n) {
        if (classes[static_cast<std::size_t>(n)] == static_cast<std::uint8_t>(CellClass::masked)) continue;
        sums[static_cast<std::size_t>(c0 + n % width)] +=
            static_cast<double>(values[static_cast<std::size_t>(n)]);
      }
    }
  };
  const double flop = cellWork(*this) * static_cast<double>(rows_) * static_cast<double>(cols_);
  if (!forEachTask(pool, flop, (cols_ + kColumns - 1) / kColumns, task, cancel) || cancel.requested())
    return {};
  return sums;
}

}  // namespace headlight
