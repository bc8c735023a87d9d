#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/field.h"
#include "core/attention/field_blocks.h"
#include "core/attention/field_pool.h"
#include "core/attention/tile_parts.h"

namespace headlight {
namespace {

/// What masked cells of a stage hold.
float maskedValue(Stage stage) {
  return stage == Stage::masked ? -std::numeric_limits<float>::infinity() : 0.0f;
}

/// One row of pixels of a tile from an overview: `side` × `side` pixels of the overview go into one.
class OverviewRow {
 public:
  OverviewRow(const Field& field, const Overviews& overviews, int level)
      : field_(field),
        overviews_(overviews),
        head_(overviews.heads[static_cast<std::size_t>(std::max(field.head(), 0))]),
        kept_(field.run(), field.stage(), field.head(), field.cols()),
        shift_(level - overviews.grid.level),
        factor_(std::ldexp(1.0f, -overviews.exponent)) {}

  /// Whether what the row is made of is there.
  bool has(std::int64_t row) const {
    const OverviewRows* made = field_.run().overviewRows.get();
    const OverviewGrid& grid = overviews_.grid;
    for (std::int64_t r = row << shift_; made != nullptr && r < std::min(grid.rows, (row + 1) << shift_);
         ++r) {
      if (!made->has(grid, std::max(field_.head(), 0), r)) return false;
    }
    return true;
  }

  void pool(std::int64_t row, std::int64_t first, std::int64_t count, PoolScratch& scratch, PooledRow& pixels,
            PooledRow& fine) const {
    const OverviewGrid& grid = overviews_.grid;
    pixels.clear(static_cast<std::size_t>(count));
    const std::int64_t from = first << shift_;
    const std::int64_t to = std::min(grid.cols, (first + count) << shift_);
    for (std::int64_t r = row << shift_; r < std::min(grid.rows, (row + 1) << shift_); ++r) {
      fine.clear(static_cast<std::size_t>(to - from));
      countRow(field_, kept_, grid.level, r, from, to - from, scratch, fine);
      for (std::int64_t c = from; c < to; ++c) {
        add(static_cast<std::size_t>((c - from) >> shift_), static_cast<std::size_t>(c - from),
            static_cast<std::size_t>(r * grid.cols + c), fine, pixels);
      }
    }
  }

 private:
  void add(std::size_t p, std::size_t f, std::size_t at, const PooledRow& fine, PooledRow& pixels) const {
    pixels.cells[p] += fine.cells[f];
    if (fine.kept[f] == 0) return;
    pixels.kept[p] += fine.kept[f];
    pixels.certain[p] += fine.certain[f];
    const float maximum = fromHalf(head_.maximum[at]) * factor_;
    const float mean = fromHalf(head_.mean[at]) * factor_;
    if (std::isnan(maximum)) pixels.nan[p] = 1;
    pixels.largest[p] = std::max(pixels.largest[p], maximum);
    if (std::isfinite(mean)) {
      pixels.sums[p] += static_cast<double>(mean) * static_cast<double>(fine.kept[f]);
    } else {
      pixels.notFinite[p] += fine.kept[f];
    }
  }

  const Field& field_;
  const Overviews& overviews_;
  const HeadOverview& head_;
  KeptCells kept_;
  int shift_;
  float factor_;
};

void writeRow(const PooledRow& pixels, Stage stage, std::int64_t row, Tile& tile) {
  const bool isSigned = info(stage).isSigned;
  const float masked = maskedValue(stage);
  for (std::size_t p = 0; p < pixels.kept.size(); ++p) {
    const std::size_t at = static_cast<std::size_t>(row) * pixels.kept.size() + p;
    tile.extreme[at] = pixels.extreme(p, isSigned, masked);
    tile.mean[at] = pixels.mean(p, isSigned, masked);
    tile.classes[at] = static_cast<std::uint8_t>(pixels.cellClass(p));
  }
}

}  // namespace

const Overviews* overviewOf(const Field& field, int level) {
  const Run& run = field.run();
  if (field.stage() != Stage::weights || !run.overviews) return nullptr;
  if (field.head() == kMeanHead && run.sizes.heads > 1) return nullptr;
  return level >= run.overviews->grid.level ? run.overviews.value.get() : nullptr;
}

Tile Field::tile(int level, std::int64_t r, std::int64_t c, const Cancel& cancel, ThreadPool* pool) const {
  Tile tile = emptyTile(rows_, cols_, level, r, c);
  if (tile.rows == 0 || tile.cols == 0) return tile;
  const std::int64_t firstRow = r * kTileSize;
  const std::int64_t firstCol = c * kTileSize;
  if (level == 0) {
    fillWithCells(*this, r, c, tile, pool, cancel);
    return tile;
  }
  if (const Overviews* overviews = overviewOf(*this, level)) {
    tile.fromOverview = true;
    const OverviewRow overview(*this, *overviews, level);
    const auto row = [&](std::int64_t index) {
      thread_local PooledRow pixels;
      thread_local PooledRow fine;
      thread_local PoolScratch scratch;
      if (!overview.has(firstRow + index)) return;
      overview.pool(firstRow + index, firstCol, tile.cols, scratch, pixels, fine);
      writeRow(pixels, stage_, index, tile);
    };
    forEachRow(pool, tile.rows, row, cancel);
    return tile;
  }
  const KeptCells kept(*run_, stage_, head_, cols_);
  const std::int64_t together = rowsPooled(level);
  const auto rows = [&](std::int64_t index) {
    thread_local std::vector<PooledRow> pixels;
    thread_local PoolScratch scratch;
    const std::int64_t begin = index * together;
    const std::int64_t count = std::min(together, tile.rows - begin);
    if (static_cast<std::int64_t>(pixels.size()) < count) pixels.resize(static_cast<std::size_t>(count));
    const std::span<PooledRow> into(pixels.data(), static_cast<std::size_t>(count));
    if (!poolRows(*this, kept, level, firstRow + begin, firstCol, tile.cols, cancel, scratch, into)) return;
    for (std::int64_t n = 0; n < count; ++n) {
      writeRow(into[static_cast<std::size_t>(n)], stage_, begin + n, tile);
    }
  };
  forEachRow(pool, (tile.rows + together - 1) / together, rows, cancel);
  return tile;
}

}  // namespace headlight
