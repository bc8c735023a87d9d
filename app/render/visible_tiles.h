#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "app/render/map_renderer.h"

namespace headlight {

/// A tile that a picture of a map shows, and where: its first pixel in the picture, which may lie outside.
struct VisibleTile {
  std::int64_t r = 0;
  std::int64_t c = 0;
  int x = 0;
  int y = 0;
  int endX = -1;  ///< the map's last pixel, counted from the tile's first; −1 where another tile has it
  int endY = -1;
  int rows = 0;  ///< texels, fewer than kTileSize at the far edges
  int cols = 0;
};

/// The tiles of the geometry's level that its picture touches, row by row; none when the map or the picture
/// is empty.
std::vector<VisibleTile> visibleTiles(std::int64_t rows, std::int64_t cols, const MapGeometry& geometry);

}  // namespace headlight
