// The golden numbers G-1 and the assertions of the reference that bear on the score path, by number.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "core/attention/reference.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;
using test::drawnPlan;
using test::givenPlan;
using test::goldenPlan;
using test::mask;
using test::matrix;
using test::run;
using test::sameBits;

constexpr double kPrinted = 1e-6;  // the digits are rounded

void expectNear(const std::vector<float>& got, const std::vector<double>& wanted, double tolerance) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t n = 0; n < got.size(); ++n) EXPECT_NEAR(got[n], wanted[n], tolerance) << n;
}

/// Fast and reference against the printed digits.
void expectGolden(const AttentionPlan& plan, const std::vector<double>& weights,
                  const std::vector<double>& outputs) {
  const auto fast = run(plan);
  expectNear(cells(fast, Stage::weights), weights, 2e-6);
  expectNear(cells(fast, Stage::headOutput), outputs, 4e-6);
  const auto slow = referenceAttend(plan);
  ASSERT_TRUE(slow.ok());
  EXPECT_THAT(slow->stage(Stage::weights).doubles,
              testing::Pointwise(testing::DoubleNear(kPrinted), weights));
  EXPECT_THAT(slow->stage(Stage::headOutput).doubles,
              testing::Pointwise(testing::DoubleNear(kPrinted), outputs));
}

TEST(Golden, G1Plain) {
  const AttentionPlan plan = goldenPlan();
  expectNear(cells(run(plan), Stage::dot), {1, 0, 3, 0, -1, 2, 0, -2, 2, 2, 2, 2}, 0);
  expectGolden(plan,
               {.202785, .122995, .551225, .122995, .129250, .579259, .213097, .078394, .25, .25, .25, .25},
               {1.182240, -.059245, .477051, .601344, .5, .75});
  const auto rows = run(plan)->statistics->heads[0].rows;
  EXPECT_NEAR(rows[0].lse, 2.095611, 2e-6);
  EXPECT_NEAR(rows[1].lse, 1.546006, 2e-6);
  EXPECT_NEAR(rows[2].lse, 2.386294, 2e-6);
  EXPECT_EQ(rows[0].maximum, 1.5f);
  EXPECT_NEAR(rows[0].sum, 1.81413976, 1e-6);
  EXPECT_NEAR(rows[2].effectiveKeys, 4, 1e-5);
}

TEST(Golden, G1TopLeftCausal) {
  const double third = 1.0 / 3;
  expectGolden(goldenPlan({mask("causal")}), {1, 0, 0, 0, .182426, .817574, 0, 0, third, third, third, 0},
               {1, 0, .182426, .817574, 1, 0});
}

TEST(Golden, G1BottomRightCausal) {
  expectGolden(goldenPlan({mask("causal", {{"align", "bottom_right"}})}),
               {.622459, .377541, 0, 0, .140244, .628532, .231224, 0, .25, .25, .25, .25},
               {.622459, .377541, .602692, .397308, .5, .75});
}

TEST(Assertion, A3CausalAlignmentForUnequalLengths) {
  const auto topLeft = run(goldenPlan({mask("causal")}));
  const auto bottomRight = run(goldenPlan({mask("causal", {{"align", "bottom_right"}})}));
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(topLeft->mask->kept(0, i), i + 1);
    EXPECT_EQ(bottomRight->mask->kept(0, i), i + 2);
  }
  AttentionPlan longer = givenPlan(matrix({{1}, {2}, {3}}), matrix({{1}, {2}}), matrix({{5}, {7}}), 1);
  longer.masks = {mask("causal", {{"align", "bottom_right"}})};
  const auto made = run(longer);
  EXPECT_EQ(made->mask->kept(0, 0), 0);
  EXPECT_EQ(made->mask->emptyRows(0), 1);
  EXPECT_EQ(made->statistics->heads[0].rows[0].lse, -std::numeric_limits<float>::infinity());
  EXPECT_EQ(cells(made, Stage::headOutput)[0], 0.0f);
  EXPECT_EQ(cells(made, Stage::headOutput)[1], 5.0f);
}

