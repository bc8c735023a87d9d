#include "app/panels/map_view.h"

#include <gtest/gtest.h>

namespace headlight {
namespace {

const Box kArea = Box::at(100, 50, 400, 300);

TEST(MapView, FitsWholePixelCells) {
  MapView map;
  map.place(kArea, 11, 11, 64);
  EXPECT_EQ(map.cellPx(), 27);  // 300 ÷ 11
  EXPECT_EQ(map.level(), 0);
  EXPECT_EQ(map.box().width(), 11 * 27);
  EXPECT_EQ(map.x(3), 100 + 3 * 27);
  EXPECT_EQ(map.colAt(100 + 3 * 27), 3);
  EXPECT_EQ(map.colAt(99 + 3 * 27), 2);
  EXPECT_EQ(map.rowAt(50), 0);
}

TEST(MapView, CellsStopGrowing) {
  MapView map;
  map.place(kArea, 2, 2, 64);
  EXPECT_EQ(map.cellPx(), 64);
}

TEST(MapView, PoolsWhatIsLargerThanTheArea) {
  MapView map;
  map.place(kArea, 4096, 4096, 64);
  EXPECT_EQ(map.level(), 4);  // 256 px of 300
  EXPECT_EQ(map.mapWidth(), 256);
  EXPECT_EQ(map.colAt(100 + 3), 48);
  const MapGeometry g = map.geometry(false);
  EXPECT_EQ(g.level, 4);
  EXPECT_EQ(g.texelPx, 1);
  EXPECT_EQ(g.width, 256);
}

TEST(MapView, TakesTheSmallestLevelThatFits) {
  const Box area = Box::at(0, 0, 300, 256);
  EXPECT_EQ(MapView::fittingLevel(area, 256, 300), 0);
  EXPECT_EQ(MapView::fittingLevel(area, 257, 300), 1);
  EXPECT_EQ(MapView::fittingLevel(area, 1, 301), 1);
  EXPECT_EQ(MapView::fittingLevel(area, 4096, 4096), 4);
  EXPECT_EQ(MapView::fittingLevel(area, 4097, 4096), 5);  // the last px stands for one cell
}

TEST(MapView, ZoomKeepsTheCellUnderThePointer) {
  MapView map;
  map.place(kArea, 300, 300, 64);
  const float x = 300;
  const float y = 200;
  const auto col = map.colAt(x);
  const auto row = map.rowAt(y);
  for (int i = 0; i < 6; ++i) {
    map.zoom(1, x, y);
    map.place(kArea, 300, 300, 64);
    EXPECT_EQ(map.colAt(x), col);
    EXPECT_EQ(map.rowAt(y), row);
  }
  EXPECT_FALSE(map.fitted());
  EXPECT_GT(map.cellPx(), 4);
}

TEST(MapView, PanStopsAtTheEdges) {
  MapView map;
  map.place(kArea, 300, 300, 64);
  for (int i = 0; i < 8; ++i) map.zoom(1, 300, 200);
  map.pan(1e6f, 1e6f);
  EXPECT_EQ(map.firstCol(), 0);
  EXPECT_EQ(map.firstRow(), 0);
  map.pan(-1e6f, -1e6f);
  EXPECT_EQ(map.endCol(), 300);
  EXPECT_EQ(map.endRow(), 300);
  EXPECT_EQ(map.box().width(), 400);
}

TEST(MapView, ASmallerMapIsFittedAgain) {
  MapView map;
  map.place(kArea, 300, 300, 64);
  map.zoom(3, 300, 200);
  map.place(kArea, 10, 10, 64);
  EXPECT_TRUE(map.fitted());
  EXPECT_EQ(map.cellPx(), 30);
}

TEST(MapView, NarrowCellsAreStretchedToTallRows) {
  MapView map;
  map.place(kArea, 11, 64, 64, 30);
  EXPECT_EQ(map.cellPx(), 6);
  EXPECT_EQ(map.stretch(), 4);  // 300 ÷ 11 = 27 px, 24 of them used
  EXPECT_EQ(map.mapHeight(), 11 * 6 * 4);
  EXPECT_EQ(map.rowAt(50 + 24), 1);
  EXPECT_EQ(map.rowAt(50 + 23), 0);
  const MapGeometry g = map.geometry(false);
  EXPECT_EQ(g.height * map.stretch(), 264);
}

TEST(MapView, RowsStayAboutAsTallWhileNarrowCellsGrow) {
  MapView map;
  map.place(kArea, 11, 64, 64, 30, 90);
  const int tall = map.cellPx() * map.stretch();
  const std::int64_t row = map.rowAt(212);
  const std::int64_t col = map.colAt(300);
  for (int i = 0; i < 5; ++i) {
    map.zoom(1, 300, 212);
    map.place(kArea, 11, 64, 64, 30, 90);
    EXPECT_EQ(map.rowAt(212), row);
    EXPECT_EQ(map.colAt(300), col);
    EXPECT_GE(map.cellPx() * map.stretch(), tall);
    EXPECT_LT(map.cellPx() * map.stretch(), 2 * tall);
  }
  for (int i = 0; i < 12; ++i) map.zoom(1, 300, 212);
  EXPECT_EQ(map.stretch(), 1) << "square where there is room for numbers";
}

TEST(MapView, LongMapsAreFittedByTheirShortSide) {
  MapView map;
  map.place(kArea, 11, 768, 64, 30, 90);
  EXPECT_EQ(map.level(), 0);
  EXPECT_EQ(map.cellPx(), 1);
  EXPECT_GE(map.stretch(), 20);
  EXPECT_FALSE(map.showsAll());
  EXPECT_EQ(map.box().width(), 400 - 90) << "what is aside stays free";
  map.place(kArea, 4096, 64, 64, 30, 90);
  EXPECT_EQ(map.level(), 0);
  EXPECT_EQ(map.endCol(), 64);
  EXPECT_FALSE(map.showsAll());
  // All of it is one step of the wheel after the other away.
  for (int i = 0; i < 20; ++i) map.zoom(-1, 150, 150);
  map.place(kArea, 4096, 64, 64, 30, 90);
  EXPECT_TRUE(map.showsAll());
  // Where nothing shows what is out of sight, all of it is fitted.
  MapView whole;
  whole.place(kArea, 11, 768, 64, 30);
  EXPECT_TRUE(whole.showsAll());
}

TEST(MapView, ZoomingOutEndsWhereAllIsInSight) {
  MapView map;
  map.place(kArea, 300, 300, 64, 0, 90);
  EXPECT_TRUE(map.fitted());
  map.zoom(-1, 300, 200);
  EXPECT_TRUE(map.fitted());
  EXPECT_EQ(map.cellPx(), 1);
  for (int i = 0; i < 3; ++i) map.zoom(1, 300, 200);
  map.place(kArea, 300, 300, 64, 0, 90);
  EXPECT_FALSE(map.fitted());
  EXPECT_EQ(map.box().width(), 310);
  for (int i = 0; i < 3; ++i) map.zoom(-1, 300, 200);
  EXPECT_TRUE(map.fitted());
  map.place(kArea, 300, 300, 64, 0, 90);
  EXPECT_TRUE(map.showsAll());
  EXPECT_EQ(map.box().width(), 300);
}

TEST(MapView, ACellIsBroughtIntoTheMiddle) {
  MapView map;
  map.place(kArea, 4096, 4096, 64, 0, 90);
  map.closeUp(1000, 3000, 24);
  map.place(kArea, 4096, 4096, 64, 0, 90);
  EXPECT_EQ(map.cellPx(), 24);
  EXPECT_NEAR(map.x(3000) + 12, map.box().centreX(), 60);
  EXPECT_NEAR(map.y(1000) + 12, map.box().centreY(), 30);
  map.centreOn(0, 4095);
  EXPECT_EQ(map.firstRow(), 0);
  EXPECT_EQ(map.endCol(), 4096);
}

TEST(MapView, RevealBringsACellIntoSight) {
  MapView map;
  map.place(kArea, 500, 500, 64);
  for (int i = 0; i < 8; ++i) map.zoom(1, 110, 60);
  map.reveal(499, 250);
  EXPECT_EQ(map.endRow(), 500);
  EXPECT_LE(map.firstCol(), 250);
  EXPECT_GT(map.endCol(), 250);
}

TEST(MapView, NothingLeavesTheNumbers) {
  MapView map;
  map.place({0, 0, 1, 1}, 1, 1, 64);
  for (int i = 0; i < 40; ++i) map.zoom(i % 3 == 0 ? -1 : 1, 5, 5);
  map.place(Box::at(0, 0, 3, 2), std::int64_t{1} << 20, std::int64_t{1} << 20, 64);
  for (int i = 0; i < 60; ++i) map.zoom(-1, 1, 1);
  EXPECT_GE(map.level(), 0);
  EXPECT_GE(map.colAt(-100), 0);
  EXPECT_LT(map.rowAt(1e6f), std::int64_t{1} << 20);
}

}  // namespace
}  // namespace headlight
