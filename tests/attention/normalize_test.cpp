#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "normalize_checks.h"

namespace headlight {
namespace {

using test::everyKind;
using test::made;
using test::randomScores;
using test::reference;
using test::sum;
using test::weigh;
using test::Weighed;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Normalize, EveryKindIsItsReference) {
  test::Numbers numbers(7);
  for (const Kinded& entry : everyKind()) {
    for (const std::int64_t count : {1, 2, 3, 15, 16, 17, 100, 1024, 5000}) {
      for (const float deviation : {0.0f, 0.02f, 1.0f, 30.0f, 1e4f}) {
        const auto normalizer = made(entry, count + 3);
        const float tau = count % 2 == 0 ? 1.0f : 1.7f;
        const std::vector<float> scores = randomScores(numbers, count, deviation);
        const Weighed w = weigh(*normalizer, scores, tau);
        const std::vector<double> r = reference(*normalizer, scores, tau);
        double error = 0;
        for (std::size_t j = 0; j < r.size(); ++j) {
          const double size = std::max(1.0, std::abs(r[j]));
          error = std::max(error, std::abs(static_cast<double>(w.weights[j]) - r[j]) / size);
        }
        const std::string what = entry.kind + " " + std::to_string(count) + " " + std::to_string(deviation);
        EXPECT_LT(error, 1e-6) << what;
        const double total = sum(r);
        EXPECT_NEAR(w.row.weightSum, total, 1e-6 * std::max(1.0, total)) << what;
        EXPECT_NEAR(sum(w.weights), total, 1e-6 * std::max(1.0, total)) << what;
        if (normalizer->sumsToOne()) {
          EXPECT_NEAR(total, 1, 1e-12) << what;
        }
        double entropy = 0;
        for (const double weight : r) {
          if (weight > 0) entropy -= weight / total * std::log(weight / total);
        }
        EXPECT_NEAR(w.row.entropy, entropy, 2e-5 * std::max(1.0, entropy)) << what;
        EXPECT_NEAR(w.row.effectiveKeys, total == 0 ? 0 : std::exp(entropy), 1e-4 * std::exp(entropy))
            << what;
        EXPECT_NEAR(w.row.largestWeight, *std::max_element(r.begin(), r.end()), 1e-6 * std::max(1.0, total))
            << what;
        EXPECT_EQ(w.row.keptKeys, count);
        EXPECT_EQ(w.row.maximum, *std::max_element(scores.begin(), scores.end()));
        EXPECT_EQ(w.row.minimum, *std::min_element(scores.begin(), scores.end()));
        double exponentials = 0;
        const auto scaled = [&](float s) { return static_cast<double>(s) / static_cast<double>(tau); };
        for (const float s : scores) exponentials += std::exp(scaled(s) - scaled(w.row.maximum));
        const double lse = scaled(w.row.maximum) + std::log(exponentials);
        EXPECT_NEAR(w.row.lse, lse, 1e-6 * std::max(1.0, std::abs(lse))) << what;
      }
    }
  }
}

TEST(Normalize, AWeightDependsOnNothingButItsScoreAndTheRow) {
  test::Numbers numbers(8);
  for (const Kinded& entry : everyKind()) {
    const auto normalizer = made(entry, 100);
    const std::vector<float> scores = randomScores(numbers, 100, 2);
    const Weighed w = weigh(*normalizer, scores, 1.3f);
    for (std::size_t j = 0; j < scores.size(); ++j) {
      float weight = 0;
      normalizer->weigh(&scores[j], 1, {1.3f, 0}, w.row, &weight);
      ASSERT_EQ(weight, w.weights[j]) << entry.kind;
    }
  }
}

// Assertion 5: scores in steps that 1e4 more does not round.
TEST(Normalize, AConstantOnARowChangesNoWeightOfThoseThatSumToOne) {
  test::Numbers numbers(50);
  for (const Kinded& entry : everyKind()) {
    const auto normalizer = made(entry, 40);
    if (!normalizer->sumsToOne()) continue;
    std::vector<float> scores = randomScores(numbers, 40, 2);
    for (float& s : scores) s = std::round(s * 512) / 512;
    std::vector<float> shifted = scores;
    for (float& s : shifted) s += 1e4f;
    EXPECT_EQ(weigh(*normalizer, scores).weights, weigh(*normalizer, shifted).weights) << entry.kind;
    const std::vector<double> a = reference(*normalizer, scores);
    const std::vector<double> b = reference(*normalizer, shifted);
    for (std::size_t j = 0; j < a.size(); ++j) EXPECT_NEAR(a[j], b[j], 1e-6);
  }
}

TEST(Normalize, NotFiniteScoresGiveWhatTheReferenceGives) {
  const std::vector<std::vector<float>> rows{
      {1, kNan, 2},       {kNan},       {1, kInfinity, 2},        {kInfinity, kInfinity},
      {1, -kInfinity, 2}, {-kInfinity}, {-kInfinity, -kInfinity}, {kNan, kInfinity, -kInfinity, 0},
      {3e38f, -3e38f, 0}};
  std::vector<Kinded> entries = everyKind();
  entries.push_back({"sink", {{"logits", List(8, Value("inf"))}}});
  entries.push_back({"sink", {{"logits", List(8, Value("-inf"))}}});
  for (const Kinded& entry : entries) {
    for (const std::vector<float>& scores : rows) {
      const auto normalizer = made(entry);
      const Weighed w = weigh(*normalizer, scores);
      const std::vector<double> r = reference(*normalizer, scores);
      for (std::size_t j = 0; j < scores.size(); ++j) {
        EXPECT_EQ(std::isnan(w.weights[j]), std::isnan(r[j]))
            << entry.kind << " " << testing::PrintToString(scores) << " " << w.weights[j] << " " << r[j];
        if (std::isfinite(r[j])) {
          EXPECT_NEAR(w.weights[j], r[j], 1e-6 * std::max(1.0, r[j]));
        }
      }
    }
  }
}

/// One query with the number 1, keys whose scores are given.
AttentionPlan scored(const std::vector<float>& scores, std::vector<Kinded> masks, Kinded normalizer) {
  Matrix q(1, 1);
  q(0, 0) = 1;
  const auto count = static_cast<std::int64_t>(scores.size());
  Matrix k(count, 1);
  Matrix v(count, 2);
  for (std::int64_t j = 0; j < count; ++j) {
    k(j, 0) = scores[static_cast<std::size_t>(j)];
    v(j, 0) = 1;
    v(j, 1) = static_cast<float>(j);
  }
  AttentionPlan plan = test::givenPlan(std::move(q), std::move(k), std::move(v), 1);
  plan.masks = std::move(masks);
  plan.normalizer = std::move(normalizer);
  return plan;
}

// Assertion 6, for every normalizer: every SIMD level, kept scores at −1e4, 0, +1e4. Assertion 25: the
// support never includes a masked key.
TEST(Normalize, AMaskedWeightIsExactlyZeroAtEverySimdLevel) {
  const List keep{1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1};
  for (const std::string_view level : simdLevels()) {
    ASSERT_TRUE(useSimdLevel(level).ok());
    for (const Kinded& entry : everyKind()) {
      Kinded ofOneHead = entry;
      if (entry.kind == "sink") ofOneHead.set("logits", List{0.5});
      for (const float base : {-1e4f, 0.0f, 1e4f}) {
        std::vector<float> scores;
        for (std::size_t j = 0; j < keep.size(); ++j) {
          // Masked keys would have the largest weights.
          scores.push_back(base + 0.25f * static_cast<float>(j % 5) +
                           (keep[j].integer() == 0 ? 50.0f : 0.0f));
        }
        const AttentionPlan plan = scored(scores, {test::mask("padding", {{"keep", keep}})}, ofOneHead);
        const std::vector<float> weights = test::cells(test::run(plan), Stage::weights);
        std::vector<float> kept;
        for (std::size_t j = 0; j < keep.size(); ++j) {
          if (keep[j].integer() != 0) kept.push_back(scores[j]);
        }
        const std::vector<double> wanted = reference(*made(entry, 19), kept);
        std::size_t n = 0;
        for (std::size_t j = 0; j < keep.size(); ++j) {
          if (keep[j].integer() == 0) {
            EXPECT_EQ(weights[j], 0) << entry.kind << " " << level;
          } else {
            EXPECT_NEAR(weights[j], wanted[n], 2e-6 * std::max(1.0, wanted[n])) << entry.kind << " " << level;
            ++n;
          }
        }
      }
    }
  }
  ASSERT_TRUE(useSimdLevel("").ok());
}

// Assertion 9: the three policies, for every normalizer, in the row without keys only.
TEST(Normalize, ARowWithoutKeysFollowsItsPolicy) {
  for (Kinded entry : everyKind()) {
    if (entry.kind == "sink") entry.set("logits", List{0.5});
    const AttentionPlan meant = [&] {
      AttentionPlan plan = test::goldenPlan({test::mask("causal", {{"offset", -1}})});
      plan.normalizer = entry;
      auto wO = std::make_shared<Linear>();
      wO->weight = test::matrix({{1, 2, 3}, {4, 5, 6}});
      wO->bias = {10, 20, 30};
      plan.inputs.wO = {99, wO};
      plan.inputs.sizes.dModel = 3;
      return plan;
    }();
    for (const EmptyRow policy : {EmptyRow::zeros, EmptyRow::nan, EmptyRow::uniform}) {
      AttentionPlan plan = meant;
      plan.emptyRow = policy;
      const auto run = test::run(plan);
      const std::vector<float> weights = test::cells(run, Stage::weights);
      const std::vector<float> output = test::cells(run, Stage::output);
      for (std::size_t j = 0; j < 4; ++j) {
        if (policy == EmptyRow::nan) {
          EXPECT_TRUE(std::isnan(weights[j])) << entry.kind;
        } else {
          EXPECT_EQ(weights[j], policy == EmptyRow::zeros ? 0.0f : 0.25f) << entry.kind;
        }
        EXPECT_FALSE(std::isnan(weights[4 + j]) || std::isnan(weights[8 + j]));
      }
      if (policy == EmptyRow::zeros) {
        EXPECT_THAT(std::vector<float>(output.begin(), output.begin() + 3), testing::ElementsAre(10, 20, 30));
      } else if (policy == EmptyRow::nan) {
        EXPECT_TRUE(std::isnan(output[0]) && !std::isnan(output[3]));
      } else {
        EXPECT_FLOAT_EQ(output[0], 10 + 0.5f + 4 * 0.75f);
      }
      const RowNumbers& row = run->statistics->heads[0].rows[0];
      EXPECT_EQ(row.keptKeys, 0);
      EXPECT_EQ(row.lse, -kInfinity);
      EXPECT_EQ(row.entropy, 0);
      EXPECT_EQ(row.effectiveKeys, 0);
    }
  }
}

// Attention.md B.8: J = diag(c) − κ c cᵀ against central differences of the reference.
TEST(Normalize, JacobiansAreDerivatives) {
  test::Numbers numbers(80);
  for (const Kinded& entry : everyKind()) {
    for (int n = 0; n < 30; ++n) {
      const auto normalizer = made(entry, 9);
      std::vector<double> z;
      for (std::int64_t j = numbers.whole(1, 9); j > 0; --j)
        z.push_back(static_cast<double>(numbers.normal()));
      constexpr double kStep = 1e-6;
      const std::vector<double> weights = normalizer->reference(z, 0);
      const Jacobian jacobian = normalizer->jacobian(weights);
      for (std::size_t j = 0; j < z.size(); ++j) {
        std::vector<double> up = z;
        std::vector<double> down = z;
        up[j] += kStep;
        down[j] -= kStep;
        const std::vector<double> a = normalizer->reference(up, 0);
        const std::vector<double> b = normalizer->reference(down, 0);
        for (std::size_t i = 0; i < z.size(); ++i) {
          const double form = (i == j ? jacobian.c[i] : 0.0) - jacobian.kappa * jacobian.c[i] * jacobian.c[j];
          ASSERT_NEAR((a[i] - b[i]) / (2 * kStep), form, 2e-5) << entry.kind;
        }
      }
    }
  }
}

TEST(Normalize, TheTemperatureDividesScoresOnly) {
  const std::vector<float> scores{2, -1, 0.5f};
  const Weighed sink = weigh(*made({"sink", {{"logits", List(8, Value(0.5))}}}), scores, 2);
  const double total = std::exp(1.0) + std::exp(-0.5) + std::exp(0.25) + std::exp(0.5);
  EXPECT_NEAR(sink.weights[0], std::exp(1.0) / total, 1e-6);
  const Weighed sigmoid = weigh(*made({"sigmoid", {{"bias", -1.5}}}), scores, 2);
  EXPECT_NEAR(sigmoid.weights[0], 1 / (1 + std::exp(0.5)), 1e-6);
  const Weighed relu = weigh(*made({"relu", {}}), scores, 2);
  EXPECT_THAT(relu.weights, testing::ElementsAre(0.25f, 0.0f, 0.0625f));
}

TEST(Normalize, EveryKindHasASentenceAndStartsWithWhatItNeeds) {
  for (const NormalizerKind& kind : normalizerKinds()) {
    Kinded entry{std::string(kind.spec.kind), {}};
    if (kind.start != nullptr) kind.start(entry, 3);
    EXPECT_TRUE(makeNormalizer(entry, {.keys = 4, .heads = 3, .mistake = {}}, "normalizer").ok())
        << entry.kind;
    ASSERT_NE(kind.sentence, nullptr);
    EXPECT_FALSE(kind.sentence(entry).empty());
    EXPECT_FALSE(kind.sentence(entry).ends_with("."));
  }
  Kinded sink{"sink", {{"logits", List{1.5, 2}}}};
  normalizerKind("sink")->start(sink, 3);
  EXPECT_EQ(*sink.find("logits"), Value(List{1.5, 2, 0.0}));
  normalizerKind("sink")->start(sink, 1);
  EXPECT_EQ(*sink.find("logits"), Value(List{1.5}));
}

}  // namespace
}  // namespace headlight
