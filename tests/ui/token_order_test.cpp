#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

std::string words(const Driver& d) {
  return d.experiment().tokens.text;
}

void openShort(Driver& d) {
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "source": "random", "shape": {"d_model": 8, "heads": 2}})");
  d.click("tokens/order");
  d.settle();
  ASSERT_TRUE(d.has("order.3"));
}

TEST(TokenOrder, AChipIsDraggedToAnotherPlace) {
  Driver d;
  openShort(d);
  const Box first = d.box("order.0");
  const Box third = d.box("order.2");
  d.dragBy(first.centreX(), first.centreY(), third.x1 - 2 - first.centreX(), 0);
  d.settle();
  EXPECT_EQ(words(d), "two three one four");
  EXPECT_EQ(d.session().undoName(), "move one from 0 to 2");
  const Box last = d.box("order.3");
  d.dragBy(last.centreX(), last.centreY(), d.box("order.0").x0 + 2 - last.centreX(), 0);
  d.settle();
  EXPECT_EQ(words(d), "four two three one");
  EXPECT_EQ(d.undoAll(), 2);
  EXPECT_EQ(words(d), "one two three four");
}

TEST(TokenOrder, AClickOnlyChooses) {
  Driver d;
  openShort(d);
  d.click("order.2");
  d.settle();
  EXPECT_EQ(words(d), "one two three four");
  d.click("order/back");
  d.settle();
  EXPECT_EQ(words(d), "one three two four");
  d.click("order/forth");
  d.settle();
  d.click("order/forth");
  d.settle();
  EXPECT_EQ(words(d), "one two four three");
}

TEST(TokenOrder, AltAndArrowsMoveTheChosenOne) {
  Driver d;
  openShort(d);
  d.key(kKeyRight);
  d.key(kKeyRight, kAlt);
  d.settle();
  EXPECT_EQ(words(d), "one three two four");
  d.key(kKeyRight, kAlt);
  d.settle();
  EXPECT_EQ(words(d), "one three four two") << "it stays the chosen one";
  d.key(kKeyLeft, kAlt);
  d.settle();
  EXPECT_EQ(words(d), "one three two four");
  EXPECT_EQ(d.undoAll(), 3);
}

/// Without positions attention does not notice the order: the weights move with the tokens.
TEST(TokenOrder, AttentionWithoutPositionsIsPermuted) {
  Driver d;
  openShort(d);
  const auto before = d.session().evaluation();
  d.key(kKeyRight, kAlt);
  d.settle();
  const auto after = d.session().evaluation();
  const Field was = *Field::make({before, before->run.get()}, Stage::weights, 0);
  const Field is = *Field::make({after, after->run.get()}, Stage::weights, 0);
  EXPECT_NEAR(was.cell(0, 2), is.cell(1, 2), 1e-6f);
  EXPECT_NEAR(was.cell(3, 1), is.cell(3, 0), 1e-6f);
}

TEST(TokenOrder, WhatCannotBeMovedIsDisabledWithItsReason) {
  Driver d;
  scene("grid").set(d);
  ASSERT_TRUE(d.has("tokens/order"));
  EXPECT_FALSE(d.drawn().find("tokens/order")->enabled);
  EXPECT_FALSE(d.window().run("tokens.order"));
}

TEST(Padding, IsAppendedMaskedAndTakenBack) {
  Driver d;
  scene("padding").set(d);
  EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 13u);
  EXPECT_EQ(d.session().evaluation()->run->mask->kept(0, 0), 11) << "no query attends to padding";
  EXPECT_TRUE(d.drawn().shows("ignored by later layers"));
  EXPECT_TRUE(d.drawn().shows("Queries 11 to 12"));
  d.click("tokens/padding/less");
  d.settle();
  d.click("tokens/padding/less");
  d.settle();
  EXPECT_TRUE(d.experiment().mask.empty());
  EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 11u);
  EXPECT_FALSE(d.drawn().shows("ignored by later layers"));
  EXPECT_EQ(d.undoAll(), 4);
}

TEST(Padding, TheSentenceBeforeItIsStillTyped) {
  Driver d;
  scene("padding").set(d);
  d.click("tokens.text");
  d.key(kKeyA, kCtrl);
  d.type("a b");
  d.pass(1);
  d.settle();
  EXPECT_EQ(d.value("tokens.list"), R"(["a", "b", "[PAD]", "[PAD]"])");
  EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 4u);
  d.key(kKeyEscape);
  EXPECT_EQ(d.undoAll(), 3) << "typing is one step";
}

}  // namespace
}  // namespace headlight::test
