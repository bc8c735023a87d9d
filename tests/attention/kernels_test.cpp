#include <bit>
#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/multiply.h"
#include "core/attention/kernels/normal_numbers.h"
#include "core/attention/kernels/simd.h"
#include "core/attention/kernels/softmax_row.h"
#include "core/attention/project.h"
#include "core/base/random.h"
#include "plans.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Every test of a kernel runs at every level of this machine.
class Kernels : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override { ASSERT_TRUE(useSimdLevel(GetParam()).ok()); }
  void TearDown() override { ASSERT_TRUE(useSimdLevel("").ok()); }
};

INSTANTIATE_TEST_SUITE_P(Levels, Kernels, testing::ValuesIn(simdLevels()),
                         [](const auto& level) { return std::string(level.param); });

TEST_P(Kernels, TheLevelAskedForIsUsed) {
  EXPECT_EQ(simdLevel(), GetParam());
}

TEST_P(Kernels, MultiplyAgainstScalarDouble) {
  test::Numbers numbers(1);
  for (int round = 0; round < 150; ++round) {
    const std::int64_t depth = numbers.whole(1, 70);
    const std::int64_t rows = numbers.whole(1, 14);
    const std::int64_t keys = numbers.whole(1, 130);
    const float scale = numbers.chance(0.5) ? 1.0f : 0.125f;
    const Matrix q = test::normalMatrix(numbers, rows, depth);
    const Matrix k = test::normalMatrix(numbers, keys, depth);
    const PackedKeys packed = packKeys(k);
    const std::int64_t panels = (keys + kPanelWidth - 1) / kPanelWidth;
    const std::int64_t stride = panels * kPanelWidth + 3;
    std::vector<float> out(static_cast<std::size_t>(rows * stride), 7.0f);
    multiply(q.data(), depth, rows, {packed.panels.data(), depth * kPanelWidth, kPanelWidth}, panels, depth,
             scale, Into::empty, out.data(), stride);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < stride; ++j) {
        const float got = out[static_cast<std::size_t>(i * stride + j)];
        if (j >= keys) {
          // Behind the last key stand the scores of zeros, behind the panels nothing is written.
          ASSERT_EQ(got, j < panels * kPanelWidth ? 0.0f : 7.0f);
          continue;
        }
        double dot = 0;
        double size = 0;
        for (std::int64_t e = 0; e < depth; ++e) {
          const double product = static_cast<double>(q(i, e)) * static_cast<double>(k(j, e));
          dot += product;
          size += std::abs(product);
        }
        const double bound = 1.2e-7 * static_cast<double>(depth + 2) * size * static_cast<double>(scale);
        ASSERT_NEAR(got, dot * static_cast<double>(scale), bound);
      }
    }
  }
}

TEST_P(Kernels, ACellsBitsDoNotDependOnWhatWasAskedForWithIt) {
  test::Numbers numbers(2);
  const std::int64_t depth = 37;
  const std::int64_t rows = 13;
  const std::int64_t panels = 7;
  const Matrix q = test::normalMatrix(numbers, rows, depth);
  const PackedKeys packed = packKeys(test::normalMatrix(numbers, panels * kPanelWidth, depth));
  const std::int64_t width = panels * kPanelWidth;
  std::vector<float> whole(static_cast<std::size_t>(rows * width));
  const PanelsView right{packed.panels.data(), depth * kPanelWidth, kPanelWidth};
  multiply(q.data(), depth, rows, right, panels, depth, 0.3f, Into::empty, whole.data(), width);
  for (std::int64_t r0 = 0; r0 < rows; ++r0) {
    for (std::int64_t r1 = r0 + 1; r1 <= rows; ++r1) {
      for (std::int64_t p0 = 0; p0 < panels; ++p0) {
        const std::int64_t count = numbers.whole(1, panels - p0);
        const std::int64_t partWidth = count * kPanelWidth;
        std::vector<float> part(static_cast<std::size_t>((r1 - r0) * partWidth));
        PanelsView from = right;
        from.data += p0 * right.panelStep;
        multiply(q.row(r0), depth, r1 - r0, from, count, depth, 0.3f, Into::empty, part.data(), partWidth);
        for (std::int64_t i = 0; i < r1 - r0; ++i) {
          ASSERT_EQ(
              std::memcmp(part.data() + i * partWidth, whole.data() + (r0 + i) * width + p0 * kPanelWidth,
                          static_cast<std::size_t>(partWidth) * sizeof(float)),
              0);
        }
      }
    }
  }
}

