#include "core/experiment/edit_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/json.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::experimentOf;

Experiment made(Result<Experiment> result) {
  EXPECT_TRUE(result) << result.error().text();
  return result ? *result : Experiment();
}

TEST(EditTokens, AWordMovesWithinItsText) {
  const Experiment e = experimentOf(R"("tokens": {"text": "one two three, four"})");
  EXPECT_EQ(made(withTokenMoved(e, 0, 2)).tokens.text, "two three one , four");
  EXPECT_EQ(made(withTokenMoved(e, 4, 0)).tokens.text, "four one two three ,");
  const Experiment back = made(withTokenMoved(made(withTokenMoved(e, 1, 4)), 4, 1));
  EXPECT_EQ(back.tokens.text, "one two three , four") << "the same tokens";
  EXPECT_FALSE(withTokenMoved(e, 5, 0));
  EXPECT_FALSE(withTokenMoved(e, 0, -1));
}

TEST(EditTokens, CharactersAndListsMoveAsWhatTheyAre) {
  const Experiment letters = experimentOf(R"("tokens": {"text": "ab cd", "split": "characters"})");
  const Experiment moved = made(withTokenMoved(letters, 2, 0));
  EXPECT_EQ(moved.tokens.text, " abcd");
  EXPECT_EQ(moved.tokens.split, "characters");
  const Experiment list = experimentOf(R"("tokens": {"list": ["New York", "is", "big"]})");
  const Experiment swapped = made(withTokenMoved(list, 0, 1));
  EXPECT_THAT(swapped.tokens.list, testing::ElementsAre("is", "New York", "big"));
  const Experiment counted = made(withTokenMoved(experimentOf(R"("tokens": {"count": 3})"), 2, 0));
  EXPECT_EQ(counted.tokens.text, "2 0 1");
}

TEST(EditTokens, BytesThatAreNoTextInAnotherOrderAreRefused) {
  const Experiment e = experimentOf(R"("tokens": {"text": "aé", "split": "bytes"})");
  EXPECT_FALSE(withTokenMoved(e, 0, 1)) << "between the two bytes of é";
  EXPECT_EQ(made(withTokenMoved(e, 0, 2)).tokens.text, "éa");
}

TEST(EditTokens, WhatAFileDecidesStays) {
  const Experiment e = experimentOf(R"("tokens": {"grid": [2, 2]})");
  EXPECT_FALSE(fixedTokens(e).empty());
  EXPECT_FALSE(withTokenMoved(e, 0, 1));
  EXPECT_FALSE(withPadding(e, 1));
  EXPECT_TRUE(fixedTokens(Experiment()).empty());
}

TEST(EditTokens, PaddingComesAndGoesWithItsMask) {
  const Experiment start = experimentOf(R"("tokens": {"text": "The cat sleeps."}, "mask": "causal")");
  const Experiment padded = made(withPadding(start, 2));
  EXPECT_THAT(padded.tokens.list, testing::ElementsAre("The", "cat", "sleeps", ".", "[PAD]", "[PAD]"));
  ASSERT_EQ(padded.mask.size(), 2u);
  EXPECT_EQ(padded.mask[1].kind, "padding");
  EXPECT_EQ(paddingOf(padded.tokens), 2);
  EXPECT_EQ(unpaddedText(padded.tokens), "The cat sleeps .");
  const auto read = fromText(toText(padded));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->experiment == padded);
  const Experiment one = made(withPadding(padded, 1));
  EXPECT_EQ(paddingOf(one.tokens), 1);
  EXPECT_EQ(one.mask.size(), 2u) << "its mask once";
  const Experiment none = made(withPadding(one, 0));
  EXPECT_EQ(none.tokens.text, "The cat sleeps .");
  EXPECT_TRUE(none.mask == start.mask);
}

TEST(EditTokens, TheTextBeforeThePaddingIsTyped) {
  const Experiment padded = made(withPadding(experimentOf(R"("tokens": {"text": "one two"})"), 2));
  const Experiment typed = made(withPaddedText(padded, "one two three"));
  EXPECT_THAT(typed.tokens.list, testing::ElementsAre("one", "two", "three", "[PAD]", "[PAD]"));
  EXPECT_EQ(unpaddedText(typed.tokens), "one two three");
  EXPECT_FALSE(withPaddedText(padded, "  "));
}

TEST(EditTokens, AListOfPaddingAloneHasNone) {
  EXPECT_EQ(paddingOf(experimentOf(R"("tokens": {"list": ["[PAD]", "[PAD]"]})").tokens), 0);
}

}  // namespace
}  // namespace headlight
