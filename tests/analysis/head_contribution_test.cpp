#include "core/analysis/head_contribution.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "tests/analysis/given_run.h"

namespace headlight {
namespace {

Matrix randomMatrix(std::mt19937& engine, std::int64_t rows, std::int64_t cols) {
  std::normal_distribution<float> normal(0, 1);
  Matrix made(rows, cols);
  for (std::int64_t n = 0; n < made.size(); ++n) made.data()[n] = normal(engine);
  return made;
}

/// H heads over T tokens with values and W_O; b_O where `bias`.
AttentionPlan plan(int heads, std::int64_t length, std::int64_t dV, std::int64_t dModel, bool bias,
                   unsigned seed = 1) {
  std::mt19937 engine(seed);
  AttentionPlan made;
  made.inputs.sizes = {length, length, heads, heads, dModel, 4, dV};
  const auto all = [&](std::int64_t width) {
    Heads list;
    for (int h = 0; h < heads; ++h) list.push_back(randomMatrix(engine, length, width));
    return std::make_shared<const Heads>(std::move(list));
  };
  made.inputs.q = {1, all(4)};
  made.inputs.k = {2, all(4)};
  made.inputs.v = {3, all(dV)};
  Linear wO{randomMatrix(engine, heads * dV, dModel), {}};
  if (bias) {
    const Matrix added = randomMatrix(engine, 1, dModel);
    wO.bias.assign(added.data(), added.data() + dModel);
  }
  made.inputs.wO = {4, std::make_shared<const Linear>(std::move(wO))};
  made.scale = .5;
  made.normalizer = {"softmax", {}};
  return made;
}

/// z_h W_O^h of a row, in double.
std::vector<double> slowContribution(const Run& run, int head, std::int64_t row) {
  const Matrix& z = run.outputs->headOutput[static_cast<std::size_t>(head)];
  const Matrix& w = run.inputs.wO->weight;
  std::vector<double> out(static_cast<std::size_t>(w.cols()), 0.0);
  for (std::int64_t e = 0; e < z.cols(); ++e) {
    for (std::int64_t c = 0; c < w.cols(); ++c) {
      out[static_cast<std::size_t>(c)] +=
          static_cast<double>(z(row, e)) * static_cast<double>(w(head * z.cols() + e, c));
    }
  }
  return out;
}
double norm(const std::vector<double>& a) {
  double sum = 0;
  for (const double x : a) sum += x * x;
  return std::sqrt(sum);
}

TEST(HeadContribution, PartsLengthsAndSharesAreThoseOfTheDefinition) {
  for (const bool bias : {false, true}) {
    const auto run = test::evaluated(plan(5, 7, 3, 16, bias));
    for (std::int64_t i = 0; i < 7; ++i) {
      const auto made = headContributions(run, i);
      ASSERT_TRUE(made) << made.error().text();
      ASSERT_EQ(made->heads.size(), 5U);
      double square = 0;
      for (const float y : made->output) square += static_cast<double>(y) * static_cast<double>(y);
      for (int h = 0; h < 5; ++h) {
        const HeadPart& part = made->heads[static_cast<std::size_t>(h)];
        const std::vector<double> slow = slowContribution(*run, h, i);
        double along = 0;
        for (std::size_t c = 0; c < slow.size(); ++c) {
          EXPECT_NEAR(part.contribution[c], slow[c], 1e-5);
          along += slow[c] * static_cast<double>(made->output[c]);
        }
        EXPECT_NEAR(part.length, norm(slow), 1e-5);
        ASSERT_TRUE(part.share);
        EXPECT_NEAR(*part.share, along / square, 1e-5);
        EXPECT_EQ(part.headOutput.size(), 3U);
      }
      EXPECT_EQ(made->biasShare.has_value(), bias);
      EXPECT_EQ(made->bias.empty(), !bias);
      EXPECT_NEAR(made->shareSum, 1, 1e-5);
      EXPECT_LT(made->largestDifference, 1e-5);
      EXPECT_NEAR(made->outputLength, std::sqrt(square), 1e-5);
    }
  }
}

TEST(HeadContribution, ASwitchedOffHeadIsZeroAndTheOthersStillAddUp) {
  AttentionPlan made = plan(4, 5, 3, 8, true);
  made.ablatedHeads = {2};
  const auto run = test::evaluated(made);
  const auto parts = headContributions(run, 3);
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->heads[2].ablated);
  EXPECT_EQ(parts->heads[2].length, 0);
  EXPECT_EQ(*parts->heads[2].share, 0);
  EXPECT_NEAR(parts->shareSum, 1, 1e-5);
  EXPECT_LT(parts->largestDifference, 1e-5);
  ThreadPool pool(1);
  const auto lengths = contributionLengths(run, 0, 5, pool);
  ASSERT_TRUE(lengths);
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_EQ(lengths->at(2, i), 0.0f);
}

TEST(HeadContribution, TheMeanOfTheHeadsIsToldByItsOwnRule) {
  AttentionPlan made = plan(4, 5, 3, 8, false);
  made.mistake.meanMerge = true;
  const auto run = test::evaluated(made);
  const auto parts = headContributions(run, 1);
  ASSERT_TRUE(parts);
  EXPECT_LT(parts->largestDifference, 1e-5);
  ThreadPool pool(1);
  const auto lengths = contributionLengths(run, 1, 2, pool);
  ASSERT_TRUE(lengths);
  for (int h = 0; h < 4; ++h) {
    EXPECT_NEAR(lengths->at(h, 1), parts->heads[static_cast<std::size_t>(h)].length, 1e-5);
  }
}

TEST(HeadContribution, LengthsOfARangeAreThoseOfItsRows) {
  const auto run = test::evaluated(plan(3, 40, 6, 10, true));
  ThreadPool pool(2);
  const auto made = contributionLengths(run, 10, 100, pool);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->firstQuery, 10);
  EXPECT_EQ(made->queries, 30);
  float largest = 0;
  for (int h = 0; h < 3; ++h) {
    for (std::int64_t i = 10; i < 40; ++i) {
      EXPECT_NEAR(made->at(h, i), norm(slowContribution(*run, h, i)), 1e-4);
      largest = std::max(largest, made->at(h, i));
    }
  }
  EXPECT_EQ(made->largest, largest);
}

TEST(HeadContribution, SaysWhatIsMissing) {
  const auto run = test::evaluated(plan(2, 4, 3, 6, false));
  EXPECT_THAT(headContributions(run, 4).error().what, testing::HasSubstr("0 to 3"));
  EXPECT_FALSE(headContributions(run, -1));
  AttentionPlan without = plan(2, 4, 3, 6, false);
  without.inputs.wO = {};
  const auto none = test::evaluated(without);
  EXPECT_FALSE(headContributions(none, 0));
  ThreadPool pool(1);
  EXPECT_FALSE(contributionLengths(none, 0, 1, pool));
}

}  // namespace
}  // namespace headlight
