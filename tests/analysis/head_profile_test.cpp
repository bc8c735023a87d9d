#include "core/analysis/head_profile.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/attention/field.h"

namespace headlight {
namespace {

using testing::ElementsAre;

/// Given q and k of one head, causal when asked.
std::shared_ptr<const Run> run(const Matrix& q, const Matrix& k, bool causal) {
  AttentionPlan plan;
  plan.inputs.sizes = {q.rows(), k.rows(), 1, 1, 0, q.cols(), 0};
  plan.inputs.q = {1, std::make_shared<const Heads>(Heads{q})};
  plan.inputs.k = {2, std::make_shared<const Heads>(Heads{k})};
  plan.scale = 1;
  if (causal) plan.masks = {Kinded{"causal", {}}};
  plan.normalizer = {"softmax", {}};
  ThreadPool pool(1);
  auto result = attend(plan, nullptr, pool);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return result ? *result : nullptr;
}

/// q·k is `score[j]` for every query: weights are chosen by their logarithms.
std::shared_ptr<const Run> sameRows(const std::vector<float>& scores, std::int64_t queries, bool causal) {
  Matrix q(queries, 1);
  Matrix k(static_cast<std::int64_t>(scores.size()), 1);
  for (std::int64_t i = 0; i < queries; ++i) q(i, 0) = 1;
  for (std::size_t j = 0; j < scores.size(); ++j) k(static_cast<std::int64_t>(j), 0) = scores[j];
  return run(q, k, causal);
}

TEST(HeadProfile, UniformCausalMap) {
  // attention.md assertion 39: every normalised entropy is 1 for n ≥ 2, the first row is left out.
  const auto made = sameRows({0, 0, 0, 0, 0, 0}, 6, true);
  ASSERT_TRUE(made);
  const Result<HeadProfile> profile = profileHead(made, 0);
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(profile->rows, 6);
  ASSERT_TRUE(profile->normalisedEntropy);
  EXPECT_NEAR(*profile->normalisedEntropy, 1, 1e-6);
  EXPECT_NEAR(profile->effectiveKeys, 3.5, 1e-5);
  EXPECT_DOUBLE_EQ(profile->keptKeys, 3.5);
  // Mean of A[i, i−1] over rows 1 … 5: (1/2 + 1/3 + 1/4 + 1/5 + 1/6) ÷ 5 = .29 (G-13).
  EXPECT_NEAR(profile->previousShare, .29, 1e-6);
  EXPECT_NEAR(profile->firstShare, 2.45 / 6, 1e-6);
}

TEST(HeadProfile, GoldenEntropies) {
  // Rows [1], [.5 .5], [.2 .3 .5] of G-13: H = 0, .693147, 1.029653.
  Matrix q(3, 3);
  Matrix k(3, 3);
  for (int d = 0; d < 3; ++d) k(d, d) = 1;
  const float rows[3][3] = {{0, 0, 0}, {0, 0, 0}, {std::log(.2F), std::log(.3F), std::log(.5F)}};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) q(i, j) = rows[i][j];
  }
  const Result<HeadProfile> profile = profileHead(run(q, k, true), 0);
  ASSERT_TRUE(profile);
  EXPECT_NEAR(profile->entropy, (0.693147 + 1.029653) / 3, 1e-5);
  EXPECT_NEAR(*profile->normalisedEntropy, (1 + .937231) / 2, 1e-5);
  EXPECT_NEAR(profile->effectiveKeys, (1 + 2 + std::exp(1.029653)) / 3, 1e-5);
  EXPECT_NEAR(profile->previousShare, .4, 1e-6);
}

TEST(HeadProfile, LargestPairsAreInOrderAndEqualOnesByPlace) {
  const auto made = sameRows({std::log(1.F), std::log(2.F), std::log(1.F)}, 2, false);
  ProfileOptions options;
  options.pairs = 3;
  const Result<HeadProfile> profile = profileHead(made, 0, options);
  ASSERT_TRUE(profile);
  ASSERT_EQ(profile->largest.size(), 3U);
  EXPECT_EQ(profile->largest[0].query, 0);
  EXPECT_EQ(profile->largest[0].key, 1);
  EXPECT_EQ(profile->largest[1].query, 1);
  EXPECT_EQ(profile->largest[1].key, 1);
  EXPECT_EQ(profile->largest[2].query, 0);
  EXPECT_EQ(profile->largest[2].key, 0);
  EXPECT_NEAR(profile->largest[0].weight, .5F, 1e-6F);
  options.pairs = 0;
  EXPECT_TRUE(profileHead(made, 0, options)->largest.empty());
}

