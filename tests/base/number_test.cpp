#include "core/base/number.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headlight {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Number, IntegersAreWholeOrNothing) {
  EXPECT_EQ(parseInteger("0"), 0);
  EXPECT_EQ(parseInteger("-42"), -42);
  EXPECT_EQ(parseInteger("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "9223372036854775808", "१"}) {
    EXPECT_FALSE(parseInteger(text)) << text;
  }
}

TEST(Number, NumbersAreWholeOrNothing) {
  EXPECT_EQ(parseNumber("1"), 1.0);
  EXPECT_EQ(parseNumber("-2.5e-3"), -2.5e-3);
  EXPECT_EQ(parseNumber("1e5"), 1e5);
  EXPECT_EQ(parseNumber("inf"), kInfinity);
  EXPECT_EQ(parseNumber("-inf"), -kInfinity);
  EXPECT_TRUE(std::isnan(*parseNumber("nan")));
  for (const char* text : {"", "-", ".", "e", "1,5", "1 ", " 1", "1.5x", "0x1p3", "infinity", "nan(0)",
                           "1e999", "--1", "1e", "nan1"}) {
    EXPECT_FALSE(parseNumber(text)) << text;
  }
}

TEST(Number, ShortestReadsBackTheSame) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(0.1f), "0.1");
  EXPECT_EQ(shortest(1.0), "1");
  EXPECT_EQ(shortest(100000.0), "1e5");
  EXPECT_EQ(shortest(1e-7), "1e-7");
  EXPECT_EQ(shortest(1.5e100), "1.5e100");
  EXPECT_EQ(shortest(-0.0), "-0");
  EXPECT_EQ(shortest(kInfinity), "inf");
  EXPECT_EQ(shortest(-kInfinity), "-inf");
  EXPECT_EQ(shortest(-kNan), "nan");
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(randomBits(5, {i, 0, 0, 0}));
    if (!std::isfinite(value)) continue;
    const auto back = parseNumber(shortest(value));
    ASSERT_TRUE(back) << shortest(value);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*back), std::bit_cast<std::uint64_t>(value));
  }
}

TEST(Number, FixedIsForPeople) {
  EXPECT_EQ(fixed(1.005, 1), "1.0");
  EXPECT_EQ(fixed(-1.25, 2), "\u22121.25");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(-0.0, 0), "0");
  EXPECT_EQ(fixed(2.6, 0), "3");
  EXPECT_EQ(fixed(kInfinity, 3), "∞");
  EXPECT_EQ(fixed(-kInfinity, 3), "\u2212∞");
  EXPECT_EQ(fixed(kNan, 3), "NaN");
  EXPECT_EQ(fixed(1e300, 0).size(), 301u);
}

TEST(Number, GroupsOfThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(16384), "16\u202f384");
  EXPECT_EQ(grouped(-1234567), "\u22121\u202f234\u202f567");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()),
            "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808");
}

TEST(Number, BytesAreReadable) {
  EXPECT_EQ(bytesText(0), "0 B");
  EXPECT_EQ(bytesText(1023), "1023 B");
  EXPECT_EQ(bytesText(1024), "1.0 KiB");
  EXPECT_EQ(bytesText(1229), "1.2 KiB");
  EXPECT_EQ(bytesText(56 * 1024), "56 KiB");
  EXPECT_EQ(bytesText(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(bytesText(3.4 * 1024 * 1024 * 1024), "3.4 GiB");
}

TEST(Number, ProductsThatDoNotFitAreNone) {
  EXPECT_EQ(checkedProduct(1 << 20, 1 << 20), std::int64_t{1} << 40);
  EXPECT_EQ(checkedProduct(0, std::numeric_limits<std::int64_t>::max()), 0);
  EXPECT_FALSE(checkedProduct(std::int64_t{1} << 33, std::int64_t{1} << 33));
  EXPECT_FALSE(checkedProduct(std::numeric_limits<std::int64_t>::min(), -1));
}

}  // namespace
}  // namespace headlight
