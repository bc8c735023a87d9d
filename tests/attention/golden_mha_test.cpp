// The golden numbers G-2, extra keys, and rows that are merged from parts: assertions 12, 16 and 26.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/reference.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;
using test::run;

/// Row `first` + i of in_proj_weight of G-2, transposed to [in, out], and its biases.
Linear inProjection(std::int64_t first) {
  Linear linear{Matrix(4, 4), {}};
  for (std::int64_t i = 0; i < 4; ++i) {
    const std::int64_t row = first + i;
    for (std::int64_t j = 0; j < 4; ++j) {
      linear.weight(j, i) = static_cast<float>((7 * row + 3 * j) % 5 - 2) / 4;
    }
    linear.bias.push_back(static_cast<float>((2 * row) % 3 - 1) / 10);
  }
  return linear;
}

Matrix made(std::int64_t rows, std::int64_t a, std::int64_t b, std::int64_t modulus) {
  Matrix m(rows, 4);
  const std::int64_t half = modulus / 2;
  for (std::int64_t l = 0; l < rows; ++l) {
    for (std::int64_t e = 0; e < 4; ++e) {
      m(l, e) = static_cast<float>((a * l + b * e) % modulus - half) / static_cast<float>(half);
    }
  }
  return m;
}

Caused<Matrix> caused(Matrix m, std::uint64_t key) {
  return {key, std::make_shared<Matrix>(std::move(m))};
}
Caused<Linear> caused(Linear l, std::uint64_t key) {
  return {key, std::make_shared<Linear>(std::move(l))};
}

/// nn.MultiheadAttention of G-2.
AttentionPlan layer() {
  AttentionPlan plan;
  plan.inputs.sizes = {.queries = 2, .keys = 3, .heads = 2, .kvHeads = 2, .dModel = 4, .dK = 2, .dV = 2};
  plan.inputs.x = caused(made(2, 3, 5, 7), 1);
  plan.inputs.memory = caused(made(3, 2, 3, 5), 2);
  plan.inputs.memoryValue = caused(made(3, 5, 2, 7), 3);
  plan.inputs.wQ = caused(inProjection(0), 4);
  plan.inputs.wK = caused(inProjection(4), 5);
  plan.inputs.wV = caused(inProjection(8), 6);
  Linear out{Matrix(4, 4), {0, 0.01f, 0.02f, 0.03f}};
  for (std::int64_t i = 0; i < 4; ++i) {
    for (std::int64_t j = 0; j < 4; ++j) {
      out.weight(j, i) = static_cast<float>((3 * i + 5 * j) % 7 - 3) / 6;
    }
  }
  plan.inputs.wO = caused(out, 7);
  plan.scale = 1 / std::sqrt(2.0);
  plan.normalizer = {"softmax", {}};
  return plan;
}

void expectNumbers(const AttentionPlan& plan, Stage stage, const std::vector<double>& wanted) {
  const auto slow = referenceAttend(plan);
  ASSERT_TRUE(slow.ok()) << slow.error().text();
  EXPECT_THAT(slow->stage(stage).doubles, testing::Pointwise(testing::DoubleNear(5e-8), wanted));
  const auto fast = run(plan);
  std::vector<double> all;
  for (int h = 0; h < (info(stage).perHead ? 2 : 1); ++h) {
    for (const float number : cells(fast, stage, h)) all.push_back(static_cast<double>(number));
  }
  EXPECT_THAT(all, testing::Pointwise(testing::DoubleNear(2e-6), wanted));
}

TEST(Assertion, A12GoldenMultiheadAttention) {
  expectNumbers(layer(), Stage::weights,
                {.29039241, .38192988, .32767772, .53250229, .18193851, .28555920, .32018824, .13485180,
                 .54495995, .42403233, .33155558, .24441208});
  expectNumbers(layer(), Stage::output,
                {.13923645, .27545801, -.11746546, .34009446, .03762234, .29165386, -.19765096, .32554431});
  const Field mean = test::field(run(layer()), Stage::weights, kMeanHead);
  const std::vector<float> wanted{.30529033f, .25839084f, .43631883f, .47826731f, .25674705f, .26498564f};
  EXPECT_THAT(cells(mean), testing::Pointwise(testing::FloatNear(2e-6f), wanted));
}