TEST(Assertion, A4RowsSumToOneAndColumnsDoNot) {
  test::Numbers numbers(4);
  AttentionPlan plan = drawnPlan(numbers, 7, 5, 6, 3, 1);
  const auto weights = cells(run(plan), Stage::weights);
  double farthest = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 5; ++j) sum += static_cast<double>(weights[i * 5 + j]);
    EXPECT_NEAR(sum, 1, 1e-6);
  }
  for (std::size_t j = 0; j < 5; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < 7; ++i) sum += static_cast<double>(weights[i * 5 + j]);
    farthest = std::max(farthest, std::abs(sum - 1));
  }
  EXPECT_GT(farthest, 0.1);
}

TEST(Assertion, A5ShiftAndOrder) {
  // A key dimension that is 1 everywhere adds q's entry there to all scores of the row.
  test::Numbers numbers(5);
  Matrix q = test::normalMatrix(numbers, 4, 5);
  Matrix k = test::normalMatrix(numbers, 6, 5);
  const Matrix v = test::normalMatrix(numbers, 6, 3);
  for (std::int64_t j = 0; j < 6; ++j) k(j, 4) = 1;
  for (std::int64_t i = 0; i < 4; ++i) q(i, 4) = 0;
  const AttentionPlan plain = givenPlan(q, k, v, 1);
  for (std::int64_t i = 0; i < 4; ++i) q(i, 4) = 1e4f;
  const AttentionPlan shifted = givenPlan(q, k, v, 1);
  const auto a = referenceAttend(plain);
  const auto b = referenceAttend(shifted);
  EXPECT_THAT(a->stage(Stage::weights).doubles,
              testing::Pointwise(testing::DoubleNear(1e-6), b->stage(Stage::weights).doubles));

  const std::vector<std::int64_t> order{3, 0, 5, 1, 4, 2};
  Matrix k2(6, 5);
  Matrix v2(6, 3);
  List keep;
  List keep2;
  for (std::int64_t j = 0; j < 6; ++j) keep.emplace_back(j == 2 ? 0 : 1);
  for (std::int64_t j = 0; j < 6; ++j) {
    const std::int64_t from = order[static_cast<std::size_t>(j)];
    std::copy(k.row(from), k.row(from) + 5, k2.row(j));
    std::copy(v.row(from), v.row(from) + 3, v2.row(j));
    keep2.push_back(keep[static_cast<std::size_t>(from)]);
  }
  AttentionPlan first = plain;
  first.masks = {mask("padding", {{"keep", Value(keep)}})};
  for (std::int64_t i = 0; i < 4; ++i) q(i, 4) = 0;
  AttentionPlan second = givenPlan(q, k2, v2, 1);
  second.masks = {mask("padding", {{"keep", Value(keep2)}})};
  EXPECT_THAT(cells(run(first), Stage::headOutput),
              testing::Pointwise(testing::FloatNear(1e-6f), cells(run(second), Stage::headOutput)));
}

