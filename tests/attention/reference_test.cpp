// The fast path against the reference, over random plans.
#include "core/attention/reference.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "plans.h"

namespace headlight {
namespace {

/// The reference's numbers of one head (or of all, where the stage has no head axis).
std::vector<double> headOf(const ReferenceRun& reference, Stage stage, int head) {
  const Tensor& t = reference.stage(stage);
  if (t.shape.size() == 2) return t.doubles;
  const auto size = t.doubles.size() / static_cast<std::size_t>(t.shape[0]);
  const bool ofKeys = stage == Stage::k || stage == Stage::v;
  const auto h = static_cast<std::size_t>(ofKeys ? reference.sizes.kvHeadOf(head) : head);
  return {t.doubles.begin() + static_cast<std::ptrdiff_t>(h * size),
          t.doubles.begin() + static_cast<std::ptrdiff_t>((h + 1) * size)};
}

void expectClose(double fast, double slow, double tolerance, const std::string& what) {
  if (std::isnan(slow) || std::isinf(slow)) {
    EXPECT_EQ(std::isnan(fast), std::isnan(slow)) << what;
    if (std::isinf(slow)) {
      EXPECT_EQ(fast, slow) << what;
    }
    return;
  }
  EXPECT_NEAR(fast, slow, tolerance * (1 + std::abs(slow))) << what;
}

void expectSame(const AttentionPlan& plan, const std::string& name) {
  const auto fast = test::run(plan);
  const auto slow = referenceAttend(plan);
  ASSERT_TRUE(slow.ok()) << slow.error().text();
  for (const StageInfo& stage : stages()) {
    ASSERT_EQ(fast->has(stage.stage), slow->has(stage.stage)) << name << stage.id;
    if (!fast->has(stage.stage)) {
      EXPECT_FALSE(absence(*fast, stage.stage).empty());
      continue;
    }
    for (int h = 0; h < (stage.perHead ? plan.inputs.sizes.heads : 1); ++h) {
      const auto a = test::cells(fast, stage.stage, h);
      const auto b = headOf(*slow, stage.stage, h);
      ASSERT_EQ(a.size(), b.size());
      const double tolerance = stage.stage == Stage::weights ? 2e-6 : 2e-5;
      for (std::size_t n = 0; n < a.size(); ++n) {
        expectClose(static_cast<double>(a[n]), b[n], tolerance,
                    name + std::string(stage.id) + " " + std::to_string(n));
      }
    }
  }
  for (int h = 0; h < plan.inputs.sizes.heads; ++h) {
    const HeadStatistics& head = fast->statistics->heads[static_cast<std::size_t>(h)];
    for (std::size_t i = 0; i < head.rows.size(); ++i) {
      const RowNumbers& row = head.rows[i];
      const auto at = static_cast<std::size_t>(h) * head.rows.size() + i;
      const auto number = [&](RowQuantity quantity) { return slow->row(quantity).doubles[at]; };
      expectClose(static_cast<double>(row.maximum), number(RowQuantity::rowMax), 1e-5, name + "row_max");
      expectClose(static_cast<double>(row.lse), number(RowQuantity::lse), 2e-5, name + "lse");
      expectClose(static_cast<double>(row.entropy), number(RowQuantity::entropy), 1e-5, name + "entropy");
      // An empty row has no effective keys; e^0 would be 1.
      expectClose(static_cast<double>(row.effectiveKeys), number(RowQuantity::effectiveKeys), 5e-5,
                  name + "effective_keys");
      EXPECT_EQ(static_cast<double>(row.keptKeys), number(RowQuantity::keptKeys));
    }
  }
  if (std::isfinite(fast->statistics->rowSumError)) {
    EXPECT_LE(fast->statistics->rowSumError, 1e-6);
  }
}

TEST(Reference, FastPathAgreesOverRandomPlans) {
  for (std::uint32_t seed = 0; seed < 250; ++seed) {
    expectSame(test::randomPlan(seed), "seed " + std::to_string(seed) + ", ");
    if (HasFailure()) return;
  }
}

TEST(Reference, FastPathAgreesAtEveryLevel) {
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (std::uint32_t seed = 1000; seed < 1030; ++seed) {
      expectSame(test::randomPlan(seed), std::string(level) + ", seed " + std::to_string(seed) + ", ");
      if (HasFailure()) break;
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Reference, EveryDepthFromOneToSeventy) {
  test::Numbers numbers(70);
  for (std::int64_t depth = 1; depth <= 70; ++depth) {
    AttentionPlan plan =
        test::givenPlan(test::normalMatrix(numbers, 9, depth), test::normalMatrix(numbers, 21, depth),
                        test::normalMatrix(numbers, 21, 3), 1 / std::sqrt(static_cast<double>(depth)));
    plan.masks = {test::mask("causal", {{"align", "bottom_right"}})};
    expectSame(plan, "d_k " + std::to_string(depth) + ", ");
  }
}

TEST(Reference, OneTokenAndOneDimension) {
  AttentionPlan plan = test::givenPlan(test::matrix({{3}}), test::matrix({{-2}}), test::matrix({{5}}), 1);
  expectSame(plan, "1 × 1, ");
  EXPECT_EQ(test::cells(test::run(plan), Stage::weights)[0], 1.0f);
  plan.masks = {test::mask("causal"), test::mask("window", {{"left", 0}, {"right", 0}})};
  expectSame(plan, "masked 1 × 1, ");
  EXPECT_EQ(test::run(plan)->statistics->heads[0].rows[0].entropy, 0.0f);
}

TEST(Reference, NanAndInfinityAmongTheScores) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const float bad : {kNan, kInfinity, -kInfinity}) {
    test::Numbers numbers(6);
    Matrix k = test::normalMatrix(numbers, 6, 1);
    k(2, 0) = bad;
    const Matrix q = test::matrix({{1}, {1}, {1}, {2}, {-1}, {0}});
    AttentionPlan plan = test::givenPlan(q, k, test::normalMatrix(numbers, 6, 2), 1);
    plan.masks = {test::mask("causal")};
    expectSame(plan, "bad key, ");
  }
}

TEST(Reference, RowsOfManyThousandKeysStillSumToOne) {
  test::Numbers numbers(11);
  AttentionPlan plan =
      test::givenPlan(test::normalMatrix(numbers, 3, 8), test::normalMatrix(numbers, 70000, 8),
                      test::normalMatrix(numbers, 70000, 1), 0.35);
  EXPECT_LE(test::run(plan)->statistics->rowSumError, 1e-6);
}

TEST(Reference, LargeScoresKeepTheirRowSums) {
  test::Numbers numbers(12);
  AttentionPlan plan =
      test::givenPlan(test::normalMatrix(numbers, 30, 16), test::normalMatrix(numbers, 30, 16),
                      test::normalMatrix(numbers, 30, 1), 1e4);
  EXPECT_LE(test::run(plan)->statistics->rowSumError, 1e-6);
}

TEST(Reference, RefusesMapsThatItCannotStore) {
  AttentionPlan plan = test::givenPlan(Matrix(9000, 1), Matrix(9000, 1), Matrix(9000, 1), 1);
  const auto made = referenceAttend(plan);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().what, testing::HasSubstr("9000"));
}

}  // namespace
}  // namespace headlight