TEST(Assertion, A12GoldenMultiheadAttentionUnderAMask) {
  AttentionPlan plan = layer();
  const Value pair(List{Value(List{Value(0), Value(2)}), Value(List{Value(1), Value(1)})});
  plan.masks = {test::mask("cells", {{"drop", pair}})};
  expectNumbers(
      plan, Stage::weights,
      {.43192441, .56807559, 0, .65093187, 0, .34906813, .70364849, .29635151, 0, .63435691, 0, .36564309});
  expectNumbers(plan, Stage::output,
                {.30776077, .30625263, -.44700283, .31374799, -.00161974, .45045454, -.11239193, .45248448});
}

TEST(Assertion, A12FeaturesOfAHeadStandSideBySide) {
  // Interleaved, head 0 would have the features 0 and 2: the numbers that the reference marks as wrong.
  AttentionPlan plan = layer();
  for (Caused<Linear>* linear : {&plan.inputs.wQ, &plan.inputs.wK}) {
    Linear mixed = **linear;
    for (std::int64_t i = 0; i < 4; ++i) std::swap(mixed.weight(i, 1), mixed.weight(i, 2));
    std::swap(mixed.bias[1], mixed.bias[2]);
    *linear = caused(mixed, linear->key + 50);
  }
  const auto wrong = referenceAttend(plan)->stage(Stage::weights).doubles;
  const auto right = referenceAttend(layer())->stage(Stage::weights).doubles;
  const std::vector<double> marked{.38831562, .24450916, .36717522};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(wrong[j], marked[j], 1e-8);
    EXPECT_GT(std::abs(right[j] - marked[j]), 0.03);
  }
}

/// bias_kv and the zero key of a causal layer, and the same with those keys among the given ones.
TEST(Assertion, A16ExtraKeysAreKeysThatNothingTouches) {
  test::Numbers numbers(16);
  const std::int64_t length = 5;
  Heads biasK;
  Heads biasV;
  for (int h = 0; h < 2; ++h) {
    Matrix k(2, 2);
    Matrix v(2, 2);
    for (std::int64_t e = 0; e < 2; ++e) {
      k(0, e) = numbers.normal();
      v(0, e) = numbers.normal();
    }
    biasK.push_back(k);
    biasV.push_back(v);
  }
  AttentionPlan plan = layer();
  Inputs& in = plan.inputs;
  in.sizes.queries = length;
  in.sizes.keys = length + 2;
  in.sizes.extraKeys = 2;
  in.x = caused(test::normalMatrix(numbers, length, 4), 61);
  in.memory = {};
  in.memoryValue = {};
  in.extraK = test::given(biasK, 62);
  in.extraV = test::given(biasV, 63);
  plan.masks = {test::mask("causal")};
  plan.biases = {{"alibi", {}}};
  const auto fast = run(plan);
  const auto slow = referenceAttend(plan);
  for (int h = 0; h < 2; ++h) {
    const auto head = static_cast<std::size_t>(h);
    const auto k = cells(fast, Stage::k, h);
    ASSERT_EQ(k.size(), 14u);
    // Already projected: neither W_K nor its bias comes to them.
    EXPECT_EQ(k[10], biasK[head](0, 0));
    EXPECT_EQ(k[11], biasK[head](0, 1));
    EXPECT_EQ(k[12], 0.0f);
    const auto masked = cells(fast, Stage::masked, h);
    const auto weights = cells(fast, Stage::weights, h);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(masked[i * 7 + 6], 0.0f);
      EXPECT_GT(weights[i * 7 + 5], 0.0f);
      EXPECT_GT(weights[i * 7 + 6], 0.0f);
      for (std::size_t j = i + 1; j < 5; ++j) EXPECT_EQ(weights[i * 7 + j], 0.0f);
      EXPECT_EQ(fast->statistics->heads[head].rows[i].keptKeys, static_cast<std::int32_t>(i) + 3);
    }
  }

  // The same with seven keys that are all given, and a mask that lets every row see the last two.
  AttentionPlan whole = plan;
  whole.inputs.sizes.extraKeys = 0;
  whole.inputs.extraK = {};
  whole.inputs.extraV = {};
  whole.inputs.q = {71, std::make_shared<Heads>(fast->projected->q.all())};
  whole.inputs.k = {72, std::make_shared<Heads>(fast->projected->k.all())};
  whole.inputs.v = {73, std::make_shared<Heads>(fast->projected->v.all())};
  List drop;
  for (std::int64_t i = 0; i < length; ++i) {
    for (std::int64_t j = i + 1; j < length; ++j) drop.emplace_back(List{Value(i), Value(j)});
  }
  whole.masks = {test::mask("cells", {{"drop", Value(drop)}})};
  whole.biases.clear();
  plan.biases.clear();
  const auto plain = run(plan);
  const auto concatenated = run(whole);
  EXPECT_THAT(cells(concatenated, Stage::output),
              testing::Pointwise(testing::FloatNear(1e-6f), cells(plain, Stage::output)));
  EXPECT_THAT(cells(concatenated, Stage::weights, 1),
              testing::Pointwise(testing::FloatNear(1e-6f), cells(plain, Stage::weights, 1)));
  ASSERT_TRUE(slow.ok());
  EXPECT_EQ(slow->stage(Stage::weights).shape, (std::vector<std::int64_t>{2, 5, 7}));
}

