#include <cmath>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/explain.h"
#include "core/attention/field.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::HasSubstr;

Explanation explained(const std::shared_ptr<const Run>& run, int head, std::int64_t i, std::int64_t j) {
  auto made = explain(run, Stage::weights, head, i, j);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

const ExplainFact* fact(const Explanation& e, ExplainFact::Kind kind) {
  for (const ExplainFact& f : e.facts) {
    if (f.kind == kind) return &f;
  }
  return nullptr;
}

void expectAbout(double got, double wanted, double size, const std::string& what) {
  EXPECT_NEAR(got, wanted, 1e-5 * size + 1e-7) << what;
}

/// Every line of a fact from the numbers that it shows.
void recompute(const ExplainFact& f, const Run& run, const std::string& what) {
  std::vector<double> results;
  for (const ExplainStep& s : f.steps) {
    if (!s.terms.empty()) {
      double sum = 0;
      double size = 0;
      for (const ExplainTerm& t : s.terms) {
        EXPECT_EQ(t.product, t.left * t.right) << what;
        sum += static_cast<double>(t.product);
        size += std::abs(static_cast<double>(t.product));
      }
      expectAbout(static_cast<double>(s.result), sum, size, what + s.title);
    } else if (s.title == "share") {
      ASSERT_EQ(results.size(), 2U);
      EXPECT_EQ(s.result, static_cast<float>(results[0]) / static_cast<float>(results[1])) << what;
    } else if (s.title == "÷ τ") {
      EXPECT_EQ(s.result, static_cast<float>(results.at(0)) / run.rules.temperature) << what;
    } else if (s.title == "a_{ij} (1 − a_{ij})") {
      EXPECT_FALSE(s.expression.empty());
    } else {
      EXPECT_TRUE(s.title == "c" || s.title == "c − κ c^2") << what << s.title;
    }
    results.push_back(static_cast<double>(s.result));
  }
  if (!f.steps.empty()) {
    EXPECT_EQ(f.value, f.steps.back().result) << what;
  }
}

std::int64_t rankOf(const std::vector<float>& weights, const std::vector<std::uint8_t>& classes,
                    std::int64_t key) {
  std::int64_t rank = 1;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const bool masked = classes[j] == static_cast<std::uint8_t>(CellClass::masked);
    if (!masked && weights[j] > weights[static_cast<std::size_t>(key)]) ++rank;
  }
  return rank;
}

/// (a v · z) ÷ (z · z) in double; nothing where z is 0.
std::optional<double> shareOf(const Run& run, int head, std::int64_t i, std::int64_t j, double weight) {
  const auto& z = run.outputs->headOutput[static_cast<std::size_t>(head)];
  const auto& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
  double along = 0;
  double square = 0;
  for (std::int64_t e = 0; e < run.sizes.dV; ++e) {
    along += weight * static_cast<double>(v(j, e)) * static_cast<double>(z(i, e));
    square += static_cast<double>(z(i, e)) * static_cast<double>(z(i, e));
  }
  if (!(square > 0)) return {};
  return along / square;
}

/// ∂weight ÷ ∂score from either side, of the normalizer's reference in double.
std::pair<double, double> slopes(const Run& run, int head, const std::vector<double>& scores,
                                 std::size_t own) {
  const auto tau = static_cast<double>(run.rules.temperature);
  const auto weight = [&](double added) {
    std::vector<double> z(scores);
    z[own] += added;
    for (double& x : z) x /= tau;
    return run.rules.normalizer->reference(z, head)[own];
  };
  constexpr double kStep = 1e-6;
  const double here = weight(0);
  return {(weight(kStep) - here) / kStep, (here - weight(-kStep)) / kStep};
}

TEST(ExplainFacts, RecomputeForEveryVariant) {
  test::Numbers numbers(4);
  int shares = 0;
  int gradients = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const auto run = test::run(test::variedPlan(seed));
    if (!run->has(Stage::weights)) continue;
    for (int n = 0; n < 4; ++n) {
      const int head = static_cast<int>(numbers.whole(0, run->sizes.heads - 1));
      const std::int64_t i = numbers.whole(0, run->sizes.queries - 1);
      const std::int64_t j = numbers.whole(0, run->sizes.keys - 1);
      const Explanation e = explained(run, head, i, j);
      const std::string what = "seed " + std::to_string(seed) + " [" + std::to_string(head) + ", " +
                               std::to_string(i) + ", " + std::to_string(j) + "] ";
      for (const ExplainFact& f : e.facts) recompute(f, *run, what);
      const Field weights = test::field(run, Stage::weights, head);
      std::vector<float> row(static_cast<std::size_t>(weights.cols()));
      std::vector<std::uint8_t> classes(row.size());
      weights.row(i, row.data(), classes.data());
      const ExplainFact* rank = fact(e, ExplainFact::Kind::rank);
      if (e.masked || e.rowEmpty || !std::isfinite(e.value)) {
        EXPECT_EQ(rank, nullptr) << what;
        continue;
      }
      ASSERT_NE(rank, nullptr) << what;
      EXPECT_EQ(rank->value, static_cast<float>(rankOf(row, classes, j))) << what;
      if (const ExplainFact* share = fact(e, ExplainFact::Kind::share)) {
        const auto wanted = shareOf(*run, head, i, j, static_cast<double>(e.value));
        ASSERT_TRUE(wanted) << what;
        expectAbout(static_cast<double>(share->value), *wanted, 1 + std::abs(*wanted), what + "share");
        ++shares;
      }
      const ExplainFact* gradient = fact(e, ExplainFact::Kind::gradient);
      EXPECT_FALSE(gradient != nullptr && run->rules.mistake.any()) << what;
      if (gradient == nullptr) continue;
      const std::vector<float> scores = test::cells(run, Stage::masked, head);
      std::vector<double> kept;
      std::size_t own = 0;
      for (std::int64_t key = 0; key < run->sizes.keys; ++key) {
        if (!run->mask->keeps(head, i, key)) continue;
        if (key == j) own = kept.size();
        kept.push_back(static_cast<double>(scores[static_cast<std::size_t>(i * run->sizes.keys + key)]));
      }
      const auto [right, left] = slopes(*run, head, kept, own);
      // Where the two sides differ the weight has a corner, and either is a slope.
      if (!std::isfinite(right) || std::abs(right - left) > 1e-4) continue;
      EXPECT_NEAR(gradient->value, right, 2e-3 * std::abs(right) + 1e-4) << what << run->rules.normalizerKind;
      ++gradients;
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(shares, 100);
  EXPECT_GT(gradients, 100);
}

TEST(ExplainFacts, TheSharesOfARowAddToOne) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const auto run = test::run(test::randomPlan(seed));
    if (!run->outputs || run->sizes.dV == 0) continue;
    double sum = 0;
    double size = 0;
    bool any = false;
    for (std::int64_t j = 0; j < run->sizes.keys; ++j) {
      const Explanation e = explained(run, 0, 0, j);
      if (const ExplainFact* share = fact(e, ExplainFact::Kind::share)) {
        sum += static_cast<double>(share->value);
        size += std::abs(static_cast<double>(share->value));
        any = true;
      }
    }
    if (any) {
      EXPECT_NEAR(sum, 1, 1e-4 * size) << seed;
    }
  }
}

