#include "core/analysis/strongest_keys.h"

#include <cmath>

#include <gmock/gmock.h>

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Rows whose weights are proportional to `shares`, causal when asked.
Field weights(const std::vector<float>& shares, std::int64_t queries, bool causal) {
  AttentionPlan plan;
  const auto keys = static_cast<std::int64_t>(shares.size());
  plan.inputs.sizes = {queries, keys, 1, 1, 0, 1, 0};
  Matrix q(queries, 1);
  Matrix k(keys, 1);
  for (std::int64_t i = 0; i < queries; ++i) q(i, 0) = 1;
  for (std::int64_t j = 0; j < keys; ++j) k(j, 0) = std::log(shares[static_cast<std::size_t>(j)]);
  plan.inputs.q = {1, std::make_shared<const Heads>(Heads{q})};
  plan.inputs.k = {2, std::make_shared<const Heads>(Heads{k})};
  plan.scale = 1;
  if (causal) plan.masks = {Kinded{"causal", {}}};
  plan.normalizer = {"softmax", {}};
  ThreadPool pool(1);
  return *Field::make(*attend(plan, nullptr, pool), Stage::weights, 0);
}

std::vector<std::int64_t> places(const StrongestKeys::Row& row) {
  std::vector<std::int64_t> keys;
  for (const KeyWeight& key : row.keys) keys.push_back(key.key);
  return keys;
}

TEST(StrongestKeys, TheHeaviestComeFirstAndEqualOnesByPlace) {
  const Field field = weights({1, 4, 2, 4, 1}, 2, false);
  ThreadPool pool(2);
  const StrongestKeys found = strongestKeys(field, 0, 10, 3, pool);
  ASSERT_EQ(found.rows.size(), 2u) << "no more rows than there are";
  EXPECT_THAT(places(found.rows[1]), ElementsAre(1, 3, 2));
  EXPECT_FLOAT_EQ(found.rows[1].keys[0].weight, field.cell(1, 1));
  EXPECT_NEAR(found.rows[1].sum, 1, 1e-6);
  EXPECT_EQ(found.rows[1].given, 5);
}

TEST(StrongestKeys, MaskedKeysAreNone) {
  const Field field = weights({1, 4, 2, 4}, 4, true);
  ThreadPool pool(1);
  const StrongestKeys found = strongestKeys(field, 1, 2, 16, pool);
  EXPECT_EQ(found.first, 1);
  ASSERT_EQ(found.rows.size(), 2u);
  EXPECT_THAT(places(found.rows[0]), ElementsAre(1, 0));
  EXPECT_THAT(places(found.rows[1]), ElementsAre(1, 2, 0));
}

TEST(StrongestKeys, NoneWanted) {
  const Field field = weights({1, 4}, 1, false);
  ThreadPool pool(1);
  const StrongestKeys none = strongestKeys(field, 0, 1, 0, pool);
  EXPECT_THAT(none.rows[0].keys, IsEmpty());
  EXPECT_NEAR(none.rows[0].sum, 1, 1e-6);
  EXPECT_THAT(strongestKeys(field, 5, 3, 2, pool).rows, IsEmpty());
}

TEST(StrongestKeys, TheSameOnAnyNumberOfThreads) {
  std::vector<float> shares;
  shares.reserve(300);
  for (int j = 0; j < 300; ++j) shares.push_back(1 + static_cast<float>(j * 37 % 101));
  const Field field = weights(shares, 70, true);
  ThreadPool one(1);
  ThreadPool three(3);
  const StrongestKeys a = strongestKeys(field, 0, 70, 8, one);
  const StrongestKeys b = strongestKeys(field, 0, 70, 8, three);
  for (std::size_t i = 0; i < a.rows.size(); ++i) EXPECT_EQ(a.rows[i].keys, b.rows[i].keys);
}

}  // namespace
}  // namespace headlight
