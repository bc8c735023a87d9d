#include "core/attention/field_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace headlight {
namespace {

using test::field;
using test::run;

constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);
constexpr auto kValue = static_cast<std::uint8_t>(CellClass::value);

struct Cells {
  std::vector<float> values;
  std::vector<std::uint8_t> classes;
};
template <class Of>
Cells all(const Of& of) {
  Cells cells;
  cells.values.resize(static_cast<std::size_t>(of.rows() * of.cols()));
  cells.classes.resize(cells.values.size());
  of.block(0, of.rows(), 0, of.cols(), cells.values.data(), cells.classes.data(), of.cols());
  return cells;
}

FieldDifference difference(const Field& a, const Field& b) {
  auto made = FieldDifference::make(a, b);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

/// The same by the rules that the header states, cell by cell.
Cells slow(const Field& first, const Field& second) {
  const Cells a = all(first);
  const Cells b = all(second);
  Cells out = a;
  for (std::size_t n = 0; n < a.values.size(); ++n) {
    const bool noneA = a.classes[n] == kMasked;
    const bool noneB = b.classes[n] == kMasked;
    const bool lost = (noneA && first.stage() == Stage::masked) || (noneB && second.stage() == Stage::masked);
    if ((noneA && noneB) || lost) {
      out.values[n] = 0;
      out.classes[n] = kMasked;
      continue;
    }
    out.values[n] = (noneA ? 0.0f : a.values[n]) - (noneB ? 0.0f : b.values[n]);
    out.classes[n] = a.classes[n] == kValue && b.classes[n] == kValue
                         ? kValue
                         : static_cast<std::uint8_t>(CellClass::partlyMasked);
  }
  return out;
}

bool same(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void expectTile(const FieldDifference& d, const Cells& cells, const Tile& tile, std::int64_t r,
                std::int64_t c) {
  const std::int64_t side = std::int64_t{1} << tile.level;
  for (int y = 0; y < tile.rows; ++y) {
    for (int x = 0; x < tile.cols; ++x) {
      const std::int64_t r0 = (r * kTileSize + y) * side;
      const std::int64_t c0 = (c * kTileSize + x) * side;
      float extreme = 0;
      double sum = 0;
      std::int64_t finite = 0;
      bool nan = false;
      bool any = false;
      bool certain = true;
      for (std::int64_t i = r0; i < std::min(d.rows(), r0 + side); ++i) {
        for (std::int64_t j = c0; j < std::min(d.cols(), c0 + side); ++j) {
          const auto at = static_cast<std::size_t>(i * d.cols() + j);
          certain = certain && cells.classes[at] == kValue;
          if (cells.classes[at] == kMasked) continue;
          any = true;
          const float v = cells.values[at];
          nan = nan || std::isnan(v);
          if (std::abs(v) > std::abs(extreme) || (std::abs(v) == std::abs(extreme) && v > extreme))
            extreme = v;
          if (!std::isfinite(v)) continue;
          sum += static_cast<double>(v);
          ++finite;
        }
      }
      const std::size_t at =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(tile.cols) + static_cast<std::size_t>(x);
      const CellClass wanted = !any      ? CellClass::masked
                               : certain ? CellClass::value
                                         : CellClass::partlyMasked;
      ASSERT_EQ(tile.classes[at], static_cast<std::uint8_t>(wanted)) << tile.level << " " << y << " " << x;
      if (nan) extreme = std::numeric_limits<float>::quiet_NaN();
      ASSERT_TRUE(same(tile.extreme[at], extreme)) << tile.level << " " << y << " " << x;
      if (tile.level > 0 && finite > 0 && !nan) {
        ASSERT_NEAR(tile.mean[at], sum / static_cast<double>(finite), 1e-6 * (1 + std::abs(extreme)));
      }
    }
  }
}

/// Two runs of one shape whose masks and queries differ.
std::pair<std::shared_ptr<const Run>, std::shared_ptr<const Run>> twoRuns(std::int64_t queries,
                                                                          std::int64_t keys) {
  test::Numbers numbers(31);
  AttentionPlan plan = test::drawnPlan(numbers, queries, keys, 5, 3, 0.4);
  plan.masks = {test::mask("causal", {{"offset", 3}})};
  AttentionPlan other = plan;
  other.inputs.q = test::given({test::normalMatrix(numbers, queries, 5)}, 77);
  other.masks = {test::mask("window", {{"left", 40}, {"right", 5}})};
  return {run(plan), run(other)};
}

TEST(FieldDifference, EveryCellOfEveryVariantIsFirstMinusSecond) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const auto made = run(test::variedPlan(seed));
    for (const StageInfo& stage : stages()) {
      if (!made->has(stage.stage) || isGradient(stage.stage)) continue;
      const Field a = field(made, stage.stage, 0);
      for (const int head : {made->sizes.heads - 1, kMeanHead}) {
        if (head == kMeanHead && !stage.perHead) continue;
        const Field b = field(made, stage.stage, head);
        const Cells wanted = slow(a, b);
        const Cells got = all(difference(a, b));
        for (std::size_t n = 0; n < wanted.values.size(); ++n) {
          ASSERT_TRUE(same(got.values[n], wanted.values[n])) << seed << " " << stage.id;
          ASSERT_EQ(got.classes[n], wanted.classes[n]) << seed << " " << stage.id;
        }
      }
    }
  }
}

