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

FigureCrop wholeOf(const Field& field) {
  return {0, field.rows(), 0, field.cols()};
}

Pooling printedPooling(const Field& field, const FigureCrop& part, bool transposed, double width,
                       double height, double dpi) {
  if (transposed) std::swap(width, height);
  Pooling pooling{printedLevel(part.rows(), height, dpi), printedLevel(part.cols(), width, dpi)};
  if (isMap(field.stage())) pooling.rows = pooling.cols = std::max(pooling.rows, pooling.cols);
  return pooling;
}

Pooling printedPooling(const Field& field, bool transposed, double width, double height, double dpi) {
  return printedPooling(field, wholeOf(field), transposed, width, height, dpi);
}

namespace {

// What is drawn of a field or of a difference.
template <class Cells>
struct Source {
  const Cells& cells;
  FigureCrop part;
  FigureCrop whole;
  bool isMatrix = false;  ///< of tokens × dimensions
  bool isSigned = false;
};

// Cell by cell. Of a part, as the tiles of a field begin at its own corner, not at the part's. Of a matrix,
// as it is pooled by itself along each axis: its few columns need not be merged because its many rows are.
template <class Cells>
void poolCells(const Source<Cells>& source, Pooling pooling, ThreadPool& pool, const Cancel& cancel,
               const std::function<void(std::int64_t, std::int64_t, float, std::uint8_t)>& put) {
  const FigureCrop& part = source.part;
  const std::int64_t side = std::int64_t{1} << pooling.rows;
  const std::int64_t across = ((part.cols() - 1) >> pooling.cols) + 1;
  const bool isSigned = source.isSigned || source.isMatrix;
  pool.run((part.rows() + side - 1) / side,
           [&](std::int64_t r) {
             const auto cols = static_cast<std::size_t>(part.cols());
             std::vector<float> values(cols);
             std::vector<std::uint8_t> classes(cols);
             std::vector<float> best(static_cast<std::size_t>(across), 0.0f);
             std::vector<std::uint8_t> kept(best.size(), 0);
             std::vector<std::uint8_t> masked(best.size(), 0);
             const std::int64_t from = part.rowFirst + r * side;
             for (std::int64_t i = from; i < std::min(part.rowEnd, from + side); ++i) {
               source.cells.block(i, i + 1, part.colFirst, part.colEnd, values.data(), classes.data(),
                                  part.cols());
               for (std::size_t j = 0; j < cols; ++j) {
                 const std::size_t to = j >> pooling.cols;
                 if (classes[j] == static_cast<std::uint8_t>(CellClass::masked)) {
                   masked[to] = 1;
                   if (kept[to] == 0) best[to] = values[j];
                   continue;
                 }
                 const float now = best[to];
                 const bool farther =
                     isSigned ? std::abs(values[j]) > std::abs(now) || (values[j] == -now && values[j] > now)
                              : values[j] > now;
                 if (kept[to] == 0 || std::isnan(values[j]) || farther) best[to] = values[j];
                 kept[to] = 1;
               }
             }
             for (std::size_t c = 0; c < best.size(); ++c) {
               const CellClass kind = kept[c] == 0     ? CellClass::masked
                                      : masked[c] != 0 ? CellClass::partlyMasked
                                                       : CellClass::value;
               put(r, static_cast<std::int64_t>(c), best[c], static_cast<std::uint8_t>(kind));
             }
           },
           cancel);
}

template <class Cells>
Result<MapPixels> readSource(const Source<Cells>& source, bool transposed, Pooling pooling, ThreadPool& pool,
                             const Cancel& cancel) {
  const FigureCrop& part = source.part;
  const std::int64_t down = (part.rows() + (std::int64_t{1} << pooling.rows) - 1) >> pooling.rows;
  const std::int64_t across = (part.cols() + (std::int64_t{1} << pooling.cols) - 1) >> pooling.cols;
  MapPixels pixels;
  pixels.pooling = pooling;
  pixels.rows = transposed ? part.cols() : part.rows();
  pixels.cols = transposed ? part.rows() : part.cols();
  pixels.down = transposed ? across : down;
  pixels.across = transposed ? down : across;
  pixels.values.resize(static_cast<std::size_t>(down * across));
  pixels.classes.resize(pixels.values.size());
  const auto put = [&](std::int64_t row, std::int64_t col, float value, std::uint8_t kind) {
    const std::size_t to = transposed ? pixels.at(col, row) : pixels.at(row, col);
    pixels.values[to] = value;
    pixels.classes[to] = kind;
  };
  if (part != source.whole || (source.isMatrix && pooling.any())) {
    poolCells(source, pooling, pool, cancel, put);
  } else {
    const std::int64_t tilesDown = (down + kTileSize - 1) / kTileSize;
    const std::int64_t tilesAcross = (across + kTileSize - 1) / kTileSize;
    pool.run(
        tilesDown * tilesAcross,
        [&](std::int64_t n) {
          const std::int64_t r0 = n / tilesAcross;
          const std::int64_t c0 = n % tilesAcross;
          const Tile tile = source.cells.tile(pooling.rows, r0, c0, cancel);
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

}  // namespace

Result<MapPixels> readPixels(const Field& field, bool transposed, Pooling pooling, ThreadPool& pool,
                             const Cancel& cancel) {
  return readPixels(field, wholeOf(field), transposed, pooling, pool, cancel);
}

Result<MapPixels> readPixels(const Field& field, const FigureCrop& part, bool transposed, Pooling pooling,
                             ThreadPool& pool, const Cancel& cancel) {
  const Source<Field> source{field, part, wholeOf(field), !isMap(field.stage()),
                             info(field.stage()).isSigned};
  return readSource(source, transposed, pooling, pool, cancel);
}

Result<MapPixels> readPixels(const FieldDifference& difference, const FigureCrop& part, bool transposed,
                             Pooling pooling, ThreadPool& pool, const Cancel& cancel) {
  const Field& field = difference.first();
  const Source<FieldDifference> source{difference, part, wholeOf(field), !isMap(field.stage()), true};
  return readSource(source, transposed, pooling, pool, cancel);
}

}  // namespace headlight
