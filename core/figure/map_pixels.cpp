#include "core/figure/map_pixels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace headlight {

bool MapPixels::hatched(std::int64_t r, std::int64_t c) const {
  return kind(r, c) == CellClass::masked || values[at(r, c)] == -std::numeric_limits<float>::infinity();
}

int printedLevel(std::int64_t cells, double mm, double dpi) {
  const auto pixels = std::max<std::int64_t>(1, static_cast<std::int64_t>(mm / 25.4 * dpi + 1e-6));
  int level = 0;
  while (level < 40 && (cells + (std::int64_t{1} << level) - 1) >> level > pixels) ++level;
  return level;
}

Pooling printedPooling(const Field& field, bool transposed, double width, double height, double dpi) {
  if (transposed) std::swap(width, height);
  Pooling pooling{printedLevel(field.rows(), height, dpi), printedLevel(field.cols(), width, dpi)};
  if (isMap(field.stage())) pooling.rows = pooling.cols = std::max(pooling.rows, pooling.cols);
  return pooling;
}

namespace {

// A matrix of tokens × dimensions is pooled by itself along each axis: its few columns need not be merged
// because its many rows are. It is stored whole, so its rows are read where they lie.
void poolMatrix(const Field& field, Pooling pooling, ThreadPool& pool, const Cancel& cancel,
                const std::function<void(std::int64_t, std::int64_t, float, std::uint8_t)>& put) {
  const std::int64_t side = std::int64_t{1} << pooling.rows;
  pool.run((field.rows() + side - 1) / side,
           [&](std::int64_t r) {
             std::vector<float> values(static_cast<std::size_t>(field.cols()));
             std::vector<float> best(static_cast<std::size_t>((field.cols() - 1) >> pooling.cols) + 1, 0.0f);
             for (std::int64_t i = r * side; i < std::min(field.rows(), (r + 1) * side); ++i) {
               field.row(i, values.data());
               for (std::size_t j = 0; j < values.size(); ++j) {
                 float& now = best[j >> pooling.cols];
                 const float a = std::abs(values[j]);
                 const float b = std::abs(now);
                 if (std::isnan(values[j]) || a > b || (a == b && values[j] > now)) now = values[j];
               }
             }
             for (std::size_t c = 0; c < best.size(); ++c) {
               put(r, static_cast<std::int64_t>(c), best[c], static_cast<std::uint8_t>(CellClass::value));
             }
           },
           cancel);
}

}  // namespace

Result<MapPixels> readPixels(const Field& field, bool transposed, Pooling pooling, ThreadPool& pool,
                             const Cancel& cancel) {
  const std::int64_t down = (field.rows() + (std::int64_t{1} << pooling.rows) - 1) >> pooling.rows;
  const std::int64_t across = (field.cols() + (std::int64_t{1} << pooling.cols) - 1) >> pooling.cols;
  MapPixels pixels;
  pixels.pooling = pooling;
  pixels.rows = transposed ? field.cols() : field.rows();
  pixels.cols = transposed ? field.rows() : field.cols();
  pixels.down = transposed ? across : down;
  pixels.across = transposed ? down : across;
  pixels.values.resize(static_cast<std::size_t>(down * across));
  pixels.classes.resize(pixels.values.size());
  const auto put = [&](std::int64_t row, std::int64_t col, float value, std::uint8_t kind) {
    const std::size_t to = transposed ? pixels.at(col, row) : pixels.at(row, col);
    pixels.values[to] = value;
    pixels.classes[to] = kind;
  };
  if (!isMap(field.stage()) && pooling.any()) {
    poolMatrix(field, pooling, pool, cancel, put);
  } else {
    const std::int64_t tilesDown = (down + kTileSize - 1) / kTileSize;
    const std::int64_t tilesAcross = (across + kTileSize - 1) / kTileSize;
    pool.run(
        tilesDown * tilesAcross,
        [&](std::int64_t n) {
          const std::int64_t r0 = n / tilesAcross;
          const std::int64_t c0 = n % tilesAcross;
          const Tile tile = field.tile(pooling.rows, r0, c0, cancel);
          if (tile.classes.size() !=
              static_cast<std::size_t>(tile.rows) * static_cast<std::size_t>(tile.cols))
            return;
          for (std::int64_t r = 0; r < tile.rows; ++r) {
            for (std::int64_t c = 0; c < tile.cols; ++c) {
              const auto from = static_cast<std::size_t>(r * tile.cols + c);
              put(r0 * kTileSize + r, c0 * kTileSize + c, tile.extreme[from], tile.classes[from]);
            }
          }
        },
        cancel);
  }
  if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  return pixels;
}

}  // namespace headlight
