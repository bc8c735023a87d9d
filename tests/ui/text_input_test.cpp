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

}  // namespace
}  // namespace headlight
