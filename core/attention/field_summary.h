#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/attention/field.h"
#include "core/attention/field_blocks.h"
#include "core/attention/work.h"
#include "core/base/matrix.h"

namespace headlight {

/// Up to this many cells statistics are of all of them.
inline constexpr std::int64_t kExactCells = std::int64_t{1} << 24;

/// How many cells there are of each kind.
struct CellCounts {
  std::int64_t masked = 0;
  std::int64_t zeros = 0;
  std::int64_t nan = 0;
  std::int64_t positiveInfinite = 0;
  std::int64_t negativeInfinite = 0;
  std::int64_t finite = 0;

  /// True when the value belongs to the finite ones.
  bool add(float value, std::uint8_t cellClass) {
    if (cellClass == static_cast<std::uint8_t>(CellClass::masked)) {
      ++masked;
      return false;
    }
    if (std::isnan(value)) {
      ++nan;
      return false;
    }
    if (std::isinf(value)) {
      ++(value > 0 ? positiveInfinite : negativeInfinite);
      return false;
    }
    if (value == 0) ++zeros;
    ++finite;
    return true;
  }
  /// Adds all values with their classes and moves the finite ones to the front.
  void keepFinite(std::span<float> values, std::span<const std::uint8_t> classes);
  void addTo(FieldStatistics& statistics) const {
    statistics.masked += masked;
    statistics.zeros += zeros;
    statistics.nan += nan;
    statistics.positiveInfinite += positiveInfinite;
    statistics.negativeInfinite += negativeInfinite;
    statistics.finite += finite;
  }
};

/// Puts the values, all finite, in order; minimum, maximum, low, high and the quantiles are theirs. The
/// memory of `values` is used.
void summarize(AlignedFloats& values, FieldStatistics& statistics);
/// The same of pieces that stay as they are. Of 2^15 values and more the quantiles in `sorted` are rounded by
/// less than 1 part in 128; the first and last of them, minimum, maximum, low and high are exact.
void summarize(std::span<const std::span<const float>> pieces, FieldStatistics& statistics);

/// The work that a cell costs, in FLOP.
double cellWork(const Field& field);

/// Statistics of every cell of `cells`, which has rows, cols and block as a Field has, of at most
/// kExactCells. False when cancelled.
template <class Cells>
bool summarizeAll(const Cells& cells, double cellFlop, ThreadPool& pool, const Cancel& cancel,
                  FieldStatistics& statistics) {
  const std::int64_t rows = cells.rows();
  const std::int64_t cols = cells.cols();
  const std::int64_t strips = (rows + kBlockRows - 1) / kBlockRows;
  AlignedFloats values(static_cast<std::size_t>(rows * cols));
  std::vector<CellCounts> counts(static_cast<std::size_t>(strips));
  // A strip's finite values stand at its front.
  const auto task = [&](std::int64_t strip) {
    const std::int64_t r0 = strip * kBlockRows;
    const std::int64_t r1 = std::min(r0 + kBlockRows, rows);
    const auto size = static_cast<std::size_t>((r1 - r0) * cols);
    float* into = values.data() + r0 * cols;
    std::vector<std::uint8_t> classes(size);
    cells.block(r0, r1, 0, cols, into, classes.data(), cols);
    counts[static_cast<std::size_t>(strip)].keepFinite({into, size}, classes);
  };
  const double flop = cellFlop * static_cast<double>(rows * cols);
  if (!forEachTask(pool, flop, strips, task, cancel)) return false;
  std::vector<std::span<const float>> pieces;
  pieces.reserve(counts.size());
  for (std::int64_t strip = 0; strip < strips; ++strip) {
    const CellCounts& count = counts[static_cast<std::size_t>(strip)];
    count.addTo(statistics);
    pieces.emplace_back(values.data() + strip * kBlockRows * cols, static_cast<std::size_t>(count.finite));
  }
  summarize(pieces, statistics);
  return true;
}

}  // namespace headlight
