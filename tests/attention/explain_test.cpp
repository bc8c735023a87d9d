#include "core/attention/explain.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::HasSubstr;

Explanation explained(const std::shared_ptr<const Run>& run, Stage stage, int head, std::int64_t i,
                      std::int64_t j) {
  auto made = explain(run, stage, head, i, j);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

const ExplainStep* step(const Explanation& e, const std::string& title) {
  for (const ExplainStep& s : e.steps) {
    if (s.title == title) return &s;
  }
  return nullptr;
}

/// NaN equals NaN, an infinity itself, numbers to the rounding of a float sum of that size.
void expectAbout(double got, double wanted, double size, const std::string& what) {
  if (!std::isfinite(wanted)) {
    EXPECT_EQ(std::isnan(got), std::isnan(wanted)) << what;
    return;
  }
  EXPECT_NEAR(got, wanted, 1e-5 * size + 1e-7) << what;
}

void recomputeTerms(const ExplainStep& s, const std::string& what) {
  double sum = 0;
  double size = 0;
  for (const ExplainTerm& t : s.terms) {
    EXPECT_EQ(std::isnan(t.product), std::isnan(t.left * t.right));
    if (!std::isnan(t.product)) {
      EXPECT_EQ(t.product, t.left * t.right);
    }
    sum += static_cast<double>(t.product);
    size += std::abs(static_cast<double>(t.product));
  }
  if (!s.terms.empty() && s.hasResult) expectAbout(static_cast<double>(s.result), sum, size, what + s.title);
  for (const ExplainStep::Strip& strip : s.strips) {
    double squares = 0;
    for (const float v : strip.values) squares += static_cast<double>(v) * static_cast<double>(v);
    expectAbout(static_cast<double>(strip.length), std::sqrt(squares), std::sqrt(squares),
                what + strip.label);
  }
}

/// From the displayed numbers of one step to those of the next.
void recomputeMap(const Run& run, const Explanation& e, const std::string& what) {
  const float tau = run.rules.temperature;
  float last = e.steps.front().result;
  for (const ExplainStep& s : e.steps) {
    const double before = static_cast<double>(last);
    if (s.stage == Stage::scaled) {
      expectAbout(static_cast<double>(s.result), before * static_cast<double>(run.rules.scale),
                  std::abs(before), what);
    }
    if (s.stage == Stage::masked) {
      if (e.masked) {
        EXPECT_EQ(s.result, -std::numeric_limits<float>::infinity());
        EXPECT_THAT(s.detail, HasSubstr("masked: "));
      } else if (!e.rowEmpty && !std::isnan(last)) {
        EXPECT_EQ(s.result, last) << what;
      }
    }
    const bool weighed = !e.masked && !e.rowEmpty;
    if (s.title.starts_with("e^") && weighed) {
      const double z = (before - static_cast<double>(e.numbers.maximum)) / static_cast<double>(tau);
      expectAbout(static_cast<double>(s.result), std::exp(z), 1, what);
      EXPECT_EQ(s.title == "e^{s − max}", tau == 1);
    }
    if (s.title == "÷ Σe" && weighed && !std::isnan(e.numbers.sum)) {
      EXPECT_EQ(s.result, last / e.numbers.sum) << what;
    }
    if (s.title == "× V") {
      for (std::size_t n = 0; n < s.strips[0].values.size(); ++n) {
        const float product = e.masked ? 0.0f : e.value * s.strips[0].values[n];
        if (!std::isnan(product)) {
          EXPECT_EQ(s.strips[1].values[n], product) << what;
        }
      }
    }
    if (s.hasResult) last = s.result;
  }
  // The listed keys and the rest make up the row.
  double weights = static_cast<double>(e.otherWeight);
  for (const ExplainKey& key : e.keys) {
    weights += static_cast<double>(key.weight);
    if (key.kept && !std::isnan(e.numbers.sum)) {
      EXPECT_EQ(key.weight, key.exponential / e.numbers.sum);
    }
  }
  expectAbout(weights, static_cast<double>(e.numbers.weightSum), 1, what + "keys");
}

TEST(Explain, EveryDisplayedTermRecomputesOverAThousandRandomCells) {
  test::Numbers numbers(1);
  int cells = 0;
  for (std::uint32_t seed = 0; cells < 1500; ++seed) {
    const AttentionPlan plan = test::randomPlan(seed);
    const auto run = test::run(plan);
    for (const StageInfo& stage : stages()) {
      if (!run->has(stage.stage)) continue;
      for (int n = 0; n < 3; ++n, ++cells) {
        const int head =
            numbers.chance(0.1) ? kMeanHead : static_cast<int>(numbers.whole(0, plan.inputs.sizes.heads - 1));
        const Field field = test::field(run, stage.stage, head);
        const std::int64_t i = numbers.whole(0, field.rows() - 1);
        const std::int64_t j = numbers.whole(0, field.cols() - 1);
        const Explanation e = explained(run, stage.stage, head, i, j);
        const std::string what = "seed " + std::to_string(seed) + " " + std::string(stage.id) + " ";
        const float value = field.cell(i, j);
        if (!std::isnan(value)) {
          ASSERT_EQ(e.value, value);
        }
        ASSERT_FALSE(e.steps.empty());
        EXPECT_FALSE(e.headline.empty()) << what;
        EXPECT_FALSE(toText(e, {}, {}).empty());
        for (const ExplainStep& s : e.steps) {
          if (!(e.masked && head == kMeanHead)) recomputeTerms(s, what);
        }
        if (isMap(stage.stage) && head != kMeanHead) recomputeMap(*run, e, what);
        // The last line that has a result is the cell itself.
        const ExplainStep* last = nullptr;
        for (const ExplainStep& s : e.steps) last = s.hasResult ? &s : last;
        ASSERT_NE(last, nullptr);
        if (!std::isnan(value)) {
          EXPECT_EQ(last->result, value) << what;
        }
        ASSERT_FALSE(HasFailure()) << what;
      }
    }
  }
}

TEST(Explain, AWeightStepByStep) {
  const auto run = test::run(test::goldenPlan());
  const Explanation e = explained(run, Stage::weights, 0, 0, 2);
  std::vector<std::string> titles;
  for (const ExplainStep& s : e.steps) titles.push_back(s.title);
  EXPECT_THAT(titles, testing::ElementsAre("QK^T", "÷ √d_k", "+ mask", "e^{s − max}", "÷ Σe", "× V"));
  EXPECT_EQ(e.steps[0].terms.size(), 4u);
  EXPECT_EQ(e.steps[0].detail, "4 products, then their sum");
  EXPECT_EQ(e.steps[0].result, 3);
  EXPECT_EQ(e.steps[1].expression, "3.000 ÷ 2.000");
  EXPECT_EQ(e.steps[2].detail, "no mask");
  EXPECT_EQ(e.steps[4].expression, "1.000 ÷ 1.814");
  EXPECT_EQ(e.headline, "0.551 of its weight");
  EXPECT_THAT(e.steps[5].strips[0].values, testing::ElementsAre(2, -1));
  EXPECT_NEAR(e.steps[5].strips[0].length, std::sqrt(5.0), 1e-6);
  EXPECT_EQ(e.steps[5].strips.size(), 3u);
  EXPECT_EQ(e.keys.size(), 4u);
  EXPECT_EQ(e.keys[0].key, 2);
}

TEST(Explain, AMaskedCellNamesItsReason) {
  const auto run = test::run(test::goldenPlan({test::mask("causal")}));
  const Explanation e = explained(run, Stage::weights, 0, 1, 3);
  EXPECT_TRUE(e.masked);
  EXPECT_EQ(e.headline, "masked: key 3 > query 1");
  EXPECT_EQ(e.steps[2].detail, "masked: key 3 > query 1");
  EXPECT_EQ(e.steps[3].result, 0);
  EXPECT_EQ(e.steps[4].result, 0);
  ASSERT_EQ(e.keys.size(), 3u);
  EXPECT_EQ(e.keys.back().key, 3);
  EXPECT_FALSE(e.keys.back().kept);
}

TEST(Explain, MapsBeforeTheWeightsStopThere) {
  const auto run = test::run(test::goldenPlan());
  EXPECT_EQ(explained(run, Stage::dot, 0, 0, 0).steps.size(), 1u);
  EXPECT_EQ(explained(run, Stage::scaled, 0, 0, 0).steps.size(), 2u);
  EXPECT_EQ(explained(run, Stage::biased, 0, 0, 0).steps.back().stage, Stage::biased);
  EXPECT_EQ(explained(run, Stage::masked, 0, 0, 0).steps.size(), 3u);
}

TEST(Explain, ScaleAndTemperatureAreNamed) {
  AttentionPlan plan = test::goldenPlan();
  plan.scale = 1;
  plan.temperature = 2;
  const Explanation plain = explained(test::run(plan), Stage::weights, 0, 0, 1);
  EXPECT_EQ(plain.steps[1].detail, "no scale");
  EXPECT_EQ(plain.steps[3].title, "e^{(s − max) ÷ τ}");
  EXPECT_EQ(plain.steps[3].expression, "e^{(0.000 − 3.000) ÷ 2.000}");
  plan.scale = -0.25;
  EXPECT_EQ(explained(test::run(plan), Stage::scaled, 0, 0, 2).steps[1].expression, "3.000 × (−0.250)");
}

TEST(Explain, ARowWithoutKeysSaysWhatItsWeightsAre) {
  for (const auto& [policy, words] :
       {std::pair{EmptyRow::zeros, "are 0"}, std::pair{EmptyRow::nan, "are NaN"},
        std::pair{EmptyRow::uniform, "1 ÷ 4"}}) {
    AttentionPlan plan = test::goldenPlan({test::mask("causal", {{"offset", -1}})});
    plan.emptyRow = policy;
    const Explanation e = explained(test::run(plan), Stage::weights, 0, 0, 1);
    EXPECT_TRUE(e.rowEmpty);
    EXPECT_EQ(e.masked, policy == EmptyRow::zeros);
    ASSERT_NE(step(e, "weights"), nullptr);
    EXPECT_THAT(step(e, "weights")->detail, HasSubstr(words));
  }
}

TEST(Explain, EditsAndSwitchedOffHeadsAreNamed) {
  AttentionPlan plan;
  for (std::uint32_t seed = 0; !plan.inputs.x || !plan.inputs.wO; ++seed) plan = test::randomPlan(seed);
  plan.inputs.edits = {{Stage::q, 0, 0, 0, 2.5f}};
  plan.ablatedHeads = {0};
  const auto run = test::run(plan);
  EXPECT_EQ(explained(run, Stage::q, 0, 0, 0).steps.back().title, "set by hand");
  EXPECT_EQ(explained(run, Stage::q, 0, 0, 0).value, 2.5f);
  EXPECT_EQ(explained(run, Stage::headOutput, 0, 0, 0).steps.back().title, "switched off");
  EXPECT_EQ(explained(run, Stage::concat, 0, 0, 0).value, 0);
  EXPECT_THAT(explained(run, Stage::contribution, 0, 0, 0).steps.back().detail, HasSubstr("ablated"));
}

TEST(Explain, AtMostSixtyFourKeysTheExplainedAmongThem) {
  test::Numbers numbers(2);
  const AttentionPlan plan =
      test::givenPlan(test::normalMatrix(numbers, 2, 4), test::normalMatrix(numbers, 300, 4),
                      test::normalMatrix(numbers, 300, 2), 1);
  const auto run = test::run(plan);
  for (std::int64_t j = 0; j < 300; ++j) {
    const Explanation e = explained(run, Stage::weights, 0, 1, j);
    ASSERT_EQ(e.keys.size(), 64u);
    ASSERT_TRUE(
        std::any_of(e.keys.begin(), e.keys.end(), [&](const ExplainKey& key) { return key.key == j; }));
    double sum = static_cast<double>(e.otherWeight);
    for (const ExplainKey& key : e.keys) sum += static_cast<double>(key.weight);
    ASSERT_NEAR(sum, 1, 1e-5);
  }
}

TEST(Explain, RefusesCellsThatAreNotThere) {
  const auto run = test::run(test::goldenPlan());
  EXPECT_THAT(explain(run, Stage::weights, 0, 3, 0).error().what, HasSubstr("[3, 4]"));
  EXPECT_FALSE(explain(run, Stage::weights, 0, 0, -1).ok());
  EXPECT_FALSE(explain(run, Stage::weights, 5, 0, 0).ok());
  EXPECT_FALSE(explain(run, Stage::input, 0, 0, 0).ok());
}

TEST(Explain, AsTextOneLineAStep) {
  const auto run = test::run(test::goldenPlan());
  const std::string text =
      toText(explained(run, Stage::weights, 0, 0, 2), {"it", "was", "tired"}, {"the", "animal", "was", "it"});
  EXPECT_THAT(
      text, HasSubstr("Attention weights, head 0: query 0 “it”, key 2 “was”: 0.551 (0.551 of its weight)\n"));
  EXPECT_THAT(text, HasSubstr("2. ÷ √d_k: 3.000 ÷ 2.000 = 1.500  (d_k = 4)\n"));
  EXPECT_THAT(text, HasSubstr("5. ÷ Σe: 1.000 ÷ 1.814 = 0.551  (the sum over 4 kept keys)\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7);
}

}  // namespace
}  // namespace headlight
