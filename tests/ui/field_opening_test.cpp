#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "driver.h"

namespace headlight::test {
namespace {

/// All words that were drawn last.
bool shows(const Driver& d, std::string_view part) {
  for (const Registry::Words& words : d.drawn().words()) {
    if (words.text.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(FieldOpening, ThePaletteGetsWhatIsTypedWhileItOpens) {
  Driver d;
  d.keyThenType('K', kCtrl, "quit");
  EXPECT_TRUE(d.typing());
  ASSERT_TRUE(d.has("palette/document.quit"));
  EXPECT_FALSE(d.has("palette/document.open")) << "the list is not narrowed to what was typed";
}

TEST(FieldOpening, LettersOnTheirWayToAFieldAreNoCommands) {
  Driver d;
  const Experiment before = d.experiment();
  d.keyThenType('K', kCtrl, "r3?");
  EXPECT_TRUE(d.experiment() == before);
  EXPECT_TRUE(d.has("palette/field"));
}

TEST(FieldOpening, AKeyPressedInTheSameFrameIsNoCommand) {
  Driver d;
  const std::string before = d.document();
  d.window().key({'K', kCtrl});
  d.window().key({'R', kNoModifier});
  d.frames(8);
  EXPECT_EQ(d.document(), before);
  EXPECT_TRUE(d.has("palette/field"));
}

TEST(FieldOpening, GoToGetsBothIndices) {
  Driver d;
  d.keyThenType('G', kCtrl, "7, 2");
  d.key(kKeyEnter);
  ASSERT_TRUE(d.experiment().view.pin);
  EXPECT_EQ((*d.experiment().view.pin)[0], 7);
  EXPECT_EQ((*d.experiment().view.pin)[1], 2);
}

TEST(FieldOpening, GoToGetsTheColumnTypedBehindEnter) {
  Driver d;
  d.keyThenType('G', kCtrl, "7");
  d.keyThenType(kKeyEnter, kNoModifier, "2");
  d.key(kKeyEnter);
  ASSERT_TRUE(d.experiment().view.pin);
  EXPECT_EQ((*d.experiment().view.pin)[0], 7);
  EXPECT_EQ((*d.experiment().view.pin)[1], 2);
}

TEST(FieldOpening, FindTokenSearchesForIt) {
  Driver d;
  d.keyThenType('F', kCtrl, "street");
  d.settle();
  EXPECT_TRUE(shows(d, "1 of 1")) << d.reading();
}

TEST(FieldOpening, ANumberIsTypedWhole) {
  Driver d;
  d.click("normalizer.temperature");
  d.keyThenType(kKeyEnter, kNoModifier, "0.25");
  d.key(kKeyEnter);
  EXPECT_EQ(d.value("normalizer.temperature"), "0.25");
}

TEST(FieldOpening, NothingWaitsForAFieldThatWasLeft) {
  Driver d;
  d.keyThenType('K', kCtrl, "x");
  d.key(kKeyEscape);
  d.settle();
  d.key('3');
  EXPECT_EQ(d.experiment().view.head, 3);
}

TEST(FieldOpening, AMenuKeepsNoKeysWaiting) {
  Driver d;
  d.click("menu");
  d.frames(1);
  EXPECT_FALSE(d.window().opensField());
}

}  // namespace
}  // namespace headlight::test
