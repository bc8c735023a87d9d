// Every kind of mask against keep(i, j) as the contract has it, and the counts of the golden G-3.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mask_checks.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using Index = std::int64_t;
using test::compile;
using test::expectKeeps;
using test::Keep;
using test::keptCounts;
using test::mask;
using test::reasonOf;

struct Sizes2 {
  Index queries;
  Index keys;
};
constexpr std::array kSizes{Sizes2{1, 1},  Sizes2{7, 7}, Sizes2{13, 13}, Sizes2{5, 11},
                            Sizes2{11, 5}, Sizes2{1, 9}, Sizes2{9, 1}};

void expectEverywhere(const Kinded& entry, const Keep& keep) {
  for (const auto& [queries, keys] : kSizes) {
    SCOPED_TRACE(entry.kind + Value(entry.keys).json() + " " + std::to_string(queries) + " × " +
                 std::to_string(keys));
    expectKeeps(*compile({entry}, queries, keys), keep);
  }
}

TEST(MaskKinds, Dilated) {
  for (const Index reach : {0, 1, 2, 5, 1048576}) {
    for (const Index step : {1, 2, 3, 7, 1048576}) {
      expectEverywhere(mask("dilated", {{"reach", reach}, {"step", step}}), [&](Index i, Index j) {
        return (i - j) % step == 0 && std::abs(i - j) <= reach * step;
      });
    }
  }
}

TEST(MaskKinds, Prefix) {
  for (const Index length : {0, 1, 3, 6, 50}) {
    expectEverywhere(mask("prefix", {{"length", length}}),
                     [&](Index i, Index j) { return j <= i || j < length; });
  }
}

TEST(MaskKinds, Documents) {
  test::Numbers numbers(5);
  for (const auto& [queries, keys] : kSizes) {
    for (int round = 0; round < 5; ++round) {
      List ids;
      for (Index n = 0; n < std::max(queries, keys); ++n) ids.emplace_back(numbers.whole(0, 2));
      expectKeeps(*compile({mask("documents", {{"ids", ids}})}, queries, keys), [&](Index i, Index j) {
        return ids[static_cast<std::size_t>(i)] == ids[static_cast<std::size_t>(j)];
      });
    }
  }
}

TEST(MaskKinds, Chunked) {
  for (const Index size : {1, 2, 3, 5, 40}) {
    expectEverywhere(mask("chunked", {{"size", size}}),
                     [&](Index i, Index j) { return i / size == j / size; });
  }
}

TEST(MaskKinds, Strided) {
  for (const Index stride : {1, 2, 4, 40}) {
    expectEverywhere(mask("strided", {{"stride", stride}}),
                     [&](Index i, Index j) { return j <= i && (i - j) % stride == 0; });
  }
}

TEST(MaskKinds, Fixed) {
  for (const Index stride : {1, 3, 4, 40}) {
    for (Index summary = 1; summary <= std::min<Index>(stride, 4); ++summary) {
      expectEverywhere(mask("fixed", {{"stride", stride}, {"summary", summary}}), [&](Index i, Index j) {
        return j <= i && (i / stride == j / stride || j % stride >= stride - summary);
      });
    }
  }
}

TEST(MaskKinds, Block) {
  test::Numbers numbers(6);
  for (const auto& [queries, keys] : kSizes) {
    for (const Index size : {1, 2, 3, 20}) {
      List layout;
      for (Index r = 0; r < (queries + size - 1) / size; ++r) {
        List row;
        for (Index c = 0; c < (keys + size - 1) / size; ++c) row.emplace_back(numbers.chance(0.5) ? 1 : 0);
        layout.emplace_back(std::move(row));
      }
      const Kinded entry = mask("block", {{"size", size}, {"layout", layout}});
      expectKeeps(*compile({entry}, queries, keys), [&](Index i, Index j) {
        const List& row = layout[static_cast<std::size_t>(i / size)].list();
        return row[static_cast<std::size_t>(j / size)] == Value(1);
      });
    }
  }
}

TEST(MaskKinds, Sinks) {
  for (const Index count : {0, 1, 2, 30}) {
    for (const Index window : {1, 2, 3, 30}) {
      expectEverywhere(mask("sinks", {{"count", count}, {"window", window}}),
                       [&](Index i, Index j) { return j <= i && (j < count || i - j < window); });
    }
  }
}

