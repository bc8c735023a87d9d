// Masks, biases and the softcap as they meet in the weights: the golden G-1 and assertions by number.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/bias/alibi.h"
#include "core/attention/kernels/simd.h"
#include "given_tensors.h"
#include "plans.h"

namespace headlight {
namespace {

using Index = std::int64_t;
using test::cells;
using test::drawnPlan;
using test::givenPlan;
using test::GivenTensors;
using test::goldenPlan;
using test::mask;
using test::normalMatrix;
using test::run;

void expectWeights(const AttentionPlan& plan, const std::vector<double>& wanted) {
  const auto weights = cells(run(plan), Stage::weights);
  ASSERT_EQ(weights.size(), wanted.size());
  for (std::size_t n = 0; n < wanted.size(); ++n) {
    EXPECT_NEAR(weights[n], wanted[n], 2e-6) << n;
    EXPECT_TRUE(wanted[n] != 0 || weights[n] == 0.0f) << n;
  }
}

std::shared_ptr<GivenTensors> files(const std::string& address, std::vector<Index> shape,
                                    std::vector<float> numbers) {
  auto made = std::make_shared<GivenTensors>();
  made->add(address, std::move(shape), std::move(numbers));
  return made;
}

Kinded fileMask(const char* meaning) {
  return mask("tensor", {{"tensor", "m.npy"}, {"meaning", meaning}});
}

const std::vector<double> kMinusOneOnKeyOne{.219880, .049062, .597695, .133364, .203916, .336201,
                                            .336201, .123681, .296923, .109232, .296923, .296923};

TEST(MaskWeights, Assertion1AdditiveMaskAfterTheScale) {
  AttentionPlan plan = goldenPlan({fileMask("additive")});
  plan.tensors = files("m.npy", {4}, {0, -1, 0, 0});
  expectWeights(plan, kMinusOneOnKeyOne);
  const auto biased = cells(run(plan), Stage::biased);
  EXPECT_EQ(biased[1], -1.0f);  // 0 · ½ − 1
  EXPECT_EQ(biased[5], 0.0f);   // 2 · ½ − 1
}

TEST(MaskWeights, Assertion1BiasOfAFileIsTheSame) {
  AttentionPlan plan = goldenPlan();
  plan.biases = {mask("tensor", {{"tensor", "m.npy"}})};
  plan.tensors = files("m.npy", {4}, {0, -1, 0, 0});
  expectWeights(plan, kMinusOneOnKeyOne);
}

TEST(MaskWeights, Assertion2SoftcapBeforeTheMask) {
  AttentionPlan plan = goldenPlan({mask("causal", {{"align", "bottom_right"}})});
  plan.softcap = 1.0;
  expectWeights(plan, {.613516, .386484, 0, 0, .167023, .567840, .265137, 0, .25, .25, .25, .25});
}

TEST(MaskWeights, SoftcapBeforeTheBias) {
  AttentionPlan plan = goldenPlan();
  plan.softcap = 1.0;
  plan.biases = {mask("constant", {{"value", 3.0}})};
  const auto scaled = cells(run(plan), Stage::scaled);
  const auto biased = cells(run(plan), Stage::biased);
  for (std::size_t n = 0; n < scaled.size(); ++n) {
    EXPECT_NEAR(biased[n], std::tanh(static_cast<double>(scaled[n])) + 3, 1e-6);
  }
}

TEST(MaskWeights, Assertion6EveryKindMasksToExactlyZeroAtEveryLevel) {
  constexpr Index kLength = 45;
  test::Numbers numbers(1);
  AttentionPlan plan = drawnPlan(numbers, kLength, kLength, 8, 4, 0.35);
  std::vector<float> bits;
  for (Index n = 0; n < kLength * kLength; ++n) bits.push_back(numbers.chance(0.5) ? 1.0f : 0.0f);
  plan.tensors = files("m.npy", {kLength, kLength}, bits);
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (const MaskKind& kind : maskKinds()) {
      Kinded entry = mask(std::string(kind.spec.kind));
      if (kind.start != nullptr) kind.start(entry, kLength, kLength);
      if (needsFile(kind)) entry = fileMask("keep");
      plan.masks = {entry};
      for (const double offset : {-1e4, 0.0, 1e4}) {
        plan.biases = {mask("constant", {{"value", offset}})};
        const auto made = run(plan);
        const auto weights = cells(made, Stage::weights);
        for (Index i = 0; i < kLength; ++i) {
          double sum = 0;
          for (Index j = 0; j < kLength; ++j) {
            const float weight = weights[static_cast<std::size_t>(i * kLength + j)];
            ASSERT_TRUE(made->mask->keeps(0, i, j) || weight == 0.0f) << kind.spec.kind << " " << level;
            sum += static_cast<double>(weight);
          }
          ASSERT_NEAR(sum, 1, 1e-6) << kind.spec.kind << " " << level;
        }
      }
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(MaskWeights, Assertion13PolarityOfBooleans) {
  test::Numbers numbers(2);
  AttentionPlan plan = drawnPlan(numbers, 2, 3, 4, 4, 0.5);
  plan.tensors = files("m.npy", {2, 3}, {0, 0, 1, 0, 1, 0});
  plan.masks = {fileMask("keep")};
  expectWeights(plan, {0, 0, 1, 0, 1, 0});
  plan.masks = {fileMask("drop")};
  const auto weights = cells(run(plan), Stage::weights);
  EXPECT_EQ(weights[2], 0.0f);
  EXPECT_EQ(weights[4], 0.0f);
  EXPECT_GT(weights[0] * weights[1] * weights[3] * weights[5], 0.0f);
}

TEST(MaskWeights, InfinitiesOfAnAdditiveMaskAreTheSameBitsAsDroppedCells) {
  test::Numbers numbers(3);
  AttentionPlan plan = drawnPlan(numbers, 20, 33, 4, 4, 0.5);
  std::vector<float> drop;
  std::vector<float> add;
  for (int n = 0; n < 20 * 33; ++n) {
    drop.push_back(numbers.chance(0.4) ? 1.0f : 0.0f);
    add.push_back(drop.back() == 1 ? -std::numeric_limits<float>::infinity() : 0.0f);
  }
  plan.tensors = files("m.npy", {20, 33}, drop);
  plan.masks = {fileMask("drop")};
  const auto dropped = run(plan);
  plan.tensors = files("m.npy", {20, 33}, add);
  plan.masks = {fileMask("additive")};
  const auto added = run(plan);
  for (const Stage stage : {Stage::biased, Stage::masked, Stage::weights, Stage::headOutput}) {
    EXPECT_TRUE(test::sameBits(cells(dropped, stage), cells(added, stage)));
  }
}

TEST(MaskWeights, Assertion15PaddingOfOneElementLeavesTheOtherAlone) {
  test::Numbers numbers(4);
  AttentionPlan plan = drawnPlan(numbers, 5, 5, 4, 4, 0.5);
  const auto unmasked = cells(run(plan), Stage::weights);
  plan.masks = {mask("padding", {{"keep", List{List{1, 1, 0, 1, 1}, List{1, 1, 1, 1, 1}}}})};
  plan.batches = 2;
  const auto first = cells(run(plan), Stage::weights);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(first[i * 5 + 2], 0.0f);
    double sum = 0;
    for (std::size_t j = 0; j < 5; ++j) sum += static_cast<double>(first[i * 5 + j]);
    EXPECT_NEAR(sum, 1, 1e-6);
  }
  plan.batch = 1;
  EXPECT_TRUE(test::sameBits(cells(run(plan), Stage::weights), unmasked));
}

/// Three heads, causal.
AttentionPlan threeHeads() {
  test::Numbers numbers(5);
  AttentionPlan plan = test::drawnPlan(numbers, 9, 9, 4, 4, 0.5);
  plan.inputs.sizes.heads = plan.inputs.sizes.kvHeads = 3;
  plan.inputs.q = test::heads(numbers, 3, 9, 4);
  plan.inputs.k = test::heads(numbers, 3, 9, 4);
  plan.inputs.v = test::heads(numbers, 3, 9, 4);
  plan.masks = {mask("causal")};
  return plan;
}

TEST(MaskWeights, Assertion20AlibiOfBloomGivesEqualWeightsAndOtherScores) {
  AttentionPlan plan = threeHeads();
  plan.biases = {mask("alibi")};
  const auto published = run(plan);
  std::vector<float> bloom;
  for (const double slope : alibiSlopes(3)) {
    for (Index j = 0; j < 9; ++j) bloom.push_back(static_cast<float>(slope * static_cast<double>(j)));
  }
  plan.tensors = files("bloom.npy", {3, 9}, bloom);
  plan.biases = {mask("tensor", {{"tensor", "bloom.npy"}, {"axes", "hk"}})};
  const auto other = run(plan);
  for (int h = 0; h < 3; ++h) {
    const auto a = cells(published, Stage::weights, h);
    const auto b = cells(other, Stage::weights, h);
    for (std::size_t n = 0; n < a.size(); ++n) EXPECT_NEAR(a[n], b[n], 1e-6);
    EXPECT_FALSE(test::sameBits(cells(published, Stage::biased, h), cells(other, Stage::biased, h)));
    const auto scaled = cells(published, Stage::scaled, h);
    const auto biased = cells(published, Stage::biased, h);
    for (std::size_t i = 0; i < 9; ++i) {
      EXPECT_EQ(biased[i * 10], scaled[i * 10]);
      for (std::size_t j = 0; j < i; ++j) EXPECT_LT(biased[i * 9 + j], scaled[i * 9 + j]);
    }
  }
}

TEST(MaskWeights, Assertion21T5ScoresDoNotDependOnTheWidth) {
  test::Numbers numbers(6);
  const Matrix q = normalMatrix(numbers, 7, 4);
  const Matrix k = normalMatrix(numbers, 7, 4);
  const Matrix v = normalMatrix(numbers, 7, 4);
  const auto widened = [](const Matrix& m) {
    Matrix wide(m.rows(), 2 * m.cols());
    for (Index i = 0; i < m.rows(); ++i) std::copy(m.row(i), m.row(i) + m.cols(), wide.row(i));
    return wide;
  };
  std::vector<float> table(32);
  for (float& value : table) value = numbers.normal();
  AttentionPlan narrow = givenPlan(q, k, v, 1.0);
  narrow.tensors = files("t5.npy", {32, 1}, table);
  narrow.biases = {mask("t5", {{"table", "t5.npy"}})};
  AttentionPlan wide = givenPlan(widened(q), widened(k), v, 1.0);
  wide.tensors = narrow.tensors;
  wide.biases = narrow.biases;
  const auto a = cells(run(narrow), Stage::biased);
  const auto b = cells(run(wide), Stage::biased);
  const auto dots = cells(run(narrow), Stage::dot);
  for (std::size_t n = 0; n < a.size(); ++n) EXPECT_NEAR(a[n], b[n], 1e-6);
  EXPECT_NEAR(a[0], dots[0] + table[0], 1e-6);
  EXPECT_NEAR(a[3], dots[3] + table[19], 1e-6);         // r = 3
  EXPECT_NEAR(a[3 * 7], dots[3 * 7] + table[3], 1e-6);  // r = −3
}

}  // namespace
}  // namespace headlight
