#include "core/attention/field_difference.h"

#include <algorithm>
#include <cmath>

#include "core/attention/difference_pool.h"
#include "core/attention/field_summary.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

constexpr std::int64_t kSampledCells = std::int64_t{1} << 22;
constexpr std::int64_t kFewestRows = 16;
constexpr int kMostLargest = 4096;

/// Rows that are read together.
struct Strip {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// All rows up to kExactCells cells, else evenly spaced ones.
std::vector<Strip> stripsOf(const FieldDifference& difference) {
  std::vector<Strip> strips;
  const std::int64_t rows = difference.rows();
  const std::int64_t cols = std::max<std::int64_t>(difference.cols(), 1);
  if (rows <= kExactCells / cols) {
    for (std::int64_t r = 0; r < rows; r += kBlockRows) strips.push_back({r, std::min(r + kBlockRows, rows)});
    return strips;
  }
  const std::int64_t count = std::min(rows, std::max(kFewestRows, kSampledCells / cols));
  for (std::int64_t n = 0; n < count; ++n) {
    const std::int64_t row = (2 * n + 1) * rows / (2 * count);
    strips.push_back({row, row + 1});
  }
  return strips;
}
bool readsAll(const FieldDifference& difference) {
  return difference.rows() <= kExactCells / std::max<std::int64_t>(difference.cols(), 1);
}

bool larger(const CellDifference& a, const CellDifference& b) {
  const float sizeA = std::abs(a.difference);
  const float sizeB = std::abs(b.difference);
  if (sizeA != sizeB) return sizeA > sizeB;
  return a.row != b.row ? a.row < b.row : a.col < b.col;
}

/// Keeps the `limit` largest seen, as a heap whose front is the smallest of them.
void keepLargest(std::vector<CellDifference>& heap, const CellDifference& cell, std::size_t limit) {
  if (heap.size() == limit) {
    if (!larger(cell, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), larger);
    heap.pop_back();
  }
  heap.push_back(cell);
  std::push_heap(heap.begin(), heap.end(), larger);
}

std::string shapeText(const Field& field) {
  return "[" + std::to_string(field.rows()) + ", " + std::to_string(field.cols()) + "]";
}

double differenceWork(const FieldDifference& difference) {
  return cellWork(difference.first()) + cellWork(difference.second()) + 4;
}

}  // namespace

Result<FieldDifference> FieldDifference::make(Field first, Field second) {
  if (first.rows() != second.rows() || first.cols() != second.cols()) {
    return Error{ErrorCode::invalid,
                 "found " + std::string(info(first.stage()).id) + " " + shapeText(first) + " and " +
                     std::string(info(second.stage()).id) + " " + shapeText(second) +
                     ", accepted are two of one shape",
                 "", "Their difference is taken cell by cell"};
  }
  return FieldDifference(std::move(first), std::move(second));
}

std::uint64_t FieldDifference::key() const {
  constexpr std::uint64_t kMinus = 0x2212;
  return KeyHash().add(kMinus).add(first_.key()).add(second_.key()).key();
}

float FieldDifference::cell(std::int64_t i, std::int64_t j) const {
  return cellAt(*this, i, j).value;
}

CellClass FieldDifference::cellClass(std::int64_t i, std::int64_t j) const {
  return cellAt(*this, i, j).kind;
}

void FieldDifference::block(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
                            std::uint8_t* classes, std::int64_t stride) const {
  thread_local DifferencePiece piece;
  forEachStrip({r0, r1, c0, c1}, [&](const BlockRange& range) {
    piece.read(first_, second_, range);
    const std::int64_t cols = range.c1 - range.c0;
    for (std::int64_t r = range.r0; r < range.r1; ++r) {
      const std::int64_t at = (r - r0) * stride + (range.c0 - c0);
      const std::int64_t from = (r - range.r0) * cols;
      std::copy_n(piece.values() + from, cols, values + at);
      if (classes != nullptr) std::copy_n(piece.classes() + from, cols, classes + at);
    }
  });
}

Tile FieldDifference::tile(int level, std::int64_t r, std::int64_t c, const Cancel& cancel,
                           ThreadPool* pool) const {
  return differenceTile(*this, {level, r, c, rowsOfPixel(level)}, cancel, pool);
}

