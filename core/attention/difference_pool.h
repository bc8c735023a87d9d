#pragma once
#include <cstdint>
#include <vector>

#include "core/attention/field_blocks.h"
#include "core/attention/field_difference.h"

namespace headlight {

/// Calls visit(BlockRange) for a few rows of the range at a time, over its whole width: without statistics
/// the numbers of a row are computed once for each visit.
template <class Visit>
void forEachStrip(const BlockRange& range, const Visit& visit) {
  constexpr std::int64_t kCells = std::int64_t{1} << 17;
  const std::int64_t width = std::max<std::int64_t>(range.c1 - range.c0, 1);
  const std::int64_t rows = std::clamp<std::int64_t>(kCells / width, 1, kBlockRows);
  for (std::int64_t r = range.r0; r < range.r1; r += rows) {
    visit(BlockRange{r, std::min(r + rows, range.r1), range.c0, range.c1});
  }
}

/// Cells of two fields and their difference, of a range that forEachStrip gives. The memory is used again.
class DifferencePiece {
 public:
  void read(const Field& first, const Field& second, const BlockRange& range);
  const float* values() const { return values_.data(); }           ///< [rows, cols] of the piece
  const std::uint8_t* classes() const { return classes_.data(); }  ///< [rows, cols]

 private:
  std::vector<float> values_;
  std::vector<std::uint8_t> classes_;
  std::vector<float> others_;
  std::vector<std::uint8_t> otherClasses_;
};

/// Which tile, and how many of the rows of each pixel are read.
struct DifferenceTilePlan {
  int level = 0;
  std::int64_t r = 0;
  std::int64_t c = 0;
  std::int64_t rowsOfPixel = 1;
};
Tile differenceTile(const FieldDifference& difference, const DifferenceTilePlan& plan, const Cancel& cancel,
                    ThreadPool* pool);

/// Cells of the difference that are not masked.
std::int64_t keptCells(const FieldDifference& difference);

}  // namespace headlight
