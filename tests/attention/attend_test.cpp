// What is shared between runs, determinism, cancelling, refusals.
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/run.h"
#include "plans.h"

namespace headlight {
namespace {

using test::run;

AttentionPlan plan() {
  for (std::uint32_t seed = 0;; ++seed) {
    AttentionPlan made = test::randomPlan(seed);
    if (!made.inputs.x || !made.inputs.wO || made.inputs.sizes.heads < 3 || made.inputs.sizes.queries < 8)
      continue;
    made.ablatedHeads.clear();
    made.masks.clear();
    return made;
  }
}

TEST(Sharing, AnEqualPlanSharesEverything) {
  const auto first = run(plan());
  const auto second = run(plan(), first.get());
  EXPECT_EQ(first->projected.value, second->projected.value);
  EXPECT_EQ(first->mask.value, second->mask.value);
  EXPECT_EQ(first->statistics.value, second->statistics.value);
  EXPECT_EQ(first->mixed.value, second->mixed.value);
  EXPECT_EQ(first->outputs.value, second->outputs.value);
  EXPECT_EQ(first->stageKeys, second->stageKeys);
}

TEST(Sharing, AMaskEditDoesNotProjectAgain) {
  AttentionPlan edited = plan();
  const auto first = run(edited);
  edited.masks = {test::mask("causal")};
  const auto second = run(edited, first.get());
  EXPECT_EQ(first->projected.value, second->projected.value);
  EXPECT_NE(first->mask.value, second->mask.value);
  EXPECT_NE(first->statistics.value, second->statistics.value);
  EXPECT_EQ(first->key(Stage::scaled), second->key(Stage::scaled));
  EXPECT_NE(first->key(Stage::masked), second->key(Stage::masked));
  EXPECT_TRUE(test::sameBits(test::cells(second, Stage::output), test::cells(run(edited), Stage::output)));
}

TEST(Sharing, ScaleAndTemperatureDoNotProjectAgain) {
  AttentionPlan edited = plan();
  const auto first = run(edited);
  edited.scale *= 2;
  const auto scaled = run(edited, first.get());
  EXPECT_EQ(first->projected.value, scaled->projected.value);
  EXPECT_EQ(first->mask.value, scaled->mask.value);
  EXPECT_EQ(first->key(Stage::dot), scaled->key(Stage::dot));
  EXPECT_NE(first->key(Stage::scaled), scaled->key(Stage::scaled));
  edited.temperature *= 2;
  const auto hotter = run(edited, scaled.get());
  EXPECT_EQ(first->projected.value, hotter->projected.value);
  EXPECT_EQ(scaled->key(Stage::masked), hotter->key(Stage::masked));
  EXPECT_NE(scaled->key(Stage::weights), hotter->key(Stage::weights));
}

TEST(Sharing, AblationOnlyMergesAgain) {
  AttentionPlan edited = plan();
  const auto first = run(edited);
  edited.ablatedHeads = {1};
  const auto off = run(edited, first.get());
  EXPECT_EQ(first->projected.value, off->projected.value);
  EXPECT_EQ(first->statistics.value, off->statistics.value);
  EXPECT_EQ(first->mixed.value, off->mixed.value);
  EXPECT_NE(first->outputs.value, off->outputs.value);
  EXPECT_EQ(first->key(Stage::weights), off->key(Stage::weights));
  EXPECT_THAT(test::cells(off, Stage::headOutput, 1), testing::Each(0.0f));
  EXPECT_THAT(test::cells(off, Stage::contribution, 1), testing::Each(0.0f));
  EXPECT_TRUE(
      test::sameBits(test::cells(off, Stage::headOutput, 0), test::cells(first, Stage::headOutput, 0)));
  edited.ablatedHeads.clear();
  const auto on = run(edited, off.get());
  EXPECT_EQ(on->mixed.value, first->mixed.value);
  EXPECT_TRUE(test::sameBits(test::cells(on, Stage::output), test::cells(first, Stage::output)));
}

TEST(Sharing, OutputsAreMadeWhenAskedForFromTheSameStatistics) {
  ThreadPool pool(1);
  const auto without = attend(plan(), nullptr, pool, {.outputs = false});
  ASSERT_TRUE(without.ok());
  EXPECT_FALSE((*without)->outputs);
  EXPECT_TRUE((*without)->has(Stage::output));
  EXPECT_FALSE(Field::make(*without, Stage::output, 0).ok());
  const auto with = run(plan(), without->get());
  EXPECT_EQ((*without)->statistics.value, with->statistics.value);
  EXPECT_TRUE(test::sameBits(test::cells(with, Stage::output), test::cells(run(plan()), Stage::output)));
}

TEST(Sharing, AnEditOfKChangesWhatFollowsFromIt) {
  AttentionPlan edited = plan();
  edited.inputs.edits.clear();
  const auto first = run(edited);
  edited.inputs.edits.push_back({Stage::k, 0, 2, 0, 4.0f});
  const auto second = run(edited, first.get());
  EXPECT_EQ(first->key(Stage::q), second->key(Stage::q));
  EXPECT_NE(first->key(Stage::k), second->key(Stage::k));
  EXPECT_NE(first->key(Stage::dot), second->key(Stage::dot));
  EXPECT_EQ(first->key(Stage::v), second->key(Stage::v));
  EXPECT_EQ(test::field(second, Stage::k, 0).cell(2, 0), 4.0f);
}

/// Large enough that the pool is woken, with masks of many runs.
AttentionPlan largePlan() {
  test::Numbers numbers(21);
  AttentionPlan made;
  Sizes& s = made.inputs.sizes;
  s = {.queries = 333, .keys = 333, .heads = 4, .kvHeads = 2, .dModel = 48, .dK = 20, .dV = 12};
  made.inputs.x = {1, std::make_shared<Matrix>(test::normalMatrix(numbers, 333, 48))};
  const auto linear = [&](std::uint64_t key, std::int64_t in, std::int64_t out) {
    auto l = std::make_shared<Linear>();
    l->weight = test::normalMatrix(numbers, in, out, 0.15f);
    l->bias.assign(static_cast<std::size_t>(out), 0.1f);
    return Caused<Linear>{key, l};
  };
  made.inputs.wQ = linear(2, 48, 80);
  made.inputs.wK = linear(3, 48, 40);
  made.inputs.wV = linear(4, 48, 24);
  made.inputs.wO = linear(5, 48, 48);
  made.scale = 0.2;
  List keep;
  for (int j = 0; j < 333; ++j) keep.emplace_back(j % 7 == 3 ? 0 : 1);
  made.masks = {test::mask("causal"), test::mask("padding")};
  made.masks.back().set("keep", keep);
  made.normalizer = {"softmax", {}};
  return made;
}

TEST(Determinism, SameBitsForOneTwoAndFiveThreads) {
  const AttentionPlan made = largePlan();
  std::vector<decltype(test::run(made))> runs;
  std::vector<FieldStatistics> statistics;
  std::vector<std::vector<double>> sums;
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (int repeat = 0; repeat < 3; ++repeat) {
      auto evaluated = attend(made, nullptr, pool);
      ASSERT_TRUE(evaluated.ok());
      runs.push_back(*evaluated);
      statistics.push_back(test::field(*evaluated, Stage::weights, 1).statistics(pool));
      sums.push_back(test::field(*evaluated, Stage::weights, kMeanHead).columnSums(pool));
    }
  }
  for (std::size_t n = 1; n < runs.size(); ++n) {
    for (int h = 0; h < 4; ++h) {
      for (const Stage stage :
           {Stage::q, Stage::k, Stage::v, Stage::weights, Stage::headOutput, Stage::contribution}) {
        EXPECT_TRUE(test::sameBits(test::cells(runs[0], stage, h), test::cells(runs[n], stage, h)));
      }
      const auto& a = runs[0]->statistics->heads[static_cast<std::size_t>(h)].rows;
      const auto& b = runs[n]->statistics->heads[static_cast<std::size_t>(h)].rows;
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(RowNumbers)), 0);
    }
    EXPECT_TRUE(test::sameBits(test::cells(runs[0], Stage::output), test::cells(runs[n], Stage::output)));
    EXPECT_EQ(runs[0]->statistics->rowSumError, runs[n]->statistics->rowSumError);
    EXPECT_TRUE(test::sameBits(statistics[0].sorted, statistics[n].sorted));
    EXPECT_EQ(statistics[0].low, statistics[n].low);
    EXPECT_EQ(sums[0], sums[n]);
  }
}

