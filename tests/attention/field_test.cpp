#include "core/attention/field.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;
using test::field;
using test::run;

/// A plan with all stages and a few empty rows and NaN policies by chance.
AttentionPlan fullPlan(std::uint32_t from) {
  for (std::uint32_t seed = from;; ++seed) {
    AttentionPlan plan = test::randomPlan(seed);
    if (plan.inputs.x && plan.inputs.wO) return plan;
  }
}

AttentionPlan longPlan(std::int64_t queries, std::int64_t keys) {
  test::Numbers numbers(31);
  AttentionPlan plan = test::drawnPlan(numbers, queries, keys, 7, 3, 0.4);
  plan.masks = {test::mask("causal", {{"offset", 3}}), test::mask("window", {{"left", 500}})};
  return plan;
}

void expectSameFromEverySide(const Field& f, test::Numbers& numbers) {
  const auto whole = cells(f);
  std::vector<std::uint8_t> classes(whole.size());
  std::vector<float> again(whole.size());
  f.block(0, f.rows(), 0, f.cols(), again.data(), classes.data(), f.cols());
  ASSERT_TRUE(test::sameBits(whole, again));
  const auto at = [&](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * f.cols() + j); };
  for (int n = 0; n < 40; ++n) {
    const std::int64_t i = numbers.whole(0, f.rows() - 1);
    const std::int64_t j = numbers.whole(0, f.cols() - 1);
    const float cell = f.cell(i, j);
    ASSERT_TRUE(test::sameBits({cell}, {whole[at(i, j)]}));
    ASSERT_EQ(static_cast<std::uint8_t>(f.cellClass(i, j)), classes[at(i, j)]);
    std::vector<float> row(static_cast<std::size_t>(f.cols()));
    f.row(i, row.data());
    ASSERT_EQ(std::memcmp(row.data(), &whole[at(i, 0)], row.size() * sizeof(float)), 0);
    const std::int64_t r1 = numbers.whole(i, f.rows() - 1) + 1;
    const std::int64_t c1 = numbers.whole(j, f.cols() - 1) + 1;
    std::vector<float> block(static_cast<std::size_t>((r1 - i) * (c1 - j + 2)));
    f.block(i, r1, j, c1, block.data(), nullptr, c1 - j + 2);
    for (std::int64_t r = i; r < r1; ++r) {
      ASSERT_EQ(std::memcmp(block.data() + (r - i) * (c1 - j + 2), &whole[at(r, j)],
                            static_cast<std::size_t>(c1 - j) * sizeof(float)),
                0);
    }
  }
  const Tile tile = f.tile(0, 0, 0);
  ASSERT_TRUE(tile.mean.empty());
  for (std::int64_t i = 0; i < tile.rows; ++i) {
    ASSERT_EQ(std::memcmp(tile.extreme.data() + i * tile.cols, &whole[at(i, 0)],
                          static_cast<std::size_t>(tile.cols) * sizeof(float)),
              0);
  }
}

TEST(Field, CellRowBlockAndTileHaveTheSameBits) {
  test::Numbers numbers(1);
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (std::uint32_t seed = 0; seed < 60; seed += 7) {
      const AttentionPlan plan = fullPlan(seed);
      const auto made = test::runWithGradients(plan);
      for (const StageInfo& stage : stages()) {
        if (!made->has(stage.stage) || (isGradient(stage.stage) && !made->gradients)) continue;
        for (const int head : {0, plan.inputs.sizes.heads - 1, kMeanHead}) {
          expectSameFromEverySide(field(made, stage.stage, head), numbers);
        }
      }
    }
    expectSameFromEverySide(field(run(longPlan(80, 1500)), Stage::weights), numbers);
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Field, MeanOverHeadsIsTheMeanOfTheHeads) {
  const auto made = run(fullPlan(3));
  const int heads = made->sizes.heads;
  for (const Stage stage :
       {Stage::q, Stage::k, Stage::v, Stage::dot, Stage::weights, Stage::headOutput, Stage::contribution}) {
    std::vector<double> sums;
    for (int h = 0; h < heads; ++h) {
      const auto values = cells(made, stage, h);
      sums.resize(values.size());
      for (std::size_t n = 0; n < values.size(); ++n) sums[n] += static_cast<double>(values[n]) / heads;
    }
    const auto mean = cells(made, stage, kMeanHead);
    for (std::size_t n = 0; n < mean.size(); ++n) {
      if (!std::isnan(sums[n])) {
        EXPECT_NEAR(static_cast<double>(mean[n]), sums[n], 1e-6 * (1 + std::abs(sums[n])));
      }
    }
  }
}

