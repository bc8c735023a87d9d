#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/experiment/edit_cells.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// The middle of a cell of the map as it is shown, all of whose rows and columns are in sight.
ImVec2 cellAt(const Driver& d, std::int64_t row, std::int64_t col, std::int64_t rows = 11,
              std::int64_t cols = 11) {
  const Box map = d.box("stage");
  return {map.x0 + (static_cast<float>(col) + 0.5f) * map.width() / static_cast<float>(cols),
          map.y0 + (static_cast<float>(row) + 0.5f) * map.height() / static_cast<float>(rows)};
}

void stroke(Driver& d, ImVec2 from, ImVec2 to) {
  d.dragBy(from.x, from.y, to.x - from.x, to.y - from.y);
  d.settle();
}

class Painting : public testing::Test {
 protected:
  Painting() {
    EXPECT_TRUE(d_.window().run("tool.paint"));
    d_.settle();
  }
  std::string drop() const { return d_.value("mask.0.drop"); }
  Driver d_;
};

TEST_F(Painting, ARectangleIsDroppedAndAgainRestored) {
  EXPECT_TRUE(d_.drawn().shows("Painting the mask"));
  stroke(d_, cellAt(d_, 2, 1), cellAt(d_, 3, 2));
  EXPECT_EQ(drop(), "[[2, 1], [2, 2], [3, 1], [3, 2]]");
  EXPECT_EQ(d_.session().evaluation()->run->mask->kept(0, 2), 9);
  EXPECT_EQ(d_.session().undoName(), "drop 4 cells");
  stroke(d_, cellAt(d_, 3, 2), cellAt(d_, 3, 0));
  EXPECT_EQ(drop(), "[[2, 1], [2, 2]]") << "the first cell was dropped, so the stroke restores";
  stroke(d_, cellAt(d_, 2, 2), cellAt(d_, 2, 1));
  EXPECT_TRUE(d_.experiment().mask.empty()) << "an empty mask goes";
  EXPECT_EQ(d_.undoAll(), 3) << "a stroke is a step";
}

TEST_F(Painting, AClickIsOneCell) {
  const ImVec2 at = cellAt(d_, 5, 4);
  d_.clickAt(at.x, at.y);
  d_.settle();
  EXPECT_EQ(drop(), "[[5, 4]]");
  EXPECT_EQ(d_.session().undoName(), "drop 1 cell");
  EXPECT_EQ(d_.session().pinned(), (Cell{7, 1})) << "the pin stays where it was";
}

TEST_F(Painting, WholeRowsAndColumnsByLabelsAndModifiers) {
  const Box rows = d_.box("stage/rows");
  const ImVec2 row = cellAt(d_, 4, 0);
  stroke(d_, {rows.centreX(), row.y}, {rows.centreX(), row.y});
  EXPECT_EQ(d_.experiment().mask[0].find("drop")->list().size(), 11u);
  EXPECT_TRUE(isDroppedByHand(d_.experiment(), 4, 10));
  d_.session().undo();
  d_.settle();
  const Box columns = d_.box("stage/columns");
  stroke(d_, {cellAt(d_, 0, 2).x, columns.centreY()}, {cellAt(d_, 0, 3).x, columns.centreY()});
  EXPECT_EQ(d_.experiment().mask[0].find("drop")->list().size(), 22u);
  EXPECT_TRUE(isDroppedByHand(d_.experiment(), 10, 3));
  EXPECT_FALSE(isDroppedByHand(d_.experiment(), 10, 4));
}

TEST_F(Painting, TheOutlineCountsBeforeAnythingChanges) {
  const std::string before = d_.document();
  const ImVec2 from = cellAt(d_, 1, 1);
  const ImVec2 to = cellAt(d_, 4, 3);
  d_.moveTo(from.x, from.y);
  d_.hold(true);
  d_.moveTo(to.x, to.y);
  EXPECT_TRUE(d_.drawn().shows("drop 12 cells"));
  EXPECT_EQ(d_.document(), before);
  d_.key(kKeyEscape);
  EXPECT_FALSE(d_.drawn().shows("drop 12 cells"));
  d_.moveTo(to.x + 20, to.y);
  d_.hold(false);
  d_.settle();
  EXPECT_EQ(d_.document(), before) << "Esc left the mask as it was";
  EXPECT_TRUE(d_.drawn().shows("Painting the mask")) << "and the tool in hand";
  d_.key(kKeyEscape);
  d_.settle();
  EXPECT_FALSE(d_.drawn().shows("Painting the mask"));
  EXPECT_TRUE(d_.session().pinned()) << "Esc put the tool away and nothing else";
}

TEST_F(Painting, WorksTurned) {
  ASSERT_TRUE(d_.window().run("view.orientation"));
  d_.settle();
  stroke(d_, cellAt(d_, 2, 5), cellAt(d_, 3, 5));
  EXPECT_EQ(drop(), "[[5, 2], [5, 3]]") << "rows as shown are keys";
}

TEST_F(Painting, EnterPaintsThePinnedCell) {
  d_.session().pin(Cell{6, 3});
  d_.frames(2);
  for (int i = 0; i < 200 && d_.window().focused() != "stage"; ++i) d_.key(kKeyTab);
  d_.key(kKeyEnter);
  d_.settle();
  EXPECT_EQ(drop(), "[[6, 3]]");
  d_.key(kKeyRight);
  d_.key(kKeyEnter);
  d_.settle();
  EXPECT_EQ(drop(), "[[6, 3], [6, 4]]");
  d_.key(kKeyEnter);
  d_.settle();
  EXPECT_EQ(drop(), "[[6, 3]]");
}

TEST_F(Painting, SaysWhatStaysMasked) {
  d_.session().change("mask", Value("causal"), Phase::done);
  d_.settle();
  const ImVec2 at = cellAt(d_, 2, 8);
  d_.moveTo(at.x, at.y);
  EXPECT_TRUE(d_.drawn().shows("stays masked"));
  stroke(d_, cellAt(d_, 6, 1), cellAt(d_, 6, 1));
  ASSERT_EQ(d_.experiment().mask.size(), 2u);
  EXPECT_EQ(d_.experiment().mask[1].kind, "cells");
}

TEST_F(Painting, TooManyCellsAreRefusedWithTheCure) {
  d_.session().change("tokens", Value(Object{{"count", Value(700)}}), Phase::done);
  d_.settle();
  const Box map = d_.box("stage");
  stroke(d_, {map.x0 + 4, map.y0 + 4}, {map.x1 - 4, map.y1 - 4});
  EXPECT_TRUE(d_.experiment().mask.empty());
  EXPECT_TRUE(d_.drawn().shows("causal"));
}

TEST(PaintTool, IsSaidToBeImpossible) {
  Driver d;
  scene("painting where there is no map").set(d);
  EXPECT_TRUE(d.drawn().shows("Masks are painted on the maps"));
  const Box map = d.box("stage");
  d.clickAt(map.centreX(), map.centreY());
  d.settle();
  EXPECT_TRUE(d.experiment().mask.empty());
}

TEST(PaintTool, TheKeyTakesTheToolUpAndPutsItAway) {
  Driver d;
  d.key('P');
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Painting the mask"));
  d.click("tool/done");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("Painting the mask"));
  d.key('P');
  d.key('P');
  d.settle();
  EXPECT_FALSE(d.drawn().shows("Painting the mask"));
  const Box map = d.box("stage");
  d.clickAt(map.centreX(), map.centreY());
  d.settle();
  EXPECT_TRUE(d.experiment().mask.empty()) << "a click pins again";
}

}  // namespace
}  // namespace headlight::test
