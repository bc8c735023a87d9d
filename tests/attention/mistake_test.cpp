#include "core/attention/mistake.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/reference.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::HasSubstr;

AttentionPlan golden(Mistake mistake, std::vector<Kinded> masks = {}) {
  AttentionPlan plan = test::goldenPlan(std::move(masks));
  plan.mistake = mistake;
  return plan;
}

std::string errorOf(const AttentionPlan& plan) {
  ThreadPool pool(1);
  const auto made = attend(plan, nullptr, pool);
  return made ? std::string() : made.error().text();
}

Mistake overQueries() {
  Mistake mistake;
  mistake.overQueries = true;
  return mistake;
}

Mistake maskAs(Mistake::MaskAs as) {
  Mistake mistake;
  mistake.maskAs = as;
  return mistake;
}

/// Weights, row numbers and head outputs of the run are those of the reference.
void expectReference(const AttentionPlan& plan, const std::string& what) {
  const auto run = test::run(plan);
  const auto reference = referenceAttend(plan);
  ASSERT_TRUE(reference.ok()) << reference.error().text();
  for (const Stage stage : {Stage::masked, Stage::weights, Stage::headOutput, Stage::output}) {
    if (!run->has(stage)) continue;
    const Tensor& wanted = reference->stage(stage);
    const bool perHead = info(stage).perHead;
    std::size_t n = 0;
    for (int head = 0; head < (perHead ? run->sizes.heads : 1); ++head) {
      for (const float value : test::cells(run, stage, head)) {
        const double number = wanted.doubles[n++];
        if (!std::isfinite(number)) {
          EXPECT_EQ(std::isnan(value), std::isnan(number)) << what << " " << info(stage).id;
          continue;
        }
        ASSERT_NEAR(value, number, 2e-4 * std::max(1.0, std::abs(number))) << what << " " << info(stage).id;
      }
    }
    ASSERT_EQ(n, wanted.doubles.size());
  }
}

/// Head outputs are the field's own weights × v, in double.
void expectOutputsOfTheField(const Run& run, const std::shared_ptr<const Run>& shared) {
  for (int head = 0; head < run.sizes.heads; ++head) {
    const Field weights = test::field(shared, Stage::weights, head);
    const Matrix& values = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
    for (std::int64_t i = 0; i < run.sizes.queries; ++i) {
      for (std::int64_t c = 0; c < run.sizes.dV; ++c) {
        double sum = 0;
        double size = 1;
        for (std::int64_t j = 0; j < run.sizes.keys; ++j) {
          const double product = static_cast<double>(weights.cell(i, j)) * static_cast<double>(values(j, c));
          sum += product;
          size += std::abs(product);
        }
        ASSERT_NEAR((*run.mixed)[static_cast<std::size_t>(head)](i, c), sum, 1e-6 * size);
      }
    }
  }
}

TEST(Mistake, PlainSumIsScoreByTheSumOfTheScores) {
  Mistake mistake;
  mistake.plainSum = true;
  const auto run = test::run(golden(mistake));
  // Scores of row 0 are .5, 0, 1.5, 0; of row 1 −.5, 1, 0, −1.
  const std::vector<float> weights = test::cells(run, Stage::weights);
  EXPECT_THAT(std::vector<float>(weights.begin(), weights.begin() + 8),
              testing::ElementsAre(.25f, 0, .75f, 0, 1, -2, 0, 2));
  EXPECT_TRUE(std::isnan(run->statistics->heads[0].rows[1].entropy));
  EXPECT_FALSE(run->has(RowQuantity::threshold));
}

TEST(Mistake, PlainSumReplacesAnyNormalizer) {
  Mistake mistake;
  mistake.plainSum = true;
  for (const char* kind : {"softmax1", "sparsemax", "entmax15", "sigmoid", "relu"}) {
    AttentionPlan plan = golden(mistake);
    plan.normalizer = {kind, {}};
    EXPECT_EQ(test::cells(test::run(plan), Stage::weights)[2], .75f) << kind;
  }
}

