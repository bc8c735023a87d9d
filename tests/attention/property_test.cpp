// Properties that hold for every plan, and the assertions of the reference that are about them, by number.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "core/attention/reference.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;
using test::run;
using test::sameBits;
using test::variedPlan;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

bool givesWeights(const AttentionPlan& plan) {
  return plan.inputs.maps && plan.inputs.maps->enters == Stage::weights;
}

/// All numbers of a run, stage by stage and head by head.
std::map<std::string, std::vector<float>> everything(const std::shared_ptr<const Run>& made) {
  std::map<std::string, std::vector<float>> all;
  for (const StageInfo& stage : stages()) {
    if (!made->has(stage.stage)) continue;
    for (int h = 0; h < (stage.perHead ? made->sizes.heads : 1); ++h) {
      all[std::string(stage.id) + std::to_string(h)] = cells(made, stage.stage, h);
    }
  }
  for (int h = 0; h < made->sizes.heads; ++h) {
    const auto head = static_cast<std::size_t>(h);
    std::vector<float>& rows = all["rows" + std::to_string(h)];
    for (const RowNumbers& row : made->statistics->heads[head].rows) {
      const std::vector<float> numbers{row.maximum,       row.lse,       row.threshold,    row.entropy,
                                       row.effectiveKeys, row.weightSum, row.largestWeight};
      rows.insert(rows.end(), numbers.begin(), numbers.end());
    }
    if (!made->gradients || made->gradients->jacobianNorm.empty()) continue;
    const AlignedFloats& norms = made->gradients->jacobianNorm[head];
    rows.insert(rows.end(), norms.begin(), norms.end());
  }
  return all;
}

void expectSameNumbers(const std::map<std::string, std::vector<float>>& a,
                       const std::map<std::string, std::vector<float>>& b, const std::string& name) {
  ASSERT_EQ(a.size(), b.size()) << name;
  for (const auto& [stage, numbers] : a) EXPECT_TRUE(sameBits(numbers, b.at(stage))) << name << stage;
}

TEST(Varied, EveryKindComesUpAndIsAccepted) {
  std::map<std::string, int> met;
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    const AttentionPlan plan = variedPlan(seed);
    for (const Kinded& entry : plan.masks) ++met["mask " + entry.kind];
    for (const Kinded& entry : plan.biases) ++met["bias " + entry.kind];
    ++met["normalizer " + plan.normalizer.kind];
  }
  for (const MaskKind& kind : maskKinds()) EXPECT_GE(met["mask " + std::string(kind.spec.kind)], 5);
  for (const BiasKind& kind : biasKinds()) EXPECT_GE(met["bias " + std::string(kind.spec.kind)], 5);
  for (const NormalizerKind& kind : normalizerKinds()) {
    EXPECT_GE(met["normalizer " + std::string(kind.spec.kind)], 5) << kind.spec.kind;
  }
}

TEST(Determinism, SameBitsForAnyNumberOfThreads) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const AttentionPlan plan = variedPlan(seed);
    const auto one = everything(test::runWithGradients(plan, 1));
    for (const int threads : {2, 3, 7}) {
      expectSameNumbers(one, everything(test::runWithGradients(plan, threads)),
                        "seed " + std::to_string(seed) + ", " + std::to_string(threads) + " threads, ");
    }
  }
}

TEST(Determinism, SameBitsForAnyNumberOfThreadsAboveTheSmallWork) {
  test::Numbers numbers(3);
  AttentionPlan plan;
  plan.inputs.sizes = {
      .queries = 300, .keys = 300, .heads = 4, .kvHeads = 2, .dModel = 32, .dK = 24, .dV = 20};
  plan.inputs.q = test::heads(numbers, 4, 300, 24);
  plan.inputs.k = test::heads(numbers, 2, 300, 24);
  plan.inputs.v = test::heads(numbers, 2, 300, 20);
  plan.masks = {test::mask("causal")};
  plan.scale = 0.2;
  for (const char* normalizer : {"softmax", "entmax15"}) {
    plan.normalizer = {normalizer, {}};
    const auto one = everything(test::runWithGradients(plan, 1));
    for (const int threads : {2, 3, 7}) {
      expectSameNumbers(one, everything(test::runWithGradients(plan, threads)), normalizer);
    }
  }
}