TEST(Assertion, A16AFullyMaskedRowFallsToTheZeroKey) {
  AttentionPlan plan =
      test::givenPlan(test::matrix({{1, 2}}), test::matrix({{1, 1}, {2, 2}}), test::matrix({{3}, {4}}), 1);
  plan.inputs.sizes.keys = 3;
  plan.inputs.sizes.extraKeys = 1;
  plan.inputs.extraK = test::given({Matrix(1, 2)}, 81);
  plan.inputs.extraV = test::given({Matrix(1, 1)}, 82);
  plan.masks = {test::mask("padding", {{"keep", Value(List{Value(0), Value(0)})}})};
  EXPECT_THAT(cells(run(plan), Stage::weights), testing::ElementsAre(0.0f, 0.0f, 1.0f));
  EXPECT_THAT(cells(run(plan), Stage::headOutput), testing::ElementsAre(0.0f));
}

TEST(Assertion, A26AnySplitOfTheKeysGivesTheSameOutputs) {
  // Two parts of a row merge by their lse (attention.md B.7); the second part of row 0 keeps no key.
  const auto whole = run(test::goldenPlan());
  const auto rows = whole->statistics->heads[0].rows;
  const auto z = cells(whole, Stage::headOutput);
  for (std::int64_t cut = 1; cut < 4; ++cut) {
    std::vector<std::vector<float>> outputs;
    std::vector<std::vector<RowNumbers>> numbers;
    for (const bool first : {true, false}) {
      List keep;
      for (std::int64_t j = 0; j < 4; ++j) keep.emplace_back((j < cut) == first ? 1 : 0);
      const auto part = run(test::goldenPlan({test::mask("padding", {{"keep", Value(keep)}})}));
      outputs.push_back(cells(part, Stage::headOutput));
      numbers.push_back(part->statistics->heads[0].rows);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      const auto a = static_cast<double>(numbers[0][i].lse);
      const auto b = static_cast<double>(numbers[1][i].lse);
      const double lse = std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
      EXPECT_NEAR(rows[i].lse, lse, 1e-6);
      for (std::size_t e = 0; e < 2; ++e) {
        const double merged = static_cast<double>(outputs[0][i * 2 + e]) * std::exp(a - lse) +
                              static_cast<double>(outputs[1][i * 2 + e]) * std::exp(b - lse);
        EXPECT_NEAR(z[i * 2 + e], merged, 2e-6);
      }
    }
  }
}

TEST(Assertion, A26LongRowsWhoseFirstBlocksAreMaskedAgreeWithTheDenseFormula) {
  test::Numbers numbers(26);
  const std::int64_t keys = 5000;
  AttentionPlan plan = test::drawnPlan(numbers, 7, keys, 5, 3, 0.5);
  List keep;
  for (std::int64_t j = 0; j < keys; ++j) keep.emplace_back(j >= 2300 && j % 3 != 0 ? 1 : 0);
  plan.masks = {test::mask("padding", {{"keep", Value(keep)}})};
  const auto fast = run(plan);
  const auto slow = referenceAttend(plan);
  const auto z = cells(fast, Stage::headOutput);
  for (std::size_t n = 0; n < z.size(); ++n)
    EXPECT_NEAR(z[n], slow->stage(Stage::headOutput).doubles[n], 2e-6);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_NEAR(fast->statistics->heads[0].rows[i].lse, slow->row(RowQuantity::lse).doubles[i], 2e-6);
  }
}

}  // namespace
}  // namespace headlight
