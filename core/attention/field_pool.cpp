#include "core/attention/field_pool.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/attention/field_blocks.h"
#include "core/attention/mask/runs.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Loops over columns that stand side by side, in steps that the compiler makes vectors of; no sum is put in
// another order.
constexpr std::int64_t kStep = 16;

void addLargest(const float* __restrict values, std::int64_t count, float* __restrict largest,
                float* __restrict sums) {
  const auto add = [=](std::int64_t c) {
    largest[c] = values[c] > largest[c] ? values[c] : largest[c];
    sums[c] += values[c];
  };
  std::int64_t c = 0;
  for (; c + kStep <= count; c += kStep) {
    for (std::int64_t k = 0; k < kStep; ++k) add(c + k);
  }
  for (; c < count; ++c) add(c);
}

void addSmallest(const float* __restrict values, std::int64_t count, float* __restrict smallest) {
  const auto add = [=](std::int64_t c) { smallest[c] = values[c] < smallest[c] ? values[c] : smallest[c]; };
  std::int64_t c = 0;
  for (; c + kStep <= count; c += kStep) {
    for (std::int64_t k = 0; k < kStep; ++k) add(c + k);
  }
  for (; c < count; ++c) add(c);
}

/// Pairs of neighbours become one: `count` columns from twice as many.
template <class Join>
void fold(const float* __restrict from, std::int64_t count, float* __restrict into, const Join& join) {
  std::int64_t c = 0;
  for (; c + kStep <= count; c += kStep) {
    for (std::int64_t k = 0; k < kStep; ++k) into[c + k] = join(from[2 * (c + k)], from[2 * (c + k) + 1]);
  }
  for (; c < count; ++c) into[c] = join(from[2 * c], from[2 * c + 1]);
}

/// One number of each column of a piece; a NaN leaves the largest and the smallest alone and shows in the
/// sum. Folded, one of each pixel.
struct Columns {
  float* largest;
  float* smallest;
  float* sums;
  float* other;

  explicit Columns(AlignedFloats& memory) {
    memory.resize(4 * static_cast<std::size_t>(kBlockCols));
    largest = memory.data();
    smallest = largest + kBlockCols;
    sums = smallest + kBlockCols;
    other = sums + kBlockCols;
  }
  void clear(std::int64_t width) const {
    std::fill_n(largest, width, -kInfinity);
    std::fill_n(smallest, width, kInfinity);
    std::fill_n(sums, width, 0.0f);
  }
  void foldTo(std::int64_t width, int times, bool isSigned) {
    for (; times > 0; --times) {
      width /= 2;
      fold(largest, width, other, [](float a, float b) { return a > b ? a : b; });
      std::swap(largest, other);
      fold(sums, width, other, [](float a, float b) { return a + b; });
      std::swap(sums, other);
      if (!isSigned) continue;
      fold(smallest, width, other, [](float a, float b) { return a < b ? a : b; });
      std::swap(smallest, other);
    }
  }
};

class Pooling {
 public:
  Pooling(const Field& field, const KeptCells& kept, int level, std::int64_t row, std::int64_t first,
          PoolScratch& scratch, std::span<PooledRow> rows)
      : field_(field),
        kept_(kept),
        level_(level),
        row_(row),
        origin_(first << level),
        isSigned_(info(field.stage()).isSigned),
        scratch_(scratch),
        rows_(rows) {
    scratch.values.resize(static_cast<std::size_t>(kBlockRows * kBlockCols));
  }

  void add(const BlockRange& range) {
    // Columns that no row of the piece keeps are not computed.
    BlockRange piece = range;
    piece.c0 = range.c1;
    piece.c1 = range.c0;
    for (std::int64_t i = range.r0; i < range.r1; ++i) {
      forEachInside(kept_.of(i, scratch_.runs), range.c0, range.c1, [&](std::int64_t from, std::int64_t to) {
        piece.c0 = std::min(piece.c0, from);
        piece.c1 = std::max(piece.c1, to);
      });
    }
    if (piece.c0 >= piece.c1) return;
    field_.block(piece.r0, piece.r1, piece.c0, piece.c1, scratch_.values.data(), nullptr,
                 piece.c1 - piece.c0);
    for (std::int64_t r = piece.r0; r < piece.r1;) {
      const std::int64_t end = std::min(piece.r1, ((r >> level_) + 1) << level_);
      addRows(piece, r, end, rows_[static_cast<std::size_t>((r >> level_) - row_)]);
      r = end;
    }
  }

 private:
  const float* values(const BlockRange& piece, std::int64_t i) const {
    return scratch_.values.data() + (i - piece.r0) * (piece.c1 - piece.c0) - piece.c0;
  }

