#pragma once
#include <cstdint>
#include <vector>

#include "core/attention/field.h"

namespace headlight {

/// A cell of two fields: where they differ, and by how much.
struct CellDifference {
  std::int64_t row = 0;
  std::int64_t col = 0;
  float first = 0;  ///< 0 where it is masked
  float second = 0;
  float difference = 0;  ///< first − second
};

/// The largest differences of two fields, largest first; equal ones by place.
struct LargestDifferences {
  std::vector<CellDifference> cells;
  bool sampled = false;  ///< not every row was read
};

/// First minus second of two fields of equal shape: two heads, two stages, two runs. Nothing of its size is
/// stored; it gives tiles and statistics as a Field does, always signed around 0.
///
/// Where the mask drops a cell of one of them: a masked weight is 0, so among `weights`, `value_weighted` and
/// `grad_scores` it counts as 0, and the cell is partlyMasked, also at level 0; a masked score is −∞, from
/// which nothing can be taken, so the cell is masked. Masked in both is masked.
class FieldDifference {
 public:
  /// Errors (invalid): the shapes differ, with both.
  static Result<FieldDifference> make(Field first, Field second);

  const Field& first() const { return first_; }
  const Field& second() const { return second_; }
  std::int64_t rows() const { return first_.rows(); }
  std::int64_t cols() const { return first_.cols(); }
  /// Equal keys, equal differences; never the key of a Field.
  std::uint64_t key() const;

  /// 0 where masked. NaN where either is, or where equal infinities meet.
  float cell(std::int64_t i, std::int64_t j) const;
  CellClass cellClass(std::int64_t i, std::int64_t j) const;
  /// Cells [r0, r1) × [c0, c1) into values and classes of `stride` per row; classes may be null.
  void block(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
             std::uint8_t* classes, std::int64_t stride) const;

  /// Tile (r, c) of the grid at `level`: `extreme` is the difference farthest from 0 (of two equally far the
  /// positive one), `mean` the mean of the kept cells, classes of both masks. `pool` may be null. What was
  /// not done when `cancel` was requested is notComputed.
  Tile tile(int level, std::int64_t r, std::int64_t c, const Cancel& cancel = {},
            ThreadPool* pool = nullptr) const;
  /// Whether tiles of this level read only some rows of each pixel, evenly spaced and at least one: a tile
  /// reads at most 2^26 cells of each field where more than a row a pixel is there. Classes are exact all the
  /// same, and a pixel of whose kept cells none is read is 0.
  bool tileIsSampled(int level) const;

  /// As Field::statistics: exact up to 2^24 cells; above from at least 16 evenly spaced rows (`sampled`), and
  /// `masked` is exact all the same.
  FieldStatistics statistics(ThreadPool& pool, const Cancel& cancel = {}) const;
  /// The `count` cells that differ most: exact up to 2^24 cells, above from the rows of the statistics. Cells
  /// that are equal, masked or NaN are left out. Empty when cancelled.
  LargestDifferences largest(int count, ThreadPool& pool, const Cancel& cancel = {}) const;

 private:
  /// How many rows of a pixel are read.
  std::int64_t rowsOfPixel(int level) const;

  FieldDifference(Field first, Field second) : first_(std::move(first)), second_(std::move(second)) {}

  Field first_;
  Field second_;
};

}  // namespace headlight
