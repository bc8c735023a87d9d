#include "core/attention/attend_heads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>

#include "core/attention/attend_fused.h"
#include "core/attention/attend_rows.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

/// The ranges of a head from those of its blocks.
void addUp(std::span<const RowsExtremes> parts, HeadStatistics& head, double& rowSumError) {
  RowsExtremes all;
  for (const RowsExtremes& part : parts) addExtremes(part, all);
  head.largestWeight = all.largestWeight;
  head.smallestScore = all.smallestScore;
  head.largestScore = all.largestScore;
  if (std::isnan(all.rowSumError) || all.rowSumError > rowSumError) rowSumError = all.rowSumError;
}

/// Rows of a pass that makes overviews: whole rows of pixels, or an even part of one.
constexpr std::int64_t kOverviewRows = 64;

void setPixels(Overviews& overviews, const Run& run, int head, const PixelRows& pixels) {
  std::vector<double> sums(static_cast<std::size_t>(pixels.cols));
  std::vector<std::int64_t> scratch;
  const auto rows = static_cast<std::int64_t>(pixels.sums.size()) / pixels.cols;
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* row = pixels.sums.data() + r * pixels.cols;
    std::copy(row, row + pixels.cols, sums.begin());
    setPixelRow(overviews, run, head, pixels.firstQuery / pixels.side + r,
                pixels.largest.data() + r * pixels.cols, sums.data(), scratch);
  }
}

/// Tells how far the overviews of a pass are.
class Sights {
 public:
  Sights(std::shared_ptr<const Overviews> overviews, const OverviewSight& sight)
      : overviews_(std::move(overviews)),
        sight_(sight),
        made_(overviews_->heads.size() * static_cast<std::size_t>(overviews_->grid.rows)) {}

  /// Rows of pixels [first, last) of a head are made.
  void add(std::int64_t head, std::int64_t first, std::int64_t last) {
    const std::int64_t rows = overviews_->grid.rows;
    for (std::int64_t r = first; r < std::min(last, rows); ++r)
      made_[static_cast<std::size_t>(head * rows + r)].store(1, std::memory_order_release);
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || Clock::now() < next_) return;
    auto told = std::make_shared<OverviewRows>();
    told->made.reserve(made_.size());
    for (const auto& row : made_) {
      told->made.push_back(row.load(std::memory_order_acquire));
      told->count += told->made.back();
    }
    sight_.show(overviews_, std::move(told));
    next_ = soon();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point soon() const {
    return Clock::now() +
           std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(sight_.seconds));
  }

  std::shared_ptr<const Overviews> overviews_;
  const OverviewSight& sight_;
  std::vector<std::atomic<std::uint8_t>> made_;
  std::mutex mutex_;
  Clock::time_point next_ = soon();
};

}  // namespace

bool attendHeads(Run& run, const HeadsWanted& wanted, ThreadPool& pool, const Cancel& cancel,
                 const std::function<void(double)>& progress) {
  const Sizes& s = run.sizes;
  const RowsInput input = rowsInput(run);
  const bool fused = canFuse(input);
  std::shared_ptr<Overviews> overviews;
  if (wanted.overviews && fused) overviews = std::make_shared<Overviews>(makeOverviews(run));
  const std::int64_t together = overviews ? kOverviewRows : rowsTogether(input);
  // The rows of a task: whole rows of pixels.
  const std::int64_t taskRows = overviews ? std::max(together, overviews->grid.side()) : together;
  const std::int64_t blocks = (s.queries + taskRows - 1) / taskRows;
  const auto heads = static_cast<std::size_t>(s.heads);
  auto statistics = std::make_shared<Statistics>();
  if (wanted.statistics) {
    statistics->heads.resize(heads);
    for (HeadStatistics& head : statistics->heads) head.rows.resize(static_cast<std::size_t>(s.queries));
  }
  auto mixed = std::make_shared<Heads>();
  for (std::size_t h = 0; wanted.mixed && h < heads; ++h) mixed->emplace_back(s.queries, s.dV);
  std::vector<RowsExtremes> extremes(static_cast<std::size_t>(s.heads * blocks));
  std::atomic<std::int64_t> done{0};
  std::optional<Sights> sights;
  if (overviews && wanted.sight) sights.emplace(overviews, wanted.sight);

  const auto task = [&](std::int64_t index) {
    const std::int64_t head = index / blocks;
    // The last rows first: with a causal mask they are the longest.
    const std::int64_t block = blocks - 1 - index % blocks;
    const std::int64_t first = block * taskRows;
    const std::int64_t last = std::min(first + taskRows, s.queries);
    const auto h = static_cast<std::size_t>(head);
    std::optional<PixelRows> pixels;
    if (overviews) pixels.emplace(overviews->grid.side(), first, last, s.keys);
    for (std::int64_t r0 = first; r0 < last && !cancel.requested(); r0 += together) {
      const std::int64_t r1 = std::min(r0 + together, last);
      RowNumbers* measured = wanted.statistics ? statistics->heads[h].rows.data() + r0 : nullptr;
      const RowNumbers* known = wanted.statistics ? nullptr : run.statistics->heads[h].rows.data() + r0;
      WeightRows weights;
      if (wanted.weights) {
        weights = {wanted.weights.data + head * wanted.weights.headStride + r0 * wanted.weights.rowStride,
                   wanted.weights.rowStride, wanted.weights.droppedAreZero};
      }
      addExtremes(attendRows(input, static_cast<int>(head), r0, r1, measured, known,
                             wanted.mixed ? &(*mixed)[h] : nullptr, wanted.weights ? &weights : nullptr,
                             pixels ? &*pixels : nullptr),
                  extremes[static_cast<std::size_t>(head * blocks + block)]);
    }
    // Of a task that was stopped, rows are missing.
    if (pixels && !cancel.requested()) {
      const OverviewGrid& grid = overviews->grid;
      setPixels(*overviews, run, static_cast<int>(head), *pixels);
      if (sights) sights->add(head, first / grid.side(), (last + grid.side() - 1) / grid.side());
    }
    if (progress) {
      const std::int64_t count = done.fetch_add(1, std::memory_order_relaxed) + 1;
      progress(static_cast<double>(count) / static_cast<double>(s.heads * blocks));
    }
  };
  const auto cells = static_cast<double>(run.mask->keptCells());
  const double flop =
      cells * (2.0 * static_cast<double>(s.dK) + (wanted.mixed ? 2.0 * static_cast<double>(s.dV) : 0) + 20);
  if (!forEachTask(pool, flop, s.heads * blocks, task, cancel)) return false;
  // A task that has begun may have left out rows.
  if (cancel.requested()) return false;

  if (overviews) run.overviews.value = std::move(overviews);
  if (wanted.mixed) run.mixed.value = std::move(mixed);
  if (!wanted.statistics) return true;
  const auto count = static_cast<std::size_t>(blocks);
  for (std::size_t h = 0; h < heads; ++h) {
    addUp(std::span(extremes).subspan(h * count, count), statistics->heads[h], statistics->rowSumError);
  }
  run.statistics.value = std::move(statistics);
  return true;
}

}  // namespace headlight