  /// Rows [r0, r1) of the piece, which one row of pixels covers.
  void addRows(const BlockRange& piece, std::int64_t r0, std::int64_t r1, PooledRow& pixels) {
    // Whole pixels, as far as a piece can hold them.
    const int times = std::min(level_, std::countr_zero(static_cast<std::uint64_t>(kBlockCols)));
    const std::int64_t side = std::int64_t{1} << times;
    const std::int64_t begin = (piece.c0 - origin_) / side * side + origin_;
    const std::int64_t width = (piece.c1 - begin + side - 1) / side * side;
    Columns columns(scratch_.columns);
    columns.clear(width);
    for (std::int64_t i = r0; i < r1; ++i) {
      const float* row = values(piece, i);
      forEachInside(kept_.of(i, scratch_.runs), piece.c0, piece.c1, [&](std::int64_t from, std::int64_t to) {
        addLargest(row + from, to - from, columns.largest + (from - begin), columns.sums + (from - begin));
        if (isSigned_) addSmallest(row + from, to - from, columns.smallest + (from - begin));
      });
    }
    columns.foldTo(width, times, isSigned_);
    for (std::int64_t n = 0; n < width / side; ++n) {
      const auto p = static_cast<std::size_t>((begin + n * side - origin_) >> level_);
      pixels.largest[p] = std::max(pixels.largest[p], columns.largest[n]);
      if (isSigned_) pixels.smallest[p] = std::min(pixels.smallest[p], columns.smallest[n]);
      if (std::isfinite(columns.sums[n])) {
        pixels.sums[p] += static_cast<double>(columns.sums[n]);
      } else {
        const std::int64_t c0 = std::max(piece.c0, begin + n * side);
        addOneByOne(piece, r0, r1, c0, std::min(piece.c1, begin + (n + 1) * side), p, pixels);
      }
    }
  }
  /// Where a number is not finite, or their float sum is not.
  void addOneByOne(const BlockRange& piece, std::int64_t r0, std::int64_t r1, std::int64_t c0,
                   std::int64_t c1, std::size_t p, PooledRow& pixels) {
    for (std::int64_t i = r0; i < r1; ++i) {
      const float* row = values(piece, i);
      forEachInside(kept_.of(i, scratch_.runs), c0, c1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t j = from; j < to; ++j) {
          if (std::isfinite(row[j])) {
            pixels.sums[p] += static_cast<double>(row[j]);
          } else {
            ++pixels.notFinite[p];
            if (std::isnan(row[j])) pixels.nan[p] = 1;
          }
        }
      });
    }
  }

  const Field& field_;
  const KeptCells& kept_;
  int level_;
  std::int64_t row_;     ///< the first row of pixels
  std::int64_t origin_;  ///< the first column of the first pixel
  bool isSigned_;
  PoolScratch& scratch_;
  std::span<PooledRow> rows_;
};

}  // namespace

void PooledRow::clear(std::size_t count) {
  largest.assign(count, -kInfinity);
  smallest.assign(count, kInfinity);
  sums.assign(count, 0.0);
  kept.assign(count, 0);
  certain.assign(count, 0);
  cells.assign(count, 0);
  notFinite.assign(count, 0);
  nan.assign(count, 0);
}

float PooledRow::extreme(std::size_t p, bool isSigned, float maskedValue) const {
  if (nan[p] != 0) return std::numeric_limits<float>::quiet_NaN();
  if (kept[p] == 0) return maskedValue;
  if (!isSigned) return largest[p];
  return std::abs(smallest[p]) > std::abs(largest[p]) ? smallest[p] : largest[p];
}

float PooledRow::mean(std::size_t p, bool isSigned, float maskedValue) const {
  const std::int64_t finite = kept[p] - notFinite[p];
  if (nan[p] != 0 || finite == 0) return extreme(p, isSigned, maskedValue);
  return static_cast<float>(sums[p] / static_cast<double>(finite));
}

CellClass PooledRow::cellClass(std::size_t p) const {
  if (kept[p] == 0) return CellClass::masked;
  return certain[p] == cells[p] ? CellClass::value : CellClass::partlyMasked;
}

void countRow(const Field& field, const KeptCells& kept, int level, std::int64_t row, std::int64_t first,
              std::int64_t count, PoolScratch& scratch, PooledRow& pixels) {
  const auto size = static_cast<std::size_t>(count);
  const std::int64_t side = std::int64_t{1} << level;
  const std::int64_t r0 = row * side;
  const std::int64_t r1 = std::min(field.rows(), r0 + side);
  for (std::size_t p = 0; p < size; ++p) {
    const std::int64_t c0 = (first + static_cast<std::int64_t>(p)) * side;
    pixels.cells[p] += (r1 - r0) * (std::min(field.cols(), c0 + side) - c0);
  }
  if (kept.all()) {
    for (std::size_t p = 0; p < size; ++p) pixels.kept[p] = pixels.certain[p] = pixels.cells[p];
    return;
  }
  scratch.steps.assign(size + 1, 0);
  for (std::int64_t i = r0; i < r1; ++i) {
    countInPixels(kept.of(i, scratch.runs), level, first, pixels.kept, scratch.steps);
  }
  sumSteps(pixels.kept, scratch.steps);
  if (!kept.joins()) {
    pixels.certain = pixels.kept;
    return;
  }
  scratch.steps.assign(size + 1, 0);
  for (std::int64_t i = r0; i < r1; ++i) {
    countInPixels(kept.ofAllHeads(i, scratch.runs), level, first, pixels.certain, scratch.steps);
  }
  sumSteps(pixels.certain, scratch.steps);
}

std::int64_t rowsPooled(int level) {
  return level < 32 ? std::max<std::int64_t>(kBlockRows >> level, 1) : 1;
}

bool poolRows(const Field& field, const KeptCells& kept, int level, std::int64_t row, std::int64_t first,
              std::int64_t count, const Cancel& cancel, PoolScratch& scratch, std::span<PooledRow> rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r].clear(static_cast<std::size_t>(count));
    countRow(field, kept, level, row + static_cast<std::int64_t>(r), first, count, scratch, rows[r]);
  }
  Pooling pooling(field, kept, level, row, first, scratch, rows);
  const std::int64_t end = row + static_cast<std::int64_t>(rows.size());
  const BlockRange covered{row << level, std::min(field.rows(), end << level), first << level,
                           std::min(field.cols(), (first + count) << level)};
  bool stopped = false;
  forEachPiece(covered, [&](const BlockRange& piece) {
    stopped = stopped || cancel.requested();
    if (!stopped) pooling.add(piece);
  });
  return !stopped;
}

}  // namespace headlight
