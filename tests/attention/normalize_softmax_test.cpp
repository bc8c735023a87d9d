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
using test::weigh;
using test::Weighed;
using testing::HasSubstr;

AttentionPlan golden(Kinded normalizer) {
  AttentionPlan plan = test::goldenPlan();
  plan.normalizer = std::move(normalizer);
  return plan;
}

void expectRows(const AttentionPlan& plan, const std::vector<std::vector<double>>& wanted) {
  const std::vector<float> weights = test::cells(test::run(plan), Stage::weights);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (std::size_t j = 0; j < wanted[i].size(); ++j) {
      EXPECT_NEAR(weights[i * 4 + j], wanted[i][j], 2e-6) << i << ", " << j;
    }
  }
}

// Assertion 24 and G-1.
TEST(NormalizeSoftmax, GoldenRowsOfSinkSoftmax1AndSigmoid) {
  expectRows(golden({"sink", {{"logits", List{0.5}}}}), {{.168596, .102259, .458291, .102259},
                                                         {.095646, .428656, .157694, .058012},
                                                         {.217083, .217083, .217083, .217083}});
  expectRows(golden({"softmax1", {}}), {{.180575, .109524, .490853, .109524},
                                        {.106545, .477504, .175664, .064623},
                                        {.228944, .228944, .228944, .228944}});
  expectRows(
      golden({"sigmoid", {}}),
      {{.291875, .2, .528396, .2}, {.131668, .404610, .2, .084224}, {.404610, .404610, .404610, .404610}});
  const auto run = test::run(golden({"sink", {{"logits", List{0.5}}}}));
  const std::vector<double> sums{.831404, .740007, .868332};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(run->statistics->heads[0].rows[i].weightSum, sums[i], 2e-6);
  }
}

// Assertion 24.
TEST(NormalizeSoftmax, ASinkOfZeroIsSoftmax1AndOneOfMinusInfinitySoftmax) {
  test::Numbers numbers(24);
  const auto zero = made({"sink", {{"logits", List(8, Value(0))}}});
  const auto none = made({"sink", {{"logits", List(8, Value("-inf"))}}});
  const auto one = made({"softmax1", {}});
  const auto softmax = made({"softmax", {}});
  for (const float deviation : {0.1f, 1.0f, 10.0f, 100.0f}) {
    const std::vector<float> scores = randomScores(numbers, 37, deviation);
    EXPECT_EQ(weigh(*zero, scores, 2).weights, weigh(*one, scores, 2).weights);
    EXPECT_EQ(weigh(*none, scores, 2).weights, weigh(*softmax, scores, 2).weights);
    EXPECT_EQ(reference(*none, scores), reference(*softmax, scores));
  }
}

// Assertion 24: an extra key of which the score is the logit and the value 0.
TEST(NormalizeSoftmax, ASinkIsAnExtraKeyWithoutAValue) {
  const auto run = test::run(golden({"sink", {{"logits", List{0.5}}}}));
  AttentionPlan with = golden({"softmax", {}});
  with.inputs.q = test::given({test::matrix({{1, 0, 2, 0, 1}, {0, 1, 0, -1, 1}, {1, 1, 1, 1, 1}})}, 21);
  with.inputs.k = test::given(
      {test::matrix({{1, 0, 0, 1, 0}, {0, 2, 0, 0, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 2, 0}, {0, 0, 0, 0, 1}})},
      22);
  with.inputs.v = test::given({test::matrix({{1, 0}, {0, 1}, {2, -1}, {-1, 3}, {0, 0}})}, 23);
  with.inputs.sizes.keys = 5;
  with.inputs.sizes.dK = 5;
  const auto extra = test::run(with);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 4; ++j) {
      EXPECT_NEAR(test::field(run, Stage::weights).cell(i, j), test::field(extra, Stage::weights).cell(i, j),
                  1e-6);
    }
    for (std::int64_t c = 0; c < 2; ++c) {
      EXPECT_NEAR(run->mixed->front()(i, c), extra->mixed->front()(i, c), 1e-6);
    }
  }
}

