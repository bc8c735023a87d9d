#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normalize_checks.h"

namespace headlight {
namespace {

using test::made;
using test::randomScores;
using test::reference;
using test::sum;
using test::weigh;
using test::Weighed;

// Assertion 25 and G-8; t as the contract has it, of z and z ÷ 2.
TEST(NormalizeSparse, GoldenSparseMapsAndThresholds) {
  const auto sparsemax = made({"sparsemax", {}});
  const auto entmax = made({"entmax15", {}});
  const auto expect = [](const Normalizer& normalizer, const std::vector<float>& z,
                         const std::vector<double>& wanted) {
    const Weighed w = weigh(normalizer, z);
    const std::vector<double> r = reference(normalizer, z);
    for (std::size_t j = 0; j < z.size(); ++j) {
      EXPECT_NEAR(w.weights[j], wanted[j], 1e-6);
      EXPECT_NEAR(r[j], wanted[j], 1e-6);
      EXPECT_EQ(w.weights[j] == 0, wanted[j] == 0);
    }
  };
  expect(*sparsemax, {1, .5f, .1f, -1}, {.75, .25, 0, 0});
  expect(*entmax, {1, .5f, .1f, -1}, {.609256, .281482, .109262, 0});
  expect(*sparsemax, {2, 0, 0, 0}, {1, 0, 0, 0});
  expect(*entmax, {2, 0, 0, 0}, {1, 0, 0, 0});
  expect(*sparsemax, {.1f, .2f, .3f, .4f}, {.1, .2, .3, .4});
  expect(*entmax, {.1f, .2f, .3f, .4f}, {.177970, .222657, .272343, .327030});
  for (const Normalizer* normalizer : {sparsemax.get(), entmax.get()}) {
    expect(*normalizer, {7, 7, 7, 7}, {.25, .25, .25, .25});
    expect(*normalizer, {-3}, {1});
  }
  EXPECT_NEAR(weigh(*sparsemax, {1, .5f, .1f, -1}).row.threshold, .25, 1e-6);
  EXPECT_NEAR(weigh(*entmax, {1, .5f, .1f, -1}).row.threshold, -.780549 + .5, 1e-6);
}

TEST(NormalizeSparse, TheThresholdMakesTheWeights) {
  test::Numbers numbers(5);
  for (const char* kind : {"sparsemax", "entmax15"}) {
    const auto normalizer = made({kind, {}});
    EXPECT_TRUE(normalizer->hasThreshold());
    for (int n = 0; n < 200; ++n) {
      const float tau = n % 2 == 0 ? 1.0f : 0.7f;
      const std::vector<float> scores = randomScores(numbers, numbers.whole(1, 300), 2);
      const Weighed w = weigh(*normalizer, scores, tau);
      for (std::size_t j = 0; j < scores.size(); ++j) {
        const double z = static_cast<double>(scores[j]) / static_cast<double>(tau);
        const bool half = std::string(kind) == "entmax15";
        const double above = std::max((half ? z / 2 : z) - static_cast<double>(w.row.threshold), 0.0);
        ASSERT_NEAR(w.weights[j], half ? above * above : above, 2e-6);
      }
    }
  }
}

/// α-entmax by bisection of the threshold (attention.md B.5).
std::vector<double> bisected(const std::vector<double>& z, double alpha) {
  const auto weights = [&](double threshold) {
    std::vector<double> p;
    p.reserve(z.size());
    for (const double x : z) {
      p.push_back(std::pow(std::max((alpha - 1) * x - threshold, 0.0), 1 / (alpha - 1)));
    }
    return p;
  };
  double high = (alpha - 1) * *std::max_element(z.begin(), z.end());
  double low = high - 1;
  for (int n = 0; n < 200; ++n) {
    const double middle = (low + high) / 2;
    (sum(weights(middle)) > 1 ? low : high) = middle;
  }
  return weights(low);
}

// Assertion 25.
TEST(NormalizeSparse, SparseMapsAreAlphaEntmaxByBisection) {
  test::Numbers numbers(25);
  const auto softmax = made({"softmax", {}});
  const auto sparsemax = made({"sparsemax", {}});
  const auto entmax = made({"entmax15", {}});
  for (int n = 0; n < 100; ++n) {
    std::vector<double> z;
    for (std::int64_t j = numbers.whole(2, 40); j > 0; --j)
      z.push_back(static_cast<double>(numbers.normal()));
    const auto difference = [&](const Normalizer& normalizer, double alpha) {
      const std::vector<double> a = normalizer.reference(z, 0);
      const std::vector<double> b = bisected(z, alpha);
      double most = 0;
      for (std::size_t j = 0; j < a.size(); ++j) most = std::max(most, std::abs(a[j] - b[j]));
      return most;
    };
    EXPECT_LT(difference(*softmax, 1.001), 2e-3);
    EXPECT_LT(difference(*sparsemax, 2), 1e-9);
    EXPECT_LT(difference(*entmax, 1.5), 1e-9);
  }
  const std::vector<double> golden{1, .5, .1, -1};
  const std::vector<double> nearly = bisected(golden, 1.001);
  const std::vector<double> wanted = softmax->reference(golden, 0);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(nearly[j], wanted[j], 5e-4);
}

}  // namespace
}  // namespace headlight