TEST(Field, KeysOfAQueryHeadAreThoseOfItsGroup) {
  test::Numbers numbers(6);
  AttentionPlan plan;
  plan.inputs.sizes = {.queries = 4, .keys = 5, .heads = 6, .kvHeads = 2, .dModel = 3, .dK = 3, .dV = 2};
  plan.inputs.q = test::heads(numbers, 6, 4, 3);
  plan.inputs.k = test::heads(numbers, 2, 5, 3);
  plan.inputs.v = test::heads(numbers, 2, 5, 2);
  plan.normalizer = {"softmax", {}};
  const auto made = run(plan);
  for (int h = 0; h < 6; ++h) {
    const Matrix& k = (*plan.inputs.k)[static_cast<std::size_t>(h / 3)];
    EXPECT_THAT(cells(made, Stage::k, h),
                testing::ElementsAreArray(k.data(), static_cast<std::size_t>(k.size())));
  }
  // The heads side by side.
  const Field concat = field(made, Stage::concat);
  EXPECT_EQ(concat.cols(), 12);
  EXPECT_EQ(concat.cell(2, 7), field(made, Stage::headOutput, 3).cell(2, 1));
}

TEST(Field, HeadsContributionsAndBiasAddUpToTheOutput) {
  const auto made = run(fullPlan(9));
  const auto output = cells(made, Stage::output);
  std::vector<double> sums(output.size());
  for (std::size_t n = 0; n < sums.size(); ++n) {
    const AlignedFloats& bias = made->inputs.wO->bias;
    sums[n] = bias.empty() ? 0.0 : static_cast<double>(bias[n % bias.size()]);
  }
  for (int h = 0; h < made->sizes.heads; ++h) {
    const auto part = cells(made, Stage::contribution, h);
    for (std::size_t n = 0; n < sums.size(); ++n) sums[n] += static_cast<double>(part[n]);
  }
  for (std::size_t n = 0; n < sums.size(); ++n) {
    if (!std::isnan(sums[n])) {
      EXPECT_NEAR(static_cast<double>(output[n]), sums[n], 1e-5 * (1 + std::abs(sums[n])));
    }
  }
}

TEST(Field, RefusesWhatIsAbsentWithTheReason) {
  const auto made = run(test::goldenPlan());
  const auto input = Field::make(made, Stage::input, 0);
  ASSERT_FALSE(input.ok());
  EXPECT_THAT(input.error().what, testing::HasSubstr("the source gives q and k"));
  EXPECT_THAT(Field::make(made, Stage::output, 0).error().what, testing::HasSubstr("w_o"));
  EXPECT_FALSE(Field::make(made, Stage::weights, 1).ok());
  EXPECT_FALSE(Field::make(made, Stage::weights, -2).ok());
  AttentionPlan noValues = test::goldenPlan();
  noValues.inputs.v = {};
  noValues.inputs.sizes.dV = 0;
  const auto without = run(noValues);
  EXPECT_TRUE(Field::make(without, Stage::weights, 0).ok());
  EXPECT_THAT(Field::make(without, Stage::headOutput, 0).error().what, testing::HasSubstr("no values"));
}

