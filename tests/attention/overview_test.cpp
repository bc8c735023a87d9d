#include "core/attention/overview.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "plans.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::shared_ptr<const Run> attended(const AttentionPlan& plan, bool overview, int threads = 2) {
  ThreadPool pool(threads);
  auto made = attend(plan, nullptr, pool, {.overview = overview});
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text());
  return made.ok() ? *made : nullptr;
}

AttentionPlan longPlan(std::int64_t queries, std::int64_t keys) {
  test::Numbers numbers(9);
  AttentionPlan plan = test::drawnPlan(numbers, queries, keys, 8, 4, 0.7);
  return plan;
}

TEST(Half, RoundsToNearestAndKeepsWhatIsSpecial) {
  EXPECT_EQ(toHalf(0.0f), 0);
  EXPECT_EQ(toHalf(-0.0f), 0x8000);
  EXPECT_EQ(toHalf(1.0f), 0x3c00);
  EXPECT_EQ(toHalf(-2.0f), 0xc000);
  EXPECT_EQ(toHalf(65504.0f), 0x7bff);
  EXPECT_EQ(toHalf(1e30f), 0x7bff);
  EXPECT_EQ(toHalf(kInfinity), 0x7c00);
  EXPECT_EQ(toHalf(-kInfinity), 0xfc00);
  EXPECT_EQ(toHalf(1.0f + 0x1p-11f), 0x3c00);  // a tie goes to the even one
  EXPECT_EQ(toHalf(1.0f + 0x1p-11f + 0x1p-20f), 0x3c01);
  EXPECT_EQ(toHalf(0x1p-24f), 1);
  EXPECT_EQ(toHalf(0x1p-25f), 0);
  EXPECT_EQ(toHalf(0x1.8p-25f), 1);
  EXPECT_TRUE(std::isnan(fromHalf(toHalf(std::numeric_limits<float>::quiet_NaN()))));
  for (std::uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const float number = fromHalf(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(toHalf(number), bits);
    ASSERT_EQ(toHalf(-number), bits | 0x8000u);
    if (bits > 0) {
      const float before = fromHalf(static_cast<std::uint16_t>(bits - 1));
      ASSERT_LT(before, number);
      ASSERT_LE(std::abs(fromHalf(toHalf((before + number) / 2)) - (before + number) / 2),
                (number - before) / 2);
    }
  }
  EXPECT_EQ(fromHalf(0x7c00), kInfinity);
}

TEST(OverviewGrid, IsAsFineAsItsLimitsAllow) {
  EXPECT_EQ(overviewGrid(100, 1, 1), (OverviewGrid{4, 7, 1}));
  EXPECT_EQ(overviewGrid(65536, 65537, 1), (OverviewGrid{5, 2048, 2049}));
  EXPECT_EQ(overviewGrid(131072, 131072, 1), (OverviewGrid{5, 4096, 4096}));
  EXPECT_EQ(overviewGrid(131072, 131072, 8), (OverviewGrid{6, 2048, 2048}));
  EXPECT_EQ(overviewGrid(std::int64_t{1} << 20, std::int64_t{1} << 20, 1), (OverviewGrid{8, 4096, 4096}));
}

/// Tiles from the overview against those of the cells.
void expectSeen(const AttentionPlan& plan) {
  const auto bare = attended(plan, false);
  const auto seen = attended(plan, true);
  ASSERT_FALSE(bare->overviews);
  ASSERT_TRUE(seen->overviews);
  const int least = seen->overviews->grid.level;
  for (int head = 0; head < plan.inputs.sizes.heads; ++head) {
    const Field cells = test::field(bare, Stage::weights, head);
    const Field pixels = test::field(seen, Stage::weights, head);
    EXPECT_FALSE(pixels.tile(least - 1, 0, 0).fromOverview);
    for (int level = least; level < least + 4; ++level) {
      const Tile a = cells.tile(level, 0, 0);
      const Tile b = pixels.tile(level, 0, 0);
      EXPECT_TRUE(b.fromOverview);
      ASSERT_EQ(a.classes, b.classes);
      for (std::size_t p = 0; p < a.extreme.size(); ++p) {
        if (std::isnan(a.extreme[p])) {
          ASSERT_TRUE(std::isnan(b.extreme[p]) && std::isnan(b.mean[p]));
          continue;
        }
        const auto near = [&](float x, float y) {
          return std::abs(x - y) <=
                 0x1p-10f * std::abs(x) + std::ldexp(1.0f, -23 - seen->overviews->exponent);
        };
        ASSERT_TRUE(near(a.extreme[p], b.extreme[p])) << a.extreme[p] << " " << b.extreme[p];
        ASSERT_TRUE(near(a.mean[p], b.mean[p])) << a.mean[p] << " " << b.mean[p];
      }
    }
  }
}

TEST(Overview, AgreesWithTheCellsUnderMasks) {
  AttentionPlan plan = longPlan(517, 1203);
  expectSeen(plan);
  plan.masks = {test::mask("causal", {{"offset", 300}})};
  expectSeen(plan);
  plan.masks.push_back(test::mask("window", {{"left", 90}}));
  expectSeen(plan);
  plan.masks = {test::mask("causal", {{"offset", -50}})};
  for (const EmptyRow policy : {EmptyRow::zeros, EmptyRow::uniform, EmptyRow::nan}) {
    plan.emptyRow = policy;
    expectSeen(plan);
  }
}

TEST(Overview, AgreesWithTheCellsForEveryNormalizer) {
  AttentionPlan plan = longPlan(130, 211);
  plan.masks = {test::mask("causal", {{"offset", 60}})};
  for (const NormalizerKind& kind : normalizerKinds()) {
    SCOPED_TRACE(kind.spec.kind);
    plan.normalizer = {std::string(kind.spec.kind), {}};
    if (kind.spec.kind == "sink") plan.normalizer.set("logits", List{Value(0.5)});
    expectSeen(plan);
  }
}

TEST(Overview, AgreesWithTheCellsWhateverAPlanCanSay) {
  for (std::uint32_t seed = 100; seed < 160; ++seed) {
    SCOPED_TRACE(seed);
    expectSeen(test::variedPlan(seed));
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Overview, ShowsANanInItsPixelsAlone) {
  AttentionPlan plan = longPlan(64, 64);
  Matrix q = plan.inputs.q->front();
  q(40, 0) = std::numeric_limits<float>::quiet_NaN();
  plan.inputs.q = test::given({q}, 77);
  const Tile tile = test::field(attended(plan, true), Stage::weights).tile(4, 0, 0);
  for (std::size_t p = 0; p < 16; ++p) EXPECT_EQ(std::isnan(tile.extreme[p]), p / 4 == 2) << p;
}

TEST(Overview, IsTheSameForAnyNumberOfThreads) {
  AttentionPlan plan = longPlan(900, 700);
  plan.masks = {test::mask("causal")};
  const auto one = attended(plan, true, 1);
  const auto three = attended(plan, true, 3);
  EXPECT_EQ(one->overviews->heads[0].maximum, three->overviews->heads[0].maximum);
  EXPECT_EQ(one->overviews->heads[0].mean, three->overviews->heads[0].mean);
}

TEST(Overview, IsMadeByItselfForLongSequencesOnly) {
  EXPECT_FALSE(test::run(longPlan(2048, 2048))->overviews);
  EXPECT_TRUE(test::run(longPlan(2049, 2048))->overviews);
}

TEST(Overview, GivesColumnSumsOfLongSequences) {
  ThreadPool pool(2);
  AttentionPlan plan = longPlan(4500, 4100);
  plan.masks = {test::mask("causal", {{"offset", 20}})};
  const Field seen = test::field(attended(plan, true), Stage::weights);
  const Field bare = test::field(attended(plan, false), Stage::weights);
  ASSERT_TRUE(seen.columnSumsAreSampled());
  ASSERT_FALSE(bare.columnSumsAreSampled());
  const auto got = seen.columnSums(pool);
  const auto wanted = bare.columnSums(pool);
  double total = 0;
  for (std::size_t j = 0; j < got.size(); ++j) total += got[j];
  EXPECT_NEAR(total, 4500, 5);
  for (std::size_t first = 0; first + 16 <= got.size(); first += 16) {
    double a = 0;
    double b = 0;
    for (std::size_t j = first; j < first + 16; ++j) {
      a += got[j];
      b += wanted[j];
    }
    EXPECT_NEAR(a, b, 2e-3 * b);
  }
}

TEST(MostCells, LeavesOutStatisticsThatCannotBeShared) {
  ThreadPool pool(1);
  const AttentionPlan plan = longPlan(40, 50);
  const auto bare = attend(plan, nullptr, pool, {.mostCells = 1999});
  ASSERT_TRUE(bare.ok());
  EXPECT_FALSE((*bare)->statistics);
  EXPECT_FALSE((*bare)->outputs);
  const auto whole = attend(plan, bare->get(), pool, {.mostCells = 2000});
  ASSERT_TRUE(whole.ok());
  EXPECT_TRUE((*whole)->statistics);
  EXPECT_TRUE((*whole)->outputs);
  EXPECT_EQ((*whole)->projected.value, (*bare)->projected.value);
  const auto shared = attend(plan, whole->get(), pool, {.mostCells = 1999});
  ASSERT_TRUE(shared.ok());
  EXPECT_EQ((*shared)->statistics.value, (*whole)->statistics.value);
  EXPECT_EQ((*shared)->outputs.value, (*whole)->outputs.value);
}

TEST(FieldStatistics, OfRowsWithoutNumbersComeFromAFewRows) {
  ThreadPool pool(2);
  AttentionPlan plan = longPlan(4200, 4100);
  plan.masks = {test::mask("causal")};
  const auto bare = attend(plan, nullptr, pool, {.statistics = false});
  ASSERT_TRUE(bare.ok());
  const FieldStatistics few = test::field(*bare, Stage::weights).statistics(pool);
  const FieldStatistics all = test::field(attended(plan, false), Stage::weights).statistics(pool);
  EXPECT_TRUE(few.sampled);
  EXPECT_EQ(few.masked, all.masked);
  EXPECT_LE(few.maximum, all.maximum);
  EXPECT_GT(few.maximum, 0);
  EXPECT_NEAR(few.sorted[2048], all.sorted[2048], 0.2 * static_cast<double>(all.sorted[2048]));
}

TEST(FieldStatistics, OfManyCellsSampleTheWeightsOfEmptyRowsToo) {
  ThreadPool pool(2);
  AttentionPlan plan = longPlan(4100, 4100);
  plan.masks = {test::mask("causal", {{"offset", -2050}})};
  plan.emptyRow = EmptyRow::uniform;
  const FieldStatistics got = test::field(test::run(plan), Stage::weights).statistics(pool);
  ASSERT_TRUE(got.sampled);
  // 2050 rows keep nothing and hold 1/Tk in all 4100 cells, the others keep 2050 · 2051 ÷ 2 cells together.
  EXPECT_EQ(got.masked, std::int64_t{4100} * 2050 - std::int64_t{2050} * 2051 / 2);
  EXPECT_EQ(got.sorted[1024], 1.0f / 4100);
}

TEST(Progress, OnlyGrowsAndReachesOne) {
  ThreadPool pool(3);
  AttentionPlan plan = longPlan(3000, 3000);
  std::mutex mutex;
  std::vector<double> shares;
  const auto note = [&](double share) {
    const std::lock_guard lock(mutex);
    shares.push_back(share);
  };
  for (const bool overview : {false, true}) {
    shares.clear();
    ASSERT_TRUE(attend(plan, nullptr, pool, {.overview = overview, .progress = note}).ok());
    ASSERT_GT(shares.size(), 5u);
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_GE(shares.front(), 0);
    EXPECT_EQ(shares.back(), 1);
  }
}

TEST(Progress, CancelledWorkStopsSoon) {
  using Clock = std::chrono::steady_clock;
  ThreadPool pool(2);
  const AttentionPlan plan = longPlan(60000, 60000);
  const Cancel cancel = Cancel::make();
  std::atomic<Clock::rep> asked = 0;
  const auto stop = [&](double share) {
    if (share < 0.02 || cancel.requested()) return;
    asked = Clock::now().time_since_epoch().count();
    cancel.request();
  };
  const auto made = attend(plan, nullptr, pool, {.cancel = cancel, .progress = stop});
  const double late =
      std::chrono::duration<double>(Clock::now().time_since_epoch() - Clock::duration(asked.load())).count();
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::cancelled);
  EXPECT_LT(late, 1);
}

/// What is shown of a pass under way stays as it is in the end; nothing is said of the rest.
TEST(OverviewSight, ShowsRowsThatDoNotChangeAnyMore) {
  const AttentionPlan plan = longPlan(1000, 900);
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    std::mutex mutex;
    std::vector<Tile> tiles;
    std::vector<std::int64_t> counts;
    AttendOptions options;
    options.overview = true;
    const auto bare = attend(plan, nullptr, pool, {.statistics = false});
    ASSERT_TRUE(bare);
    options.sight.seconds = 0;
    options.sight.show = [&](auto overviews, auto rows) {
      auto run = std::make_shared<headlight::Run>(**bare);
      EXPECT_FALSE(run->overviews);
      run->overviews.value = overviews;
      run->overviewRows = rows;
      const std::shared_ptr<const headlight::Run> seen = run;
      const Field field = test::field(seen, Stage::weights, 0);
      EXPECT_FALSE(field.columnSumsAreSampled());
      const std::lock_guard lock(mutex);
      EXPECT_EQ(rows->count, std::count(rows->made.begin(), rows->made.end(), 1));
      counts.push_back(rows->count);
      tiles.push_back(field.tile(overviews->grid.level + 1, 0, 0));
    };
    const auto whole = attend(plan, nullptr, pool, options);
    ASSERT_TRUE(whole);
    ASSERT_FALSE((*whole)->overviewRows);
    ASSERT_GT(tiles.size(), 5u);
    EXPECT_TRUE(std::is_sorted(counts.begin(), counts.end()));
    const OverviewGrid grid = (*whole)->overviews->grid;
    const Tile last = test::field(*whole, Stage::weights, 0).tile(grid.level + 1, 0, 0);
    std::size_t parts = 0;
    for (const Tile& tile : tiles) {
      std::int64_t known = 0;
      for (std::size_t p = 0; p < tile.classes.size(); ++p) {
        if (tile.classes[p] == static_cast<std::uint8_t>(CellClass::notComputed)) continue;
        ++known;
        ASSERT_EQ(tile.classes[p], last.classes[p]);
        ASSERT_EQ(tile.extreme[p], last.extreme[p]);
        ASSERT_EQ(tile.mean[p], last.mean[p]);
      }
      EXPECT_EQ(known % tile.cols, 0) << "whole rows";
      parts += static_cast<std::size_t>(known > 0 && known < tile.rows * tile.cols);
    }
    EXPECT_GT(parts, 0u);
  }
}

// Nothing is taken over from what was only seen in part.
TEST(OverviewSight, IsNotWhatLaterRunsBeginWith) {
  const AttentionPlan plan = longPlan(300, 300);
  const auto whole = attended(plan, true);
  auto run = std::make_shared<headlight::Run>(*whole);
  run->statistics.value = nullptr;
  auto rows = std::make_shared<OverviewRows>();
  rows->made.assign(static_cast<std::size_t>(whole->sizes.heads * whole->overviews->grid.rows), 0);
  run->overviewRows = rows;
  ThreadPool pool(2);
  const auto next = attend(plan, run.get(), pool, {.overview = true});
  ASSERT_TRUE(next);
  EXPECT_FALSE((*next)->overviewRows);
  EXPECT_NE((*next)->overviews.value, whole->overviews.value);
}

}  // namespace
}  // namespace headlight
