#pragma once
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/field.h"

namespace headlight::test {

/// A run whose head h has the scores maps[h] [Tq, Tk]: q are the rows of the map, k the identity.
inline AttentionPlan scorePlan(const std::vector<Matrix>& maps) {
  AttentionPlan plan;
  const std::int64_t queries = maps.front().rows();
  const std::int64_t keys = maps.front().cols();
  const auto heads = static_cast<int>(maps.size());
  Matrix identity(keys, keys);
  for (std::int64_t j = 0; j < keys; ++j) identity(j, j) = 1;
  plan.inputs.sizes = {queries, keys, heads, heads, 0, keys, 0};
  plan.inputs.q = {1, std::make_shared<const Heads>(maps)};
  plan.inputs.k = {2, std::make_shared<const Heads>(Heads(maps.size(), identity))};
  plan.scale = 1;
  plan.normalizer = {"softmax", {}};
  return plan;
}

inline std::shared_ptr<const Run> evaluated(const AttentionPlan& plan) {
  ThreadPool pool(1);
  auto result = attend(plan, nullptr, pool);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return result ? *result : nullptr;
}

/// Scores whose softmax are these weights; 0 becomes a score far below.
inline Matrix scoresOf(const Matrix& weights) {
  constexpr float kFarBelow = -200;
  Matrix scores(weights.rows(), weights.cols());
  for (std::int64_t i = 0; i < weights.rows(); ++i) {
    for (std::int64_t j = 0; j < weights.cols(); ++j) {
      scores(i, j) = weights(i, j) > 0 ? std::log(weights(i, j)) : kFarBelow;
    }
  }
  return scores;
}

}  // namespace headlight::test