TEST(Assertion, A6MaskedWeightIsExactlyZeroAtEveryLevel) {
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (const float score : {-1e4f, 0.0f, 1e4f}) {
      AttentionPlan plan = givenPlan(Matrix(20, 1), Matrix(20, 1), Matrix(20, 1), 1);
      Matrix q(20, 1);
      Matrix k(20, 1);
      for (std::int64_t i = 0; i < 20; ++i) {
        q(i, 0) = 1;
        k(i, 0) = score;
      }
      plan.inputs.q = test::given({q}, 3);
      plan.inputs.k = test::given({k}, 4);
      plan.masks = {mask("causal")};
      const auto made = run(plan);
      const auto weights = cells(made, Stage::weights);
      const auto slow = referenceAttend(plan);
      for (std::size_t i = 0; i < 20; ++i) {
        for (std::size_t j = 0; j < 20; ++j) {
          if (j > i) {
            ASSERT_TRUE(weights[i * 20 + j] == 0.0f);
            ASSERT_TRUE(slow->stage(Stage::weights).doubles[i * 20 + j] == 0.0);
            ASSERT_EQ(cells(made, Stage::masked)[i * 20 + j], -std::numeric_limits<float>::infinity());
          } else {
            ASSERT_NEAR(weights[i * 20 + j], 1.0 / static_cast<double>(i + 1), 1e-6);
          }
        }
      }
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Assertion, A7MaskedDataCannotLeak) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (const float bad : {kNan, 1e30f, std::numeric_limits<float>::infinity()}) {
      test::Numbers numbers(7);
      const std::int64_t length = 70;
      Matrix q = test::normalMatrix(numbers, length, 9);
      Matrix k = test::normalMatrix(numbers, length, 9);
      Matrix v = test::normalMatrix(numbers, length, 5);
      const std::vector<std::int64_t> spoiled{5, 33, 69};
      const auto with = [&](float value) {
        for (const std::int64_t j : spoiled) {
          std::fill_n(k.row(j), 9, value);
          std::fill_n(v.row(j), 5, value);
        }
        AttentionPlan plan = givenPlan(q, k, v, 0.3);
        plan.masks = {mask("causal")};
        return run(plan);
      };
      const auto clean = with(0);
      const auto dirty = with(bad);
      const auto a = cells(clean, Stage::headOutput);
      const auto b = cells(dirty, Stage::headOutput);
      const auto wa = cells(clean, Stage::weights);
      const auto wb = cells(dirty, Stage::weights);
      // Only rows before the first spoiled key may not see any.
      EXPECT_TRUE(sameBits({a.begin(), a.begin() + 5 * 5}, {b.begin(), b.begin() + 5 * 5}));
      EXPECT_TRUE(sameBits({wa.begin(), wa.begin() + 5 * length}, {wb.begin(), wb.begin() + 5 * length}));

      List keep;
      for (std::int64_t j = 0; j < length; ++j) {
        keep.emplace_back(std::count(spoiled.begin(), spoiled.end(), j) > 0 ? 0 : 1);
      }
      const auto padded = [&](float value) {
        for (const std::int64_t j : spoiled) {
          std::fill_n(k.row(j), 9, value);
          std::fill_n(v.row(j), 5, value);
        }
        AttentionPlan plan = givenPlan(q, k, v, 0.3);
        plan.masks = {mask("causal"), mask("padding", {{"keep", Value(keep)}})};
        return run(plan);
      };
      const auto c = padded(0);
      const auto d = padded(bad);
      for (const Stage stage : {Stage::masked, Stage::weights, Stage::headOutput, Stage::concat}) {
        EXPECT_TRUE(sameBits(cells(c, stage), cells(d, stage))) << info(stage).id;
      }
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Assertion, A8Causality) {
  // A model's forward pass as far as there is one: x to output through projections.
  test::Numbers numbers(8);
  AttentionPlan plan;
  for (std::uint32_t seed = 0; !plan.inputs.x || plan.inputs.memory || !plan.inputs.wO; ++seed) {
    plan = test::randomPlan(seed);
  }
  plan.inputs.edits.clear();
  plan.masks = {mask("causal")};
  const std::int64_t changed = plan.inputs.sizes.queries / 2;
  const auto before = run(plan);
  auto x = std::make_shared<Matrix>(*plan.inputs.x);
  for (std::int64_t e = 0; e < x->cols(); ++e) (*x)(changed, e) += 1;
  plan.inputs.x = {999, x};
  const auto after = run(plan);
  for (const Stage stage : {Stage::weights, Stage::headOutput, Stage::output}) {
    for (int h = 0; h < (info(stage).perHead ? plan.inputs.sizes.heads : 1); ++h) {
      const Field a = test::field(before, stage, h);
      const auto va = cells(a);
      const auto vb = cells(after, stage, h);
      const auto border = static_cast<std::ptrdiff_t>(changed * a.cols());
      EXPECT_TRUE(sameBits({va.begin(), va.begin() + border}, {vb.begin(), vb.begin() + border}));
      EXPECT_FALSE(sameBits({va.begin() + border, va.end()}, {vb.begin() + border, vb.end()}));
    }
  }
}

AttentionPlan oneEmptyRow(EmptyRow policy) {
  test::Numbers numbers(9);
  AttentionPlan plan = drawnPlan(numbers, 4, 4, 3, 2, 1);
  auto wO = std::make_shared<Linear>();
  wO->weight = test::normalMatrix(numbers, 2, 2);
  wO->bias = {0.25f, -0.75f};
  plan.inputs.wO = {21, wO};
  // Row 0 keeps no key.
  plan.masks = {mask("causal", {{"offset", -1}})};
  plan.emptyRow = policy;
  return plan;
}

TEST(Assertion, A9EmptyRowZeros) {
  const auto made = run(oneEmptyRow(EmptyRow::zeros));
  const auto weights = cells(made, Stage::weights);
  EXPECT_THAT(std::vector<float>(weights.begin(), weights.begin() + 4), testing::Each(0.0f));
  EXPECT_EQ(test::field(made, Stage::weights).cellClass(0, 2), CellClass::masked);
  EXPECT_THAT(cells(made, Stage::headOutput)[0], 0.0f);
  EXPECT_EQ(cells(made, Stage::output)[0], 0.25f);
  EXPECT_EQ(cells(made, Stage::output)[1], -0.75f);
  const RowNumbers& row = made->statistics->heads[0].rows[0];
  EXPECT_EQ(row.keptKeys, 0);
  EXPECT_EQ(row.entropy, 0);
  EXPECT_EQ(row.effectiveKeys, 0);
  EXPECT_EQ(row.lse, -std::numeric_limits<float>::infinity());
}

TEST(Assertion, A9EmptyRowNan) {
  const auto made = run(oneEmptyRow(EmptyRow::nan));
  const auto weights = cells(made, Stage::weights);
  const auto outputs = cells(made, Stage::headOutput);
  for (std::size_t n = 0; n < weights.size(); ++n) EXPECT_EQ(std::isnan(weights[n]), n < 4);
  for (std::size_t n = 0; n < outputs.size(); ++n) EXPECT_EQ(std::isnan(outputs[n]), n < 2);
  EXPECT_EQ(test::field(made, Stage::weights).cellClass(0, 2), CellClass::value);
  EXPECT_LT(made->statistics->rowSumError, 1e-6);
}

TEST(Assertion, A9EmptyRowUniformOverAllKeys) {
  const AttentionPlan plan = oneEmptyRow(EmptyRow::uniform);
  const auto made = run(plan);
  const auto weights = cells(made, Stage::weights);
  EXPECT_THAT(std::vector<float>(weights.begin(), weights.begin() + 4), testing::Each(0.25f));
  EXPECT_EQ(weights[4 + 2], 0.0f);
  const Matrix& v = plan.inputs.v->front();
  EXPECT_NEAR(cells(made, Stage::headOutput)[0], (v(0, 0) + v(1, 0) + v(2, 0) + v(3, 0)) / 4, 1e-6);
  EXPECT_EQ(test::field(made, Stage::weights).cellClass(0, 2), CellClass::value);
  EXPECT_EQ(test::field(made, Stage::masked).cellClass(0, 2), CellClass::masked);
}

TEST(Assertion, A11TemperatureAndVariance) {
  const std::vector<std::pair<std::int64_t, double>> cases{{4, 0.19}, {64, 0.76}, {512, 0.91}};
  for (const auto& [depth, unscaled] : cases) {
    test::Numbers numbers(static_cast<std::uint32_t>(depth));
    const Matrix k = test::normalMatrix(numbers, 200, depth);
    AttentionPlan plan = givenPlan(test::normalMatrix(numbers, 200, depth), k, Matrix(200, 1), 1);
    const auto meanMax = [](const auto& made) {
      double sum = 0;
      for (const RowNumbers& row : made->statistics->heads[0].rows)
        sum += static_cast<double>(row.largestWeight);
      return sum / 200;
    };
    EXPECT_NEAR(meanMax(run(plan)), unscaled, 0.04);
    plan.scale = 1 / std::sqrt(static_cast<double>(depth));
    EXPECT_NEAR(meanMax(run(plan)), 0.05, 0.02);
  }
}

TEST(Assertion, A18GroupedHeadsRepeatTheirKeys) {
  test::Numbers numbers(18);
  AttentionPlan plan;
  plan.inputs.sizes = {.queries = 5, .keys = 5, .heads = 6, .kvHeads = 2, .dModel = 4, .dK = 3, .dV = 2};
  plan.inputs.q = test::heads(numbers, 6, 5, 3);
  plan.inputs.k = test::heads(numbers, 2, 5, 3);
  plan.inputs.v = test::heads(numbers, 2, 5, 2);
  plan.normalizer = {"softmax", {}};
  const auto before = run(plan);
  Heads k = *plan.inputs.k;
  k[1] = Matrix(5, 3);
  plan.inputs.k = test::given(k, 77);
  const auto after = run(plan);
  for (int h = 0; h < 6; ++h) {
    EXPECT_EQ(sameBits(cells(before, Stage::weights, h), cells(after, Stage::weights, h)), h < 3);
    if (h < 3) continue;
    EXPECT_THAT(cells(after, Stage::weights, h), testing::Each(testing::FloatNear(0.2f, 1e-6f)));
  }
}

}  // namespace
}  // namespace headlight