TEST(Field, KeysTellStagesHeadsAndNumbersApart) {
  const auto a = run(test::goldenPlan());
  const auto b = run(test::goldenPlan({test::mask("causal")}));
  EXPECT_EQ(field(a, Stage::weights).key(), field(run(test::goldenPlan()), Stage::weights).key());
  EXPECT_NE(field(a, Stage::weights).key(), field(b, Stage::weights).key());
  EXPECT_EQ(field(a, Stage::scaled).key(), field(b, Stage::scaled).key());
  EXPECT_NE(field(a, Stage::scaled).key(), field(a, Stage::dot).key());
  EXPECT_NE(field(a, Stage::weights, 0).key(), field(a, Stage::weights, kMeanHead).key());
}

TEST(FieldStatistics, CountsAndQuantilesOfAllCells) {
  ThreadPool pool(2);
  const auto made = run(longPlan(90, 130));
  for (const Stage stage : {Stage::weights, Stage::masked, Stage::scaled}) {
    const Field f = field(made, stage);
    const FieldStatistics got = f.statistics(pool);
    std::vector<float> finite;
    std::int64_t masked = 0;
    std::int64_t zeros = 0;
    for (std::int64_t i = 0; i < f.rows(); ++i) {
      for (std::int64_t j = 0; j < f.cols(); ++j) {
        if (f.cellClass(i, j) == CellClass::masked) {
          ++masked;
        } else {
          finite.push_back(f.cell(i, j));
          zeros += finite.back() == 0 ? 1 : 0;
        }
      }
    }
    std::sort(finite.begin(), finite.end());
    EXPECT_EQ(got.masked, masked);
    EXPECT_EQ(got.zeros, zeros);
    EXPECT_EQ(got.finite, static_cast<std::int64_t>(finite.size()));
    EXPECT_EQ(got.minimum, finite.front());
    EXPECT_EQ(got.maximum, finite.back());
    const auto rank = [&](double p) {
      return finite[static_cast<std::size_t>(std::llround(p * static_cast<double>(finite.size() - 1)))];
    };
    EXPECT_EQ(got.low, rank(0.02));
    EXPECT_EQ(got.high, rank(0.98));
    EXPECT_FALSE(got.sampled);
    EXPECT_EQ(got.sorted.size(), std::min<std::size_t>(finite.size(), 4096));
    EXPECT_TRUE(std::is_sorted(got.sorted.begin(), got.sorted.end()));
    EXPECT_EQ(got.sorted.front(), finite.front());
    EXPECT_EQ(got.sorted.back(), finite.back());
  }
}

TEST(FieldStatistics, OfManyCellsHaveExactEndsAndQuantilesInBounds) {
  ThreadPool pool(2);
  const auto made = run(longPlan(300, 310));
  for (const Stage stage : {Stage::weights, Stage::masked, Stage::dot}) {
    const Field f = field(made, stage);
    std::vector<float> values(static_cast<std::size_t>(f.rows() * f.cols()));
    std::vector<std::uint8_t> classes(values.size());
    f.block(0, f.rows(), 0, f.cols(), values.data(), classes.data(), f.cols());
    std::vector<double> finite;
    for (std::size_t n = 0; n < values.size(); ++n) {
      const bool hidden = classes[n] == static_cast<std::uint8_t>(CellClass::masked);
      if (!hidden && std::isfinite(values[n])) finite.push_back(static_cast<double>(values[n]));
    }
    std::sort(finite.begin(), finite.end());
    ASSERT_GE(finite.size(), std::size_t{1} << 15) << info(stage).id;
    const auto rank = [&](double part) {
      return finite[static_cast<std::size_t>(std::llround(part * static_cast<double>(finite.size() - 1)))];
    };
    const FieldStatistics got = f.statistics(pool);
    EXPECT_EQ(got.finite, static_cast<std::int64_t>(finite.size()));
    EXPECT_EQ(got.masked, static_cast<std::int64_t>(values.size() - finite.size()));
    EXPECT_EQ(got.zeros, std::count(finite.begin(), finite.end(), 0.0));
    EXPECT_EQ(static_cast<double>(got.minimum), finite.front());
    EXPECT_EQ(static_cast<double>(got.maximum), finite.back());
    EXPECT_EQ(static_cast<double>(got.low), rank(0.02));
    EXPECT_EQ(static_cast<double>(got.high), rank(0.98));
    ASSERT_EQ(got.sorted.size(), 4096u);
    EXPECT_TRUE(std::is_sorted(got.sorted.begin(), got.sorted.end()));
    for (std::size_t n = 0; n < got.sorted.size(); ++n) {
      const double exact = rank(static_cast<double>(n) / 4095);
      ASSERT_NEAR(static_cast<double>(got.sorted[n]), exact, std::abs(exact) / 128 + 1e-30)
          << info(stage).id << " " << n;
    }
  }
}