TEST(FieldDifference, TilesPoolTheCellsAtEveryLevel) {
  const auto [left, right] = twoRuns(300, 517);
  ThreadPool pool(2);
  const std::pair<Stage, Stage> pairs[] = {{Stage::weights, Stage::weights},
                                           {Stage::masked, Stage::masked},
                                           {Stage::scaled, Stage::scaled},
                                           {Stage::weights, Stage::masked},
                                           {Stage::scaled, Stage::weights}};
  for (const auto& [first, second] : pairs) {
    const FieldDifference d = difference(field(left, first), field(right, second));
    const Cells cells = slow(d.first(), d.second());
    for (const int level : {0, 1, 2, 5, 9, 10}) {
      EXPECT_FALSE(d.tileIsSampled(level));
      const std::int64_t span = std::int64_t{kTileSize} << level;
      for (std::int64_t r = 0; r * span < 300; ++r) {
        for (std::int64_t c = 0; c * span < 517; ++c) {
          expectTile(d, cells, d.tile(level, r, c, {}, &pool), r, c);
          ASSERT_FALSE(HasFailure());
        }
      }
    }
  }
}

TEST(FieldDifference, OneMaskedWeightCountsAsZeroAndOneMaskedScoreAsNothing) {
  const auto causal = run(test::goldenPlan({test::mask("causal")}));
  const auto open = run(test::goldenPlan());
  const FieldDifference weights = difference(field(open, Stage::weights), field(causal, Stage::weights));
  EXPECT_EQ(weights.cellClass(0, 2), CellClass::partlyMasked);
  EXPECT_EQ(weights.cell(0, 2), field(open, Stage::weights).cell(0, 2));
  EXPECT_EQ(weights.cellClass(2, 0), CellClass::value);
  const FieldDifference scores = difference(field(open, Stage::masked), field(causal, Stage::masked));
  EXPECT_EQ(scores.cellClass(0, 2), CellClass::masked);
  EXPECT_EQ(scores.cell(0, 2), 0.0f);
  const FieldDifference both = difference(field(causal, Stage::weights), field(causal, Stage::weights));
  EXPECT_EQ(both.cellClass(0, 2), CellClass::masked);
}

TEST(FieldDifference, StatisticsAreOfAllItsCells) {
  const auto [left, right] = twoRuns(60, 70);
  const FieldDifference d = difference(field(left, Stage::weights), field(right, Stage::weights));
  ThreadPool pool(1);
  const FieldStatistics statistics = d.statistics(pool);
  const Cells cells = all(d);
  float minimum = 1;
  float maximum = -1;
  std::int64_t masked = 0;
  for (std::size_t n = 0; n < cells.values.size(); ++n) {
    if (cells.classes[n] == kMasked) {
      ++masked;
      continue;
    }
    minimum = std::min(minimum, cells.values[n]);
    maximum = std::max(maximum, cells.values[n]);
  }
  EXPECT_EQ(statistics.minimum, minimum);
  EXPECT_EQ(statistics.maximum, maximum);
  EXPECT_EQ(statistics.masked, masked);
  EXPECT_EQ(statistics.finite, 60 * 70 - masked);
  EXPECT_FALSE(statistics.sampled);
  EXPECT_GT(masked, 0);
}

