#include "core/attention/overview.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>

#include "core/attention/field.h"
#include "core/attention/field_kept.h"
#include "core/attention/field_pool.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

constexpr std::int64_t kMostPixels = 2 * kOverviewSide * kOverviewSide;
constexpr std::uint16_t kNanHalf = 0x7e00;
constexpr std::uint16_t kLargestHalf = 0x7bff;

std::int64_t pixelsOf(std::int64_t cells, int level) {
  return (cells + (std::int64_t{1} << level) - 1) >> level;
}

}  // namespace

OverviewGrid overviewGrid(std::int64_t rows, std::int64_t cols, int heads) {
  OverviewGrid grid;
  for (grid.level = kOverviewLeastLevel; grid.level < 62; ++grid.level) {
    grid.rows = pixelsOf(rows, grid.level);
    grid.cols = pixelsOf(cols, grid.level);
    if (grid.rows > kOverviewSide || grid.cols > kOverviewSide) continue;
    if (grid.size() * heads <= kMostPixels || grid.size() == 1) break;
  }
  return grid;
}

int overviewExponent(const Run& run) {
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  const bool atMostOne = run.rules.normalizer->sumsToOne() || run.rules.normalizer->sinkLogit(0).has_value();
  return atMostOne && !given && !run.rules.mistake.any() ? 15 : 0;
}

Overviews makeOverviews(const Run& run) {
  Overviews overviews;
  overviews.grid = overviewGrid(run.sizes.queries, run.sizes.keys, run.sizes.heads);
  overviews.exponent = overviewExponent(run);
  overviews.heads.resize(static_cast<std::size_t>(run.sizes.heads));
  for (HeadOverview& head : overviews.heads) {
    head.maximum.assign(static_cast<std::size_t>(overviews.grid.size()), 0);
    head.mean.assign(static_cast<std::size_t>(overviews.grid.size()), 0);
  }
  return overviews;
}

void keptInPixels(const Run& run, int head, const OverviewGrid& grid, std::int64_t pixelRow,
                  std::int64_t* counts) {
  const KeptCells kept(run, Stage::weights, head, run.sizes.keys);
  const std::span<std::int64_t> into(counts, static_cast<std::size_t>(grid.cols));
  std::fill(into.begin(), into.end(), 0);
  std::vector<std::int64_t> steps(into.size() + 1, 0);
  std::vector<KeyRun> scratch;
  const std::int64_t r1 = std::min(run.sizes.queries, (pixelRow + 1) * grid.side());
  for (std::int64_t i = pixelRow * grid.side(); i < r1; ++i) {
    countInPixels(kept.of(i, scratch), grid.level, 0, into, steps);
  }
  sumSteps(into, steps);
}

void setPixelRow(Overviews& overviews, const Run& run, int head, std::int64_t pixelRow, const float* largest,
                 const double* sums, std::vector<std::int64_t>& scratch) {
  const OverviewGrid& grid = overviews.grid;
  scratch.resize(static_cast<std::size_t>(grid.cols));
  keptInPixels(run, head, grid, pixelRow, scratch.data());
  HeadOverview& into = overviews.heads[static_cast<std::size_t>(head)];
  std::uint16_t* maximum = into.maximum.data() + pixelRow * grid.cols;
  std::uint16_t* mean = into.mean.data() + pixelRow * grid.cols;
  const float lift = std::ldexp(1.0f, overviews.exponent);
  for (std::int64_t p = 0; p < grid.cols; ++p) {
    const std::int64_t count = scratch[static_cast<std::size_t>(p)];
    if (count == 0) {
      maximum[p] = mean[p] = 0;
    } else if (std::isnan(sums[p])) {
      maximum[p] = mean[p] = kNanHalf;
    } else {
      maximum[p] = toHalf(largest[p] * lift);
      mean[p] = toHalf(static_cast<float>(sums[p] / static_cast<double>(count)) * lift);
    }
  }
}

std::shared_ptr<const Overviews> overviewsOfCells(const std::shared_ptr<const Run>& run, ThreadPool& pool,
                                                  const Cancel& cancel,
                                                  const std::function<void(double)>& progress) {
  auto overviews = std::make_shared<Overviews>(makeOverviews(*run));
  const OverviewGrid& grid = overviews->grid;
  const float lift = std::ldexp(1.0f, overviews->exponent);
  const std::int64_t together = rowsPooled(grid.level);
  const std::int64_t blocks = (grid.rows + together - 1) / together;
  const std::int64_t tasks = blocks * run->sizes.heads;
  std::atomic<std::int64_t> done = 0;
  const auto task = [&](std::int64_t index) {
    const auto head = static_cast<int>(index / blocks);
    // The last rows first: with a causal mask they are the longest.
    const std::int64_t first = (blocks - 1 - index % blocks) * together;
    const auto field = Field::make(run, Stage::weights, head);
    const KeptCells kept(*run, Stage::weights, head, field->cols());
    thread_local PoolScratch scratch;
    thread_local std::vector<PooledRow> rows;
    rows.resize(static_cast<std::size_t>(std::min(together, grid.rows - first)));
    if (!poolRows(*field, kept, grid.level, first, 0, grid.cols, cancel, scratch, rows)) return;
    HeadOverview& into = overviews->heads[static_cast<std::size_t>(head)];
    std::size_t at = static_cast<std::size_t>(first * grid.cols);
    for (const PooledRow& row : rows) {
      for (std::size_t p = 0; p < row.kept.size(); ++p, ++at) {
        into.maximum[at] = toHalf(row.extreme(p, false, 0) * lift);
        into.mean[at] = toHalf(row.mean(p, false, 0) * lift);
      }
    }
    const std::int64_t count = ++done;
    if (progress) progress(static_cast<double>(count) / static_cast<double>(tasks));
  };
  const double flop =
      static_cast<double>(run->mask->keptCells()) * (2.0 * static_cast<double>(run->sizes.dK) + 30);
  if (!forEachTask(pool, flop, tasks, task, cancel) || cancel.requested()) return nullptr;
  return overviews;
}

std::uint16_t toHalf(float number) {
  constexpr std::uint32_t kSmallestNormal = 113u << 23;  // 2^-14
  constexpr std::uint32_t kHalf = 126u << 23;            // its last digit is that of the subnormal halves
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  std::uint32_t rest = bits & 0x7fffffffu;
  if (rest > 0x7f800000u) return kNanHalf;
  if (rest == 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7c00u);
  if (rest < kSmallestNormal) {
    rest = std::bit_cast<std::uint32_t>(std::bit_cast<float>(rest) + std::bit_cast<float>(kHalf)) - kHalf;
    return static_cast<std::uint16_t>(sign | rest);
  }
  rest += 0xfffu + ((rest >> 13) & 1u);
  rest = (rest - (112u << 23)) >> 13;
  return static_cast<std::uint16_t>(sign | std::min<std::uint32_t>(rest, kLargestHalf));
}

float fromHalf(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16;
  const std::uint32_t rest = (bits & 0x7fffu);
  if (rest >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
  // 2^-112 × the number, read as a float, whether normal or not.
  const float number = std::bit_cast<float>(rest << 13) * 0x1p112f;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(number));
}

}  // namespace headlight
