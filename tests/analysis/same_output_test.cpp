// Other weights with the same output: none below 0, the same sum, the same output, far away.
#include "core/analysis/same_output.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace headlight::test {
namespace {

TEST(SameOutput, KeepsOutputAndSumAndLeadsAway) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (int round = 0; round < 50; ++round) {
    const int keys = 5 + round % 20;
    const int depth = 1 + round % 3;
    Matrix values(keys, depth);
    for (int j = 0; j < keys; ++j) {
      for (int c = 0; c < depth; ++c) values(j, c) = normal(random);
    }
    std::vector<float> weights(static_cast<std::size_t>(keys));
    float sum = 0;
    for (float& weight : weights) sum += weight = std::exp(normal(random));
    for (float& weight : weights) weight /= sum;
    const auto found = sameOutputWeights(weights, values);
    ASSERT_TRUE(found) << found.error().text();
    double total = 0;
    double distance = 0;
    std::vector<double> change(static_cast<std::size_t>(depth));
    for (int j = 0; j < keys; ++j) {
      const auto at = static_cast<std::size_t>(j);
      EXPECT_GE(found->weights[at], 0);
      total += found->weights[at] - weights[at];
      distance += 0.5 * std::abs(found->weights[at] - weights[at]);
      for (int c = 0; c < depth; ++c)
        change[static_cast<std::size_t>(c)] += (found->weights[at] - weights[at]) * values(j, c);
    }
    EXPECT_NEAR(total, 0, 1e-9);
    for (const double each : change) EXPECT_NEAR(each, 0, 1e-9);
    EXPECT_NEAR(distance, found->distance, 1e-9);
    EXPECT_GT(found->distance, 0.1) << keys << " keys, " << depth << " dimensions";
  }
}

TEST(SameOutput, IsNotThereWhereWeightsAndOutputBelongTogether) {
  Matrix values(3, 2);
  values(1, 0) = 1;
  values(2, 1) = 1;
  const std::vector<float> weights{0.5F, 0.25F, 0.25F};
  EXPECT_EQ(sameOutputWeights(weights, values)->distance, 0);
}

TEST(SameOutput, RefusesWhatItCannotRead) {
  const std::vector<float> weights{0.5F, 0.5F};
  EXPECT_FALSE(sameOutputWeights(weights, Matrix(3, 2)));
  Matrix odd(2, 1);
  odd(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(sameOutputWeights(weights, odd));
  EXPECT_FALSE(sameOutputWeights(std::vector<float>(513), Matrix(513, 1)));
}

}  // namespace
}  // namespace headlight::test