TEST_P(Kernels, ExpIsWithinOneUlp) {
  // Every 499th float from −0 to below the smallest that is not 0.
  std::vector<float> x;
  float lowest = -104.5f;
  std::uint32_t last = 0;
  std::memcpy(&last, &lowest, sizeof last);
  for (std::uint32_t bits = 0x80000000u; bits < last; bits += 499) {
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    x.push_back(value);
  }
  std::vector<float> e(x.size());
  softmaxWeights(x.data(), static_cast<std::int64_t>(x.size()), 1, 0, 1, e.data());
  double worst = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double exact = std::exp(static_cast<double>(x[n]));
    const auto near = static_cast<float>(exact);
    const double ulp = static_cast<double>(std::nextafter(near, kInfinity)) - static_cast<double>(near);
    worst = std::max(worst, std::abs(static_cast<double>(e[n]) - exact) / ulp);
  }
  EXPECT_LE(worst, 1.0);
}

TEST_P(Kernels, ExpAtItsEnds) {
  const std::vector<float> x{0.0f, -0.0f, -kInfinity, -1e30f, -200.0f, kNan};
  std::vector<float> e(x.size());
  softmaxWeights(x.data(), 6, 1, 0, 1, e.data());
  EXPECT_EQ(e[0], 1.0f);
  EXPECT_EQ(e[1], 1.0f);
  EXPECT_EQ(e[2], 0.0f);
  EXPECT_EQ(e[3], 0.0f);
  EXPECT_EQ(e[4], 0.0f);
  EXPECT_TRUE(std::isnan(e[5]));
}

TEST_P(Kernels, SoftmaxRowAgainstScalarDouble) {
  test::Numbers numbers(4);
  for (const std::int64_t count : {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 100, 1023, 1024, 1025, 5000}) {
    for (const float tau : {1.0f, 0.3f, 7.0f}) {
      std::vector<float> s(static_cast<std::size_t>(count));
      for (float& x : s) x = numbers.normal(5);
      std::vector<float> e(s.size());
      const SoftmaxSums sums = softmaxRow(s.data(), count, tau, e.data());
      EXPECT_EQ(sums.maximum, *std::max_element(s.begin(), s.end()));
      EXPECT_EQ(sums.minimum, *std::min_element(s.begin(), s.end()));
      double sum = 0;
      double weighted = 0;
      for (const float x : s) {
        const double z =
            (static_cast<double>(x) - static_cast<double>(sums.maximum)) / static_cast<double>(tau);
        sum += std::exp(z);
        weighted += std::exp(z) * z;
      }
      EXPECT_NEAR(sums.sum / sum, 1.0, 2e-6) << count;
      EXPECT_NEAR(sums.weighted, weighted, 4e-6 * (1 + std::abs(weighted))) << count;
      std::vector<float> w(s.size());
      const auto divisor = static_cast<float>(sums.sum);
      softmaxWeights(s.data(), count, tau, sums.maximum, divisor, w.data());
      double total = 0;
      for (std::size_t n = 0; n < s.size(); ++n) {
        EXPECT_EQ(w[n], e[n] / divisor);
        total += static_cast<double>(w[n]);
      }
      EXPECT_NEAR(total, 1.0, 1e-6);
      EXPECT_NEAR(sumOfQuotients(e.data(), count, divisor), total, 1e-6);
    }
  }
}

TEST_P(Kernels, AWeightsBitsDoNotDependOnItsPlace) {
  test::Numbers numbers(5);
  std::vector<float> s(67);
  for (float& x : s) x = -std::abs(numbers.normal(5));
  std::vector<float> whole(s.size());
  softmaxWeights(s.data(), 67, 0.7f, 0.1f, 3, whole.data());
  for (std::int64_t begin = 0; begin < 67; ++begin) {
    for (std::int64_t end = begin + 1; end <= 67; ++end) {
      std::vector<float> part(s.begin() + begin, s.begin() + end);
      softmaxWeights(part.data(), end - begin, 0.7f, 0.1f, 3, part.data());
      ASSERT_EQ(std::memcmp(part.data(), whole.data() + begin, part.size() * sizeof(float)), 0);
    }
  }
}

