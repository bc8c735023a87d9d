#pragma once
#include <algorithm>

#include "core/attention/field.h"

namespace headlight {

/// Where cells [r0, r1) × [c0, c1) go: `stride` floats a row, classes may be null.
struct BlockTarget {
  float* values = nullptr;
  std::uint8_t* classes = nullptr;
  std::int64_t stride = 0;

  BlockTarget from(std::int64_t offset) const {
    return {values + offset, classes == nullptr ? nullptr : classes + offset, stride};
  }
  float* row(std::int64_t r) const { return values + r * stride; }
  std::uint8_t* classRow(std::int64_t r) const { return classes == nullptr ? nullptr : classes + r * stride; }
};
struct BlockRange {
  std::int64_t r0 = 0;
  std::int64_t r1 = 0;
  std::int64_t c0 = 0;
  std::int64_t c1 = 0;
};

/// Rows and columns that are worked on together: what bounds the memory of every walk over a field.
inline constexpr std::int64_t kBlockRows = 48;
inline constexpr std::int64_t kBlockCols = 1024;

/// Calls visit(BlockRange) for the pieces of the range, row by row of pieces, each of at most kBlockRows ×
/// kBlockCols.
template <class Visit>
void forEachPiece(const BlockRange& range, const Visit& visit) {
  for (std::int64_t r = range.r0; r < range.r1; r += kBlockRows) {
    for (std::int64_t c = range.c0; c < range.c1; c += kBlockCols) {
      visit(BlockRange{r, std::min(r + kBlockRows, range.r1), c, std::min(c + kBlockCols, range.c1)});
    }
  }
}

/// One cell of whatever gives blocks of cells.
struct CellValue {
  float value = 0;
  CellClass kind = CellClass::value;
};
template <class Cells>
CellValue cellAt(const Cells& cells, std::int64_t i, std::int64_t j) {
  float value = 0;
  std::uint8_t kind = 0;
  cells.block(i, i + 1, j, j + 1, &value, &kind, 1);
  return {value, static_cast<CellClass>(kind)};
}

/// dot … weights of one query head, from Q, packed K and the rows' numbers.
void mapBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target);

/// Every other stage, from its matrices; `head` is the query head.
void matrixBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target);

}  // namespace headlight
