#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/explain.h"
#include "plans.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Explanation explained(const AttentionPlan& plan, Stage stage, std::int64_t i, std::int64_t j) {
  auto made = explain(test::runWithGradients(plan), stage, 0, i, j);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    std::abort();
  }
  return *made;
}

std::vector<std::string> titles(const Explanation& e) {
  std::vector<std::string> all;
  for (const ExplainStep& s : e.steps) all.push_back(s.title);
  return all;
}

AttentionPlan golden(Kinded normalizer, std::vector<Kinded> masks = {}) {
  AttentionPlan plan = test::goldenPlan(std::move(masks));
  plan.normalizer = std::move(normalizer);
  return plan;
}

/// Maps of G-1's shape that a file gives.
AttentionPlan given(Stage enters, std::vector<float> cells) {
  AttentionPlan plan = test::goldenPlan({test::mask("causal")});
  auto maps = std::make_shared<GivenMaps>();
  maps->enters = enters;
  maps->tensor = test::givenTensor({3, 4}, std::move(cells));
  plan.inputs.maps = {77, maps};
  plan.inputs.q = {};
  plan.inputs.k = {};
  plan.inputs.sizes.dK = 0;
  return plan;
}

TEST(ExplainVariants, ASinksShareIsAStepOfItsOwn) {
  const Explanation e = explained(golden({"sink", {{"logits", List{0.5}}}}), Stage::weights, 0, 2);
  EXPECT_THAT(titles(e),
              ElementsAre("QK^T", "÷ √d_k", "+ mask", "e^{s − max}", "Σe + e^{sink − max}", "÷ Σe", "× V"));
  EXPECT_EQ(e.steps[4].expression, "1.814 + 0.368");
  EXPECT_THAT(e.steps[4].detail, HasSubstr("the sink with the logit 0.500, which no key gets"));
  EXPECT_EQ(e.steps[5].expression, "1.000 ÷ 2.182");
  EXPECT_NEAR(e.steps[5].result, .458291, 1e-6);
}

TEST(ExplainVariants, AThresholdIsNamed) {
  const Explanation e = explained(golden({"sparsemax", {}}), Stage::weights, 0, 0);
  EXPECT_THAT(titles(e), ElementsAre("QK^T", "÷ √d_k", "+ mask", "s − t", "max(…, 0)", "× V"));
  // Of .5, 0, 1.5, 0 the largest takes all: t = .5.
  EXPECT_EQ(e.steps[3].expression, "0.500 − 0.500");
  EXPECT_THAT(e.steps[3].detail, HasSubstr("the threshold t = 0.500"));
  EXPECT_EQ(e.steps[4].detail, "not above the threshold: no weight");
  EXPECT_EQ(e.value, 0);
  EXPECT_FALSE(e.masked);
}

TEST(ExplainVariants, SoftcapAndBiasesStandBetweenScaleAndMask) {
  AttentionPlan plan = test::goldenPlan();
  plan.softcap = 1;
  plan.biases = {{"constant", {{"value", -0.25}}}, {"alibi", {}}};
  const Explanation e = explained(plan, Stage::masked, 0, 2);
  EXPECT_THAT(titles(e), ElementsAre("QK^T", "÷ √d_k", "softcap", "+ constant", "+ alibi", "+ mask"));
  EXPECT_EQ(e.steps[2].expression, "1.000 × tanh(1.500 ÷ 1.000)");
  EXPECT_NEAR(e.steps[2].result, std::tanh(1.5), 1e-6);
  EXPECT_EQ(e.steps[3].expression, "0.905 + (−0.250)");
}

TEST(ExplainVariants, MistakesSayWhatTheyDo) {
  AttentionPlan plan = test::goldenPlan({test::mask("causal")});
  plan.mistake.maskAs = Mistake::MaskAs::zeroScore;
  const Explanation zero = explained(plan, Stage::weights, 0, 2);
  EXPECT_EQ(zero.steps[2].detail, "masked: key 2 > query 0; by mistake its score becomes 0 and takes part");
  EXPECT_GT(zero.value, 0);
  EXPECT_THAT(zero.headline, HasSubstr("of its weight, though masked: key 2 > query 0"));
  plan.mistake.maskAs = Mistake::MaskAs::zeroWeight;
  const Explanation late = explained(plan, Stage::weights, 0, 2);
  EXPECT_EQ(late.steps[5].title, "mask");
  EXPECT_NEAR(late.steps[4].result, .551225, 1e-6);
  EXPECT_EQ(late.steps[5].result, 0);
  plan.mistake = {};
  plan.mistake.overQueries = true;
  const Explanation column = explained(plan, Stage::weights, 1, 0);
  EXPECT_EQ(column.steps[3].title, "e^{s − max}");
  EXPECT_EQ(column.steps[3].detail, "the largest score of key 0 is 1.000");
  EXPECT_THAT(column.steps[4].detail, HasSubstr("columns sum to 1"));
  EXPECT_THAT(column.headline, HasSubstr("of what all queries give to this key"));
}