TEST_P(Kernels, NanAndInfinityMakeTheSumNan) {
  for (const float bad : {kNan, kInfinity}) {
    for (std::size_t place = 0; place < 21; ++place) {
      std::vector<float> s(21, 1.0f);
      s[place] = bad;
      std::vector<float> e(s.size());
      EXPECT_TRUE(std::isnan(softmaxRow(s.data(), 21, 1, e.data()).sum));
    }
  }
  std::vector<float> s(21, -kInfinity);
  std::vector<float> e(s.size());
  EXPECT_TRUE(std::isnan(softmaxRow(s.data(), 21, 1, e.data()).sum));
  s[20] = 2;
  const SoftmaxSums sums = softmaxRow(s.data(), 21, 1, e.data());
  EXPECT_EQ(sums.sum, 1);
  EXPECT_EQ(sums.weighted, 0);
}

TEST_P(Kernels, NormalNumbersHaveTheBitsOfTheirScalarWay) {
  // Of random bits, of probabilities down to the smallest, and of the borders between the ways to compute it.
  std::vector<std::uint64_t> bits;
  for (std::uint64_t n = 0; n < 20000; ++n) bits.push_back(randomBits(5, {n, 0, 0, 0}));
  for (std::uint64_t n = 0; n < 4000; ++n) bits.push_back(randomBits(6, {n, 0, 0, 0}) >> (n % 62));
  for (const double border : {0.075, std::exp(-9.0), 0.5}) {
    const auto k = static_cast<std::uint64_t>(border * 0x1p53);
    for (std::uint64_t n = 0; n < 64; ++n) bits.push_back(((k - 32 + n) & 0x000fffffffffffffu) << 11);
  }
  for (std::size_t n = 0; n < bits.size(); n += 2) bits[n] ^= std::uint64_t{1} << 63;
  for (const std::size_t count : {bits.size(), std::size_t{1}, std::size_t{13}, std::size_t{511}}) {
    std::vector<double> numbers(count + 1, 7.0);
    normalNumbers(bits.data(), static_cast<std::int64_t>(count), numbers.data());
    for (std::size_t n = 0; n < count; ++n) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(numbers[n]),
                std::bit_cast<std::uint64_t>(normalFromBits(bits[n])))
          << bits[n];
    }
    EXPECT_EQ(numbers[count], 7.0);
  }
  // By their address, in stretches that are longer and shorter than what is made together.
  const RandomAddress row = RandomAddress(9).then(2).then(3);
  for (const std::int64_t count : {1, 7, 64, 513, 1500}) {
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1} << 40}) {
      std::vector<double> numbers(static_cast<std::size_t>(count) + 1, 7.0);
      normalNumbersAt(row, first, count, numbers.data());
      for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n)
        ASSERT_EQ(numbers[n], normalFromBits(row.then(first + n).bits()));
      EXPECT_EQ(numbers.back(), 7.0);
      std::vector<float> scaled(numbers.size(), 7.0F);
      scaledFloats(numbers.data(), count, 0.3, scaled.data());
      for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n)
        ASSERT_EQ(scaled[n], static_cast<float>(numbers[n] * 0.3));
      EXPECT_EQ(scaled.back(), 7.0F);
    }
  }
}

TEST(Simd, RefusesWhatItCannotRunNamingWhatItCan) {
  const Status status = useSimdLevel("avx1024");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().what,
              testing::AllOf(testing::HasSubstr("avx1024"), testing::HasSubstr("scalar")));
}

TEST(Simd, IsForcedByTheEnvironment) {
  ASSERT_EQ(setenv("HEADLIGHT_SIMD", "scalar", 1), 0);
  EXPECT_TRUE(useSimdLevelOfEnvironment().ok());
  EXPECT_EQ(simdLevel(), "scalar");
  ASSERT_EQ(setenv("HEADLIGHT_SIMD", "fast", 1), 0);
  const Status status = useSimdLevelOfEnvironment();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().where, "HEADLIGHT_SIMD");
  ASSERT_EQ(unsetenv("HEADLIGHT_SIMD"), 0);
  EXPECT_TRUE(useSimdLevel("").ok());
  EXPECT_EQ(simdLevel(), simdLevels().front());
}

}  // namespace
}  // namespace headlight
