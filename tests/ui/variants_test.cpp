#include <algorithm>

#include <gtest/gtest.h>

#include "core/attention/bias/bias.h"
#include "core/attention/mask/mask.h"
#include "core/attention/normalize/normalize.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void choose(Driver& d, const std::string& list, const std::string& row) {
  d.click(list);
  d.settle();
  ASSERT_TRUE(d.has(row)) << row;
  d.click(row);
  d.settle();
}

void expectNumbers(Driver& d) {
  EXPECT_EQ(d.session().evaluationError(), nullptr);
  ASSERT_TRUE(d.session().evaluation());
  EXPECT_TRUE(sameNumbers(d.session().evaluation()->experiment, d.experiment()));
}

std::int64_t timesShown(const Driver& d, std::string_view id) {
  const auto& all = d.drawn().controls();
  return std::count_if(all.begin(), all.end(), [id](const auto& control) { return control.id == id; });
}

TEST(Variants, EveryMaskOfTheMenuIsAddedInOneStep) {
  Driver d;
  for (const MaskKind& kind : maskKinds()) {
    const std::string id(kind.spec.kind);
    if (needsFile(kind)) continue;
    choose(d, "mask/add", "mask+" + id);
    EXPECT_FALSE(d.session().fieldError("mask")) << id;
    ASSERT_EQ(d.experiment().mask.size(), 1u) << id;
    expectNumbers(d);
    EXPECT_EQ(d.undoAll(), 1) << id;
  }
}

TEST(Variants, EveryBiasOfTheMenuIsAddedInOneStep) {
  Driver d;
  for (const BiasKind& kind : biasKinds()) {
    const std::string id(kind.spec.kind);
    if (needsFile(kind)) continue;
    choose(d, "bias/add", "bias+" + id);
    ASSERT_EQ(d.experiment().biases.size(), 1u) << id;
    expectNumbers(d);
    EXPECT_TRUE(d.has("stage.biased")) << "the strip has the step";
    EXPECT_TRUE(d.drawn().shows("+ bias"));
    EXPECT_EQ(d.undoAll(), 1) << id;
  }
}

TEST(Variants, EveryNormalizerIsShownAsWhatItIs) {
  Driver d(1920, 1080);  // wide enough for the formula beside the title
  for (const NormalizerKind& kind : normalizerKinds()) {
    const std::string id(kind.spec.kind);
    if (id == d.experiment().normalizer.kind) continue;
    choose(d, "normalizer.kind", "normalizer.kind=" + id);
    expectNumbers(d);
    EXPECT_TRUE(d.drawn().shows("A = " + std::string(kind.spec.label) + "(")) << "the formula";
    const bool whole = d.session().evaluation()->run->rules.normalizer->sumsToOne();
    EXPECT_EQ(d.drawn().shows("rows sum to 1"), whole) << id;
    EXPECT_EQ(timesShown(d, "inspector/row"), 1) << id << ": one step unfolds the row";
    EXPECT_EQ(d.undoAll(), 1) << id;
  }
}

TEST(Variants, OtherEditsLeaveTheNumbersOfAMask) {
  Driver d;
  choose(d, "mask/add", "mask+window");
  d.enter("mask.0.left", "5");
  d.settle();
  d.click("score.softcap");
  d.settle();
  EXPECT_EQ(d.value("mask.0.left"), "5");
}

TEST(Variants, AMistakeIsAnnouncedAndNothingContradictsIt) {
  Driver d;
  scene("mistake").set(d);
  EXPECT_TRUE(d.drawn().shows("Deliberately wrong: softmax runs over the queries"));
  EXPECT_TRUE(d.drawn().shows("softmax over queries")) << "the strip";
  EXPECT_FALSE(d.drawn().shows("rows sum to 1"));
  EXPECT_FALSE(d.drawn().shows("% of what “"));
  Driver right;
  EXPECT_FALSE(right.drawn().shows("Deliberately wrong:"));
}

TEST(Variants, ABatchIsNamedAndWalked) {
  Driver d;
  scene("variants").set(d);
  EXPECT_TRUE(d.drawn().shows("a batch of 2 sequences"));
  EXPECT_TRUE(d.drawn().shows("five"));
  d.enter("view.batch", "0");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("three"));
  EXPECT_FALSE(d.session().canUndo()) << "it is a way to look";
}

TEST(Variants, PatchesAreNamed) {
  Driver d;
  scene("grid").set(d);
  EXPECT_TRUE(d.drawn().shows("2 × 3 patches: row, column,")) << "and more on the next line";
  EXPECT_TRUE(d.drawn().shows("exactly 0"));
}

TEST(Variants, GivenWeightsHaveNoScores) {
  Driver d;
  scene("given weights").set(d);
  EXPECT_TRUE(d.drawn().shows("The file gives the weights"));
  for (const char* id : {"score.scale", "score.softcap", "mask/add", "normalizer.kind", "position.kind"})
    EXPECT_FALSE(d.has(id)) << id;
  EXPECT_FALSE(d.has("stage.masked"));
  EXPECT_FALSE(d.drawn().shows("softmax"));
  EXPECT_FALSE(d.drawn().shows("rows sum to 1"));
  d.click("inspector/row");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("score"));
}

TEST(Variants, GivenQueriesAndKeysAreOnlyTurned) {
  Driver d;
  d.openExample("from-arrays");
  d.click("position.kind");
  d.settle();
  EXPECT_TRUE(d.has("position.kind=rope"));
  EXPECT_FALSE(d.has("position.kind=sinusoidal"));
}

/// A document may say so; the window offers no way there.
TEST(Variants, AGradientIsMadeWhenItIsLookedAt) {
  Driver d;
  EXPECT_FALSE(d.session().evaluation()->run->gradients);
  d.session().selectStage(Stage::gradScores);
  d.settle();
  EXPECT_TRUE(d.session().evaluation()->run->gradients);
  EXPECT_TRUE(d.drawn().shows("Gradient of the masked scores"));
  EXPECT_TRUE(d.has("inspector/row") || d.has("copy.explanation")) << "it is explained";
  Driver opened;
  opened.openText(R"({"type": "headlight/experiment", "version": 1, "view": {"stage": "grad_scores"}})");
  EXPECT_TRUE(opened.session().evaluation()->run->gradients);
  opened.session().selectStage(Stage::weights);
  opened.settle();
  EXPECT_EQ(opened.session().view().stage, Stage::weights);
}

/// The other way to look at the weights: beside them, explained as itself, on a range that holds it.
TEST(Variants, WeightsTimesTheLengthOfTheValue) {
  Driver d;
  const std::size_t nodes = d.session().stagesShown().size();
  d.click("stage/times_value");
  d.settle();
  EXPECT_EQ(d.session().view().stage, Stage::valueWeighted);
  EXPECT_FALSE(d.has("stage.value_weighted")) << "the weights stand for it in the strip";
  EXPECT_EQ(d.session().explainedStage(), Stage::valueWeighted);
  const auto range = d.session().range(Stage::valueWeighted, 2);
  ASSERT_TRUE(range);
  EXPECT_FALSE(range->clippedHigh);
  d.click("stage/times_value");
  d.settle();
  EXPECT_EQ(d.session().view().stage, Stage::weights);
  EXPECT_EQ(d.session().stagesShown().size(), nodes);
}

}  // namespace
}  // namespace headlight::test
