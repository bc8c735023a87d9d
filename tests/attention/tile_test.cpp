#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;
using test::field;
using test::run;

AttentionPlan longPlan(std::int64_t queries, std::int64_t keys) {
  test::Numbers numbers(31);
  AttentionPlan plan = test::drawnPlan(numbers, queries, keys, 7, 3, 0.4);
  plan.masks = {test::mask("causal", {{"offset", 3}}), test::mask("window", {{"left", 500}})};
  return plan;
}

struct Brute {
  float extreme = 0;
  double mean = 0;
  CellClass cellClass = CellClass::masked;
};

Brute bruteForce(const Field& f, const std::vector<float>& values, const std::vector<std::uint8_t>& classes,
                 int level, std::int64_t pr, std::int64_t pc) {
  Brute out;
  bool any = false;
  bool masked = false;
  bool partly = false;
  bool nan = false;
  double sum = 0;
  int finite = 0;
  float maskedValue = 0;
  for (std::int64_t i = pr << level; i < std::min(f.rows(), (pr + 1) << level); ++i) {
    for (std::int64_t j = pc << level; j < std::min(f.cols(), (pc + 1) << level); ++j) {
      const auto at = static_cast<std::size_t>(i * f.cols() + j);
      const float v = values[at];
      if (classes[at] == static_cast<std::uint8_t>(CellClass::masked)) {
        masked = true;
        maskedValue = v;
        continue;
      }
      partly = partly || classes[at] == static_cast<std::uint8_t>(CellClass::partlyMasked);
      nan = nan || std::isnan(v);
      // Of two equally far from 0 the positive one.
      const float distance = std::abs(v) - std::abs(out.extreme);
      const bool further = std::abs(v) > std::abs(out.extreme) || (!(distance < 0) && v > out.extreme);
      const bool better = info(f.stage()).isSigned ? further : v > out.extreme;
      if (!any || better) out.extreme = v;
      any = true;
      if (std::isfinite(v)) {
        sum += static_cast<double>(v);
        ++finite;
      }
    }
  }
  if (!any) out.extreme = maskedValue;
  out.mean = finite > 0 ? sum / finite : static_cast<double>(out.extreme);
  if (nan) {
    out.extreme = std::numeric_limits<float>::quiet_NaN();
    out.mean = static_cast<double>(out.extreme);
  }
  out.cellClass = any ? (masked || partly ? CellClass::partlyMasked : CellClass::value) : CellClass::masked;
  return out;
}

void expectPooled(const Field& f, int level) {
  const auto values = cells(f);
  std::vector<float> copy(values.size());
  std::vector<std::uint8_t> classes(values.size());
  f.block(0, f.rows(), 0, f.cols(), copy.data(), classes.data(), f.cols());
  const std::int64_t rows = (f.rows() + (1 << level) - 1) >> level;
  const std::int64_t cols = (f.cols() + (1 << level) - 1) >> level;
  std::int64_t seen = 0;
  for (std::int64_t r = 0; r * kTileSize < rows; ++r) {
    for (std::int64_t c = 0; c * kTileSize < cols; ++c) {
      const Tile tile = f.tile(level, r, c);
      ASSERT_EQ(tile.rows, std::min<std::int64_t>(kTileSize, rows - r * kTileSize));
      ASSERT_EQ(tile.cols, std::min<std::int64_t>(kTileSize, cols - c * kTileSize));
      for (std::int64_t y = 0; y < tile.rows; ++y) {
        for (std::int64_t x = 0; x < tile.cols; ++x, ++seen) {
          const auto at = static_cast<std::size_t>(y * tile.cols + x);
          const Brute wanted = bruteForce(f, values, classes, level, r * kTileSize + y, c * kTileSize + x);
          ASSERT_EQ(tile.classes[at], static_cast<std::uint8_t>(wanted.cellClass));
          if (std::isnan(wanted.extreme)) {
            ASSERT_TRUE(std::isnan(tile.extreme[at]) && std::isnan(tile.mean[at]));
            continue;
          }
          ASSERT_EQ(tile.extreme[at], wanted.extreme);
          if (std::isinf(wanted.mean)) {
            ASSERT_EQ(static_cast<double>(tile.mean[at]), wanted.mean);
          } else {
            ASSERT_NEAR(static_cast<double>(tile.mean[at]), wanted.mean,
                        1e-6 * (1 + std::abs(wanted.extreme)));
          }
        }
      }
    }
  }
  EXPECT_EQ(seen, rows * cols);
}

TEST(Tile, PoolsAsBruteForceDoesWithRaggedEdges) {
  AttentionPlan plan = longPlan(301, 1111);
  auto made = run(plan);
  for (const Stage stage : {Stage::weights, Stage::masked, Stage::scaled, Stage::k}) {
    for (const int level : {1, 2, 3, 6, 11}) expectPooled(field(made, stage), level);
  }
  plan.masks.push_back(test::mask("causal", {{"offset", -2}}));
  plan.emptyRow = EmptyRow::nan;
  expectPooled(field(run(plan), Stage::weights), 2);
  plan.emptyRow = EmptyRow::uniform;
  expectPooled(field(run(plan), Stage::weights), 3);
}

