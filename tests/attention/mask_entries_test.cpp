// What the window and the reader ask of an entry: refusals, sentences, first values, lists that follow the
// sequence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mask_checks.h"
#include "plans.h"

namespace headlight {
namespace {

using Index = std::int64_t;
using test::compile;
using test::mask;
using test::refusal;
using testing::HasSubstr;

Kinded fitted(Kinded entry, Index queries, Index keys) {
  maskKind(entry.kind)->fit(entry, queries, keys);
  return entry;
}

TEST(MaskEntries, EveryKindHasWordsForItsParts) {
  for (const MaskKind& kind : maskKinds()) {
    EXPECT_FALSE(kind.spec.label.empty());
    EXPECT_FALSE(kind.spec.help.empty());
    for (const KeySpec& key : kind.spec.keys) EXPECT_FALSE(key.help.empty()) << key.name;
    EXPECT_EQ(maskKind(kind.spec.kind), &kind);
  }
  EXPECT_EQ(maskKinds().size(), 15u);
}

TEST(MaskEntries, EveryKindStartsValidAndStaysSoWhenTheSequenceChanges) {
  for (const MaskKind& kind : maskKinds()) {
    if (needsFile(kind)) continue;
    for (const Index first : {1, 2, 3, 11, 200}) {
      Kinded entry = mask(std::string(kind.spec.kind));
      if (kind.start != nullptr) kind.start(entry, first, first);
      EXPECT_FALSE(kind.sentence(entry).empty());
      for (const Index length : {first, Index{1}, Index{17}, Index{4}}) {
        if (kind.fit != nullptr) kind.fit(entry, length, length);
        const auto plan = MaskPlan::compile(std::vector<Kinded>{entry}, {.queries = length, .keys = length});
        ASSERT_TRUE(plan.ok()) << plan.error().text();
        if (kind.spec.kind == "bigbird") continue;
        if (kind.fit != nullptr) kind.fit(entry, length, length + 3);
        const auto cross =
            MaskPlan::compile(std::vector<Kinded>{entry}, {.queries = length, .keys = length + 3});
        ASSERT_TRUE(cross.ok()) << cross.error().text();
      }
    }
  }
}

TEST(MaskEntries, WhatIsAddedInTheWindowDropsSomething) {
  for (const MaskKind& kind : maskKinds()) {
    if (kind.start == nullptr) continue;
    Kinded entry = mask(std::string(kind.spec.kind));
    kind.start(entry, 12, 12);
    EXPECT_FALSE(compile({entry}, 12, 12)->keepsAll()) << kind.spec.kind;
  }
}

TEST(MaskEntries, OnlyTheMaskOfAFileNeedsOne) {
  for (const MaskKind& kind : maskKinds()) EXPECT_EQ(needsFile(kind), kind.spec.kind == "tensor");
}

TEST(MaskEntries, NewTokensJoinTheLastDocument) {
  const Kinded entry = mask("documents", {{"ids", List{0, 1, 1}}});
  EXPECT_EQ(*fitted(entry, 5, 5).find("ids"), Value(List{0, 1, 1, 1, 1}));
  EXPECT_EQ(*fitted(entry, 2, 2).find("ids"), Value(List{0, 1}));
  EXPECT_EQ(*fitted(entry, 2, 4).find("ids"), Value(List{0, 1, 1, 1}));
}

TEST(MaskEntries, NewBlocksAreKept) {
  const Kinded entry = mask("block", {{"size", 2}, {"layout", List{List{1, 0}, List{0, 1}}}});
  EXPECT_EQ(*fitted(entry, 5, 5).find("layout"), Value(List{List{1, 0, 1}, List{0, 1, 1}, List{1, 1, 1}}));
  EXPECT_EQ(*fitted(entry, 2, 3).find("layout"), Value(List{Value(List{1, 0})}));
}

TEST(MaskEntries, ALayoutOfVastSizeIsNotGrown) {
  const Kinded entry = mask("block", {{"size", 1}, {"layout", List{Value(List{1})}}});
  EXPECT_EQ(*fitted(entry, 1048576, 1048576).find("layout"), Value(List{Value(List{1})}));
}

TEST(MaskEntries, CellsAndGlobalTokensOutsideGo) {
  const Kinded cells = mask("cells", {{"drop", List{List{0, 4}, List{2, 1}, List{4, 0}}}});
  EXPECT_EQ(*fitted(cells, 3, 3).find("drop"), Value(List{Value(List{2, 1})}));
  EXPECT_EQ(*fitted(cells, 3, 5).find("drop"), Value(List{List{0, 4}, List{2, 1}}));
  const Kinded global = mask("longformer", {{"window", 2}, {"global", List{0, 7, 3}}});
  EXPECT_EQ(*fitted(global, 4, 4).find("global"), Value(List{0, 3}));
}

TEST(MaskEntries, PaddingListsOfABatchFollowTheKeys) {
  const Kinded entry = mask("padding", {{"keep", List{List{1, 0}, List{false, true}}}});
  EXPECT_EQ(*fitted(entry, 3, 3).find("keep"), Value(List{List{1, 0, 1}, List{false, true, true}}));
  EXPECT_EQ(*fitted(entry, 1, 1).find("keep"), Value(List{List{1}, List{false}}));
}

TEST(MaskEntries, KeysWithoutDefaultAreAskedFor) {
  const Error size = refusal(mask("chunked"));
  EXPECT_EQ(size.where, "mask[1].size");
  EXPECT_EQ(size.what, "found no size, accepted is an integer from 1 to 1048576");
  EXPECT_EQ(refusal(mask("dilated", {{"reach", 1}})).where, "mask[1].step");
  EXPECT_EQ(refusal(mask("prefix")).where, "mask[1].length");
  EXPECT_EQ(refusal(mask("documents")).where, "mask[1].ids");
  EXPECT_EQ(refusal(mask("strided")).where, "mask[1].stride");
  EXPECT_EQ(refusal(mask("fixed", {{"stride", 4}})).where, "mask[1].summary");
  EXPECT_EQ(refusal(mask("block", {{"size", 4}})).where, "mask[1].layout");
  EXPECT_EQ(refusal(mask("sinks", {{"window", 4}})).where, "mask[1].count");
  EXPECT_EQ(refusal(mask("longformer")).where, "mask[1].window");
  EXPECT_EQ(refusal(mask("tensor")).where, "mask[1].tensor");
  const Error meaning = refusal(mask("tensor", {{"tensor", "m.npy"}}));
  EXPECT_EQ(meaning.where, "mask[1].meaning");
  EXPECT_EQ(meaning.what, "found no meaning, accepted is \"keep\", \"drop\" or \"additive\"");
}

TEST(MaskEntries, ValuesOutsideTheirMeaningAreRefused) {
  EXPECT_EQ(refusal(mask("dilated", {{"reach", -1}, {"step", 1}})).where, "mask[1].reach");
  EXPECT_EQ(refusal(mask("dilated", {{"reach", 1}, {"step", 0}})).where, "mask[1].step");
  EXPECT_EQ(refusal(mask("prefix", {{"length", -1}})).where, "mask[1].length");
  EXPECT_EQ(refusal(mask("chunked", {{"size", 0}})).where, "mask[1].size");
  EXPECT_EQ(refusal(mask("chunked", {{"size", 2.5}})).where, "mask[1].size");
  EXPECT_EQ(refusal(mask("strided", {{"stride", 0}})).where, "mask[1].stride");
  EXPECT_EQ(refusal(mask("sinks", {{"count", -1}, {"window", 1}})).where, "mask[1].count");
  EXPECT_EQ(refusal(mask("sinks", {{"count", 0}, {"window", 0}})).where, "mask[1].window");
  EXPECT_EQ(refusal(mask("bigbird", {{"block", 0}})).where, "mask[1].block");
  EXPECT_EQ(refusal(mask("bigbird", {{"random", -1}})).where, "mask[1].random");
  EXPECT_EQ(refusal(mask("bigbird", {{"seed", -1}})).where, "mask[1].seed");
  const Error summary = refusal(mask("fixed", {{"stride", 4}, {"summary", 5}}));
  EXPECT_EQ(summary.where, "mask[1].summary");
  EXPECT_EQ(summary.what, "found 5, accepted is an integer from 1 to the stride, 4");
  const Error odd = refusal(mask("longformer", {{"window", 3}}));
  EXPECT_EQ(odd.where, "mask[1].window");
  EXPECT_THAT(odd.what, HasSubstr("even"));
}

TEST(MaskEntries, BigBirdNeedsAsManyQueriesAsKeys) {
  const Error error = refusal(mask("bigbird"), 5, 7);
  EXPECT_EQ(error.where, "mask[1]");
  EXPECT_EQ(error.what, "found 5 queries and 7 keys, accepted are as many queries as keys");
}

TEST(MaskEntries, ListsThatDoNotFitAreRefused) {
  const Error ids = refusal(mask("documents", {{"ids", List{0, 1}}}), 3, 5);
  EXPECT_EQ(ids.where, "mask[1].ids");
  EXPECT_EQ(ids.what, "found a list of 2, accepted is one id for each of the 5 tokens");
  EXPECT_EQ(refusal(mask("documents", {{"ids", List{0, -1, 0}}}), 3, 3).where, "mask[1].ids[1]");
  EXPECT_EQ(refusal(mask("documents", {{"ids", List{0, 1, "a"}}}), 3, 3).where, "mask[1].ids[2]");
  const Error layout = refusal(mask("block", {{"size", 2}, {"layout", List{Value(List{1, 1})}}}), 5, 3);
  EXPECT_EQ(layout.where, "mask[1].layout");
  EXPECT_EQ(layout.what, "found a layout of 1 × 2, accepted is 3 × 2: 5 queries and 3 keys in blocks of 2");
  EXPECT_EQ(refusal(mask("block", {{"size", 1}, {"layout", List{List{1, 2}, List{0, 1}}}}), 2, 2).where,
            "mask[1].layout[0][1]");
  EXPECT_EQ(refusal(mask("block", {{"size", 1}, {"layout", List{List{1, 1}, List{0}}}}), 2, 2).where,
            "mask[1].layout[1]");
  const Error cell = refusal(mask("cells", {{"drop", List{List{0, 0}, List{1, 7}}}}), 7, 7);
  EXPECT_EQ(cell.where, "mask[1].drop[1][1]");
  EXPECT_EQ(cell.what, "found 7, accepted is a key from 0 to 6");
  EXPECT_EQ(refusal(mask("cells", {{"drop", List{Value(List{-1, 0})}}})).where, "mask[1].drop[0][0]");
  EXPECT_EQ(refusal(mask("cells", {{"drop", List{Value(List{0, 0, 0})}}})).where, "mask[1].drop[0]");
  EXPECT_EQ(refusal(mask("cells", {{"drop", 3}})).where, "mask[1].drop");
  EXPECT_EQ(refusal(mask("longformer", {{"window", 2}, {"global", List{0, 7}}})).where, "mask[1].global[1]");
}

TEST(MaskEntries, PaddingOfABatchIsCheckedInEveryElement) {
  const MaskContext two{.queries = 3, .keys = 3, .batches = 2};
  const Error count = refusal(mask("padding", {{"keep", List{Value(List{1, 1, 1})}}}), two);
  EXPECT_EQ(count.where, "mask[1].keep");
  EXPECT_EQ(count.what, "found 1 list, accepted is one for each of the 2 elements of the batch");
  EXPECT_EQ(refusal(mask("padding", {{"keep", List{List{1, 1, 1}, List{1, 1}}}}), two).where,
            "mask[1].keep[1]");
  EXPECT_EQ(refusal(mask("padding", {{"keep", List{List{1, 1, 1}, List{1, 1, 3}}}}), two).where,
            "mask[1].keep[1][2]");
  EXPECT_EQ(refusal(mask("padding", {{"keep", List{List{1, 1, 1}, List{1, 1, 1}}}}), 3, 3).where,
            "mask[1].keep");
}

TEST(MaskEntries, SentencesSayWhatIsKept) {
  const auto sentence = [](const Kinded& entry) { return maskKind(entry.kind)->sentence(entry); };
  EXPECT_EQ(sentence(mask("dilated", {{"reach", 2}, {"step", 3}})),
            "each token attends to itself and to 2 tokens on each side, 3 places apart");
  EXPECT_EQ(sentence(mask("prefix", {{"length", 3}})),
            "each token attends to itself, to the tokens before it and to the first 3 tokens");
  EXPECT_EQ(sentence(mask("documents", {{"ids", List{0, 0, 1}}})),
            "each token attends to its own document, of 2 documents");
  EXPECT_EQ(sentence(mask("chunked", {{"size", 4}})), "each token attends to its own chunk of 4 tokens");
  EXPECT_EQ(sentence(mask("sinks", {{"count", 1}, {"window", 3}})),
            "each token attends to itself, to the 2 tokens before it and to the first token");
  EXPECT_EQ(sentence(mask("block", {{"size", 2}, {"layout", List{List{1, 0}, List{1, 1}}}})),
            "the map is cut into blocks of 2 × 2, and 3 of its 4 blocks are kept");
  EXPECT_EQ(sentence(mask("longformer", {{"window", 4}, {"global", List{0}}})),
            "each token attends to itself and to 2 on each side; token 0 sees all and is seen by all");
  EXPECT_EQ(sentence(mask("cells", {{"drop", List{Value(List{1, 2})}}})),
            "the cell (1, 2) of query and key is dropped by hand");
  EXPECT_EQ(sentence(mask("tensor", {{"tensor", "m.npy"}, {"meaning", "drop"}})),
            "each query attends to the keys that m.npy does not drop");
}

}  // namespace
}  // namespace headlight