TEST(FieldStatistics, WithoutSomeKeysAreThoseOfTheOthers) {
  ThreadPool pool(2);
  const auto made = run(longPlan(90, 130));
  const std::vector<std::int64_t> out{0, 7, 129, 400};
  for (const Stage stage : {Stage::weights, Stage::masked, Stage::dot, Stage::k, Stage::v, Stage::q}) {
    const Field f = field(made, stage);
    const bool down = info(stage).rows == Axis::key;
    std::vector<float> finite;
    for (std::int64_t i = 0; i < f.rows(); ++i) {
      for (std::int64_t j = 0; j < f.cols(); ++j) {
        const std::int64_t key = down ? i : j;
        const bool left = stage != Stage::q && std::count(out.begin(), out.end(), key) != 0;
        if (f.cellClass(i, j) != CellClass::masked && !left) finite.push_back(f.cell(i, j));
      }
    }
    std::sort(finite.begin(), finite.end());
    const FieldStatistics got = f.statistics(pool, {}, out);
    EXPECT_EQ(got.finite, static_cast<std::int64_t>(finite.size())) << info(stage).id;
    EXPECT_EQ(got.minimum, finite.front());
    EXPECT_EQ(got.maximum, finite.back());
    EXPECT_LE(got.low, got.high);
  }
}

TEST(FieldStatistics, OfASampleLeaveKeysOutToo) {
  test::Numbers numbers(8);
  const Matrix k = test::normalMatrix(numbers, 4200, 2);
  AttentionPlan plan = test::givenPlan(test::normalMatrix(numbers, 4200, 2), k, Matrix(4200, 1), 1);
  ThreadPool pool(2);
  const Field f = field(run(plan), Stage::weights);
  const FieldStatistics all = f.statistics(pool);
  ASSERT_TRUE(all.sampled);
  std::vector<std::int64_t> half;
  half.reserve(2100);
  for (std::int64_t key = 0; key < 2100; ++key) half.push_back(key);
  const FieldStatistics rest = f.statistics(pool, {}, half);
  EXPECT_TRUE(rest.sampled);
  EXPECT_NEAR(static_cast<double>(rest.finite), static_cast<double>(all.finite) / 2,
              static_cast<double>(all.finite) / 100);
}

TEST(FieldStatistics, TellsNanAndInfinitiesApart) {
  ThreadPool pool(1);
  AttentionPlan plan = test::goldenPlan();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  plan.inputs.v = test::given(
      {test::matrix(
          {{1, 0}, {std::numeric_limits<float>::quiet_NaN(), -kInfinity}, {kInfinity, kInfinity}, {-1, -3}})},
      5);
  const FieldStatistics got = field(run(plan), Stage::v).statistics(pool);
  EXPECT_EQ(got.nan, 1);
  EXPECT_EQ(got.positiveInfinite, 2);
  EXPECT_EQ(got.negativeInfinite, 1);
  EXPECT_EQ(got.finite, 4);
  EXPECT_EQ(got.zeros, 1);
  EXPECT_EQ(got.minimum, -3);
  EXPECT_EQ(got.maximum, 1);
  EXPECT_THAT(got.sorted, testing::ElementsAre(-3, -1, 0, 1));
}

TEST(FieldStatistics, OfNothingFiniteAreZero) {
  ThreadPool pool(1);
  AttentionPlan plan = test::goldenPlan({test::mask("causal", {{"offset", -9}})});
  const FieldStatistics got = field(run(plan), Stage::masked).statistics(pool);
  EXPECT_EQ(got.masked, 12);
  EXPECT_EQ(got.finite, 0);
  EXPECT_EQ(got.maximum, 0);
  EXPECT_TRUE(got.sorted.empty());
}

