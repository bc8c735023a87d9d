#include "core/base/value.h"

#include <limits>

#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(Value, ObjectsKeepTheirOrder) {
  Value value;
  value.set("b", 1);
  value.set("a", "two");
  value.set("b", 3);
  EXPECT_EQ(value.json(), R"({"b": 3, "a": "two"})");
  EXPECT_EQ(value.find("b")->integer(), 3);
  EXPECT_EQ(value.find("c"), nullptr);
  value.erase("b");
  EXPECT_EQ(value.json(), R"({"a": "two"})");
}

TEST(Value, FindOnWhatIsNoObjectIsNothing) {
  EXPECT_EQ(Value(1).find("a"), nullptr);
  Value list(List{1, 2});
  list.set("a", 1);
  list.erase("a");
  EXPECT_EQ(list.json(), "[1, 2]");
}

TEST(Value, NumbersKeepTheirKind) {
  EXPECT_EQ(Value(1).json(), "1");
  EXPECT_EQ(Value(1.0).json(), "1.0");
  EXPECT_EQ(Value(0.1).json(), "0.1");
  EXPECT_EQ(Value(1e5).json(), "1e5");
  EXPECT_EQ(Value(std::int64_t{9007199254740993}).json(), "9007199254740993");
  EXPECT_NE(Value(1), Value(1.0));
}

TEST(Value, NotFiniteNumbersAreWords) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const List list{kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(Value(list).json(), R"(["inf", "-inf", "nan"])");
  EXPECT_EQ(Value(list), Value(list));
}

TEST(Value, TextIsEscaped) {
  EXPECT_EQ(Value("a\"b\\c\n\t\r\x01 é").json(), R"("a\"b\\c\n\t\r\u0001 é")");
}

TEST(Value, NestedAndEmpty) {
  EXPECT_EQ(Value(List{}).json(), "[]");
  EXPECT_EQ(Value(Object{}).json(), "{}");
  EXPECT_EQ(Value(Object{{"a", List{nullptr, true, Object{{"b", false}}}}}).json(),
            R"({"a": [null, true, {"b": false}]})");
}

TEST(Value, SaysWhatItIs) {
  EXPECT_EQ(Value().typeName(), "null");
  EXPECT_EQ(Value(true).typeName(), "true or false");
  EXPECT_EQ(Value(1).typeName(), "an integer");
  EXPECT_EQ(Value(1.5).typeName(), "a number");
  EXPECT_EQ(Value("x").typeName(), "text");
  EXPECT_EQ(Value(List{1, 2, 3}).typeName(), "a list of 3");
  EXPECT_EQ(Value(Object{}).typeName(), "an object");
}

}  // namespace
}  // namespace headlight
