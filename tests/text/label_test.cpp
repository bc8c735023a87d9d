#include "core/text/label.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {
namespace {

using testing::ElementsAre;

TEST(Label, BlanksAreVisibleWhereTheyWouldNotBeSeen) {
  EXPECT_EQ(visibleLabel(" "), "␣");
  EXPECT_EQ(visibleLabel(" the"), "␣the");
  EXPECT_EQ(visibleLabel("New York"), "New York");
  EXPECT_EQ(visibleLabel("a  b "), "a␣␣b␣");
  EXPECT_EQ(visibleLabel("\n"), "⏎");
  EXPECT_EQ(visibleLabel("\r\n"), "\\r⏎");
  EXPECT_EQ(visibleLabel("\t"), "→|");
  EXPECT_EQ(visibleLabel(""), "∅");
}

TEST(Label, ControlCharactersAndBidiMarksAreEscaped) {
  EXPECT_EQ(visibleLabel(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(visibleLabel("\x07"), "\\x07");
  EXPECT_EQ(visibleLabel("a\u202eb"), "a\\u202eb");
  EXPECT_EQ(visibleLabel("\u2066x\u2069"), "\\u2066x\\u2069");
  EXPECT_EQ(visibleLabel("\u00a0"), "\\u00a0");
  EXPECT_EQ(visibleLabel("\ufeff"), "\\ufeff");
  EXPECT_EQ(visibleLabel("\u200b"), "\\u200b");
  EXPECT_EQ(visibleLabel("\u200d"), "\\u200d");
  EXPECT_EQ(visibleLabel("\x85"), "\uFFFD");
}

TEST(Label, JoinedCharactersStayWhole) {
  EXPECT_EQ(visibleLabel("👨‍👩‍👧"), "👨‍👩‍👧");
  EXPECT_EQ(visibleLabel("❤️"), "❤️");
  EXPECT_EQ(visibleLabel("می\u200cخواهم"), "می\u200cخواهم");
}

TEST(Label, ShortensByWhatAReaderCounts) {
  EXPECT_EQ(shortLabel("animal", 6), "animal");
  EXPECT_EQ(shortLabel("animals", 6), "anima…");
  EXPECT_EQ(shortLabel("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2), "👨‍👩‍👧…");
  EXPECT_EQ(shortLabel("abc", 1), "…");
  EXPECT_EQ(shortLabel("abc", 0), "…");
  EXPECT_EQ(shortLabel("a", 0), "a");
}

TEST(Label, TenThousandCharactersAreFine) {
  const std::string longToken(10000, 'x');
  EXPECT_EQ(shortLabel(longToken, 5), "xxxx…");
  std::string stack = "a";
  for (int i = 0; i < 10000; ++i) stack += "\u0301";
  EXPECT_LT(shortLabel(stack, 5).size(), 100u);
}

TEST(Label, RepeatsAreNumberedOnRequest) {
  const auto tokens = *splitText("the cat saw the dog", Split::words);
  EXPECT_THAT(occurrences(tokens), ElementsAre(1, 0, 0, 2, 0));
  EXPECT_THAT(shownLabels(tokens, {}), ElementsAre("the", "cat", "saw", "the", "dog"));
  EXPECT_THAT(shownLabels(tokens, {.longest = 2, .numberRepeats = true}),
              ElementsAre("t… (1)", "c…", "s…", "t… (2)", "d…"));
}

}  // namespace
}  // namespace headlight
