#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "core/attention/kernels/softcap_row.h"
#include "plans.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class Softcap : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override { ASSERT_TRUE(useSimdLevel(GetParam()).ok()); }
  void TearDown() override { ASSERT_TRUE(useSimdLevel("").ok()); }
};

INSTANTIATE_TEST_SUITE_P(Levels, Softcap, testing::ValuesIn(simdLevels()),
                         [](const auto& level) { return std::string(level.param); });

/// In units of the last place of the exact result.
double errorOf(float got, double wanted) {
  const auto rounded = static_cast<float>(std::abs(wanted));
  const double unit = static_cast<double>(std::nextafter(rounded, kInfinity)) - static_cast<double>(rounded);
  return std::abs(static_cast<double>(got) - wanted) / unit;
}

TEST_P(Softcap, IsWithinTwoAndAHalfUlpOfTheExactTanh) {
  double worst = 0;
  for (const float cap : {1.0f, 50.0f, 0.3f, 30.0f, 1e4f}) {
    std::vector<float> scores;
    // From far below the smallest part of the cap to where it is reached.
    const int steps = static_cast<int>(std::log(40 / 1e-9) / std::log(1.0007));
    for (int step = 0; step < steps; ++step) {
      const double y = 1e-9 * std::pow(1.0007, step);
      scores.push_back(static_cast<float>(y) * cap);
      scores.push_back(-static_cast<float>(y) * cap);
    }
    std::vector<float> capped = scores;
    softcapRow(capped.data(), static_cast<std::int64_t>(capped.size()), cap);
    for (std::size_t n = 0; n < scores.size(); ++n) {
      const auto c = static_cast<double>(cap);
      worst = std::max(worst, errorOf(capped[n], c * std::tanh(static_cast<double>(scores[n]) / c)));
    }
  }
  EXPECT_LE(worst, 2.5);
}

TEST_P(Softcap, SmallScoresKeepTheirBits) {
  for (const float cap : {1.0f, 50.0f, 1e30f}) {
    for (const float y : {0.0f, -0.0f, 1e-45f, 1e-38f, 1e-20f, 1e-6f}) {
      float score = y;
      softcapRow(&score, 1, cap);
      EXPECT_EQ(score, y);
      EXPECT_EQ(std::signbit(score), std::signbit(y));
    }
  }
}

TEST_P(Softcap, InfinityBecomesTheCapAndNanStays) {
  for (const float cap : {1.0f, 50.0f, 1e-30f, 1e30f}) {
    float scores[] = {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 3e38f, -3e38f};
    softcapRow(scores, 5, cap);
    EXPECT_EQ(scores[0], cap);
    EXPECT_EQ(scores[1], -cap);
    EXPECT_TRUE(std::isnan(scores[2]));
    EXPECT_EQ(scores[3], cap);
    EXPECT_EQ(scores[4], -cap);
  }
}

TEST_P(Softcap, AScoresBitsDoNotDependOnItsPlace) {
  test::Numbers numbers(3);
  std::vector<float> scores(67);
  for (float& score : scores) score = numbers.normal(30);
  std::vector<float> whole = scores;
  softcapRow(whole.data(), 67, 20);
  for (std::size_t begin = 0; begin < 67; ++begin) {
    std::vector<float> part(scores.begin() + static_cast<std::ptrdiff_t>(begin), scores.end());
    softcapRow(part.data(), static_cast<std::int64_t>(part.size()), 20);
    for (std::size_t n = 0; n < part.size(); ++n) ASSERT_EQ(part[n], whole[begin + n]);
  }
}

TEST_P(Softcap, NeverLeavesTheCapAndGrowsWithTheScore) {
  std::vector<float> scores;
  for (int n = -40000; n <= 40000; ++n) scores.push_back(static_cast<float>(n) * 0.01f);
  softcapRow(scores.data(), static_cast<std::int64_t>(scores.size()), 50);
  for (std::size_t n = 1; n < scores.size(); ++n) {
    ASSERT_LE(std::abs(scores[n]), 50);
    ASSERT_GE(scores[n], scores[n - 1] - 8e-6f);
  }
}

}  // namespace
}  // namespace headlight