TEST(Cancel, IsAnError) {
  ThreadPool pool(2);
  const Cancel cancel = Cancel::make();
  cancel.request();
  const auto made = attend(largePlan(), nullptr, pool, {.outputs = true, .cancel = cancel});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::cancelled);
}

TEST(Cancel, LeavesTilesNotComputed) {
  const Field field = test::field(run(largePlan()), Stage::weights, 0);
  const Cancel cancel = Cancel::make();
  cancel.request();
  for (const int level : {0, 1}) {
    const Tile tile = field.tile(level, 0, 0, cancel);
    EXPECT_THAT(tile.classes, testing::Each(static_cast<std::uint8_t>(CellClass::notComputed)));
  }
}

TEST(Attend, RefusesWithTheJsonPath) {
  ThreadPool pool(1);
  const auto refusal = [&](const auto& change) {
    AttentionPlan changed = plan();
    change(changed);
    const auto made = attend(changed, nullptr, pool);
    EXPECT_FALSE(made.ok());
    return made.ok() ? std::string() : made.error().where;
  };
  EXPECT_EQ(refusal([](auto& p) { p.temperature = 0; }), "normalizer.temperature");
  EXPECT_EQ(refusal([](auto& p) { p.temperature = 1e-60; }), "normalizer.temperature");
  EXPECT_EQ(refusal([](auto& p) { p.normalizer.kind = "softmin"; }), "normalizer.kind");
  EXPECT_EQ(refusal([](auto& p) { p.ablatedHeads = {0, 99}; }), "ablate.heads[1]");
  EXPECT_EQ(refusal([](auto& p) { p.masks = {test::mask("celly")}; }), "mask[0].kind");
  EXPECT_EQ(refusal([](auto& p) { p.scale = std::numeric_limits<double>::infinity(); }), "score.scale");
  EXPECT_EQ(refusal([](auto& p) { p.inputs.edits = {{Stage::q, 0, 9999, 0, 1.0f}}; }), "edits[0].at");
  EXPECT_EQ(refusal([](auto& p) { p.inputs.wQ.value = nullptr; }), "source");
  EXPECT_EQ(refusal([](auto& p) { p.inputs.sizes.dK += 1; }), "source");
}

TEST(Attend, StatisticsHoldTheRanges) {
  const auto made = run(largePlan());
  for (int h = 0; h < 4; ++h) {
    const HeadStatistics& head = made->statistics->heads[static_cast<std::size_t>(h)];
    const auto weights = test::cells(made, Stage::weights, h);
    EXPECT_EQ(head.largestWeight, *std::max_element(weights.begin(), weights.end()));
    float smallest = 1e30f;
    float largest = -1e30f;
    for (const float score : test::cells(made, Stage::masked, h)) {
      if (std::isinf(score)) continue;
      smallest = std::min(smallest, score);
      largest = std::max(largest, score);
    }
    EXPECT_EQ(head.smallestScore, smallest);
    EXPECT_EQ(head.largestScore, largest);
  }
  EXPECT_EQ(made->mask->emptyRows(0), 0);
}

}  // namespace
}  // namespace headlight