TEST(Mistake, WithoutSubtractingTheMaximumFloatsOverflow) {
  Mistake mistake;
  mistake.keepsMaximum = true;
  AttentionPlan plan = golden(mistake);
  const std::vector<float> small = test::cells(test::run(plan), Stage::weights);
  const std::vector<float> meant = test::cells(test::run(golden({})), Stage::weights);
  for (std::size_t n = 0; n < small.size(); ++n) EXPECT_NEAR(small[n], meant[n], 1e-6);
  // Scores of row 0 become 30, 0, 90, 0: beyond e^88.7.
  plan.scale = 30;
  const auto run = test::run(plan);
  EXPECT_EQ(test::field(run, Stage::weights).cell(0, 0), 0);
  EXPECT_TRUE(std::isnan(test::field(run, Stage::weights).cell(0, 2)));
  EXPECT_TRUE(std::isinf(run->statistics->heads[0].rows[0].sum));
  EXPECT_FALSE(std::isnan(test::field(run, Stage::weights).cell(1, 1)));
  // Far below, they underflow: 0 ÷ 0.
  plan.scale = -300;
  EXPECT_TRUE(std::isnan(test::field(test::run(plan), Stage::weights).cell(2, 0)));
  plan.scale = 0.5;
  for (const Kinded& normalizer : {Kinded{"softmax1", {}}, Kinded{"sink", {{"logits", List{0.5}}}}}) {
    plan.normalizer = normalizer;
    AttentionPlan right = plan;
    right.mistake = {};
    const std::vector<float> a = test::cells(test::run(plan), Stage::weights);
    const std::vector<float> b = test::cells(test::run(right), Stage::weights);
    for (std::size_t n = 0; n < a.size(); ++n) EXPECT_NEAR(a[n], b[n], 1e-6);
  }
}

TEST(Mistake, AMaskOfZeroScoresLeaksWeight) {
  const auto run = test::run(golden(maskAs(Mistake::MaskAs::zeroScore), {test::mask("causal")}));
  EXPECT_EQ(test::field(run, Stage::masked).cell(0, 2), 0);
  EXPECT_EQ(test::field(run, Stage::masked).cellClass(0, 2), CellClass::value);
  // Row 0 keeps the score .5 and has three of 0.
  const double e = std::exp(.5);
  EXPECT_NEAR(test::field(run, Stage::weights).cell(0, 0), e / (e + 3), 1e-6);
  EXPECT_NEAR(test::field(run, Stage::weights).cell(0, 2), 1 / (e + 3), 1e-6);
  EXPECT_NEAR(run->statistics->heads[0].rows[0].weightSum, 1, 1e-6);
}

TEST(Mistake, AMaskOfZeroWeightsLeavesTheSumTooSmall) {
  const auto run = test::run(golden(maskAs(Mistake::MaskAs::zeroWeight), {test::mask("causal")}));
  const Field weights = test::field(run, Stage::weights);
  EXPECT_NEAR(weights.cell(0, 0), .202785, 1e-6);
  EXPECT_EQ(weights.cell(0, 2), 0);
  EXPECT_EQ(weights.cellClass(0, 2), CellClass::masked);
  const RowNumbers& row = run->statistics->heads[0].rows[0];
  EXPECT_NEAR(row.weightSum, .202785, 1e-6);
  EXPECT_NEAR(row.largestWeight, .202785, 1e-6);
  EXPECT_NEAR(row.entropy, 0, 1e-6);
  EXPECT_NEAR(run->mixed->front()(0, 0), .202785, 1e-6);
}

TEST(Mistake, OverQueriesColumnsSumToOne) {
  const auto run = test::run(golden(overQueries(), {test::mask("causal", {{"align", "bottom_right"}})}));
  const Field weights = test::field(run, Stage::weights);
  // Scores of key 0 are .5, −.5, 1; key 3 is kept by query 2 alone.
  const double column = std::exp(.5) + std::exp(-.5) + std::exp(1.0);
  EXPECT_NEAR(weights.cell(0, 0), std::exp(.5) / column, 1e-6);
  EXPECT_EQ(weights.cell(2, 3), 1);
  EXPECT_EQ(weights.cell(0, 3), 0);
  EXPECT_EQ(weights.cellClass(0, 3), CellClass::masked);
  ThreadPool pool(1);
  for (const double sum : weights.columnSums(pool)) EXPECT_NEAR(sum, 1, 1e-6);
  const RowNumbers& row = run->statistics->heads[0].rows[0];
  EXPECT_NEAR(row.weightSum, weights.cell(0, 0) + weights.cell(0, 1), 1e-6);
  EXPECT_EQ(row.keptKeys, 2);
  EXPECT_EQ(row.maximum, .5f);
  EXPECT_EQ(run->statistics->rowSumError, 0);
  expectOutputsOfTheField(*run, run);
}

TEST(Mistake, OverQueriesHasTheSameBitsOnAnyNumberOfThreads) {
  test::Numbers numbers(3);
  AttentionPlan plan = test::drawnPlan(numbers, 300, 700, 8, 4, 0.4);
  plan.mistake = overQueries();
  plan.masks = {test::mask("window", {{"left", 200}, {"right", 300}})};
  ThreadPool one(1);
  ThreadPool three(3);
  const auto a = attend(plan, nullptr, one);
  const auto b = attend(plan, nullptr, three);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(test::sameBits(test::cells(*a, Stage::weights), test::cells(*b, Stage::weights)));
  EXPECT_TRUE(test::sameBits(test::cells(*a, Stage::headOutput), test::cells(*b, Stage::headOutput)));
  // A cell alone is the cell of the whole.
  const std::vector<float> all = test::cells(*a, Stage::weights);
  const Field weights = test::field(*a, Stage::weights);
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{701}, std::int64_t{130013}}) {
    EXPECT_EQ(weights.cell(at / 700, at % 700), all[static_cast<std::size_t>(at)]);
  }
}

