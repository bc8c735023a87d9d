#include "core/text/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts(const Result<std::vector<Token>>& tokens) {
  std::vector<std::string> list;
  if (!tokens) return {"error: " + tokens.error().text()};
  for (const Token& token : *tokens) list.push_back(token.text);
  return list;
}
std::vector<std::string> split(std::string_view text, Split way) {
  return texts(splitText(text, way));
}

TEST(Tokens, WordsKeepInnerApostrophes) {
  EXPECT_THAT(split("The animal didn't cross the street because it was too tired", Split::words),
              ElementsAre("The", "animal", "didn't", "cross", "the", "street", "because", "it", "was", "too",
                          "tired"));
  EXPECT_THAT(split("l’animal", Split::words), ElementsAre("l’animal"));
  EXPECT_THAT(split("the dogs' 'n'", Split::words), ElementsAre("the", "dogs", "'", "'", "n", "'"));
  EXPECT_THAT(split("a''b", Split::words), ElementsAre("a", "'", "'", "b"));
}

TEST(Tokens, PunctuationStandsAlone) {
  EXPECT_THAT(split("Wait... 3.14!", Split::words), ElementsAre("Wait", ".", ".", ".", "3", ".", "14", "!"));
  EXPECT_THAT(split("x_1 = a+b;", Split::words), ElementsAre("x", "_", "1", "=", "a", "+", "b", ";"));
}

TEST(Tokens, WhiteSpaceOfEveryKindIsDropped) {
  EXPECT_THAT(split("a\tb\n\r\nc\u00a0d\u3000e ", Split::words), ElementsAre("a", "b", "c", "d", "e"));
}

TEST(Tokens, WordsOfOtherScripts) {
  EXPECT_THAT(split("Größe naïve", Split::words), ElementsAre("Größe", "naïve"));
  EXPECT_THAT(split("e\u0301te\u0301 हिन्दी", Split::words), ElementsAre("e\u0301te\u0301", "हिन्दी"));
  EXPECT_THAT(split("می\u200cخواهم", Split::words), ElementsAre("می\u200cخواهم"));
  EXPECT_THAT(split("注意力。好", Split::words), ElementsAre("注意力", "。", "好"));
  EXPECT_THAT(split("ok👍🏽👨‍👩‍👧yes", Split::words),
              ElementsAre("ok", "👍🏽", "👨‍👩‍👧", "yes"));
}

TEST(Tokens, CharactersAreWhatAReaderCounts) {
  EXPECT_THAT(split("a b\n", Split::characters), ElementsAre("a", " ", "b", "\n"));
  EXPECT_THAT(split("e\u0301x", Split::characters), ElementsAre("e\u0301", "x"));
  EXPECT_THAT(split("👨‍👩‍👧👍🏽❤️", Split::characters),
              ElementsAre("👨‍👩‍👧", "👍🏽", "❤️"));
  EXPECT_THAT(split("🇩🇪🇫🇷", Split::characters), ElementsAre("🇩🇪", "🇫🇷"));
  EXPECT_THAT(split("\r\nx\r", Split::characters), ElementsAre("\r\n", "x", "\r"));
  EXPECT_THAT(split("\u1112\u1161\u11ab각", Split::characters), ElementsAre("\u1112\u1161\u11ab", "각"));
  EXPECT_THAT(split("1️⃣", Split::characters), ElementsAre("1️⃣"));
}

TEST(Tokens, BytesAreLabelled) {
  const auto tokens = splitText("A é\n", Split::bytes);
  ASSERT_TRUE(tokens);
  EXPECT_THAT(*tokens, ElementsAre(Token{"A", "A"}, Token{" ", " "}, Token{"\xc3", "0xC3"},
                                   Token{"\xa9", "0xA9"}, Token{"\n", "0x0A"}));
}

TEST(Tokens, LabelsOfWordsAreTheirText) {
  EXPECT_EQ(splitText("it", Split::words)->at(0), (Token{"it", "it"}));
}

TEST(Tokens, NothingIsAnError) {
  const auto empty = splitText("", Split::words);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::invalid);
  EXPECT_THAT(empty.error().what, HasSubstr("empty text"));
  EXPECT_THAT(splitText(" \n\t ", Split::words).error().what, HasSubstr("white space"));
  EXPECT_TRUE(splitText(" ", Split::characters));
  EXPECT_FALSE(splitText("", Split::bytes));
}

TEST(Tokens, BadUtf8NamesItsByte) {
  for (const Split way : {Split::words, Split::characters, Split::bytes}) {
    const auto bad = splitText("caf\xe9 au lait", way);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().where, "byte 3");
    EXPECT_THAT(bad.error().what, HasSubstr("0xE9"));
  }
}

TEST(Tokens, TooManyAreCounted) {
  const std::string much(10'000'000, 'a');
  EXPECT_EQ(split(much, Split::words).size(), 1u);
  const auto bytes = splitText(much, Split::bytes);
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().what, HasSubstr("found 10000000 tokens (bytes), accepted are at most 1048576"));
  EXPECT_FALSE(splitText(much, Split::characters));
  EXPECT_EQ(splitText(much.substr(0, kMostTokens), Split::bytes)->size(),
            static_cast<std::size_t>(kMostTokens));
  EXPECT_FALSE(splitText(much.substr(0, kMostTokens + 1), Split::bytes));
}

TEST(Tokens, HugeTextsAreRefusedAtOnce) {
  const std::string huge(kMostTextBytes + 1, ' ');
  EXPECT_THAT(splitText(huge, Split::words).error().what, HasSubstr("accepted are at most 64 MiB"));
}

TEST(Tokens, PiecesOfCharactersMakeTheTextAgain) {
  const std::string text =
      "a\u0300\u0301 👨‍👩‍👧x\u200d\u200dz🇩🇪🇫\r\n\u1100\u1161각\ufe0f";
  std::string joined;
  for (const std::string& piece : split(text, Split::characters)) joined += piece;
  EXPECT_EQ(joined, text);
}

TEST(Tokens, ListsAndIndices) {
  EXPECT_THAT(tokensFromLabels(std::vector<std::string>{"[CLS]", " a"}),
              ElementsAre(Token{"[CLS]", "[CLS]"}, Token{" a", " a"}));
  EXPECT_THAT(indexTokens(3), ElementsAre(Token{"0", "0"}, Token{"1", "1"}, Token{"2", "2"}));
}

TEST(Tokens, SplitsHaveNames) {
  for (const Split way : {Split::words, Split::characters, Split::bytes})
    EXPECT_EQ(splitByName(splitName(way)), way);
  EXPECT_FALSE(splitByName("lines"));
}

}  // namespace
}  // namespace headlight