TEST(NormalizeSoftmax, ASinkBeyondTheScoresLeavesNothingToTheKeys) {
  for (const char* logit : {"inf", "300", "1e30"}) {
    const Value value = std::string(logit) == "inf" ? Value("inf") : Value(std::stod(logit));
    const auto sink = made({"sink", {{"logits", List(8, value)}}});
    const Weighed w = weigh(*sink, {1, 2, 3}, 3);
    EXPECT_THAT(w.weights, testing::Each(0.0f)) << logit;
    EXPECT_EQ(w.row.weightSum, 0);
    EXPECT_EQ(w.row.entropy, 0);
    EXPECT_EQ(w.row.effectiveKeys, 0);
    EXPECT_NEAR(w.row.lse, std::log(std::exp(1 / 3.0) + std::exp(2 / 3.0) + std::exp(1.0)), 1e-6);
    for (const double weight : reference(*sink, {1, 2, 3}, 3)) EXPECT_LT(weight, 1e-80);
  }
}

struct Spread {
  double raw = 0;
  double scaled = 0;
  double largestRaw = 0;
  double largestScaled = 0;
};

Spread spreadOf(std::int64_t depth, std::uint32_t seed) {
  test::Numbers numbers(seed);
  const Matrix k = test::normalMatrix(numbers, 200, depth);
  AttentionPlan plan = test::givenPlan(test::normalMatrix(numbers, 200, depth), k, Matrix(200, 1), 1);
  const auto deviation = [](const std::vector<float>& scores) {
    double squares = 0;
    for (const float s : scores) squares += static_cast<double>(s) * static_cast<double>(s);
    return std::sqrt(squares / static_cast<double>(scores.size()));
  };
  const auto largest = [](const Run& run) {
    double total = 0;
    for (const RowNumbers& row : run.statistics->heads[0].rows)
      total += static_cast<double>(row.largestWeight);
    return total / 200;
  };
  const auto raw = test::run(plan);
  plan.scale = 1 / std::sqrt(static_cast<double>(depth));
  const auto scaled = test::run(plan);
  return {deviation(test::cells(raw, Stage::scaled)), deviation(test::cells(scaled, Stage::scaled)),
          largest(*raw), largest(*scaled)};
}

/// The mean over several samples: the largest weights of one share its keys.
Spread spread(std::int64_t depth) {
  constexpr std::uint32_t kSamples = 8;
  Spread mean;
  for (std::uint32_t seed = 0; seed < kSamples; ++seed) {
    const Spread one = spreadOf(depth, seed);
    mean.raw += one.raw / kSamples;
    mean.scaled += one.scaled / kSamples;
    mean.largestRaw += one.largestRaw / kSamples;
    mean.largestScaled += one.largestScaled / kSamples;
  }
  return mean;
}

// Assertion 11.
TEST(NormalizeSoftmax, WithoutTheScaleSoftmaxSaturates) {
  const Spread middle = spread(64);
  EXPECT_NEAR(middle.raw, 8, 0.4);
  EXPECT_NEAR(middle.scaled, 1, 0.05);
  EXPECT_NEAR(middle.largestRaw, 0.76, 0.04);
  EXPECT_NEAR(middle.largestScaled, 0.05, 0.01);
  EXPECT_NEAR(spread(4).largestRaw, 0.19, 0.03);
  EXPECT_NEAR(spread(512).largestRaw, 0.91, 0.03);
}

/// One row by the running maximum over blocks of keys (attention.md B.7), in double.
struct Online {
  double maximum = -std::numeric_limits<double>::infinity();
  double sum = 0;
  std::vector<double> mixed;

  void add(const std::vector<double>& z, const std::vector<std::vector<double>>& values) {
    const double most = std::max(maximum, z.empty() ? maximum : *std::max_element(z.begin(), z.end()));
    if (std::isinf(most)) return;
    rescale(most);
    for (std::size_t j = 0; j < z.size(); ++j) {
      const double p = std::exp(z[j] - maximum);
      sum += p;
      for (std::size_t c = 0; c < mixed.size(); ++c) mixed[c] += p * values[j][c];
    }
  }
  void merge(const Online& other) {
    if (std::isinf(other.maximum)) return;
    rescale(std::max(maximum, other.maximum));
    const double factor = std::exp(other.maximum - maximum);
    sum += factor * other.sum;
    for (std::size_t c = 0; c < mixed.size(); ++c) mixed[c] += factor * other.mixed[c];
  }
  double lse() const { return maximum + std::log(sum); }

 private:
  void rescale(double most) {
    const double factor = std::isinf(maximum) ? 0 : std::exp(maximum - most);
    sum *= factor;
    for (double& x : mixed) x *= factor;
    maximum = most;
  }
};