TEST(Mistake, OverQueriesWorksWithoutStatisticsAndAfterAnOldRun) {
  ThreadPool pool(1);
  AttendOptions lazy;
  lazy.statistics = false;
  AttentionPlan plan = golden(overQueries());
  const auto run = attend(plan, nullptr, pool, lazy);
  ASSERT_TRUE(run.ok());
  const auto full = test::run(plan);
  EXPECT_TRUE(test::sameBits(test::cells(*run, Stage::weights), test::cells(full, Stage::weights)));
  plan.ablatedHeads = {0};
  EXPECT_TRUE(test::sameBits(test::cells(test::run(plan, full.get()), Stage::weights),
                             test::cells(full, Stage::weights)));
}

TEST(Mistake, MeanMergeIsTheMeanOfTheHeadsByTheFirstRows) {
  AttentionPlan plan;
  for (std::uint32_t seed = 0; !plan.inputs.wO || plan.inputs.sizes.heads < 2; ++seed) {
    plan = test::randomPlan(seed);
    plan.ablatedHeads.clear();
    plan.emptyRow = EmptyRow::zeros;
  }
  plan.mistake.meanMerge = true;
  const auto run = test::run(plan);
  const Linear& wO = *plan.inputs.wO;
  for (std::int64_t c = 0; c < run->outputs->output.cols(); ++c) {
    double y = wO.bias.empty() ? 0.0 : static_cast<double>(wO.bias[static_cast<std::size_t>(c)]);
    for (std::int64_t e = 0; e < plan.inputs.sizes.dV; ++e) {
      double mean = 0;
      for (const Matrix& z : *run->mixed) mean += static_cast<double>(z(0, e));
      y += mean / plan.inputs.sizes.heads * static_cast<double>(wO.weight(e, c));
    }
    EXPECT_NEAR(run->outputs->output(0, c), y, 1e-5);
  }
}

TEST(Mistake, WhatLeavesNothingIsRefused) {
  AttentionPlan plan = golden(overQueries());
  plan.normalizer = {"sparsemax", {}};
  EXPECT_EQ(errorOf(plan),
            "mistake.softmax_over: found \"queries\" with the normalizer \"sparsemax\", accepted is it with "
            "\"softmax\"");
  plan.normalizer = {"softmax", {}};
  plan.mistake.plainSum = true;
  EXPECT_THAT(errorOf(plan), HasSubstr("mistake.softmax_over"));
  plan.mistake = {};
  plan.mistake.keepsMaximum = true;
  plan.mistake.plainSum = true;
  EXPECT_THAT(errorOf(plan), HasSubstr("mistake.subtract_max"));
  plan.mistake.plainSum = false;
  for (const char* kind : {"sparsemax", "entmax15", "sigmoid", "relu"}) {
    plan.normalizer = {kind, {}};
    EXPECT_THAT(errorOf(plan), HasSubstr("mistake.subtract_max")) << kind;
  }
}

/// A random plan with one of the normalizers and any mistakes.
AttentionPlan mistakenPlan(std::uint32_t seed) {
  test::Numbers numbers(seed + 1000);
  AttentionPlan plan = test::randomPlan(seed);
  const auto kinds = normalizerKinds();
  const auto kind = static_cast<std::size_t>(numbers.whole(0, static_cast<std::int64_t>(kinds.size()) - 1));
  plan.normalizer = {std::string(kinds[kind].spec.kind), {}};
  if (kinds[kind].start != nullptr) kinds[kind].start(plan.normalizer, plan.inputs.sizes.heads);
  plan.mistake.maskAs = static_cast<Mistake::MaskAs>(numbers.whole(0, 2));
  plan.mistake.overQueries = numbers.chance(0.3);
  plan.mistake.keepsMaximum = numbers.chance(0.3);
  plan.mistake.plainSum = numbers.chance(0.1);
  plan.mistake.meanMerge = numbers.chance(0.3);
  if (plan.mistake.overQueries && numbers.chance(0.7)) plan.normalizer = {"softmax", {}};
  return plan;
}

TEST(Mistake, EveryCombinationIsTheReferenceOrAClearError) {
  int computed = 0;
  int refused = 0;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    const AttentionPlan plan = mistakenPlan(seed);
    const std::string error = errorOf(plan);
    if (!error.empty()) {
      ++refused;
      EXPECT_THAT(error, testing::StartsWith("mistake.")) << seed;
      continue;
    }
    ++computed;
    // A sum of scores near 0 amplifies what float rounds.
    if (!plan.mistake.plainSum) expectReference(plan, "seed " + std::to_string(seed));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
  EXPECT_GT(computed, 150);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace headlight