TEST(MaskKinds, Longformer) {
  test::Numbers numbers(7);
  for (const auto& [queries, keys] : kSizes) {
    for (const Index window : {2, 4, 30}) {
      List list;
      std::vector<bool> global(static_cast<std::size_t>(std::max(queries, keys)), false);
      for (int n = 0; n < 3; ++n) {
        const Index index = numbers.whole(0, std::max(queries, keys) - 1);
        list.emplace_back(index);
        global[static_cast<std::size_t>(index)] = true;
      }
      const Kinded entry = mask("longformer", {{"window", window}, {"global", list}});
      expectKeeps(*compile({entry}, queries, keys), [&](Index i, Index j) {
        return std::abs(i - j) <= window / 2 || global[static_cast<std::size_t>(i)] ||
               global[static_cast<std::size_t>(j)];
      });
    }
  }
  expectEverywhere(mask("longformer", {{"window", 2}}),
                   [](Index i, Index j) { return std::abs(i - j) <= 1; });
}

TEST(MaskKinds, Cells) {
  const Kinded entry =
      mask("cells", {{"drop", List{List{3, 1}, List{0, 0}, List{3, 4}, List{3, 2}, List{0, 0}}}});
  expectKeeps(*compile({entry}, 5, 5), [](Index i, Index j) {
    return !(i == 0 && j == 0) && !(i == 3 && (j == 1 || j == 2 || j == 4));
  });
  expectEverywhere(mask("cells"), [](Index, Index) { return true; });
}

