#include "core/experiment/edit_cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/json.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::experimentOf;

const char* const kFour = R"("tokens": {"text": "one two three four"}, "shape": {"d_model": 8, "heads": 2})";

/// Four tokens and what else is said.
Experiment fourWith(std::string_view rest) {
  std::string body = kFour;
  body.append(rest);
  return experimentOf(body);
}

Experiment made(Result<Experiment> result) {
  EXPECT_TRUE(result) << result.error().text();
  return result ? *result : Experiment();
}

/// What a file keeps of it is all of it.
void expectWritten(const Experiment& e) {
  const auto read = fromText(toText(e));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(read->experiment == e);
}

TEST(EditCells, ACellIsSetSetAgainAndReset) {
  const Experiment start = experimentOf(kFour);
  const Experiment once = made(withCell(start, "q", {1, 3, 0}, 2.5));
  ASSERT_EQ(once.edits.size(), 1u);
  EXPECT_EQ(editedValue(once, "q", {1, 3, 0}), 2.5);
  EXPECT_EQ(editedValue(once, "q", {0, 3, 0}), std::nullopt);
  expectWritten(once);
  const Experiment both = made(withCell(once, "input", {3, 7}, -1));
  const Experiment twice = made(withCell(both, "q", {1, 3, 0}, 7));
  ASSERT_EQ(twice.edits.size(), 2u) << "a cell has one edit";
  EXPECT_EQ(editedValue(twice, "q", {1, 3, 0}), 7);
  const Experiment less = made(withCell(twice, "q", {1, 3, 0}, std::nullopt));
  EXPECT_EQ(less.edits.size(), 1u);
  EXPECT_TRUE(made(withCell(less, "input", {3, 7}, std::nullopt)) == start);
}

TEST(EditCells, OfTwoEditsOfACellTheLaterCounts) {
  const Experiment e = fourWith(R"(, "edits": [{"stage": "q", "at": [0, 0, 0], "value": 1},
                                                   {"stage": "q", "at": [0, 0, 0], "value": 2}])");
  EXPECT_EQ(editedValue(e, "q", {0, 0, 0}), 2);
  EXPECT_EQ(made(withCell(e, "q", {0, 0, 0}, 3)).edits.size(), 1u);
  EXPECT_TRUE(made(withCell(e, "q", {0, 0, 0}, std::nullopt)).edits.empty());
}

TEST(EditCells, WhatIsNotThereIsRefused) {
  const Experiment e = experimentOf(kFour);
  EXPECT_FALSE(withCell(e, "weights", {0, 0, 0}, 1)) << "a result";
  EXPECT_FALSE(withCell(e, "q", {2, 0, 0}, 1)) << "two heads";
  EXPECT_FALSE(withCell(e, "q", {0, 0}, 1));
  EXPECT_FALSE(withCell(e, "memory", {0, 0}, 1)) << "there is none";
  EXPECT_TRUE(withCell(e, "w_o", {7, 7}, 1));
}

TEST(EditCells, ABlockIsDroppedAndRestored) {
  const Experiment start = fourWith(R"(, "mask": "causal")");
  const Experiment dropped = made(withBlock(start, {1, 3, 0, 2}, true));
  ASSERT_EQ(dropped.mask.size(), 2u);
  EXPECT_EQ(dropped.mask[1].find("drop")->json(), "[[1, 0], [1, 1], [2, 0], [2, 1]]");
  EXPECT_TRUE(isDroppedByHand(dropped, 2, 1));
  EXPECT_FALSE(isDroppedByHand(dropped, 0, 1)) << "causal drops it, no hand";
  expectWritten(dropped);
  const Experiment again = made(withBlock(dropped, {2, 4, 1, 2}, true));
  EXPECT_EQ(again.mask.size(), 2u) << "one mask of cells";
  EXPECT_EQ(again.mask[1].find("drop")->list().size(), 5u) << "none twice";
  const Experiment less = made(withBlock(again, {0, 4, 1, 2}, false));
  EXPECT_EQ(less.mask[1].find("drop")->json(), "[[1, 0], [2, 0]]");
  EXPECT_TRUE(made(withBlock(less, {0, 4, 0, 4}, false)) == start) << "an empty mask goes";
  EXPECT_TRUE(made(withBlock(start, {0, 4, 0, 4}, false)) == start);
}

TEST(EditCells, TooManyAreRefusedWithTheCure) {
  const Experiment e = experimentOf(R"("tokens": {"count": 4096}, "shape": {"d_model": 8, "heads": 2})");
  const auto all = withBlock(e, {0, 4096, 0, 4096}, true);
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().hint, testing::HasSubstr("causal"));
  const Experiment half = made(withBlock(e, {0, 2, 0, 4096}, true));
  EXPECT_TRUE(withBlock(half, {2, 4, 0, 4096}, true));
  EXPECT_FALSE(withBlock(half, {2, 5, 0, 4096}, true)) << "with those that are listed already";
  EXPECT_TRUE(withBlock(half, {0, 4096, 0, 4096}, false)) << "to restore is always possible";
  EXPECT_FALSE(isDroppedByHand(made(withBlock(e, {4096, 4097, 0, 1}, true)), 4096, 0))
      << "there is no such pair";
}

}  // namespace
}  // namespace headlight