TEST(HeadProfile, SameTokenCountsItsOwnPlaceAndItsRepeats) {
  const auto made = sameRows({0, 0, 0, 0}, 4, false);
  const std::vector<std::string> texts{"a", "b", "a", "c"};
  ProfileOptions options;
  options.queryTexts = texts;
  options.keyTexts = texts;
  const Result<HeadProfile> profile = profileHead(made, 0, options);
  ASSERT_TRUE(profile);
  EXPECT_NEAR(profile->sameTokenShare, (.5 + .25 + .5 + .25) / 4, 1e-6);
}

TEST(HeadProfile, RowsWithoutKeysAreLeftOut) {
  Matrix q(3, 1);
  Matrix k(2, 1);
  AttentionPlan plan;
  plan.inputs.sizes = {3, 2, 1, 1, 0, 1, 0};
  plan.inputs.q = {1, std::make_shared<const Heads>(Heads{q})};
  plan.inputs.k = {2, std::make_shared<const Heads>(Heads{k})};
  Kinded causal{"causal", {}};
  causal.set("align", "bottom_right");
  plan.masks = {causal};
  plan.normalizer = {"softmax", {}};
  plan.emptyRow = EmptyRow::nan;
  ThreadPool pool(1);
  const auto made = attend(plan, nullptr, pool);
  ASSERT_TRUE(made) << made.error().text();
  const Result<HeadProfile> profile = profileHead(*made, 0);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->emptyRows, 1);
  EXPECT_EQ(profile->rows, 2);
  EXPECT_EQ(profile->rowsRead, 2);
  EXPECT_DOUBLE_EQ(profile->keptKeys, 1.5);
  EXPECT_NEAR(profile->firstShare, .75, 1e-6);
}

TEST(HeadProfile, AHeadThatDoesNotExistIsAnError) {
  const auto made = sameRows({0, 0}, 2, false);
  EXPECT_FALSE(profileHead(made, 1));
  EXPECT_FALSE(profileHead(made, kMeanHead));
}

TEST(PairWeight, IsTheMeanOverAllPairsOfThePlaces) {
  const auto made = sameRows({std::log(1.F), std::log(2.F), std::log(1.F)}, 3, true);
  const auto weight = [&](std::vector<std::int64_t> queries, std::vector<std::int64_t> keys) {
    const Result<std::optional<double>> mean = pairWeight(made, 0, queries, keys);
    EXPECT_TRUE(mean);
    return mean ? *mean : std::nullopt;
  };
  EXPECT_NEAR(*weight({2}, {1}), .5, 1e-6);
  EXPECT_NEAR(*weight({1}, {2}), 0, 1e-9);                               // masked
  EXPECT_NEAR(*weight({0, 1, 2}, {0, 2}), (1 + 1. / 3 + .5) / 6, 1e-6);  // rows [1], [1/3 2/3], [1/4 1/2 1/4]
  EXPECT_FALSE(weight({}, {0}));
  EXPECT_FALSE(weight({0}, {}));
  EXPECT_FALSE(pairWeight(made, 1, std::vector<std::int64_t>{0}, std::vector<std::int64_t>{0}));
}

TEST(RowsToRead, AreAllOfASmallMapAndEvenlySpacedOfALargeOne) {
  EXPECT_THAT(rowsToRead(4, 100), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(rowsToRead(10, 10, {50}), ElementsAre(0, 2, 4, 6, 8));
  EXPECT_THAT(rowsToRead(5, 1000, {1}), ElementsAre(0));
  const auto rows = rowsToRead(std::int64_t{1} << 20, std::int64_t{1} << 20);
  EXPECT_EQ(rows.size(), 4U);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  EXPECT_LT(rows.back(), std::int64_t{1} << 20);
}

}  // namespace
}  // namespace headlight
