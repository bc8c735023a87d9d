#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void addMask(Driver& d, const char* kind) {
  d.click("mask/add");
  d.settle();
  d.click(std::string("mask+") + kind);
  d.settle();
}

TEST(Masks, ChipsAddUp) {
  Driver d;
  EXPECT_TRUE(d.drawn().shows("every key may be seen"));
  addMask(d, "causal");
  ASSERT_TRUE(d.has("mask.0"));
  EXPECT_FALSE(d.drawn().shows("every key may be seen"));
  EXPECT_EQ(d.experiment().mask.size(), 1u);
  EXPECT_EQ(d.experiment().mask[0].kind, "causal");
  addMask(d, "window");
  ASSERT_EQ(d.experiment().mask.size(), 2u);
  EXPECT_EQ(d.experiment().mask[1].kind, "window");
  EXPECT_EQ(d.session().evaluation()->run->mask->kept(0, 7), 3) << "both: keys 5, 6 and 7";
  EXPECT_EQ(d.undoAll(), 2);
  EXPECT_TRUE(d.experiment().mask.empty());
}

TEST(Masks, TheirNumbersAreEdited) {
  Driver d;
  addMask(d, "window");
  ASSERT_TRUE(d.has("mask.0.left")) << "a window opens with its numbers";
  d.enter("mask.0.left", "1");
  d.settle();
  d.enter("mask.0.right", "0");
  d.settle();
  EXPECT_EQ(d.value("mask.0.left"), "1");
  EXPECT_EQ(d.value("mask.0.right"), "0");
  EXPECT_EQ(d.session().evaluation()->run->mask->kept(0, 7), 2);
  d.enter("mask.0.left", "one");
  d.settle();
  EXPECT_EQ(d.value("mask.0.left"), "1") << "no number";
  EXPECT_EQ(d.undoAll(), 3);
}

TEST(Masks, AnEndlessWindowGetsANumber) {
  Driver d;
  addMask(d, "window");
  d.click("mask.0.right", 1);
  d.settle();
  EXPECT_EQ(d.value("mask.0.right"), "null");
  d.click("mask.0.right");
  d.settle();
  EXPECT_EQ(d.value("mask.0.right"), "2");
}

TEST(Masks, AWordIsChosenFromItsList) {
  Driver d;
  addMask(d, "causal");
  d.click("mask.0");
  d.settle();
  d.click("mask.0.align");
  d.settle();
  d.click("mask.0.align=bottom_right");
  d.settle();
  EXPECT_EQ(d.value("mask.0.align"), "\"bottom_right\"");
  d.click("mask.0");
  d.settle();
  EXPECT_FALSE(d.has("mask.0.align")) << "a second press closes the chip";
}

TEST(Masks, ChipsAreRemoved) {
  Driver d;
  scene("every parameter").set(d);
  ASSERT_EQ(d.experiment().mask.size(), 3u);
  d.click("mask.0/remove");
  d.settle();
  ASSERT_EQ(d.experiment().mask.size(), 2u);
  EXPECT_EQ(d.experiment().mask[0].kind, "window");
  d.click("mask.1", 1);
  d.settle();
  ASSERT_EQ(d.experiment().mask.size(), 1u);
  d.click("mask.0/remove");
  d.settle();
  EXPECT_TRUE(d.experiment().mask.empty());
  EXPECT_EQ(d.undoAll(), 3);
  EXPECT_EQ(d.experiment().mask.size(), 3u);
}

/// Another text makes lists of a mask as long as it is.
TEST(Masks, FollowTheText) {
  Driver d;
  scene("every parameter").set(d);
  d.click("tokens.text");
  d.key(kKeyEnd, kCtrl);
  d.type(" five six");
  d.pass(1);
  d.settle();
  EXPECT_FALSE(d.session().fieldError("tokens.text"));
  EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 6u);
  EXPECT_EQ(d.value("mask.2.keep"), "[1, 1, 1, 0, 1, 1]");
}

TEST(Masks, RowsWithoutKeysAreSaidAndSwitched) {
  Driver d;
  scene("empty row").set(d);
  EXPECT_TRUE(d.drawn().shows("1 of 4 rows has no keys"));
  EXPECT_TRUE(d.drawn().shows("1 row without keys"));
  d.session().selectStage(Stage::weights);
  d.settle();
  d.reveal("normalizer.empty_row=uniform");
  d.click("normalizer.empty_row=uniform");
  d.settle();
  EXPECT_EQ(d.experiment().emptyRow, EmptyRow::uniform);
  EXPECT_TRUE(d.drawn().shows("has no keys"));
}

}  // namespace
}  // namespace headlight::test
