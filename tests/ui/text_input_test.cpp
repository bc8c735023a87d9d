#include "app/widgets/text_input.h"

#include <gtest/gtest.h>

#include "core/base/utf8.h"

namespace headlight {
namespace {

TEST(TextInput, PlainTextStaysAsItIs) {
  EXPECT_EQ(toEdited("The animal, α ≤ β – é"), "The animal, α ≤ β – é");
  EXPECT_EQ(fromEdited("The animal"), "The animal");
}

TEST(TextInput, WideCharactersComeBack) {
  const std::string text = "a 😀 b 𝔸 c 👩‍👩‍👧 \n d";
  const std::string edited = toEdited(text);
  EXPECT_EQ(fromEdited(edited), text);
  for (std::size_t at = 0; at < edited.size();) {
    const auto point = decodeUtf8(edited, at);
    ASSERT_TRUE(point);
    EXPECT_LE(point->value, 0xFFFFu) << "ImGui would lose it";
    EXPECT_NE(point->value, U'\n');
    at += point->length;
  }
}

TEST(TextInput, PrivateUseCharactersOfTheTextAreNotTakenForStandIns) {
  const std::string text = "\xEE\x80\x80 \xEF\xA3\xBF 😀";  // U+E000, U+F8FF
  EXPECT_EQ(fromEdited(toEdited(text)), text);
}

TEST(TextInput, OneCharacterHasOneStandIn) {
  const unsigned int first = editedCharacter(0x1F600);
  EXPECT_EQ(editedCharacter(0x1F600), first);
  EXPECT_NE(editedCharacter(0x1F601), first);
  EXPECT_LE(first, 0xFFFFu);
  EXPECT_EQ(editedCharacter('a'), static_cast<unsigned>('a'));
}

TEST(TextInput, ACharacterOfSeveralCodePointsIsOne) {
  for (const std::string character : {"👩‍👩‍👧", "👍🏽", "🇸🇪", "e\u0301", "कि"}) {
    const std::string edited = toEdited("a" + character + "b");
    EXPECT_EQ(countCodePoints(edited), 3u) << character;
    EXPECT_EQ(fromEdited(edited), "a" + character + "b");
  }
  EXPECT_EQ(countCodePoints(toEdited("漢字")), 2u);
}

TEST(TextInput, WhatWasTypedInPartsIsJoinedAndPlacesGoAlong) {
  std::string edited = "x";
  for (const char32_t c : {U'\U0001F469', U'\u200D', U'\U0001F467', U'e', U'\u0301'}) {
    appendUtf8(edited, editedCharacter(c));
  }
  const int length = static_cast<int>(edited.size());
  int before = 1;
  int inside = 4;
  int end = length;
  int* const places[] = {&before, &inside, &end};
  const std::string now = joined(edited, places);
  EXPECT_EQ(countCodePoints(now), 3u);
  EXPECT_LE(now.size(), edited.size());
  EXPECT_EQ(fromEdited(now), "x👩‍👧e\u0301");
  EXPECT_EQ(before, 1);
  EXPECT_EQ(inside, 4) << "behind the family, whose stand-in is three bytes long";
  EXPECT_EQ(end, static_cast<int>(now.size()));
  EXPECT_EQ(joined(now, places), now) << "once is enough";
}

}  // namespace
}  // namespace headlight