std::int64_t FieldDifference::rowsOfPixel(int level) const {
  constexpr std::int64_t kTileCells = std::int64_t{1} << 26;
  const std::int64_t side = std::int64_t{1} << level;
  const std::int64_t columns = std::clamp<std::int64_t>(cols(), 1, kTileSize * side);
  const std::int64_t pixels = std::clamp<std::int64_t>((rows() + side - 1) / side, 1, kTileSize);
  return std::clamp<std::int64_t>(kTileCells / columns / pixels, 1, side);
}

bool FieldDifference::tileIsSampled(int level) const {
  return rowsOfPixel(level) < std::min(std::int64_t{1} << level, rows());
}

FieldStatistics FieldDifference::statistics(ThreadPool& pool, const Cancel& cancel) const {
  FieldStatistics out;
  const double work = differenceWork(*this);
  if (readsAll(*this)) {
    return summarizeAll(*this, work, pool, cancel, out) ? out : FieldStatistics{};
  }
  const std::vector<Strip> strips = stripsOf(*this);
  const auto count = static_cast<std::int64_t>(strips.size());
  AlignedFloats values(static_cast<std::size_t>(count * cols()));
  std::vector<CellCounts> counts(strips.size());
  const auto task = [&](std::int64_t n) {
    const auto at = static_cast<std::size_t>(n);
    float* into = values.data() + n * cols();
    std::vector<std::uint8_t> classes(static_cast<std::size_t>(cols()));
    block(strips[at].begin, strips[at].end, 0, cols(), into, classes.data(), cols());
    std::size_t finite = 0;
    for (std::size_t j = 0; j < classes.size(); ++j) {
      const float value = into[j];
      if (counts[at].add(value, classes[j])) into[finite++] = value;
    }
  };
  if (!forEachTask(pool, work * static_cast<double>(values.size()), count, task, cancel)) return {};
  auto end = values.begin();
  for (std::int64_t n = 0; n < count; ++n) {
    const CellCounts& rowCounts = counts[static_cast<std::size_t>(n)];
    rowCounts.addTo(out);
    const auto begin = values.begin() + n * cols();
    end = std::copy(begin, begin + rowCounts.finite, end);
  }
  values.erase(end, values.end());
  out.masked = rows() * cols() - keptCells(*this);
  summarize(values, out);
  out.sampled = true;
  return out;
}

LargestDifferences FieldDifference::largest(int count, ThreadPool& pool, const Cancel& cancel) const {
  LargestDifferences out;
  const auto limit = static_cast<std::size_t>(std::clamp(count, 0, kMostLargest));
  if (limit == 0) return out;
  const std::vector<Strip> strips = stripsOf(*this);
  std::vector<std::vector<CellDifference>> found(strips.size());
  const auto task = [&](std::int64_t n) {
    const auto at = static_cast<std::size_t>(n);
    thread_local DifferencePiece piece;
    forEachStrip({strips[at].begin, strips[at].end, 0, cols()}, [&](const BlockRange& range) {
      piece.read(first_, second_, range);
      const float* values = piece.values();
      for (std::int64_t r = range.r0; r < range.r1; ++r) {
        for (std::int64_t c = range.c0; c < range.c1; ++c, ++values) {
          // Neither equal nor NaN; masked cells are 0.
          if (!(std::abs(*values) > 0)) continue;
          keepLargest(found[at], {r, c, 0, 0, *values}, limit);
        }
      }
    });
  };
  const double cells = static_cast<double>(strips.front().end - strips.front().begin) *
                       static_cast<double>(strips.size()) * static_cast<double>(cols());
  const auto tasks = static_cast<std::int64_t>(strips.size());
  if (!forEachTask(pool, differenceWork(*this) * cells, tasks, task, cancel)) return out;
  std::vector<CellDifference> all;
  for (const auto& strip : found) {
    for (const CellDifference& cell : strip) keepLargest(all, cell, limit);
  }
  std::sort(all.begin(), all.end(), larger);
  const auto valueOf = [](const Field& field, const CellDifference& cell) {
    return field.cellClass(cell.row, cell.col) == CellClass::masked ? 0.0f : field.cell(cell.row, cell.col);
  };
  for (CellDifference& cell : all) {
    cell.first = valueOf(first_, cell);
    cell.second = valueOf(second_, cell);
  }
  out.cells = std::move(all);
  out.sampled = !readsAll(*this);
  return out;
}

}  // namespace headlight
