#include <gtest/gtest.h>

#include "core/text/tokens.h"

namespace headlight {
namespace {

/// The bytes of every range are the token's own text.
TEST(TokenRanges, CutTheTextIntoItsTokens) {
  const std::string_view texts[] = {"The animal didn't cross", "  l’animal, 👩‍👩‍👧 était là ",
                                    "देवनागरी 漢字\tabc\n", "x"};
  for (const Split split : {Split::words, Split::characters, Split::bytes}) {
    for (const std::string_view text : texts) {
      const auto tokens = splitText(text, split);
      const std::vector<TextRange> ranges = tokenRanges(text, split);
      ASSERT_TRUE(tokens);
      ASSERT_EQ(ranges.size(), tokens->size()) << text;
      std::size_t before = 0;
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        EXPECT_EQ(text.substr(ranges[i].begin, ranges[i].end - ranges[i].begin), (*tokens)[i].text);
        EXPECT_GE(ranges[i].begin, before);
        before = ranges[i].end;
      }
    }
  }
}

TEST(TokenRanges, NothingOfATextThatIsNone) {
  EXPECT_TRUE(tokenRanges("", Split::words).empty());
  EXPECT_TRUE(tokenRanges(" \n", Split::words).empty());
  EXPECT_TRUE(tokenRanges("a\xff", Split::bytes).empty());
}

}  // namespace
}  // namespace headlight
