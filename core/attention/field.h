#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// What a cell is, beside its number: four looks that never mix.
enum class CellClass : std::uint8_t {
  value = 0,
  masked = 1,
  partlyMasked = 2,  ///< of a pooled cell: some of what it covers is masked
  notComputed = 3,
};

/// `head` of a Field that is the mean over the query heads.
inline constexpr int kMeanHead = -1;
inline constexpr int kTileSize = 256;

/// 256 × 256 pixels of a field (fewer at the far edges). At level L a pixel covers 2^L × 2^L cells; `extreme`
/// is the maximum of the kept cells it covers (of signed stages the one farthest from 0), `mean` their mean.
/// NaN where a kept cell is NaN; of what is infinite only the extreme knows.
struct Tile {
  int level = 0;
  int rows = 0;
  int cols = 0;
  std::vector<float> extreme;         ///< [rows, cols]
  std::vector<float> mean;            ///< [rows, cols]; at level 0 empty: equal to extreme
  std::vector<std::uint8_t> classes;  ///< [rows, cols] of CellClass
  /// Pooled from the run's overview: extreme and mean are rounded to 11 significant bits, those below 2e-9 to
  /// multiples of 2e-12; classes are exact.
  bool fromOverview = false;
};

/// What the whole field holds; masked cells left out.
struct FieldStatistics {
  float minimum = 0;  ///< of finite values
  float maximum = 0;
  float low = 0;  ///< 2 % and 98 % of the finite values
  float high = 0;
  std::int64_t finite = 0;
  std::int64_t masked = 0;
  std::int64_t zeros = 0;
  std::int64_t nan = 0;
  std::int64_t positiveInfinite = 0;
  std::int64_t negativeInfinite = 0;
  bool sampled = false;  ///< above 2^24 cells: from 2^20 kept cells at fixed places, or where the rows have
                         ///< no numbers yet from 16 whole rows; `masked` is exact all the same
  /// Up to 2^12 quantiles of the finite values, for histograms of any range; of 2^15 values and more rounded
  /// by less than 1 part in 128.
  std::vector<float> sorted;
};

/// One stage of one head (or their mean) as rows × columns. Cells of maps are computed when asked for, from
/// Q, K and the row's numbers; cell, row, block and tile give the same bits.
class Field {
 public:
  /// Errors: the stage is absent in the run (with the reason), the head does not exist.
  static Result<Field> make(std::shared_ptr<const Run> run, Stage stage, int head);

  Stage stage() const { return stage_; }
  int head() const { return head_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t cols() const { return cols_; }
  const Run& run() const { return *run_; }
  /// Equal keys, equal fields.
  std::uint64_t key() const;

  float cell(std::int64_t i, std::int64_t j) const;
  CellClass cellClass(std::int64_t i, std::int64_t j) const;
  /// Cells [r0, r1) × [c0, c1) into values and classes of `stride` per row; classes may be null.
  void block(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
             std::uint8_t* classes, std::int64_t stride) const;
  void row(std::int64_t i, float* values, std::uint8_t* classes = nullptr) const {
    block(i, i + 1, 0, cols_, values, classes, cols_);
  }
  /// Tile (r, c) of the grid of tiles at `level`: of weights from the overview where the run has one that is
  /// fine enough, else from the cells themselves. `pool` may be null. What was not done when `cancel` was
  /// requested is notComputed.
  Tile tile(int level, std::int64_t r, std::int64_t c, const Cancel& cancel = {},
            ThreadPool* pool = nullptr) const;
  /// `leaveOut`: keys whose cells do not count (`masked` may count them); without meaning for stages that
  /// have no key axis.
  FieldStatistics statistics(ThreadPool& pool, const Cancel& cancel = {},
                             std::span<const std::int64_t> leaveOut = {}) const;
  /// The least and the largest finite value alone, those of `statistics` at a part of its cost: `low` and
  /// `high` are these too and `finite` is 1 where there is any; nothing else is counted.
  FieldStatistics extremes(ThreadPool& pool, const Cancel& cancel = {}) const;
  /// Σ over queries per key [cols], computed by blocks of keys; of `weights`: what each key receives. From
  /// the block means of the overview where columnSumsAreSampled.
  std::vector<double> columnSums(ThreadPool& pool, const Cancel& cancel = {}) const;
  /// Above 2^24 cells, where the run has an overview of them.
  bool columnSumsAreSampled() const;

 private:
  std::shared_ptr<const Run> run_;
  Stage stage_ = Stage::weights;
  int head_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
};

}  // namespace headlight
