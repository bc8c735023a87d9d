#include "core/attention/mask/mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/mask/runs.h"
#include "mask_checks.h"
#include "plans.h"

namespace headlight {
namespace {

using test::compile;
using test::expectKeeps;
using test::mask;
using test::refusal;

TEST(Mask, WithoutEntriesKeepsAll) {
  const auto plan = compile({}, 3, 5);
  expectKeeps(*plan, [](auto, auto) { return true; });
  EXPECT_THAT(plan->runs(0, 2), testing::ElementsAre(KeyRun{0, 5}));
}

TEST(Mask, CausalBothWaysWithOffset) {
  for (const std::int64_t queries : {1, 4, 7}) {
    for (const std::int64_t keys : {1, 4, 9}) {
      for (const std::int64_t offset : {-3, -1, 0, 2}) {
        const Value at(offset);
        expectKeeps(*compile({mask("causal", {{"offset", at}})}, queries, keys),
                    [&](auto i, auto j) { return j <= i + offset; });
        expectKeeps(*compile({mask("causal", {{"offset", at}, {"align", "bottom_right"}})}, queries, keys),
                    [&](auto i, auto j) { return j <= i + keys - queries + offset; });
      }
    }
  }
}

TEST(Mask, WindowBoundsMayBeAbsent) {
  expectKeeps(*compile({mask("window", {{"left", 2}, {"right", 1}})}, 6, 6),
              [](auto i, auto j) { return i - 2 <= j && j <= i + 1; });
  expectKeeps(*compile({mask("window", {{"left", nullptr}, {"right", 0}})}, 6, 6),
              [](auto i, auto j) { return j <= i; });
  expectKeeps(*compile({mask("window", {{"left", 1}, {"align", "bottom_right"}})}, 3, 6),
              [](auto i, auto j) { return i + 3 - 1 <= j; });
  expectKeeps(*compile({mask("window")}, 3, 6), [](auto, auto) { return true; });
}

TEST(Mask, SlidingWindowOfThreeKeepsTheCountsOfG3) {
  const auto plan = compile({mask("window", {{"left", 2}, {"right", 0}})}, 6, 6);
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < 6; ++i) counts.push_back(plan->kept(0, i));
  EXPECT_THAT(counts, testing::ElementsAre(1, 2, 3, 3, 3, 3));
}

TEST(Mask, PaddingFromTokensAndFromAList) {
  const std::vector<bool> padded{false, true, false, true, true};
  expectKeeps(*compile({mask("padding")}, 2, 5, padded),
              [&](auto, auto j) { return !padded[static_cast<std::size_t>(j)]; });
  expectKeeps(*compile({mask("padding")}, 2, 5), [](auto, auto) { return true; });
  expectKeeps(*compile({mask("padding", {{"keep", Value(List{0, 1, true, false, 1})}})}, 2, 5),
              [](auto, auto j) { return j == 1 || j == 2 || j == 4; });
}

TEST(Mask, APairIsKeptWhenEveryEntryKeepsIt) {
  const auto plan = compile({mask("causal"), mask("window", {{"left", 3}}), mask("padding")}, 8, 8,
                            {false, false, true, false, false, false, true, false});
  expectKeeps(*plan, [](auto i, auto j) { return j <= i && i - 3 <= j && j != 2 && j != 6; });
  EXPECT_EQ(plan->droppedBy(0, 1, 5), 0);
  EXPECT_EQ(plan->droppedBy(0, 7, 0), 1);
  EXPECT_EQ(plan->droppedBy(0, 7, 6), 2);
}

TEST(Mask, SaysWhy) {
  const auto reason = [](const std::vector<Kinded>& entries, std::int64_t i, std::int64_t j) {
    std::string words;
    compile(entries, 12, 12, std::vector<bool>(12, true))->droppedBy(0, i, j, &words);
    return words;
  };
  EXPECT_EQ(reason({mask("causal")}, 7, 9), "key 9 > query 7");
  EXPECT_EQ(reason({mask("causal", {{"offset", 1}})}, 7, 9), "key 9 > query 7 + 1");
  EXPECT_EQ(reason({mask("causal", {{"offset", -1}})}, 7, 7), "key 7 > query 7 − 1");
  EXPECT_EQ(reason({mask("window", {{"left", 2}, {"right", 1}})}, 5, 2),
            "key 2 is outside the window 3 ≤ j ≤ 6 of query 5");
  EXPECT_EQ(reason({mask("window", {{"right", 1}})}, 5, 8), "key 8 is outside the window j ≤ 6 of query 5");
  EXPECT_EQ(reason({mask("padding")}, 5, 10), "key 10 is padding");
}

TEST(Mask, RefusesWithTheJsonPath) {
  EXPECT_EQ(refusal(mask("padding", {{"keep", Value(List{1, 0})}})).where, "mask[1].keep");
  EXPECT_THAT(refusal(mask("padding", {{"keep", Value(List{1, 0})}})).what,
              testing::AllOf(testing::HasSubstr("list of 2"), testing::HasSubstr("7 keys")));
  EXPECT_EQ(refusal(mask("padding", {{"keep", Value(List{1, 0, 1, 2, 1, 1, 1})}})).where, "mask[1].keep[3]");
  EXPECT_EQ(refusal(mask("padding", {{"keep", "from_token"}})).where, "mask[1].keep");
  EXPECT_EQ(refusal(mask("causal", {{"align", "left"}})).where, "mask[1].align");
  EXPECT_EQ(refusal(mask("causal", {{"offset", 1.5}})).where, "mask[1].offset");
  const Error unknown = refusal(mask("casual"));
  EXPECT_EQ(unknown.where, "mask[1].kind");
  EXPECT_THAT(unknown.hint, testing::HasSubstr("causal"));
}

TEST(Mask, APatternThatRepeatsIsStoredOnce) {
  List keep;
  for (int j = 0; j < 20000; ++j) keep.emplace_back(j % 2);
  // 10,000 runs in each of 20,000 rows would be far above what is held.
  const auto plan = compile({mask("padding", {{"keep", Value(keep)}})}, 20000, 20000);
  EXPECT_EQ(plan->keptCells(0), 20000 * 10000);
  EXPECT_TRUE(plan->keeps(0, 19999, 1));
  EXPECT_FALSE(plan->keeps(0, 19999, 2));
}

TEST(Mask, TooManyPiecesAreRefused) {
  List keep;
  for (int j = 0; j < 20000; ++j) keep.emplace_back(j % 2);
  const std::vector<Kinded> entries{mask("causal"), mask("padding", {{"keep", Value(keep)}})};
  const auto plan = MaskPlan::compile(entries, {20000, 20000, {}});
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().where, "mask");
}

