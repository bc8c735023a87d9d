#include "core/attention/position/rotary.h"

#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace headlight {
namespace {

using Index = std::int64_t;
using test::normalMatrix;

/// Rows of `x` turned in double, straight from the formula.
std::vector<double> exactly(const Rotary& rotary, const Matrix& x) {
  const auto width = static_cast<Index>(rotary.fraction * static_cast<double>(x.cols()));
  std::vector<double> out;
  for (Index p = 0; p < x.rows(); ++p) {
    std::vector<double> row;
    for (Index e = 0; e < x.cols(); ++e) row.push_back(static_cast<double>(x(p, e)));
    for (Index k = 0; k < width / 2; ++k) {
      const auto a = static_cast<std::size_t>(rotary.interleaved ? 2 * k : k);
      const auto b = static_cast<std::size_t>(rotary.interleaved ? 2 * k + 1 : k + width / 2);
      const double angle = static_cast<double>(rotary.offset + p) *
                           std::pow(rotary.base, -2.0 * static_cast<double>(k) / static_cast<double>(width));
      const double first = row[a] * std::cos(angle) - row[b] * std::sin(angle);
      row[b] = row[b] * std::cos(angle) + row[a] * std::sin(angle);
      row[a] = first;
    }
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

double dot(const Matrix& a, Index i, const Matrix& b, Index j) {
  double sum = 0;
  for (Index e = 0; e < a.cols(); ++e) sum += static_cast<double>(a(i, e)) * static_cast<double>(b(j, e));
  return sum;
}

Matrix turned(const Rotary& rotary, Matrix rows, bool backwards = false) {
  rotate(rotary, rows, backwards);
  return rows;
}

TEST(RotaryPosition, GoldenG6) {
  const auto expect = [](bool interleaved, Index position, const std::vector<float>& wanted) {
    const Matrix x = turned({.interleaved = interleaved, .offset = position}, test::matrix({{1, 2, 3, 4}}));
    for (Index e = 0; e < 4; ++e) EXPECT_NEAR(x(0, e), wanted[static_cast<std::size_t>(e)], 1e-6);
  };
  expect(false, 0, {1, 2, 3, 4});
  expect(true, 0, {1, 2, 3, 4});
  expect(false, 1, {-1.9841106f, 1.9599007f, 2.4623779f, 4.0197997f});
  expect(true, 1, {-1.1426397f, 1.9220756f, 2.9598507f, 4.0297995f});
  expect(false, 3, {-1.4133525f, 1.8791181f, -2.8288575f, 4.0581911f});
  expect(true, 3, {-1.2722325f, -1.8388650f, 2.8786681f, 4.0881866f});
}

TEST(RotaryPosition, AgreesWithTheFormulaFarOut) {
  test::Numbers numbers(1);
  for (const bool interleaved : {false, true}) {
    for (const double fraction : {1.0, 0.5, 0.25}) {
      for (const Index offset : {Index{0}, Index{1}, Index{63}, Index{100}, Index{1000003}, Index{-130}}) {
        const Rotary rotary{
            .base = 10000, .interleaved = interleaved, .fraction = fraction, .offset = offset};
        const Matrix x = normalMatrix(numbers, 200, 16);
        const std::vector<double> wanted = exactly(rotary, x);
        const Matrix got = turned(rotary, x);
        for (Index n = 0; n < got.size(); ++n) {
          ASSERT_NEAR(got.data()[n], wanted[static_cast<std::size_t>(n)], 4e-7) << offset << " " << n;
        }
      }
    }
  }
}

TEST(RotaryPosition, Assertion22ScoresDependOnTheDistanceAlone) {
  test::Numbers numbers(2);
  const Matrix q = normalMatrix(numbers, 12, 8);
  const Matrix k = normalMatrix(numbers, 12, 8);
  for (const bool interleaved : {false, true}) {
    const Rotary near{.interleaved = interleaved};
    const Rotary far{.interleaved = interleaved, .offset = 100};
    const Matrix a = turned(near, q);
    const Matrix b = turned(near, k);
    const Matrix c = turned(far, q);
    const Matrix d = turned(far, k);
    for (Index i = 0; i < 12; ++i) {
      for (Index j = 0; j < 12; ++j) EXPECT_NEAR(dot(a, i, b, j), dot(c, i, d, j), 4e-6);
    }
  }
}

TEST(RotaryPosition, Assertion22FeaturesBehindTheFractionKeepTheirBits) {
  test::Numbers numbers(3);
  const Matrix x = normalMatrix(numbers, 70, 12);
  for (const bool interleaved : {false, true}) {
    const Matrix y = turned({.interleaved = interleaved, .fraction = 0.5}, x);
    for (Index p = 0; p < 70; ++p) {
      EXPECT_EQ(std::memcmp(y.row(p) + 6, x.row(p) + 6, 6 * sizeof(float)), 0);
      EXPECT_EQ(std::memcmp(y.row(p), x.row(p), 6 * sizeof(float)) == 0, p == 0);
    }
  }
}

TEST(RotaryPosition, Assertion22PermutedFeaturesMakeTheConventionsEqual) {
  test::Numbers numbers(4);
  const Matrix x = normalMatrix(numbers, 33, 8);
  Matrix permuted(33, 8);
  for (Index p = 0; p < 33; ++p) {
    for (Index k = 0; k < 4; ++k) {
      permuted(p, k) = x(p, 2 * k);
      permuted(p, k + 4) = x(p, 2 * k + 1);
    }
  }
  const Matrix half = turned({}, permuted);
  const Matrix interleaved = turned({.interleaved = true}, x);
  const Matrix wrong = turned({}, x);
  double largest = 0;
  for (Index p = 0; p < 33; ++p) {
    for (Index k = 0; k < 4; ++k) {
      EXPECT_EQ(half(p, k), interleaved(p, 2 * k));
      EXPECT_EQ(half(p, k + 4), interleaved(p, 2 * k + 1));
    }
    largest = std::max(largest, std::abs(dot(wrong, p, wrong, 0) - dot(half, p, half, 0)));
  }
  EXPECT_GT(largest, 1e-2);
}

TEST(RotaryPosition, Assertion22ValuesAreNotTurned) {
  test::Numbers numbers(5);
  AttentionPlan plan = test::drawnPlan(numbers, 6, 6, 4, 4, 0.5);
  const auto before = test::cells(test::run(plan), Stage::v);
  const auto keys = test::cells(test::run(plan), Stage::k);
  plan.inputs.rotary = Rotary{};
  const auto run = test::run(plan);
  EXPECT_TRUE(test::sameBits(test::cells(run, Stage::v), before));
  EXPECT_FALSE(test::sameBits(test::cells(run, Stage::k), keys));
}

TEST(RotaryPosition, ARowsBitsDoNotDependOnTheRowsBesideIt) {
  test::Numbers numbers(6);
  const Matrix x = normalMatrix(numbers, 200, 8);
  const Matrix whole = turned({}, x);
  for (const Index row : {0, 1, 63, 64, 65, 130, 199}) {
    Matrix one(1, 8);
    std::copy(x.row(row), x.row(row) + 8, one.row(0));
    const Matrix alone = turned({.offset = row}, one);
    EXPECT_TRUE(test::sameBits({alone.row(0), alone.row(0) + 8}, {whole.row(row), whole.row(row) + 8}))
        << row;
  }
}

TEST(RotaryPosition, BackwardsUndoesIt) {
  test::Numbers numbers(7);
  const Matrix x = normalMatrix(numbers, 100, 8);
  for (const bool interleaved : {false, true}) {
    const Rotary rotary{.interleaved = interleaved, .offset = 5};
    const Matrix back = turned(rotary, turned(rotary, x), true);
    for (Index n = 0; n < x.size(); ++n) EXPECT_NEAR(back.data()[n], x.data()[n], 1e-6);
  }
}

TEST(RotaryPosition, WidthsThatCannotBePairedAreRefused) {
  EXPECT_EQ(*rotatedWidth({}, 64), 64);
  EXPECT_EQ(*rotatedWidth({.fraction = 0.25}, 64), 16);
  const auto odd = rotatedWidth({}, 5);
  ASSERT_FALSE(odd.ok());
  EXPECT_EQ(odd.error().where, "shape.d_k");
  EXPECT_THAT(odd.error().what, testing::HasSubstr("5 rotated features of d_k 5"));
  EXPECT_EQ(rotatedWidth({.fraction = 0.5}, 6).error().where, "position.fraction");
  EXPECT_EQ(rotatedWidth({.fraction = 0.1}, 6).error().where, "position.fraction");
  EXPECT_EQ(rotatedWidth({.fraction = 1.5}, 4).error().where, "position.fraction");
  EXPECT_EQ(rotatedWidth({.fraction = 0}, 4).error().where, "position.fraction");
  EXPECT_EQ(rotatedWidth({.fraction = NAN}, 4).error().where, "position.fraction");
}

}  // namespace
}  // namespace headlight