TEST(ExplainFacts, SayWhereAWeightStands) {
  const auto run = test::run(test::goldenPlan());
  const Explanation e = explained(run, 0, 0, 2);
  ASSERT_EQ(e.facts.size(), 3U);
  EXPECT_EQ(e.facts[0].text, "1st of 4 kept keys");
  EXPECT_THAT(e.facts[1].text, HasSubstr(" % of what the head collects"));
  // .551 (1 − .551)
  EXPECT_NEAR(e.facts[2].value, .2474, 1e-3);
  EXPECT_EQ(e.facts[2].steps[0].expression, "0.551 × (1 − 0.551)");
  Matrix q(1, 1);
  Matrix k(3, 1);
  Matrix v(3, 1);
  const Explanation even = explained(test::run(test::givenPlan(q, k, v, 1)), 0, 0, 1);
  EXPECT_EQ(even.facts[0].text, "1st of 3 kept keys, together with 2 others");
  EXPECT_EQ(fact(even, ExplainFact::Kind::share), nullptr) << "nothing is collected";
}

TEST(ExplainFacts, TheTemperatureDividesTheGradient) {
  AttentionPlan plan = test::goldenPlan();
  plan.temperature = 2;
  const Explanation e = explained(test::run(plan), 0, 0, 2);
  const ExplainFact* gradient = fact(e, ExplainFact::Kind::gradient);
  ASSERT_NE(gradient, nullptr);
  ASSERT_EQ(gradient->steps.size(), 2U);
  EXPECT_EQ(gradient->steps[1].title, "÷ τ");
  EXPECT_NEAR(gradient->value, e.value * (1 - e.value) / 2, 1e-6);
}

TEST(ExplainFacts, NameTheMaskThatDropsThePair) {
  const auto run = test::run(test::goldenPlan({test::mask("window", {{"left", 3}}), test::mask("causal")}));
  const Explanation e = explained(run, 0, 1, 3);
  ASSERT_TRUE(e.droppedBy);
  EXPECT_EQ(e.droppedBy->kind, run->mask->words(e.droppedBy->entry).kind);
  EXPECT_EQ(run->mask->words(1).kind, "causal");
  EXPECT_THAT(run->mask->words(1).rule, HasSubstr("before it"));
  EXPECT_FALSE(e.droppedBy->reason.empty());
  EXPECT_TRUE(e.facts.empty());
  EXPECT_FALSE(explained(run, 0, 1, 1).droppedBy);
  const auto scores = explain(run, Stage::scaled, 0, 1, 3);
  ASSERT_TRUE(scores);
  EXPECT_TRUE(scores->droppedBy) << "also of a stage that does not show it";
}

TEST(ExplainRow, ListsEveryKeyInOrderAndAddsUp) {
  test::Numbers numbers(2);
  const auto run = test::run(test::drawnPlan(numbers, 2, 300, 4, 2, 1));
  const auto keys = explainRow(run, 0, 1);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 300U);
  const Explanation e = explained(run, 0, 1, 0);
  double weights = 0;
  double exponentials = 0;
  for (std::size_t j = 0; j < keys->size(); ++j) {
    EXPECT_EQ((*keys)[j].key, static_cast<std::int64_t>(j));
    weights += static_cast<double>((*keys)[j].weight);
    exponentials += static_cast<double>((*keys)[j].exponential);
  }
  EXPECT_NEAR(weights, e.numbers.weightSum, 1e-5);
  EXPECT_NEAR(exponentials, e.numbers.sum, 1e-4);
  for (const ExplainKey& listed : e.keys) {
    const ExplainKey& key = (*keys)[static_cast<std::size_t>(listed.key)];
    EXPECT_EQ(key.weight, listed.weight);
    EXPECT_EQ(key.score, listed.score);
    EXPECT_EQ(key.exponential, listed.exponential);
  }
  EXPECT_FALSE(explainRow(run, 0, 2));
  EXPECT_FALSE(explainRow(run, kMeanHead, 0));
  EXPECT_FALSE(explainRow(run, 3, 0));
}

}  // namespace
}  // namespace headlight
