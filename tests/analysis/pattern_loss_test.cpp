// What a pattern leaves out, and what attention costs, beside sums over all cells and counted loops.
#include "core/analysis/pattern_loss.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "core/analysis/attention_cost.h"
#include "tests/analysis/given_run.h"

namespace headlight {
namespace {

Matrix randomMatrix(std::int64_t rows, std::int64_t cols, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, 1);
  Matrix matrix(rows, cols);
  for (std::int64_t n = 0; n < matrix.size(); ++n) matrix.data()[n] = normal(engine);
  return matrix;
}

/// Two heads with values; `masks` drop what they drop.
std::shared_ptr<const Run> runOf(std::int64_t queries, std::int64_t keys, std::vector<Kinded> masks) {
  AttentionPlan plan = test::scorePlan({randomMatrix(queries, keys, 1), randomMatrix(queries, keys, 2)});
  plan.inputs.sizes.dV = 3;
  plan.inputs.v = {5,
                   std::make_shared<const Heads>(Heads{randomMatrix(keys, 3, 3), randomMatrix(keys, 3, 4)})};
  plan.masks = std::move(masks);
  return test::evaluated(plan);
}

const Kinded kCausal{"causal", {}};
const Kinded kWindow{"window", {{"left", 2}, {"right", 0}}};

TEST(PatternLoss, IsTheFullWeightThatThePatternDrops) {
  const auto full = runOf(9, 9, {kCausal});
  const auto pattern = runOf(9, 9, {kCausal, kWindow});
  for (int head = 0; head < 2; ++head) {
    const auto weights = *Field::make(full, Stage::weights, head);
    double expected = 0;
    for (std::int64_t i = 1; i < 9; ++i) {
      for (std::int64_t j = 0; j < i - 2; ++j) expected += weights.cell(i, j) / 8.0;
    }
    const auto found = massOutside(*pattern, full, head);
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(found->rows, 8) << "the first row keeps one key";
    EXPECT_NEAR(found->number, expected, 1e-9);
    EXPECT_GT(found->number, 0.1);
  }
  EXPECT_EQ(massOutside(*full, full, 0)->number, 0);
}

TEST(PatternLoss, SeesGapsAndRowsThatLoseAllKeys) {
  const auto full = runOf(6, 6, {});
  const auto dilated = runOf(6, 6, {{"dilated", {{"reach", 1}, {"step", 2}}}});
  const auto weights = *Field::make(full, Stage::weights, 1);
  double expected = 0;
  for (std::int64_t i = 0; i < 6; ++i) {
    for (std::int64_t j = 0; j < 6; ++j) {
      const bool kept = j == i || j == i - 2 || j == i + 2;
      expected += kept ? 0 : weights.cell(i, j) / 6.0;
    }
  }
  EXPECT_NEAR(massOutside(*dilated, full, 1)->number, expected, 1e-9);
  const auto none = runOf(6, 6, {{"causal", {{"offset", -6}}}});
  EXPECT_NEAR(massOutside(*none, full, 0)->number, 1, 1e-6);
  EXPECT_NEAR(outputError(none, full, Stage::headOutput, 0)->number, 1, 1e-6) << "as far off as zeros";
}

TEST(PatternLoss, OutputErrorIsRelativeToTheFullOutput) {
  const auto full = runOf(9, 9, {kCausal});
  const auto pattern = runOf(9, 9, {kCausal, kWindow});
  const auto a = *Field::make(pattern, Stage::headOutput, 1);
  const auto b = *Field::make(full, Stage::headOutput, 1);
  double difference = 0;
  double size = 0;
  for (std::int64_t i = 1; i < 9; ++i) {
    for (std::int64_t c = 0; c < 3; ++c) {
      difference += std::pow(static_cast<double>(a.cell(i, c)) - b.cell(i, c), 2);
      size += std::pow(static_cast<double>(b.cell(i, c)), 2);
    }
  }
  const auto found = outputError(pattern, full, Stage::headOutput, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rows, 8);
  EXPECT_NEAR(found->number, std::sqrt(difference / size), 1e-9);
  EXPECT_EQ(outputError(full, full, Stage::headOutput, 0)->number, 0);
}

TEST(PatternLoss, RefusesOtherShapes) {
  const auto small = runOf(4, 4, {});
  const auto large = runOf(5, 5, {});
  EXPECT_THAT(massOutside(*small, large, 0).error().text(), testing::HasSubstr("4 × 4 and 5 × 5"));
  EXPECT_FALSE(outputError(small, large, Stage::headOutput, 0));
  EXPECT_FALSE(massOutside(*large, large, 2));
  EXPECT_FALSE(outputError(large, large, Stage::output, 0)) << "there is no W_O";
  const auto one = runOf(3, 1, {});
  EXPECT_TRUE(std::isnan(massOutside(*one, one, 0)->number)) << "no row keeps two keys";
  EXPECT_EQ(massOutside(*one, one, 0)->rows, 0);
  EXPECT_TRUE(std::isnan(outputError(one, one, Stage::headOutput, 0)->number));
}

TEST(AttentionCost, IsWhatTheLoopsCount) {
  for (const auto& masks : {std::vector<Kinded>{}, {kCausal}, {kCausal, kWindow}}) {
    const auto run = runOf(7, 7, masks);
    const AttentionCost cost = attentionCost(*run);
    double kept = 0;
    double map = 0;
    double linear = 0;
    for (int head = 0; head < 2; ++head) {
      for (std::int64_t i = 0; i < 7; ++i) {
        for (std::int64_t j = 0; j < 7; ++j) {
          if (!run->mask->keeps(head, i, j)) continue;
          ++kept;
          for (std::int64_t d = 0; d < 7; ++d) ++map;  // q · k, d_k = 7
          for (std::int64_t c = 0; c < 3; ++c) ++map;  // weight · v, d_v = 3
        }
      }
      for (std::int64_t j = 0; j < 7; ++j) {
        for (std::int64_t d = 0; d < 7; ++d) {
          for (std::int64_t c = 0; c < 3; ++c) ++linear;  // φ(k) vᵀ
        }
      }
      for (std::int64_t i = 0; i < 7; ++i) {
        for (std::int64_t d = 0; d < 7; ++d) {
          ++linear;                                       // φ(q) · z
          for (std::int64_t c = 0; c < 3; ++c) ++linear;  // φ(q) · S
        }
      }
    }
    EXPECT_EQ(cost.cells, 2 * 7 * 7);
    EXPECT_EQ(cost.keptCells, kept);
    EXPECT_EQ(cost.mapMultiplications, map);
    EXPECT_EQ(cost.linearMultiplications, linear);
    EXPECT_EQ(cost.linearNumbers, 2 * (7 * 3 + 7));
    EXPECT_EQ(cost.projectionMultiplications, 0) << "q, k and v are given";
  }
}

}  // namespace
}  // namespace headlight