// Assertion 26 and the trace of G-1.
TEST(NormalizeSoftmax, OnlineSoftmaxIsDenseSoftmax) {
  test::Numbers numbers(26);
  const auto softmax = made({"softmax", {}});
  constexpr std::size_t kKeys = 11;
  for (int n = 0; n < 50; ++n) {
    // The first keys are masked: the first blocks of some sizes hold none.
    const auto firstKept = static_cast<std::size_t>(numbers.whole(0, 4));
    std::vector<double> z;
    std::vector<std::vector<double>> values;
    for (std::size_t j = 0; j < kKeys; ++j) {
      z.push_back(5 * static_cast<double>(numbers.normal()));
      values.push_back({static_cast<double>(numbers.normal()), static_cast<double>(numbers.normal())});
    }
    const std::vector<double> kept(z.begin() + static_cast<std::ptrdiff_t>(firstKept), z.end());
    const std::vector<double> weights = softmax->reference(kept, 0);
    const double most = *std::max_element(kept.begin(), kept.end());
    double exponentials = 0;
    for (const double x : kept) exponentials += std::exp(x - most);
    const auto expectDense = [&](const Online& online) {
      EXPECT_NEAR(online.lse(), most + std::log(exponentials), 1e-12);
      for (std::size_t c = 0; c < 2; ++c) {
        double wanted = 0;
        for (std::size_t j = 0; j < kept.size(); ++j) wanted += weights[j] * values[firstKept + j][c];
        EXPECT_NEAR(online.mixed[c] / online.sum, wanted, 1e-12);
      }
    };
    const auto over = [&](std::size_t begin, std::size_t end, std::size_t block) {
      Online online;
      online.mixed.assign(2, 0.0);
      for (std::size_t first = begin; first < end; first += block) {
        std::vector<double> part;
        std::vector<std::vector<double>> of;
        for (std::size_t j = std::max(first, firstKept); j < std::min(first + block, end); ++j) {
          part.push_back(z[j]);
          of.push_back(values[j]);
        }
        online.add(part, of);
      }
      return online;
    };
    for (const std::size_t block : {std::size_t{1}, std::size_t{2}, std::size_t{3}, kKeys}) {
      expectDense(over(0, kKeys, block));
    }
    Online forwards = over(0, 6, 2);
    forwards.merge(over(6, kKeys, 3));
    expectDense(forwards);
    Online backwards = over(6, kKeys, 3);
    backwards.merge(over(0, 6, 2));
    expectDense(backwards);
  }
  Online trace;
  trace.mixed.assign(2, 0.0);
  trace.add({.5, 0}, {{1, 0}, {0, 1}});
  EXPECT_NEAR(trace.sum, 1.60653066, 1e-8);
  trace.add({1.5, 0}, {{2, -1}, {-1, 3}});
  EXPECT_NEAR(trace.sum, 1.81413976, 1e-8);
  EXPECT_NEAR(trace.mixed[0], 2.14474928, 1e-8);
  EXPECT_NEAR(trace.mixed[1], -.10747936, 1e-8);
  EXPECT_NEAR(trace.lse(), 2.09561139, 1e-8);
  const RowNumbers row = test::run(test::goldenPlan())->statistics->heads[0].rows[0];
  EXPECT_NEAR(row.lse, 2.09561139, 1e-6);
}

TEST(NormalizeSoftmax, RefusesWhatASinkCannotBe) {
  const auto error = [](const Kinded& entry, int heads = 2) {
    const auto made = makeNormalizer(entry, {.keys = 4, .heads = heads, .mistake = {}}, "normalizer");
    return made ? std::string() : made.error().text();
  };
  EXPECT_EQ(error({"sink", {}}),
            "normalizer.logits: found no logits, accepted is a list with one logit a head");
  EXPECT_THAT(error({"sink", {{"logits", List{1}}}}), HasSubstr("found 1 logit for 2 heads"));
  EXPECT_THAT(error({"sink", {{"logits", List{1, "nan"}}}}),
              HasSubstr("normalizer.logits[1]: found \"nan\""));
  EXPECT_THAT(error({"sink", {{"logits", List{1, true}}}}), HasSubstr("normalizer.logits[1]"));
  EXPECT_THAT(error({"sink", {{"logits", 3}}}), HasSubstr("found 3"));
  EXPECT_EQ(error({"sink", {{"logits", List{1}}}}, 0), "");
  EXPECT_EQ(error({"sink", {{"logits", List{"-inf", 1}}}}), "");
  EXPECT_THAT(error({"sparsmax", {}}), HasSubstr("Did you mean \"sparsemax\"?"));
}

}  // namespace
}  // namespace headlight