TEST(ExplainVariants, ValueWeightedEndsWithTheLength) {
  const Explanation e = explained(test::goldenPlan(), Stage::valueWeighted, 0, 2);
  EXPECT_THAT(titles(e), ElementsAre("QK^T", "÷ √d_k", "+ mask", "e^{s − max}", "÷ Σe", "× ‖v_j‖"));
  EXPECT_EQ(e.steps[5].expression, "0.551 × 2.236");
  EXPECT_NEAR(e.value, .551225 * std::sqrt(5.0), 1e-5);
  EXPECT_EQ(e.headline, "how long this key's part of the output is");
}

TEST(ExplainVariants, AScoresGradientStepByStep) {
  AttentionPlan plan = test::goldenPlan({test::mask("causal")});
  plan.temperature = 2;
  const Explanation e = explained(plan, Stage::gradScores, 1, 0);
  EXPECT_THAT(titles(e), ElementsAre("∂L/∂a_{ij}", "− Σ c ∂L/∂a", "× c", "÷ τ"));
  EXPECT_EQ(e.steps[0].terms.size(), 2u);
  EXPECT_EQ(e.steps.back().result, e.value);
  const Explanation masked = explained(plan, Stage::gradScores, 1, 2);
  EXPECT_EQ(masked.steps[0].detail, "a masked pair has no gradient");
  EXPECT_EQ(masked.value, 0);
}

TEST(ExplainVariants, GivenMapsBeginWithTheFile) {
  const std::vector<float> weights{.1f, .2f, .3f, .4f, 0, 1, 0, 0, .25f, .25f, .25f, .25f};
  const Explanation e = explained(given(Stage::weights, weights), Stage::weights, 0, 3);
  EXPECT_THAT(titles(e), ElementsAre("weights A", "× V"));
  EXPECT_EQ(e.steps[0].detail, "given by the file");
  // The mask does not touch weights that are given.
  EXPECT_EQ(e.value, .4f);
  EXPECT_FALSE(e.masked);
  EXPECT_FALSE(e.rowEmpty);
  EXPECT_EQ(e.keys.size(), 4u);
  const Explanation scores = explained(given(Stage::scaled, weights), Stage::weights, 1, 0);
  EXPECT_THAT(titles(scores), ElementsAre("scaled", "+ mask", "e^{s − max}", "÷ Σe", "× V"));
  EXPECT_EQ(scores.steps[0].detail, "given by the file");
}

TEST(ExplainVariants, RotatedFeaturesShowBothProducts) {
  AttentionPlan plan = test::goldenPlan();
  plan.inputs.rotary = Rotary{};
  const Explanation dot = explained(plan, Stage::dot, 1, 1);
  EXPECT_EQ(dot.steps[0].detail, "4 products, then their sum; of q and k after their rotation");
  const Explanation q = explained(plan, Stage::q, 1, 3);
  EXPECT_THAT(titles(q), ElementsAre("Q", "rotation"));
  // Feature 3 turns with feature 1 by 1 × 10000^{−1/2}: −1 cos .01 + 1 sin .01.
  EXPECT_NEAR(q.value, -std::cos(.01) + std::sin(.01), 1e-6);
  EXPECT_EQ(q.steps[1].terms[1].index, 1);
  EXPECT_EQ(q.steps[1].detail, "turned with feature 1 by the position 1");
}

TEST(ExplainVariants, AMeanOfHeadsMergedByMistakeSaysSo) {
  AttentionPlan plan;
  for (std::uint32_t seed = 0; !plan.inputs.wO || plan.inputs.sizes.heads < 2; ++seed) {
    plan = test::randomPlan(seed);
  }
  plan.mistake.meanMerge = true;
  const Explanation e = explained(plan, Stage::output, 0, 0);
  EXPECT_THAT(e.steps[0].detail, HasSubstr("by mistake each head's output ÷ "));
}

}  // namespace
}  // namespace headlight
