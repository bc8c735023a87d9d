// The fast path against the reference, over random plans.
#include "core/attention/reference.h"

#include <algorithm>
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
  const bool ofKeys =
      stage == Stage::k || stage == Stage::v || stage == Stage::gradK || stage == Stage::gradV;
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

double largest(const std::vector<double>& numbers) {
  double most = 0;
  for (const double number : numbers) {
    if (std::isfinite(number)) most = std::max(most, std::abs(number));
  }
  return most;
}

/// The largest z: a score's rounding error becomes a relative error of its weight.
double largestExponent(const AttentionPlan& plan, const ReferenceRun& slow) {
  return slow.has(Stage::masked) ? largest(slow.stage(Stage::masked).doubles) / plan.temperature : 0;
}

double toleranceOf(Stage stage, double exponent) {
  switch (stage) {
    case Stage::weights:
      return 2e-6 + 5e-7 * exponent;
    case Stage::valueWeighted:
    case Stage::headOutput:
    case Stage::concat:
    case Stage::contribution:
    case Stage::output:
      return 2e-5 + 2e-6 * exponent;
    default:
      return isGradient(stage) ? 2e-5 + 5e-6 * exponent : 2e-5;
  }
}

/// True where a weight is 0 on one side alone and the slope of its normalizer jumps there.
bool onEdge(const AttentionPlan& plan, const std::shared_ptr<const Run>& fast, const ReferenceRun& slow) {
  if (plan.normalizer.kind != "sparsemax" && plan.normalizer.kind != "relu") return false;
  for (int h = 0; h < plan.inputs.sizes.heads; ++h) {
    const auto a = test::cells(fast, Stage::weights, h);
    const auto b = headOf(slow, Stage::weights, h);
    for (std::size_t n = 0; n < a.size(); ++n) {
      if ((a[n] == 0) != (b[n] == 0)) return true;
    }
  }
  return false;
}

double numberOf(const Run& run, RowQuantity quantity, int head, std::size_t row) {
  const auto h = static_cast<std::size_t>(head);
  const RowNumbers& numbers = run.statistics->heads[h].rows[row];
  switch (quantity) {
    case RowQuantity::rowMax:
      return static_cast<double>(numbers.maximum);
    case RowQuantity::lse:
      return static_cast<double>(numbers.lse);
    case RowQuantity::threshold:
      return static_cast<double>(numbers.threshold);
    case RowQuantity::entropy:
      return static_cast<double>(numbers.entropy);
    case RowQuantity::effectiveKeys:
      return static_cast<double>(numbers.effectiveKeys);
    case RowQuantity::keptKeys:
      return static_cast<double>(numbers.keptKeys);
    case RowQuantity::jacobianNorm:
      return static_cast<double>(run.gradients->jacobianNorm[h][row]);
  }
  return 0;
}

/// Every stage, every row number and every gradient, fast against slow.
void expectSame(const AttentionPlan& plan, const std::string& name) {
  const auto fast = test::runWithGradients(plan);
  const auto slow = referenceAttend(plan, {.gradients = true});
  ASSERT_TRUE(slow.ok()) << slow.error().text();
  const double exponent = largestExponent(plan, *slow);
  const bool edge = onEdge(plan, fast, *slow);
  for (const StageInfo& stage : stages()) {
    ASSERT_EQ(fast->has(stage.stage), slow->has(stage.stage)) << name << stage.id;
    if (!fast->has(stage.stage)) {
      EXPECT_FALSE(absence(*fast, stage.stage).empty());
      continue;
    }
    if (edge && isGradient(stage.stage)) continue;
    for (int h = 0; h < (stage.perHead ? plan.inputs.sizes.heads : 1); ++h) {
      const auto a = test::cells(fast, stage.stage, h);
      const auto b = headOf(*slow, stage.stage, h);
      ASSERT_EQ(a.size(), b.size());
      double tolerance = toleranceOf(stage.stage, exponent);
      // Sums over queries and keys lose digits by the size of their largest terms.
      if (isGradient(stage.stage)) tolerance *= 1 + largest(b);
      for (std::size_t n = 0; n < a.size(); ++n) {
        expectClose(static_cast<double>(a[n]), b[n], tolerance,
                    name + std::string(stage.id) + " " + std::to_string(n));
      }
    }
  }
  for (const RowQuantityInfo& quantity : rowQuantities()) {
    ASSERT_EQ(fast->has(quantity.quantity), slow->has(quantity.quantity)) << name << quantity.id;
    if (!fast->has(quantity.quantity) || (edge && quantity.quantity == RowQuantity::jacobianNorm)) continue;
    const Tensor& numbers = slow->row(quantity.quantity);
    const auto rows = static_cast<std::size_t>(plan.inputs.sizes.queries);
    double tolerance = 1e-5 + 2e-6 * exponent;
    if (quantity.quantity == RowQuantity::effectiveKeys) tolerance *= 5;
    for (std::size_t n = 0; n < numbers.doubles.size(); ++n) {
      const double got = numberOf(*fast, quantity.quantity, static_cast<int>(n / rows), n % rows);
      expectClose(got, numbers.doubles[n], tolerance, name + std::string(quantity.id));
    }
  }
  const bool sumsToOne = !fast->inputs.maps || fast->inputs.maps->enters != Stage::weights;
  if (sumsToOne && !plan.mistake.any() && std::isfinite(fast->statistics->rowSumError)) {
    EXPECT_LE(fast->statistics->rowSumError, 2e-6) << name;
  }
}

TEST(Reference, FastPathAgreesOverRandomPlans) {
  for (std::uint32_t seed = 0; seed < 250; ++seed) {
    expectSame(test::randomPlan(seed), "seed " + std::to_string(seed) + ", ");
    if (HasFailure()) return;
  }
}

TEST(Reference, FastPathAgreesOverEverythingThatAPlanCanSay) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    expectSame(test::variedPlan(seed), "varied seed " + std::to_string(seed) + ", ");
    if (HasFailure()) return;
  }
}

TEST(Reference, FastPathAgreesAtEveryLevel) {
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    const std::string name = std::string(level) + ", seed ";
    for (std::uint32_t seed = 1000; seed < 1030; ++seed) {
      expectSame(test::randomPlan(seed), name + std::to_string(seed) + ", ");
      expectSame(test::variedPlan(seed), name + std::to_string(seed) + " varied, ");
      if (HasFailure()) break;
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Reference, EveryDepthFromOneToSeventy) {
  test::Numbers numbers(70);
  for (std::int64_t depth = 1; depth <= 70; ++depth) {
    AttentionPlan plan = test::drawnPlan(numbers, 9, 21, depth, 3, 1 / std::sqrt(static_cast<double>(depth)));
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
  AttentionPlan plan = test::drawnPlan(numbers, 3, 70000, 8, 1, 0.35);
  EXPECT_LE(test::run(plan)->statistics->rowSumError, 1e-6);
}

TEST(Reference, LargeScoresKeepTheirRowSums) {
  test::Numbers numbers(12);
  AttentionPlan plan = test::drawnPlan(numbers, 30, 30, 16, 1, 1e4);
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