TEST(Determinism, CellRowBlockAndTileAreTheSameBits) {
  test::Numbers numbers(41);
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const AttentionPlan plan = variedPlan(seed);
    const auto made = test::runWithGradients(plan);
    for (const StageInfo& stage : stages()) {
      if (!made->has(stage.stage)) continue;
      const int head = static_cast<int>(numbers.whole(0, stage.perHead ? plan.inputs.sizes.heads - 1 : 0));
      const Field field = test::field(made, stage.stage, head);
      const auto whole = cells(field);
      const std::string what = "seed " + std::to_string(seed) + " " + std::string(stage.id);
      for (int n = 0; n < 8; ++n) {
        const std::int64_t i = numbers.whole(0, field.rows() - 1);
        const std::int64_t j = numbers.whole(0, field.cols() - 1);
        const auto begin = whole.begin() + i * field.cols();
        ASSERT_TRUE(sameBits({field.cell(i, j)}, {begin[j]})) << what;
        std::vector<float> row(static_cast<std::size_t>(field.cols()));
        field.row(i, row.data());
        ASSERT_TRUE(sameBits(row, {begin, begin + field.cols()})) << what;
        const std::int64_t c1 = numbers.whole(j, field.cols() - 1) + 1;
        std::vector<float> block(static_cast<std::size_t>(c1 - j));
        field.block(i, i + 1, j, c1, block.data(), nullptr, c1 - j);
        ASSERT_TRUE(sameBits(block, {begin + j, begin + c1})) << what;
      }
      const Tile tile = field.tile(0, 0, 0);
      for (std::int64_t i = 0; i < tile.rows; ++i) {
        const auto begin = tile.extreme.begin() + i * tile.cols;
        const auto from = whole.begin() + i * field.cols();
        ASSERT_TRUE(sameBits({begin, begin + tile.cols}, {from, from + tile.cols})) << what;
      }
    }
  }
}

TEST(Assertion, A4RowsSumToOneForEveryNormalizerThatSaysSo) {
  int rows = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const AttentionPlan plan = variedPlan(seed);
    const auto made = run(plan);
    if (givesWeights(plan) || plan.mistake.any() || !made->rules.normalizer->sumsToOne()) continue;
    for (int h = 0; h < plan.inputs.sizes.heads; ++h) {
      const auto weights = cells(made, Stage::weights, h);
      for (std::int64_t i = 0; i < plan.inputs.sizes.queries; ++i, ++rows) {
        if (made->mask->kept(h, i) == 0) continue;
        const auto begin = weights.begin() + i * plan.inputs.sizes.keys;
        ASSERT_NEAR(std::accumulate(begin, begin + plan.inputs.sizes.keys, 0.0), 1, 2e-6) << seed;
      }
    }
  }
  EXPECT_GT(rows, 5000);
}

TEST(Assertion, A5AShiftOfTheScoresChangesNoWeight) {
  for (const char* normalizer : {"softmax", "sparsemax", "entmax15"}) {
    for (const double shift : {3.0, -700.0, 1e4}) {
      test::Numbers numbers(5);
      AttentionPlan plan = test::drawnPlan(numbers, 6, 9, 4, 2, 0.5);
      plan.normalizer = {normalizer, {}};
      plan.masks = {test::mask("causal", {{"align", "bottom_right"}})};
      const auto before = run(plan);
      const auto slowBefore = referenceAttend(plan);
      plan.biases = {{"constant", {{"value", shift}}}};
      const auto slowAfter = referenceAttend(plan);
      EXPECT_THAT(slowAfter->stage(Stage::weights).doubles,
                  testing::Pointwise(testing::DoubleNear(1e-6), slowBefore->stage(Stage::weights).doubles));
      // In float the scores themselves are rounded to the digits that the shift leaves them.
      const float tolerance = 2e-6f + static_cast<float>(std::abs(shift)) * 1.2e-7f;
      EXPECT_THAT(cells(run(plan), Stage::weights),
                  testing::Pointwise(testing::FloatNear(tolerance), cells(before, Stage::weights)));
    }
  }
}

