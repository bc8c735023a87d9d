#include "app/render/visible_tiles.h"

#include <algorithm>

namespace headlight {
namespace {

/// Along one axis of the picture: which tiles are touched.
struct Span {
  std::int64_t first = 0;
  std::int64_t last = -1;
  std::int64_t texels = 0;
};

Span touched(std::int64_t cells, const MapGeometry& geometry, std::int64_t offset, int length) {
  Span span;
  const std::int64_t side = std::int64_t{1} << geometry.level;
  span.texels = cells / side + (cells % side != 0 ? 1 : 0);
  if (span.texels < 1 || length < 1 || offset > span.texels * geometry.texelPx - 1) return span;
  const std::int64_t tilePx = std::int64_t{kTileSize} * geometry.texelPx;
  const std::int64_t end =
      std::min(offset + length, span.texels * geometry.texelPx);  // one past the last pixel
  if (end <= 0) return span;
  span.first = std::max<std::int64_t>(offset, 0) / tilePx;
  span.last = (end - 1) / tilePx;
  return span;
}

}  // namespace

std::vector<VisibleTile> visibleTiles(std::int64_t rows, std::int64_t cols, const MapGeometry& geometry) {
  std::vector<VisibleTile> tiles;
  if (rows < 1 || cols < 1 || geometry.texelPx < 1 || geometry.level < 0 || geometry.level > 40) return tiles;
  const Span down = touched(geometry.transposed ? cols : rows, geometry, geometry.top, geometry.height);
  const Span across = touched(geometry.transposed ? rows : cols, geometry, geometry.left, geometry.width);
  const std::int64_t tilePx = std::int64_t{kTileSize} * geometry.texelPx;
  for (std::int64_t v = down.first; v <= down.last; ++v) {
    for (std::int64_t h = across.first; h <= across.last; ++h) {
      const auto high = static_cast<int>(std::min<std::int64_t>(kTileSize, down.texels - v * kTileSize));
      const auto wide = static_cast<int>(std::min<std::int64_t>(kTileSize, across.texels - h * kTileSize));
      VisibleTile tile;
      tile.r = geometry.transposed ? h : v;
      tile.c = geometry.transposed ? v : h;
      tile.x = static_cast<int>(h * tilePx - geometry.left);
      tile.y = static_cast<int>(v * tilePx - geometry.top);
      if ((h + 1) * kTileSize >= across.texels) tile.endX = wide * geometry.texelPx - 1;
      if ((v + 1) * kTileSize >= down.texels) tile.endY = high * geometry.texelPx - 1;
      tile.rows = geometry.transposed ? wide : high;
      tile.cols = geometry.transposed ? high : wide;
      tiles.push_back(tile);
    }
  }
  return tiles;
}

}  // namespace headlight
