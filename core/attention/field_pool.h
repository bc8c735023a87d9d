#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/attention/field.h"
#include "core/attention/field_kept.h"
#include "core/base/matrix.h"

namespace headlight {

/// What the pixels of one row of pixels cover. The memory may be used again for another row.
struct PooledRow {
  std::vector<float> largest;         ///< of the kept cells, NaN left out; −∞ where there is none
  std::vector<float> smallest;        ///< +∞ where there is none
  std::vector<double> sums;           ///< of the finite kept cells
  std::vector<std::int64_t> kept;     ///< cells
  std::vector<std::int64_t> certain;  ///< cells that every head keeps
  std::vector<std::int64_t> cells;
  std::vector<std::int64_t> notFinite;  ///< kept cells
  std::vector<std::uint8_t> nan;        ///< 1 where any kept cell is NaN

  void clear(std::size_t pixels);
  /// The largest kept number, or of signed stages the one farthest from 0 (of two equally far the positive
  /// one); `maskedValue` where none is kept.
  float extreme(std::size_t p, bool isSigned, float maskedValue) const;
  /// Mean of the finite kept cells; the extreme where there is none.
  float mean(std::size_t p, bool isSigned, float maskedValue) const;
  CellClass cellClass(std::size_t p) const;
};

/// What pooling needs on the way. The memory is used again by the next call.
struct PoolScratch {
  std::vector<std::int64_t> steps;
  std::vector<KeyRun> runs;
  AlignedFloats values;
  AlignedFloats columns;
};

/// How many rows of pixels are best pooled together: those of the rows of a piece.
std::int64_t rowsPooled(int level);

/// Pixels [first, first + count) of rows [row, row + rows.size()) of pixels at `level`. Computes no piece of
/// the field of which nothing is kept. False when `cancel` was requested.
bool poolRows(const Field& field, const KeptCells& kept, int level, std::int64_t row, std::int64_t first,
              std::int64_t count, const Cancel& cancel, PoolScratch& scratch, std::span<PooledRow> rows);

/// Fills `kept`, `certain` and `cells` of one row alone.
void countRow(const Field& field, const KeptCells& kept, int level, std::int64_t row, std::int64_t first,
              std::int64_t count, PoolScratch& scratch, PooledRow& pixels);

}  // namespace headlight