/// Rows of a matrix in another order.
Matrix ordered(const Matrix& m, const std::vector<std::int64_t>& order) {
  Matrix out(m.rows(), m.cols());
  for (std::int64_t j = 0; j < m.rows(); ++j) {
    const float* from = m.row(order[static_cast<std::size_t>(j)]);
    std::copy(from, from + m.cols(), out.row(j));
  }
  return out;
}

TEST(Assertion, A5TheOrderOfKeysChangesNoOutput) {
  test::Numbers numbers(55);
  const std::int64_t keys = 40;
  for (const char* normalizer : {"softmax", "softmax1", "sparsemax", "entmax15", "sigmoid", "relu"}) {
    const Matrix q = test::normalMatrix(numbers, 11, 6);
    const Matrix k = test::normalMatrix(numbers, keys, 6);
    const Matrix v = test::normalMatrix(numbers, keys, 5);
    List keep;
    List keepOrdered;
    std::vector<std::int64_t> order(static_cast<std::size_t>(keys));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    for (std::int64_t j = keys - 1; j > 0; --j) {
      std::swap(order[static_cast<std::size_t>(j)], order[static_cast<std::size_t>(numbers.whole(0, j))]);
    }
    for (std::int64_t j = 0; j < keys; ++j) keep.emplace_back(numbers.chance(0.7) ? 1 : 0);
    for (const std::int64_t j : order) keepOrdered.push_back(keep[static_cast<std::size_t>(j)]);
    AttentionPlan plan = test::givenPlan(q, k, v, 0.4);
    plan.normalizer = {normalizer, {}};
    plan.masks = {test::mask("padding", {{"keep", Value(keep)}})};
    const auto before = cells(run(plan), Stage::headOutput);
    plan.inputs.k = test::given({ordered(k, order)}, 91);
    plan.inputs.v = test::given({ordered(v, order)}, 92);
    plan.masks = {test::mask("padding", {{"keep", Value(keepOrdered)}})};
    EXPECT_THAT(cells(run(plan), Stage::headOutput), testing::Pointwise(testing::FloatNear(2e-6f), before))
        << normalizer;
  }
}

/// Plans in which every row i sees keys up to i and no others.
AttentionPlan causalPlan(std::uint32_t seed) {
  for (;; seed += 1000) {
    AttentionPlan plan = variedPlan(seed);
    if (plan.inputs.maps || plan.inputs.memory || plan.inputs.sizes.dV == 0 ||
        plan.inputs.sizes.keys != plan.inputs.sizes.queries || plan.inputs.sizes.queries < 3 ||
        plan.mistake.any() || plan.inputs.sizes.extraKeys > 0 || plan.emptyRow != EmptyRow::zeros) {
      continue;
    }
    plan.masks.push_back(test::mask("causal"));
    plan.ablatedHeads.clear();
    plan.inputs.edits.clear();
    return plan;
  }
}

