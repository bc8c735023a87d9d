#include "core/base/utf8.h"

#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(Utf8, EveryCodePointGoesThereAndBack) {
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    std::string text;
    appendUtf8(text, point);
    const auto back = decodeUtf8(text, 0);
    ASSERT_TRUE(back) << std::hex << static_cast<std::uint32_t>(point);
    ASSERT_EQ(back->value, point);
    ASSERT_EQ(back->length, text.size());
  }
}

TEST(Utf8, WhatIsNoCodePointIsAppendedAsReplacement) {
  std::string text;
  appendUtf8(text, 0xd800);
  appendUtf8(text, 0x110000);
  EXPECT_EQ(text, "\uFFFD\uFFFD");
}

TEST(Utf8, BadBytesAreFound) {
  EXPECT_FALSE(firstInvalidUtf8(""));
  EXPECT_FALSE(firstInvalidUtf8("aé€😀"));
  EXPECT_EQ(firstInvalidUtf8("ab\x80"), 2u);
  EXPECT_EQ(firstInvalidUtf8("é\xc3"), 2u);
  EXPECT_EQ(firstInvalidUtf8("\xc0\xaf"), 0u);          // overlong '/'
  EXPECT_EQ(firstInvalidUtf8("a\xe0\x80\xaf"), 1u);     // overlong in three bytes
  EXPECT_EQ(firstInvalidUtf8("\xf0\x80\x80\x80"), 0u);  // overlong in four bytes
  EXPECT_EQ(firstInvalidUtf8("\xed\xa0\x80"), 0u);      // surrogate
  EXPECT_EQ(firstInvalidUtf8("\xf4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(firstInvalidUtf8("\xf8\x88\x80\x80\x80"), 0u);
  EXPECT_EQ(firstInvalidUtf8("\xff"), 0u);
  EXPECT_EQ(firstInvalidUtf8("x\xe2\x82z"), 1u);
}

TEST(Utf8, CountsAndRepairs) {
  EXPECT_EQ(countCodePoints("aé€😀"), 4u);
  EXPECT_EQ(countCodePoints("a\xff\xfe"), 3u);
  EXPECT_EQ(repairedUtf8("a\xff€"), "a\uFFFD€");
  EXPECT_FALSE(decodeUtf8("a", 1));
}

}  // namespace
}  // namespace headlight