TEST(Mask, RunsAgainstSetsOfKeys) {
  test::Numbers numbers(3);
  for (int round = 0; round < 200; ++round) {
    const auto random = [&] {
      std::vector<KeyRun> runs;
      for (std::int64_t at = numbers.whole(0, 4); at < 30;) {
        const std::int64_t end = at + numbers.whole(1, 5);
        runs.push_back({at, end});
        at = end + numbers.whole(1, 5);
      }
      return runs;
    };
    const auto has = [](const std::vector<KeyRun>& runs, std::int64_t j) {
      return std::any_of(runs.begin(), runs.end(),
                         [&](const KeyRun& run) { return run.begin <= j && j < run.end; });
    };
    const auto a = random();
    const auto b = random();
    const auto both = intersection(a, b);
    const auto left = difference(a, b);
    const std::int64_t from = numbers.whole(0, 20);
    const std::int64_t to = from + numbers.whole(0, 20);
    std::vector<bool> visited(64, false);
    forEachInside(a, from, to, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t j = begin; j < end; ++j) visited[static_cast<std::size_t>(j)] = true;
    });
    for (std::int64_t j = 0; j < 40; ++j) {
      EXPECT_EQ(has(both, j), has(a, j) && has(b, j));
      EXPECT_EQ(has(left, j), has(a, j) && !has(b, j));
      EXPECT_EQ(visited[static_cast<std::size_t>(j)], has(a, j) && from <= j && j < to);
    }
  }
}

}  // namespace
}  // namespace headlight