TEST(Assertion, A8AChangedTokenChangesNothingBeforeIt) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    AttentionPlan plan = causalPlan(seed);
    const std::int64_t length = plan.inputs.sizes.queries;
    const std::int64_t token = length / 2;
    const auto before = run(plan);
    const auto changeIn = [&](Caused<Heads>& given) {
      Heads all = *given;
      for (Matrix& m : all) {
        for (std::int64_t e = 0; e < m.cols(); ++e) m(token, e) += 1;
      }
      given = test::given(all, given.key + 1);
    };
    if (plan.inputs.x) {
      auto x = std::make_shared<Matrix>(*plan.inputs.x);
      for (std::int64_t e = 0; e < x->cols(); ++e) (*x)(token, e) += 1;
      plan.inputs.x = {plan.inputs.x.key + 1, x};
    } else {
      for (Caused<Heads>* part : {&plan.inputs.q, &plan.inputs.k, &plan.inputs.v}) changeIn(*part);
    }
    const auto after = run(plan);
    bool changed = false;
    for (const StageInfo& stage : stages()) {
      if (!before->has(stage.stage) || isGradient(stage.stage)) continue;
      // What no mask has been at reaches all keys.
      const bool unmasked = isMap(stage.stage) && !showsMask(stage.stage);
      for (int h = 0; h < (stage.perHead ? plan.inputs.sizes.heads : 1); ++h) {
        const auto a = cells(before, stage.stage, h);
        const auto b = cells(after, stage.stage, h);
        const auto cut = static_cast<std::ptrdiff_t>(a.size()) / length * token;
        if (!unmasked) {
          EXPECT_TRUE(sameBits({a.begin(), a.begin() + cut}, {b.begin(), b.begin() + cut}))
              << "seed " << seed << " " << stage.id;
        }
        changed = changed || (stage.stage == Stage::headOutput &&
                              !sameBits({a.begin() + cut, a.end()}, {b.begin() + cut, b.end()}));
      }
    }
    bool anyKept = false;
    for (int h = 0; h < plan.inputs.sizes.heads; ++h) {
      for (std::int64_t i = token; i < length; ++i) anyKept = anyKept || before->mask->keeps(h, i, token);
    }
    EXPECT_TRUE(changed || !anyKept) << "seed " << seed;
  }
}

TEST(Assertion, A7WhatAMaskDropsCannotLeak) {
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      AttentionPlan plan = variedPlan(seed + 300);
      const Sizes& s = plan.inputs.sizes;
      if (plan.inputs.maps || s.dV == 0 || plan.mistake.any()) continue;
      // One key that nobody may see; extra keys are seen by all.
      test::Numbers numbers(seed);
      const std::int64_t hidden = numbers.whole(0, s.tokenKeys() - 1);
      List keep;
      for (std::int64_t j = 0; j < s.tokenKeys(); ++j) keep.emplace_back(j == hidden ? 0 : 1);
      plan.masks.push_back(test::mask("padding", {{"keep", Value(keep)}}));
      plan.emptyRow = EmptyRow::zeros;
      plan.inputs.edits.clear();
      std::map<std::string, std::vector<float>> clean;
      for (const float bad : {0.0f, kNan, 1e30f, std::numeric_limits<float>::infinity()}) {
        plan.inputs.edits.clear();
        for (int h = 0; h < s.kvHeads; ++h) {
          for (std::int64_t e = 0; e < s.dK; ++e) plan.inputs.edits.push_back({Stage::k, h, hidden, e, bad});
          for (std::int64_t e = 0; e < s.dV; ++e) plan.inputs.edits.push_back({Stage::v, h, hidden, e, bad});
        }
        const auto made = test::runWithGradients(plan);
        std::map<std::string, std::vector<float>> all = everything(made);
        for (const char* stage : {"k", "v", "dot", "scaled", "biased"}) {
          for (int h = 0; h < s.heads; ++h) all.erase(stage + std::to_string(h));
        }
        if (bad == 0) {
          clean = all;
        } else {
          expectSameNumbers(clean, all,
                            std::string(level) + " seed " + std::to_string(seed) + ", " +
                                std::to_string(static_cast<double>(bad)) + " ");
        }
      }
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

TEST(Property, OneTokenHasAllTheWeight) {
  for (const char* normalizer : {"softmax", "sparsemax", "entmax15"}) {
    AttentionPlan plan =
        test::givenPlan(test::matrix({{3, -1}}), test::matrix({{-2, 5}}), test::matrix({{5}}), 1);
    plan.normalizer = {normalizer, {}};
    const auto made = run(plan);
    EXPECT_EQ(cells(made, Stage::weights)[0], 1.0f) << normalizer;
    EXPECT_EQ(cells(made, Stage::headOutput)[0], 5.0f) << normalizer;
  }
}

TEST(Property, EqualKeysHaveEqualWeights) {
  test::Numbers numbers(8);
  for (const char* normalizer : {"softmax", "softmax1", "sparsemax", "entmax15", "sigmoid", "relu"}) {
    const Matrix one = test::normalMatrix(numbers, 1, 7);
    Matrix k(33, 7);
    for (std::int64_t j = 0; j < 33; ++j) std::copy(one.row(0), one.row(0) + 7, k.row(j));
    const Matrix v = test::normalMatrix(numbers, 33, 2);
    AttentionPlan plan = test::givenPlan(test::normalMatrix(numbers, 33, 7), k, v, 0.4);
    plan.normalizer = {normalizer, {}};
    plan.masks = {test::mask("causal")};
    const auto made = run(plan);
    const auto weights = cells(made, Stage::weights);
    for (std::size_t i = 0; i < 33; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        EXPECT_EQ(weights[i * 33 + j], weights[i * 33]) << normalizer;
        if (made->rules.normalizer->sumsToOne()) {
          EXPECT_NEAR(weights[i * 33 + j], 1.0 / static_cast<double>(i + 1), 1e-6) << normalizer;
        }
      }
    }
  }
}

