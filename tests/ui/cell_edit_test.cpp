#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/experiment/edit_cells.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// Types another number into the open field.
void typeNumber(Driver& d, const char* number) {
  d.frames(2);
  d.key(kKeyA, kCtrl);
  d.type(number);
  d.key(kKeyEnter);
  d.settle();
}

TEST(CellEdit, AClickWithTheToolSetsACell) {
  Driver d;
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "source": "random", "shape": {"d_model": 8, "heads": 2}, "view": {"stage": "q", "head": 1}})");
  d.key('E');
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Setting cells"));
  const Box map = d.box("stage");
  d.clickAt(map.x0 + 0.125f * map.width(), map.y0 + 0.625f * map.height());
  d.settle();
  ASSERT_TRUE(d.has("cell/field"));
  EXPECT_TRUE(d.drawn().shows("H1")) << "the cell is named";
  typeNumber(d, "2.5");
  EXPECT_FALSE(d.has("cell/field"));
  ASSERT_EQ(d.experiment().edits.size(), 1u);
  EXPECT_EQ(editedValue(d.experiment(), "q", {1, 2, 0}), 2.5);
  EXPECT_EQ(d.session().evaluation()->run->projected->q[1](2, 0), 2.5f);
  EXPECT_TRUE(d.drawn().shows("1 cell set by hand"));
  EXPECT_EQ(d.undoAll(), 1);
}

TEST(CellEdit, ADoubleClickNeedsNoTool) {
  Driver d;
  d.session().selectStage(Stage::input);
  d.settle();
  const Box map = d.box("stage");
  d.clickAt(map.centreX(), map.centreY());
  d.clickAt(map.centreX(), map.centreY());
  d.settle();
  ASSERT_TRUE(d.has("cell/field"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("cell/field"));
  EXPECT_TRUE(d.experiment().edits.empty());
}

TEST(CellEdit, WhatIsNoNumberIsRefusedInPlace) {
  Driver d;
  scene("cell field").set(d);
  ASSERT_TRUE(d.has("cell/field"));
  const std::string before = d.document();
  typeNumber(d, "many");
  EXPECT_TRUE(d.drawn().shows("accepted is a number"));
  EXPECT_EQ(d.document(), before);
  ASSERT_TRUE(d.has("cell/field"));
}

TEST(CellEdit, ResultsCannotBeSetAndSaySo) {
  Driver d;
  ASSERT_TRUE(d.window().run("tool.edit"));
  d.settle();
  EXPECT_TRUE(d.drawn().shows("A result"));
  const Box map = d.box("stage");
  d.clickAt(map.centreX(), map.centreY());
  d.settle();
  EXPECT_FALSE(d.has("cell/field"));
}

TEST(CellEdit, TheRailListsAndResetsThem) {
  Driver d;
  scene("cells set").set(d);
  EXPECT_TRUE(d.drawn().shows("3 cells set by hand"));
  EXPECT_TRUE(d.drawn().shows("0.125"));
  d.click("edits.1/remove");
  d.settle();
  ASSERT_EQ(d.experiment().edits.size(), 2u);
  EXPECT_FALSE(editedValue(d.experiment(), "q", {0, 2, 1}));
  d.click("edits/reset");
  d.settle();
  EXPECT_TRUE(d.experiment().edits.empty());
  EXPECT_EQ(d.undoAll(), 2);
  EXPECT_EQ(d.experiment().edits.size(), 3u);
}

TEST(MatrixPage, OpensFromTheStripAndClosesWithEscape) {
  Driver d;
  d.click("matrix/projections");
  d.settle();
  ASSERT_TRUE(d.has("matrix"));
  EXPECT_TRUE(d.drawn().shows("64 × 64"));
  d.click("matrix.which=w_v");
  d.settle();
  ASSERT_TRUE(d.has("matrix"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("matrix"));
  EXPECT_TRUE(d.has("stage"));
  EXPECT_TRUE(d.session().pinned()) << "Esc closed the page and nothing else";
  d.click("matrix/output");
  d.settle();
  ASSERT_TRUE(d.has("matrix"));
  d.session().selectStage(Stage::q);
  d.settle();
  EXPECT_FALSE(d.has("matrix")) << "another stage takes its place";
}

TEST(MatrixPage, ANumberIsTypedAndReset) {
  Driver d;
  ASSERT_TRUE(d.window().run("matrix.open"));
  d.settle();
  const Box grid = d.box("matrix");
  d.clickAt(grid.x0 + 10, grid.y0 + 5);
  d.settle();
  ASSERT_TRUE(d.has("cell/field"));
  typeNumber(d, "0.75");
  EXPECT_EQ(editedValue(d.experiment(), "w_q", {0, 0}), 0.75);
  EXPECT_EQ(d.session().evaluation()->run->inputs.wQ->weight(0, 0), 0.75f);
  d.clickAt(grid.x0 + 10, grid.y0 + 5, 1);
  d.settle();
  EXPECT_TRUE(d.experiment().edits.empty()) << "a right click resets";
  EXPECT_EQ(d.undoAll(), 2);
}

TEST(MatrixPage, TheKeyboardWalksIt) {
  Driver d;
  ASSERT_TRUE(d.window().run("matrix.open"));
  d.settle();
  for (int i = 0; i < 200 && d.window().focused() != "matrix"; ++i) d.key(kKeyTab);
  for (int i = 0; i < 40; ++i) d.key(kKeyDown);
  d.key(kKeyEnd);
  d.key(kKeyEnter);
  d.settle();
  ASSERT_TRUE(d.has("cell/field"));
  typeNumber(d, "3");
  EXPECT_EQ(editedValue(d.experiment(), "w_q", {40, 63}), 3.0);
}

TEST(MatrixPage, ABiasIsSetWhereTheSourceHasNone) {
  Driver d;
  ASSERT_TRUE(d.window().run("matrix.open"));
  d.settle();
  d.click("matrix.bias.2");
  d.settle();
  ASSERT_TRUE(d.has("cell/field"));
  typeNumber(d, "-1");
  EXPECT_EQ(editedValue(d.experiment(), "b_q", {2}), -1.0);
  EXPECT_EQ(d.session().evaluation()->run->inputs.wQ->bias[2], -1.0f);
}

}  // namespace
}  // namespace headlight::test
