#pragma once
#include <algorithm>

#include "core/attention/field.h"
#include "core/attention/field_blocks.h"

namespace headlight {

/// The overview that answers for a field at a level; null where the cells themselves have to be pooled.
const Overviews* overviewOf(const Field& field, int level);

/// Tile (r, c) at `level` of so many cells, nothing of it computed yet.
inline Tile emptyTile(std::int64_t rows, std::int64_t cols, int level, std::int64_t r, std::int64_t c) {
  // How many of the tile's kTileSize pixels stand over cells.
  const auto extent = [level](std::int64_t cells, std::int64_t index) {
    const std::int64_t pixels = (cells + (std::int64_t{1} << level) - 1) >> level;
    return static_cast<int>(std::clamp<std::int64_t>(pixels - index * kTileSize, 0, kTileSize));
  };
  Tile tile;
  tile.level = level;
  tile.rows = extent(rows, r);
  tile.cols = extent(cols, c);
  const auto size = static_cast<std::size_t>(tile.rows) * static_cast<std::size_t>(tile.cols);
  tile.extreme.assign(size, 0.0f);
  tile.classes.assign(size, static_cast<std::uint8_t>(CellClass::notComputed));
  if (level > 0) tile.mean.assign(size, 0.0f);
  return tile;
}

/// task(0) … task(count − 1), with the pool where there is one; false when `cancel` was requested.
template <class Task>
bool forEachRow(ThreadPool* pool, std::int64_t count, const Task& task, const Cancel& cancel) {
  if (pool != nullptr) return pool->run(count, task, cancel) && !cancel.requested();
  for (std::int64_t n = 0; n < count && !cancel.requested(); ++n) task(n);
  return !cancel.requested();
}

/// Fills tile (r, c) at level 0 with the cells themselves; `cells` has a block as a Field has.
template <class Cells>
void fillWithCells(const Cells& cells, std::int64_t r, std::int64_t c, Tile& tile, ThreadPool* pool,
                   const Cancel& cancel) {
  const std::int64_t firstRow = r * kTileSize;
  const std::int64_t firstCol = c * kTileSize;
  const auto strip = [&](std::int64_t index) {
    const std::int64_t row = index * kBlockRows;
    const std::int64_t end = std::min<std::int64_t>(row + kBlockRows, tile.rows);
    cells.block(firstRow + row, firstRow + end, firstCol, firstCol + tile.cols,
                tile.extreme.data() + row * tile.cols, tile.classes.data() + row * tile.cols, tile.cols);
  };
  forEachRow(pool, (tile.rows + kBlockRows - 1) / kBlockRows, strip, cancel);
}

}  // namespace headlight
