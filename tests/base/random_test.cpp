#include "core/base/random.h"

#include <bit>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace headlight {
namespace {

/// The bits that make normalFromBits use the probability (k + 1/2)·2^-53.
std::uint64_t bitsFor(std::uint64_t k, bool negative = false) {
  return (k << 11) | (negative ? std::uint64_t{1} << 63 : 0);
}

/// z with P(N > z) = p, by bisection on erfc: an independent and slow way.
double bisected(double p) {
  double low = 0.0;
  double high = 10.0;
  for (int step = 0; step < 200; ++step) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(middle / std::sqrt(2.0)) > p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

TEST(Random, NormalIsTheInverseOfTheDistribution) {
  // Every power of two of p, with a few steps between: the middle, both tails and their borders.
  const auto kEnd = std::uint64_t{1} << 52;
  for (std::uint64_t base = 1; base < kEnd; base <<= 1) {
    for (int step = 0; step < 8; ++step) {
      const std::uint64_t k = base + base / 8 * static_cast<std::uint64_t>(step);
      const double p = (static_cast<double>(k) + 0.5) * 0x1p-53;
      const double z = normalFromBits(bitsFor(k));
      // Near the middle 1/2 − p loses no bit, but erfc does.
      EXPECT_NEAR(z, bisected(p), 1e-11 * z + 2e-15) << "p = " << p;
    }
  }
}

TEST(Random, NormalIsOddAndOrdered) {
  double before = 1e300;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const std::uint64_t k = i * ((std::uint64_t{1} << 52) / 100000);
    const double z = normalFromBits(bitsFor(k));
    EXPECT_EQ(normalFromBits(bitsFor(k, true)), -z);
    ASSERT_LT(z, before) << "k = " << k;
    before = z;
  }
}

TEST(Random, ExtremeBitsAreFinite) {
  EXPECT_NEAR(normalFromBits(0), 8.2, 0.2);
  EXPECT_NEAR(normalFromBits(bitsFor((std::uint64_t{1} << 52) - 1)), 0.0, 1e-15);
  EXPECT_TRUE(std::isfinite(normalFromBits(~std::uint64_t{0})));
}

TEST(Random, MomentsOfAMillionDraws) {
  constexpr int kDraws = 1000000;
  double sum = 0, square = 0, cube = 0, fourth = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double z = normalFromBits(randomBits(11, {i, 0, 0, 0}));
    sum += z;
    square += z * z;
    cube += z * z * z;
    fourth += z * z * z * z;
  }
  // Five standard errors each.
  EXPECT_NEAR(sum / kDraws, 0.0, 5e-3);
  EXPECT_NEAR(square / kDraws, 1.0, 5 * 1.42e-3);
  EXPECT_NEAR(cube / kDraws, 0.0, 5 * 3.9e-3);
  EXPECT_NEAR(fourth / kDraws, 3.0, 5 * 9.8e-3);
}

TEST(Random, OneBitOfTheAddressChangesHalfOfTheBits) {
  for (std::size_t coordinate = 0; coordinate < 5; ++coordinate) {
    for (int bit = 0; bit < 64; ++bit) {
      int changed = 0;
      for (std::uint64_t trial = 0; trial < 64; ++trial) {
        std::array<std::uint64_t, 4> address{trial, 2 * trial, 3, trial * trial};
        std::uint64_t seed = trial;
        const std::uint64_t before = randomBits(seed, address);
        (coordinate == 4 ? seed : address[coordinate]) ^= std::uint64_t{1} << bit;
        changed += std::popcount(before ^ randomBits(seed, address));
      }
      EXPECT_NEAR(changed / 64.0, 32.0, 3.0) << "coordinate " << coordinate << " bit " << bit;
    }
  }
}

TEST(Random, NeighbouringAddressesAreUncorrelated) {
  double product = 0;
  constexpr int kDraws = 200000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    product += normalFromBits(randomBits(3, {i, 5, 0, 0})) * normalFromBits(randomBits(3, {i, 6, 0, 0}));
  }
  EXPECT_NEAR(product / kDraws, 0.0, 5.0 / std::sqrt(kDraws));
}

TEST(Random, OrderOfCoordinatesMatters) {
  EXPECT_NE(randomBits(1, {2, 3, 0, 0}), randomBits(1, {3, 2, 0, 0}));
  EXPECT_NE(randomBits(1, {0, 0, 0, 0}), randomBits(0, {1, 0, 0, 0}));
}

TEST(Random, TextAddressSeesEveryByteAndTheLength) {
  std::set<std::uint64_t> seen;
  std::string text;
  for (int length = 0; length < 40; ++length) {
    EXPECT_TRUE(seen.insert(textAddress(text)).second) << length;
    text += '\0';
  }
  EXPECT_NE(textAddress("animal"), textAddress("anima1"));
  EXPECT_EQ(textAddress("é"), textAddress("\xc3\xa9"));
}

// A changed value here means that saved experiments give other numbers: then kGeneratorName needs a new
// version.
TEST(Random, BitsArePinned) {
  EXPECT_EQ(kGeneratorName, "headlight-normal-v1");
  EXPECT_EQ(randomBits(0, {0, 0, 0, 0}), 0x00a3485c526f98edu);
  EXPECT_EQ(randomBits(7, {1, 2, 3, 4}), 0xdc74f64b862002aeu);
  EXPECT_EQ(textAddress(""), 0x05db5a7e4b647b1au);
  EXPECT_EQ(textAddress("animal"), 0x2e72a9fc01404843u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(normalFromBits(0x0123456789abcdefu)), 0x4004ee2dc0a9dfccu);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(normalFromBits(0x7fedcba987654321u)), 0x3f46d0de21296eb8u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(normalFromBits(0x8000000012345678u)), 0xc01a872ec982fa8eu);
}

}  // namespace
}  // namespace headlight