TEST(Property, OutputsAreLinearInTheValues) {
  test::Numbers numbers(9);
  const Matrix q = test::normalMatrix(numbers, 20, 6);
  const Matrix k = test::normalMatrix(numbers, 30, 6);
  const Matrix a = test::normalMatrix(numbers, 30, 9);
  const Matrix b = test::normalMatrix(numbers, 30, 9);
  Matrix both(30, 9);
  for (std::int64_t n = 0; n < both.size(); ++n) both.data()[n] = 2 * a.data()[n] - 0.5f * b.data()[n];
  for (const NormalizerKind& kind : normalizerKinds()) {
    const auto outputs = [&](const Matrix& v) {
      AttentionPlan plan = test::givenPlan(q, k, v, 0.4);
      plan.normalizer = {std::string(kind.spec.kind), {}};
      if (plan.normalizer.kind == "sink") plan.normalizer.set("logits", List{Value(0.5)});
      return cells(run(plan), Stage::headOutput);
    };
    const auto za = outputs(a);
    const auto zb = outputs(b);
    const auto z = outputs(both);
    for (std::size_t n = 0; n < z.size(); ++n)
      EXPECT_NEAR(z[n], 2 * za[n] - 0.5f * zb[n], 1e-5) << kind.spec.kind;
  }
}

TEST(Property, ScalingQueriesUpAndKeysDownChangesNothing) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    test::Numbers numbers(seed);
    Matrix q = test::normalMatrix(numbers, 13, 8);
    Matrix k = test::normalMatrix(numbers, 21, 8);
    const Matrix v = test::normalMatrix(numbers, 21, 3);
    AttentionPlan plan = test::givenPlan(q, k, v, 0.35);
    const auto before = run(plan);
    // Powers of two round nothing.
    for (std::int64_t n = 0; n < q.size(); ++n) q.data()[n] *= 8;
    for (std::int64_t n = 0; n < k.size(); ++n) k.data()[n] /= 8;
    plan.inputs.q = test::given({q}, 61);
    plan.inputs.k = test::given({k}, 62);
    const auto after = run(plan);
    EXPECT_TRUE(sameBits(cells(before, Stage::weights), cells(after, Stage::weights)));
    EXPECT_TRUE(sameBits(cells(before, Stage::headOutput), cells(after, Stage::headOutput)));
  }
}

}  // namespace
}  // namespace headlight
