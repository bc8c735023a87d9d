#include "app/render/visible_tiles.h"

#include <gmock/gmock.h>

namespace headlight {
namespace {

MapGeometry geometry(int texelPx, std::int64_t left, std::int64_t top, int width, int height) {
  MapGeometry g;
  g.texelPx = texelPx;
  g.left = left;
  g.top = top;
  g.width = width;
  g.height = height;
  return g;
}

TEST(VisibleTiles, OneTileHoldsASmallMap) {
  const std::vector<VisibleTile> tiles = visibleTiles(10, 12, geometry(16, -3, 4, 500, 500));
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles[0].x, 3);
  EXPECT_EQ(tiles[0].y, -4);
  EXPECT_EQ(tiles[0].rows, 10);
  EXPECT_EQ(tiles[0].cols, 12);
  EXPECT_EQ(tiles[0].endX, 12 * 16 - 1);
  EXPECT_EQ(tiles[0].endY, 10 * 16 - 1);
}

TEST(VisibleTiles, OnlyTouchedOnesAreNamed) {
  // 3 × 3 tiles of 256 px; the picture covers pixels 256 … 511 across and 500 … 519 down.
  const std::vector<VisibleTile> tiles = visibleTiles(700, 700, geometry(1, 256, 500, 256, 20));
  ASSERT_EQ(tiles.size(), 2U);
  EXPECT_EQ(tiles[0].r, 1);
  EXPECT_EQ(tiles[0].c, 1);
  EXPECT_EQ(tiles[1].r, 2);
  EXPECT_EQ(tiles[1].c, 1);
  EXPECT_EQ(tiles[1].rows, 700 - 512);
  EXPECT_EQ(tiles[0].endY, -1);
  EXPECT_EQ(tiles[1].endY, 700 - 512 - 1);
}

TEST(VisibleTiles, TransposedExchangesTheAxes) {
  MapGeometry g = geometry(1, 0, 0, 1000, 100);
  g.transposed = true;
  const std::vector<VisibleTile> tiles = visibleTiles(300, 50, g);
  ASSERT_EQ(tiles.size(), 2U);
  EXPECT_EQ(tiles[1].r, 1);
  EXPECT_EQ(tiles[1].c, 0);
  EXPECT_EQ(tiles[1].x, 256);
  EXPECT_EQ(tiles[1].rows, 44);
  EXPECT_EQ(tiles[1].cols, 50);
}

TEST(VisibleTiles, NothingOfTheMapNoTile) {
  EXPECT_TRUE(visibleTiles(10, 10, geometry(8, 80, 0, 50, 50)).empty());
  EXPECT_TRUE(visibleTiles(10, 10, geometry(8, -50, 0, 50, 50)).empty());
  EXPECT_TRUE(visibleTiles(0, 10, geometry(8, 0, 0, 50, 50)).empty());
  EXPECT_TRUE(visibleTiles(10, 10, geometry(8, 0, 0, 0, 50)).empty());
  EXPECT_TRUE(visibleTiles(10, 10, geometry(0, 0, 0, 50, 50)).empty());
}

TEST(VisibleTiles, LevelsRoundUp) {
  MapGeometry g = geometry(1, 0, 0, 1000, 1000);
  g.level = 3;
  const std::vector<VisibleTile> tiles = visibleTiles(2049, 8, g);  // 257 × 1 texels
  ASSERT_EQ(tiles.size(), 2U);
  EXPECT_EQ(tiles[1].rows, 1);
  EXPECT_EQ(tiles[1].cols, 1);
}

}  // namespace
}  // namespace headlight
