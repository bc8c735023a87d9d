#include "core/base/kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {
namespace {

using testing::HasSubstr;

KeySpec spec(KeyType type) {
  KeySpec made;
  made.name = "key";
  made.type = type;
  return made;
}

TEST(Kinds, ValueOfFallsBack) {
  KindSpec kind{"window", "Window", "", {}};
  kind.keys.push_back(spec(KeyType::integer));
  kind.keys[0].name = "left";
  kind.keys[0].fallback = 4;
  Kinded entry{"window", {}};
  EXPECT_EQ(valueOf(entry, kind, "left"), Value(4));
  entry.set("left", 2);
  entry.set("left", 3);
  EXPECT_EQ(valueOf(entry, kind, "left"), Value(3));
  EXPECT_EQ(entry.keys.size(), 1u);
  EXPECT_TRUE(valueOf(entry, kind, "right").isNull());
}

TEST(Kinds, IntegersHaveLimitsAndStayIntegers) {
  KeySpec key = spec(KeyType::integer);
  key.minimum = 1;
  key.maximum = 1024;
  EXPECT_TRUE(checkKey(8, key, "shape.heads"));
  const Status zero = checkKey(0, key, "shape.heads");
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().code, ErrorCode::invalid);
  EXPECT_EQ(zero.error().text(), "shape.heads: found 0, accepted is an integer from 1 to 1024");
  EXPECT_FALSE(checkKey(8.0, key, "p"));
  EXPECT_FALSE(checkKey("8", key, "p"));
  EXPECT_FALSE(checkKey(nullptr, key, "p"));
  key.nullable = true;
  EXPECT_TRUE(checkKey(nullptr, key, "p"));
  EXPECT_THAT(checkKey(true, key, "p").error().what, HasSubstr("or null"));
}

TEST(Kinds, NumbersAreFinite) {
  KeySpec key = spec(KeyType::number);
  EXPECT_TRUE(checkKey(1, key, "p"));
  EXPECT_TRUE(checkKey(-1.5, key, "p"));
  EXPECT_FALSE(checkKey(1.0 / 0.0, key, "p"));
  EXPECT_FALSE(checkKey(0.0 / 0.0, key, "p"));
  key.minimum = 0;
  EXPECT_THAT(checkKey(-1, key, "p").error().what, HasSubstr("a number of at least 0"));
}

TEST(Kinds, WordsSuggestTheNearest) {
  KeySpec key = spec(KeyType::word);
  key.words = {"top_left", "bottom_right"};
  EXPECT_TRUE(checkKey("top_left", key, "p"));
  const Status bad = checkKey("botom_right", key, "mask[0].align");
  EXPECT_EQ(bad.error().text(),
            "mask[0].align: found \"botom_right\", accepted is \"top_left\" or \"bottom_right\". "
            "Did you mean \"bottom_right\"?");
  EXPECT_TRUE(checkKey(7, key, "p").error().hint.empty());
}

TEST(Kinds, TextBooleanListAny) {
  EXPECT_TRUE(checkKey("x", spec(KeyType::text), "p"));
  EXPECT_FALSE(checkKey(1, spec(KeyType::text), "p"));
  EXPECT_TRUE(checkKey(false, spec(KeyType::boolean), "p"));
  EXPECT_FALSE(checkKey(0, spec(KeyType::boolean), "p"));
  EXPECT_TRUE(checkKey(List{1}, spec(KeyType::list), "p"));
  EXPECT_FALSE(checkKey(Object{}, spec(KeyType::list), "p"));
  EXPECT_TRUE(checkKey(Object{}, spec(KeyType::any), "p"));
}

TEST(Kinds, MatricesSayWhichCellIsWrong) {
  const KeySpec key = spec(KeyType::matrix);
  EXPECT_TRUE(checkKey(List{List{1, 2.5}, List{"inf", "nan"}}, key, "w"));
  EXPECT_EQ(checkKey(List{List{1, 2}, List{1, "x"}}, key, "w").error().where, "w[1][1]");
  EXPECT_EQ(checkKey(List{List{1, 2}, List{1}}, key, "w").error().where, "w[1]");
  EXPECT_EQ(checkKey(List{1, 2}, key, "w").error().where, "w[0]");
  EXPECT_FALSE(checkKey(1, key, "w"));
}

TEST(Kinds, NearestIsNearOrNothing) {
  const std::vector<std::string> words{"causal", "padding", "window", "softmax"};
  EXPECT_EQ(nearest("causl", words), "causal");
  EXPECT_EQ(nearest("cuasal", words), "causal");
  EXPECT_EQ(nearest("widnow", words), "window");
  EXPECT_EQ(nearest("soft", words), "softmax");
  EXPECT_FALSE(nearest("zebra", words));
  EXPECT_FALSE(nearest("", words));
  EXPECT_FALSE(nearest(std::string(100000, 'a'), words));
}

}  // namespace
}  // namespace headlight