TEST(MaskKinds, CountsOfG3) {
  const Kinded causal = mask("causal");
  EXPECT_THAT(keptCounts(*compile({mask("prefix", {{"length", 3}})}, 8, 8)),
              ElementsAre(3, 3, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(keptCounts(*compile({causal, mask("chunked", {{"size", 3}})}, 8, 8)),
              ElementsAre(1, 2, 3, 1, 2, 3, 1, 2));
  EXPECT_THAT(keptCounts(*compile({causal, mask("dilated", {{"reach", 2}, {"step", 2}})}, 8, 8)),
              ElementsAre(1, 1, 2, 2, 3, 3, 3, 3));
  EXPECT_THAT(keptCounts(*compile({mask("fixed", {{"stride", 4}, {"summary", 1}})}, 8, 8)),
              ElementsAre(1, 2, 3, 4, 2, 3, 4, 5));
  EXPECT_THAT(keptCounts(*compile({mask("strided", {{"stride", 4}})}, 8, 8)),
              ElementsAre(1, 1, 1, 1, 2, 2, 2, 2));
  EXPECT_THAT(keptCounts(*compile({mask("sinks", {{"count", 2}, {"window", 3}})}, 8, 8)),
              ElementsAre(1, 2, 3, 4, 5, 5, 5, 5));
  EXPECT_THAT(keptCounts(*compile({mask("longformer", {{"window", 4}, {"global", List{0}}})}, 10, 10)),
              ElementsAre(10, 4, 5, 6, 6, 6, 6, 6, 5, 4));
}

TEST(MaskKinds, Assertion19SlidingWindowKeepsItselfAndTwoBefore) {
  const auto plan = compile({mask("window", {{"left", 2}, {"right", 0}})}, 6, 6);
  EXPECT_THAT(keptCounts(*plan), ElementsAre(1, 2, 3, 3, 3, 3));
  EXPECT_FALSE(plan->keeps(0, 5, 2));
  EXPECT_TRUE(plan->keeps(0, 5, 3));
  EXPECT_TRUE(plan->keeps(0, 5, 5));
  EXPECT_FALSE(plan->keeps(0, 4, 5));
}

TEST(MaskKinds, BigBirdOfShortSequencesKeepsAll) {
  const Kinded entry = mask("bigbird", {{"block", 2}, {"random", 1}});
  EXPECT_TRUE(compile({entry}, 14, 14)->keepsAll());
  EXPECT_FALSE(compile({entry}, 15, 15)->keepsAll());
  EXPECT_TRUE(compile({mask("bigbird")}, 704, 704)->keepsAll());
  EXPECT_FALSE(compile({mask("bigbird")}, 705, 705)->keepsAll());
}

TEST(MaskKinds, BigBirdBlocksSeeEndsNeighboursAndRandomOnes) {
  for (const Index length : {31, 32, 45, 100}) {
    for (const Index block : {1, 2, 3}) {
      for (const Index random : {0, 1, 2}) {
        if (length <= (5 + 2 * random) * block) continue;
        const auto plan = compile({mask("bigbird", {{"block", block}, {"random", random}})}, length, length);
        const Index count = (length + block - 1) / block;
        for (Index q = 0; q < count; ++q) {
          Index seen = 0;
          for (Index k = 0; k < count; ++k) {
            const bool kept = plan->keeps(0, q * block, k * block);
            seen += kept ? 1 : 0;
            const bool always = q == 0 || q == count - 1 || k == 0 || k == count - 1 || std::abs(q - k) <= 1;
            EXPECT_TRUE(kept || !always) << q << ", " << k;
            // A block is kept or dropped as a whole.
            for (Index i = q * block; i < std::min((q + 1) * block, length); ++i) {
              for (Index j = k * block; j < std::min((k + 1) * block, length); ++j) {
                ASSERT_EQ(plan->keeps(0, i, j), kept);
                ASSERT_EQ(plan->droppedBy(0, i, j) < 0, kept);
              }
            }
          }
          const bool atEnd = q == 1 || q == count - 2;
          EXPECT_EQ(seen, q == 0 || q == count - 1 ? count : (atEnd ? 4 : 5) + random) << q;
        }
      }
    }
  }
}

TEST(MaskKinds, BigBirdIsNamedByItsSeed) {
  const auto runs = [](Index seed) {
    const auto plan = compile({mask("bigbird", {{"block", 2}, {"random", 2}, {"seed", seed}})}, 64, 64);
    std::vector<KeyRun> all;
    for (Index i = 0; i < 64; ++i) {
      for (const KeyRun& run : plan->runs(0, i)) all.push_back(run);
    }
    return all;
  };
  EXPECT_EQ(runs(1), runs(1));
  EXPECT_NE(runs(1), runs(2));
  EXPECT_FALSE(compile({mask("bigbird", {{"block", 2}})}, MaskContext{.queries = 40, .keys = 40, .heads = 4})
                   ->perHead());
}

TEST(MaskKinds, BigBirdDrawsEveryBlockAboutEquallyOften) {
  std::vector<int> drawn(32, 0);
  for (Index seed = 0; seed < 400; ++seed) {
    const auto plan = compile({mask("bigbird", {{"block", 1}, {"random", 3}, {"seed", seed}})}, 32, 32);
    for (Index j = 0; j < 32; ++j) drawn[static_cast<std::size_t>(j)] += plan->keeps(0, 15, j) ? 1 : 0;
  }
  for (Index j = 1; j < 31; ++j) {
    if (std::abs(j - 15) <= 1) continue;
    // 400 draws of 3 out of 27: 44 each, deviation 6.3.
    EXPECT_NEAR(drawn[static_cast<std::size_t>(j)], 44.4, 27) << j;
  }
}

TEST(MaskKinds, PaddingListsOfABatch) {
  const Kinded entry = mask("padding", {{"keep", List{List{1, 1, 0}, List{true, false, true}}}});
  for (const int batch : {0, 1}) {
    const auto plan = compile({entry}, {.queries = 2, .keys = 3, .batch = batch, .batches = 2});
    expectKeeps(*plan, [&](Index, Index j) { return j != (batch == 0 ? 2 : 1); });
  }
}

TEST(MaskKinds, EntriesByChanceAreKeptTogether) {
  test::Numbers numbers(8);
  for (int round = 0; round < 60; ++round) {
    const Index queries = numbers.whole(1, 20);
    const Index keys = numbers.whole(1, 20);
    const Index stride = numbers.whole(1, 4);
    const Index length = numbers.whole(0, 8);
    const Index size = numbers.whole(1, 9);
    const bool right = numbers.chance(0.5);
    const Index left = numbers.whole(0, 9);
    const std::vector<Kinded> entries{
        mask("prefix", {{"length", length}}), mask("dilated", {{"reach", 4}, {"step", stride}}),
        mask("window", {{"left", left}, {"align", right ? "bottom_right" : "top_left"}}),
        mask("chunked", {{"size", size}})};
    const Index shift = right ? keys - queries : 0;
    expectKeeps(*compile(entries, queries, keys), [&](Index i, Index j) {
      return (j <= i || j < length) && (i - j) % stride == 0 && std::abs(i - j) <= 4 * stride &&
             i + shift - left <= j && i / size == j / size;
    });
  }
}

TEST(MaskKinds, ExtraKeysAreKeptByEveryKind) {
  for (const MaskKind& kind : maskKinds()) {
    if (needsFile(kind)) continue;
    Kinded entry = mask(std::string(kind.spec.kind));
    if (kind.start != nullptr) kind.start(entry, 30, 30);
    const auto plan = compile({entry}, {.queries = 30, .keys = 30, .extraKeys = 2});
    EXPECT_EQ(plan->keys(), 32);
    for (Index i = 0; i < 30; ++i) {
      EXPECT_TRUE(plan->keeps(0, i, 30) && plan->keeps(0, i, 31)) << kind.spec.kind;
      EXPECT_EQ(plan->droppedBy(0, i, 31), -1);
    }
  }
}

TEST(MaskKinds, LongSequencesAreCompiledWithFewRuns) {
  constexpr Index kLength = 131072;
  List ids;
  for (Index n = 0; n < kLength; ++n) ids.emplace_back(n / 1000);
  const std::vector<Kinded> kinds{mask("causal"),
                                  mask("window", {{"left", 4095}, {"right", 0}}),
                                  mask("documents", {{"ids", ids}}),
                                  mask("prefix", {{"length", 100}}),
                                  mask("chunked", {{"size", 8192}}),
                                  mask("longformer", {{"window", 512}, {"global", List{0, 1, 9, 77}}}),
                                  mask("sinks", {{"count", 4}, {"window", 1024}}),
                                  mask("bigbird")};
  for (const Kinded& entry : kinds) {
    const auto plan = compile({entry, mask("causal")}, kLength, kLength);
    EXPECT_TRUE(plan->keeps(0, kLength - 1, kLength - 1)) << entry.kind;
    EXPECT_FALSE(plan->keeps(0, 5, 6)) << entry.kind;
  }
}

TEST(MaskKinds, TooManyPiecesAreRefused) {
  const std::vector<Kinded> entries{mask("strided", {{"stride", 2}})};
  const auto plan = MaskPlan::compile(entries, {.queries = 131072, .keys = 131072});
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().where, "mask");
  EXPECT_THAT(plan.error().what, testing::HasSubstr("33554432"));
}

TEST(MaskKinds, ReasonsSayTheNumbers) {
  EXPECT_EQ(reasonOf({mask("dilated", {{"reach", 2}, {"step", 3}})}, 12, 1, 6),
            "|1 − 6| = 5 is no multiple of the step 3");
  EXPECT_EQ(reasonOf({mask("dilated", {{"reach", 2}, {"step", 3}})}, 12, 1, 10),
            "|1 − 10| = 9 > reach 2 × step 3");
  EXPECT_EQ(reasonOf({mask("prefix", {{"length", 3}})}, 12, 4, 9),
            "key 9 > query 4 and is not among the first 3");
  EXPECT_EQ(reasonOf({mask("documents", {{"ids", List{0, 0, 4, 4}}})}, 4, 1, 2),
            "query 1 is in document 0, key 2 in document 4");
  EXPECT_EQ(reasonOf({mask("chunked", {{"size", 3}})}, 12, 4, 9), "query 4 is in chunk 1, key 9 in chunk 3");
  EXPECT_EQ(reasonOf({mask("strided", {{"stride", 4}})}, 12, 9, 2),
            "9 − 2 = 7 is no multiple of the stride 4");
  EXPECT_EQ(reasonOf({mask("strided", {{"stride", 4}})}, 12, 2, 6), "key 6 > query 2");
  EXPECT_EQ(reasonOf({mask("fixed", {{"stride", 4}, {"summary", 1}})}, 12, 9, 2),
            "key 2 is in block 0, query 9 in block 2, and the key's place 2 is not among the last 1 of 4");
  EXPECT_EQ(reasonOf({mask("block", {{"size", 2}, {"layout", List{List{1, 0}, List{1, 1}}}})}, 4, 1, 3),
            "query block 0 does not see key block 1");
  EXPECT_EQ(reasonOf({mask("sinks", {{"count", 2}, {"window", 3}})}, 12, 9, 4),
            "key 4 is not among the first 2, and 9 − 4 ≥ window 3");
  EXPECT_EQ(reasonOf({mask("longformer", {{"window", 4}, {"global", List{0}}})}, 12, 9, 4),
            "|9 − 4| > 4 ÷ 2, and neither of them is global");
  EXPECT_EQ(reasonOf({mask("cells", {{"drop", List{Value(List{7, 9})}}})}, 12, 7, 9),
            "the cell of query 7 and key 9 is dropped by hand");
}

}  // namespace
}  // namespace headlight
