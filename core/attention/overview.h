#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/thread_pool.h"

namespace headlight {

struct Run;

/// An overview has at most so many pixels down and across.
inline constexpr std::int64_t kOverviewSide = 4096;
/// A pixel covers at least 2^4 × 2^4 cells: whole panels of keys.
inline constexpr int kOverviewLeastLevel = 4;
/// Fields of more cells get an overview when nothing else is asked for.
inline constexpr std::int64_t kOverviewCells = std::int64_t{1} << 22;

/// The grid of an overview: pixel (r, c) covers rows [r · 2^level, (r + 1) · 2^level) and columns likewise,
/// as far as the field goes.
struct OverviewGrid {
  int level = 0;
  std::int64_t rows = 0;  ///< pixels
  std::int64_t cols = 0;

  std::int64_t side() const { return std::int64_t{1} << level; }
  std::int64_t size() const { return rows * cols; }
  bool operator==(const OverviewGrid&) const = default;
};
/// The finest grid for fields of rows × cols cells: of at least kOverviewLeastLevel, at most kOverviewSide²
/// pixels, and for all heads together at most twice as many. Depends on the sizes alone.
OverviewGrid overviewGrid(std::int64_t rows, std::int64_t cols, int heads);

/// The weights of one head from afar: IEEE binary16 bits of 2^exponent × the number, row-major. NaN where any
/// cell that is covered is NaN; 0 where none is kept.
struct HeadOverview {
  std::vector<std::uint16_t> maximum;  ///< [rows, cols] over the kept cells
  std::vector<std::uint16_t> mean;     ///< [rows, cols] over the kept cells
};

/// The overviews of the weights of all heads. What of a pixel is kept is no part of it: the mask plan knows.
struct Overviews {
  OverviewGrid grid;
  /// A power of two that lifts small weights out of the subnormal halves (overviewExponent).
  int exponent = 0;
  std::vector<HeadOverview> heads;  ///< [H]
};

/// Which rows of pixels are made while overviews are under way.
struct OverviewRows {
  std::vector<std::uint8_t> made;  ///< [H][rows]; 1: it is made and does not change any more
  std::int64_t count = 0;          ///< of those that are

  bool has(const OverviewGrid& grid, int head, std::int64_t row) const {
    return made[static_cast<std::size_t>(head * grid.rows + row)] != 0;
  }
};
/// Shows overviews under way and what of them may be read: the rows of pixels that are made. The others are
/// still written to. Called from any thread, by one at a time.
struct OverviewSight {
  std::function<void(std::shared_ptr<const Overviews>, std::shared_ptr<const OverviewRows>)> show;
  double seconds = 0.5;  ///< from one to the next

  explicit operator bool() const { return static_cast<bool>(show); }
};

/// Empty overviews for the run, of the right sizes, all 0. Needs the run's sizes and rules alone. Memory: 4
/// bytes a pixel and head.
Overviews makeOverviews(const Run& run);

/// 15 where no weight exceeds 1, so that weights down to 2e-9 keep all their digits; 0 else.
int overviewExponent(const Run& run);

/// How many of the cells of each pixel of row `pixelRow` are kept and enter maximum and mean, into counts
/// [cols]: what the mask keeps, all cells where dropped pairs take part by mistake or maps of weights are
/// given, and all cells of rows that keep no key unless their weights are zeros.
void keptInPixels(const Run& run, int head, const OverviewGrid& grid, std::int64_t pixelRow,
                  std::int64_t* counts);

/// Writes row `pixelRow` of a head's overview from the largest weight and the sum of the weights over the
/// kept cells of each pixel, [cols] each: divides the sums by keptInPixels, rounds to halves. `scratch` is
/// used again by the next call. Two pixel rows may be written at the same time by two threads.
void setPixelRow(Overviews& overviews, const Run& run, int head, std::int64_t pixelRow, const float* largest,
                 const double* sums, std::vector<std::int64_t>& scratch);

/// The overviews made cell by cell from the weights of Field, for every normalizer, mask and source: what a
/// faster way is held against. Null when `cancel` was requested. `progress` (may be empty) gets the share
/// done, from any thread.
std::shared_ptr<const Overviews> overviewsOfCells(const std::shared_ptr<const Run>& run, ThreadPool& pool,
                                                  const Cancel& cancel = {},
                                                  const std::function<void(double)>& progress = {});

/// Nearest half, ties to even; what is too large becomes the largest finite half, infinities and NaN stay.
std::uint16_t toHalf(float number);
float fromHalf(std::uint16_t bits);

}  // namespace headlight