TEST(FieldDifference, TheLargestAreInOrderWithBothNumbers) {
  const auto [left, right] = twoRuns(60, 70);
  const FieldDifference d = difference(field(left, Stage::weights), field(right, Stage::weights));
  ThreadPool pool(2);
  const LargestDifferences largest = d.largest(5, pool);
  ASSERT_EQ(largest.cells.size(), 5U);
  EXPECT_FALSE(largest.sampled);
  std::vector<float> sizes;
  const Cells cells = all(d);
  for (const float v : cells.values) sizes.push_back(std::abs(v));
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  for (std::size_t n = 0; n < 5; ++n) {
    const CellDifference& cell = largest.cells[n];
    EXPECT_EQ(std::abs(cell.difference), sizes[n]);
    EXPECT_EQ(cell.difference, cell.first - cell.second);
    EXPECT_EQ(cell.difference, d.cell(cell.row, cell.col));
  }
  const auto none = difference(field(left, Stage::weights), field(left, Stage::weights)).largest(5, pool);
  EXPECT_TRUE(none.cells.empty()) << "equal fields differ nowhere";
  EXPECT_TRUE(d.largest(0, pool).cells.empty());
}

TEST(FieldDifference, LargeMapsReadEvenlySpacedRowsAndSaySo) {
  const auto [left, right] = twoRuns(20000, 900);
  const FieldDifference d = difference(field(left, Stage::weights), field(right, Stage::weights));
  ThreadPool pool(2);
  const FieldStatistics statistics = d.statistics(pool);
  EXPECT_TRUE(statistics.sampled);
  std::int64_t masked = 0;
  for (std::int64_t i = 0; i < 20000; ++i) {
    const std::int64_t a = left->mask->kept(0, i);
    for (const KeyRun& kept : right->mask->runs(0, i)) {
      masked -= std::max<std::int64_t>(kept.end - std::max(kept.begin, a), 0);
    }
    masked += 900 - a;
  }
  EXPECT_EQ(statistics.masked, masked);
  EXPECT_LT(statistics.finite, 20000 * 900 - masked);
  const LargestDifferences largest = d.largest(3, pool);
  EXPECT_TRUE(largest.sampled);
  ASSERT_EQ(largest.cells.size(), 3U);
  EXPECT_LE(std::abs(largest.cells[0].difference),
            std::max(std::abs(statistics.minimum), std::abs(statistics.maximum)));
}

TEST(FieldDifference, TilesOfVeryManyCellsReadSomeRowsOfEachPixel) {
  // Nothing of the maps is computed until a tile is read.
  test::Numbers numbers(3);
  const Matrix k = test::normalMatrix(numbers, 70000, 2);
  AttentionPlan plan = test::givenPlan(test::normalMatrix(numbers, 70000, 2), k, Matrix(70000, 1), 1);
  plan.masks = {test::mask("window", {{"left", 60}})};
  ThreadPool pool(2);
  AttendOptions options;
  options.statistics = false;
  options.outputs = false;
  const auto a = attend(plan, nullptr, pool, options);
  ASSERT_TRUE(a);
  plan.scale = 2;
  const auto b = attend(plan, nullptr, pool, options);
  ASSERT_TRUE(b);
  const FieldDifference d =
      difference(*Field::make(*a, Stage::scaled, 0), *Field::make(*b, Stage::scaled, 0));
  EXPECT_FALSE(d.tileIsSampled(5));
  EXPECT_TRUE(d.tileIsSampled(9));
  EXPECT_FALSE(d.tileIsSampled(0));
}

TEST(FieldDifference, WhatWasNotDoneIsNotComputed) {
  const auto [left, right] = twoRuns(300, 300);
  const FieldDifference d = difference(field(left, Stage::weights), field(right, Stage::weights));
  const Cancel cancel = Cancel::make();
  cancel.request();
  const Tile tile = d.tile(1, 0, 0, cancel);
  for (const std::uint8_t c : tile.classes) {
    ASSERT_EQ(c, static_cast<std::uint8_t>(CellClass::notComputed));
  }
  ThreadPool pool(1);
  EXPECT_EQ(d.statistics(pool, cancel).finite, 0);
  EXPECT_TRUE(d.largest(5, pool, cancel).cells.empty());
}

TEST(FieldDifference, ShapesThatDifferAreBothNamed) {
  const auto made = run(test::goldenPlan());
  const auto error = FieldDifference::make(field(made, Stage::weights), field(made, Stage::v));
  ASSERT_FALSE(error);
  EXPECT_THAT(error.error().what, testing::HasSubstr("weights [3, 4]"));
  EXPECT_THAT(error.error().what, testing::HasSubstr("v [4, 2]"));
}

TEST(FieldDifference, TheKeyIsOfBothInTheirOrder) {
  const auto [left, right] = twoRuns(8, 8);
  const Field a = field(left, Stage::weights);
  const Field b = field(right, Stage::weights);
  EXPECT_NE(difference(a, b).key(), difference(b, a).key());
  EXPECT_NE(difference(a, b).key(), a.key());
  EXPECT_EQ(difference(a, b).key(), difference(a, b).key());
}

}  // namespace
}  // namespace headlight