TEST(Tile, ACoveredNanAndInfinityShow) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  AttentionPlan plan = longPlan(40, 40);
  Matrix k = plan.inputs.k->front();
  k(10, 0) = std::numeric_limits<float>::quiet_NaN();
  k(30, 0) = kInfinity;
  plan.inputs.k = test::given({k}, 71);
  const auto made = run(plan);
  for (const Stage stage : {Stage::k, Stage::masked, Stage::weights}) expectPooled(field(made, stage), 2);
  const Tile tile = field(made, Stage::k).tile(2, 0, 0);
  EXPECT_TRUE(std::isnan(tile.extreme[2 * 2]));
  EXPECT_EQ(tile.extreme[7 * 2], kInfinity);
  EXPECT_TRUE(std::isfinite(tile.mean[7 * 2]));
}

TEST(Tile, BeyondTheFieldIsEmpty) {
  const Tile tile = field(run(test::goldenPlan()), Stage::weights).tile(0, 1, 0);
  EXPECT_EQ(tile.rows, 0);
  EXPECT_TRUE(tile.extreme.empty());
}

/// Three heads on sequences of odd lengths, with documents of uneven lengths and padding at the end.
AttentionPlan packedPlan() {
  test::Numbers numbers(5);
  AttentionPlan plan = longPlan(333, 333);
  plan.inputs.sizes.heads = plan.inputs.sizes.kvHeads = 3;
  plan.inputs.q = test::heads(numbers, 3, 333, 7);
  plan.inputs.k = test::heads(numbers, 3, 333, 7);
  plan.inputs.v = test::heads(numbers, 3, 333, 3);
  List ids;
  for (int i = 0; i < 333; ++i) ids.emplace_back(i < 40 ? 0 : i < 41 ? 1 : i < 200 ? 2 : 3);
  plan.masks = {test::mask("causal"), test::mask("documents", {{"ids", std::move(ids)}}),
                test::mask("padding")};
  plan.inputs.paddedKeys.assign(333, false);
  for (std::size_t j = 300; j < 333; ++j) plan.inputs.paddedKeys[j] = true;
  return plan;
}

TEST(Tile, PoolsPackedAndPaddedHeadsAndTheirMean) {
  const auto made = run(packedPlan());
  for (const Stage stage : {Stage::dot, Stage::masked, Stage::weights, Stage::valueWeighted}) {
    for (const int head : {0, 2, kMeanHead}) {
      for (const int level : {1, 4, 9}) expectPooled(field(made, stage, head), level);
    }
  }
}

TEST(Tile, PoolsHeadsThatDifferInWhatTheyKeep) {
  AttentionPlan plan = packedPlan();
  test::Numbers numbers(6);
  auto tensors = std::make_shared<test::MemoryTensors>();
  std::vector<float> keep(3 * 333 * 333);
  for (float& one : keep) one = numbers.chance(0.4) ? 1.0f : 0.0f;
  std::fill_n(keep.begin() + 333 * 333 + 7 * 333, 333, 0.0f);  // an empty row
  tensors->add("keep", {3, 333, 333}, std::move(keep));
  plan.tensors = tensors;
  plan.masks = {test::mask("tensor", {{"tensor", "keep"}, {"meaning", "keep"}, {"axes", "hqk"}})};
  for (const EmptyRow policy : {EmptyRow::zeros, EmptyRow::uniform, EmptyRow::nan}) {
    plan.emptyRow = policy;
    const auto made = run(plan);
    ASSERT_TRUE(made->mask->perHead());
    for (const Stage stage : {Stage::masked, Stage::weights}) {
      for (const int head : {1, kMeanHead}) {
        for (const int level : {1, 3}) expectPooled(field(made, stage, head), level);
      }
    }
  }
}

TEST(Tile, PoolsWhateverAPlanCanSay) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const auto made = test::runWithGradients(test::variedPlan(seed));
    for (const StageInfo& stage : stages()) {
      if (!made->has(stage.stage) || (isGradient(stage.stage) && !made->gradients)) continue;
      for (const int head : {0, kMeanHead}) {
        for (const int level : {1, 2}) expectPooled(field(made, stage.stage, head), level);
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Tile, IsTheSameWithAPoolAndWithout) {
  ThreadPool pool(3);
  const Field f = field(run(longPlan(301, 1111)), Stage::weights);
  for (const int level : {0, 1, 4}) {
    const Tile alone = f.tile(level, 0, 0);
    const Tile together = f.tile(level, 0, 0, {}, &pool);
    EXPECT_TRUE(test::sameBits(alone.extreme, together.extreme));
    EXPECT_TRUE(test::sameBits(alone.mean, together.mean));
    EXPECT_EQ(alone.classes, together.classes);
  }
}

TEST(Tile, OfARunWithoutStatisticsHasTheSameBits) {
  ThreadPool pool(2);
  const AttentionPlan plan = longPlan(300, 900);
  auto bare = attend(plan, nullptr, pool, {.statistics = false});
  ASSERT_TRUE(bare.ok());
  ASSERT_FALSE((*bare)->statistics);
  const auto whole = run(plan);
  for (const int level : {0, 2}) {
    const Tile a = field(*bare, Stage::weights).tile(level, 0, 0);
    const Tile b = field(whole, Stage::weights).tile(level, 0, 0);
    EXPECT_TRUE(test::sameBits(a.extreme, b.extreme));
    EXPECT_TRUE(test::sameBits(a.mean, b.mean));
    EXPECT_EQ(a.classes, b.classes);
  }
}

}  // namespace
}  // namespace headlight