TEST(FieldStatistics, ExtremesAreTheEndsOfTheStatistics) {
  ThreadPool pool(2);
  const auto expectSame = [&](const Field& f) {
    const FieldStatistics all = f.statistics(pool);
    const FieldStatistics ends = f.extremes(pool);
    EXPECT_EQ(ends.minimum, all.minimum);
    EXPECT_EQ(ends.maximum, all.maximum);
    EXPECT_EQ(ends.low, all.minimum);
    EXPECT_EQ(ends.high, all.maximum);
    EXPECT_EQ(ends.finite, std::min<std::int64_t>(all.finite, 1));
    EXPECT_TRUE(ends.sorted.empty());
  };
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const auto made = run(test::variedPlan(seed));
    for (int s = 0; s < kStageCount; ++s) {
      const auto f = Field::make(made, static_cast<Stage>(s), 0);
      if (f) expectSame(*f);
    }
  }
  // What is not finite stands in the middle of numbers, all of which are on one side of 0.
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    AttentionPlan plan = longPlan(40, 600);
    Matrix k = plan.inputs.k->front();
    for (std::int64_t i = 0; i < k.rows(); ++i) {
      for (std::int64_t e = 0; e < k.cols(); ++e) k(i, e) = -1 - std::abs(k(i, e));
    }
    k(11, 3) = bad;
    k(599, 6) = bad;
    k(300, 2) = -9;
    plan.inputs.k = test::given({k}, 72);
    const auto made = run(plan);
    for (const Stage stage : {Stage::k, Stage::masked, Stage::weights}) expectSame(field(made, stage));
    EXPECT_EQ(field(made, Stage::k).extremes(pool).minimum, -9);
  }
}

TEST(FieldStatistics, AboveTheLimitFromASampleThatIsAlwaysTheSame) {
  test::Numbers numbers(8);
  const Matrix k = test::normalMatrix(numbers, 4200, 2);
  AttentionPlan plan = test::givenPlan(test::normalMatrix(numbers, 4200, 2), k, Matrix(4200, 1), 1);
  plan.masks = {test::mask("causal")};
  ThreadPool one(1);
  ThreadPool three(3);
  const Field f = field(run(plan), Stage::masked);
  const FieldStatistics a = f.statistics(one);
  const FieldStatistics b = f.statistics(three);
  EXPECT_TRUE(a.sampled);
  EXPECT_TRUE(test::sameBits(a.sorted, b.sorted));
  EXPECT_EQ(a.masked, std::int64_t{4200} * 4199 / 2);
  EXPECT_EQ(a.finite, std::int64_t{1} << 20);
  // q·k of two unit normals in two dimensions: symmetric around 0.
  EXPECT_NEAR(a.sorted[2048], 0, 0.02);
  EXPECT_NEAR(a.low, -a.high, 0.1 * static_cast<double>(a.high));
  EXPECT_EQ(a.maximum, f.run().statistics->heads[0].largestScore);
}

TEST(ColumnSums, AreWhatEachKeyReceives) {
  ThreadPool pool(2);
  const auto made = run(longPlan(90, 700));
  const Field f = field(made, Stage::weights);
  const auto sums = f.columnSums(pool);
  ASSERT_EQ(sums.size(), 700u);
  double total = 0;
  for (std::int64_t j = 0; j < 700; ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < 90; ++i) sum += static_cast<double>(f.cell(i, j));
    EXPECT_NEAR(sums[static_cast<std::size_t>(j)], sum, 1e-9);
    total += sum;
  }
  EXPECT_NEAR(total, 90, 1e-4);
  // Masked cells are left out, not added as −∞.
  for (const double sum : field(made, Stage::masked).columnSums(pool)) {
    EXPECT_TRUE(std::isfinite(sum));
  }
}

}  // namespace
}  // namespace headlight
