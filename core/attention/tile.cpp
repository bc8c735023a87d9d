#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/field.h"
#include "core/attention/field_blocks.h"

namespace headlight {
namespace {

/// What a pixel has met of the cells it covers.
struct Pixel {
  double sum = 0;  ///< of kept finite cells
  std::int64_t finite = 0;
  float extreme = 0;
  float maskedValue = 0;  ///< what masked cells of the stage hold
  bool kept = false;
  bool masked = false;
  bool nan = false;

  void add(float value, bool isMasked, bool isSigned) {
    if (isMasked) {
      masked = true;
      maskedValue = value;
      return;
    }
    if (std::isnan(value)) {
      nan = true;
    } else if (!kept || further(value, extreme, isSigned)) {
      extreme = value;
    }
    kept = true;
    if (!std::isfinite(value)) return;
    sum += static_cast<double>(value);
    ++finite;
  }

  float finalExtreme() const {
    if (nan) return std::numeric_limits<float>::quiet_NaN();
    return kept ? extreme : maskedValue;
  }
  float finalMean() const {
    if (nan || !kept || finite == 0) return finalExtreme();
    return static_cast<float>(sum / static_cast<double>(finite));
  }
  CellClass cellClass() const {
    if (!masked) return CellClass::value;
    return kept ? CellClass::partlyMasked : CellClass::masked;
  }

 private:
  /// Of two numbers equally far from 0 the positive one, so that the order of the cells does not matter.
  static bool further(float value, float than, bool isSigned) {
    if (!isSigned) return value > than;
    const float a = std::abs(value);
    const float b = std::abs(than);
    return a > b || (a == b && value > than);
  }
};

Tile emptyTile(int level, std::int64_t rows, std::int64_t cols) {
  Tile tile;
  tile.level = level;
  tile.rows = static_cast<int>(rows);
  tile.cols = static_cast<int>(cols);
  const auto size = static_cast<std::size_t>(rows * cols);
  tile.extreme.assign(size, 0.0f);
  tile.classes.assign(size, static_cast<std::uint8_t>(CellClass::notComputed));
  if (level > 0) tile.mean.assign(size, 0.0f);
  return tile;
}

/// How many of the tile's kTileSize pixels stand over cells.
std::int64_t extent(std::int64_t cells, int level, std::int64_t index) {
  const std::int64_t pixels = (cells + (std::int64_t{1} << level) - 1) >> level;
  return std::clamp<std::int64_t>(pixels - index * kTileSize, 0, kTileSize);
}

}  // namespace

Tile Field::tile(int level, std::int64_t r, std::int64_t c, const Cancel& cancel) const {
  Tile tile = emptyTile(level, extent(rows_, level, r), extent(cols_, level, c));
  if (tile.rows == 0 || tile.cols == 0) return tile;
  const std::int64_t firstRow = r * kTileSize;
  const std::int64_t c0 = (c * kTileSize) << level;
  const std::int64_t c1 = std::min(cols_, (c * kTileSize + tile.cols) << level);
  if (level == 0) {
    for (std::int64_t row = 0; row < tile.rows; row += kBlockRows) {
      if (cancel.requested()) return tile;
      const std::int64_t end = std::min<std::int64_t>(row + kBlockRows, tile.rows);
      block(firstRow + row, firstRow + end, c0, c1, tile.extreme.data() + row * tile.cols,
            tile.classes.data() + row * tile.cols, tile.cols);
    }
    return tile;
  }
  const bool isSigned = info(stage_).isSigned;
  AlignedFloats values(static_cast<std::size_t>(kBlockRows * kBlockCols));
  std::vector<std::uint8_t> classes(values.size());
  std::vector<Pixel> pixels(static_cast<std::size_t>(tile.cols));
  for (std::int64_t row = 0; row < tile.rows; ++row) {
    const BlockRange covered{(firstRow + row) << level, std::min(rows_, (firstRow + row + 1) << level), c0,
                             c1};
    std::fill(pixels.begin(), pixels.end(), Pixel{});
    bool stopped = false;
    forEachPiece(covered, [&](const BlockRange& piece) {
      stopped = stopped || cancel.requested();
      if (stopped) return;
      const std::int64_t width = piece.c1 - piece.c0;
      block(piece.r0, piece.r1, piece.c0, piece.c1, values.data(), classes.data(), width);
      for (std::int64_t i = 0; i < piece.r1 - piece.r0; ++i) {
        for (std::int64_t j = 0; j < width; ++j) {
          const auto at = static_cast<std::size_t>(i * width + j);
          Pixel& pixel = pixels[static_cast<std::size_t>((piece.c0 + j - c0) >> level)];
          pixel.add(values[at], classes[at] == static_cast<std::uint8_t>(CellClass::masked), isSigned);
        }
      }
    });
    if (stopped) return tile;
    for (std::int64_t col = 0; col < tile.cols; ++col) {
      const auto at = static_cast<std::size_t>(row * tile.cols + col);
      const Pixel& pixel = pixels[static_cast<std::size_t>(col)];
      tile.extreme[at] = pixel.finalExtreme();
      tile.mean[at] = pixel.finalMean();
      tile.classes[at] = static_cast<std::uint8_t>(pixel.cellClass());
    }
  }
  return tile;
}

}  // namespace headlight
