#include <gtest/gtest.h>

#include "app/panels/presets.h"
#include "app/panels/rail.h"
#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

TEST(HistoryPanel, ListsAllStepsAndGoesThere) {
  Driver d;
  d.enter("shape.heads/field", "4");
  d.settle();
  d.enter("normalizer.temperature/field", "2");
  d.settle();
  d.click("mask/add");
  d.settle();
  d.click("mask+causal");
  d.settle();
  d.key('H', kCtrl);
  d.settle();
  ASSERT_TRUE(d.has("history.3"));
  EXPECT_TRUE(d.drawn().shows("as it was opened"));
  EXPECT_TRUE(d.drawn().shows("heads 8 → 4"));
  d.click("history.1");
  d.settle();
  EXPECT_EQ(d.value("shape.heads"), "4");
  EXPECT_EQ(d.value("normalizer.temperature"), "1.0");
  EXPECT_TRUE(d.experiment().mask.empty());
  ASSERT_TRUE(d.has("history.3")) << "what was undone is still in the list";
  EXPECT_TRUE(d.drawn().shows("2 steps undone"));
  d.click("history.3");
  d.settle();
  EXPECT_EQ(d.experiment().mask.size(), 1u);
  EXPECT_TRUE(sameNumbers(d.session().evaluation()->experiment, d.experiment()));
}

TEST(HistoryPanel, ArrowsWalkTheSteps) {
  Driver d;
  scene("history").set(d);
  ASSERT_EQ(d.session().stepsDone(), 1u);
  d.key(kKeyUp);
  EXPECT_EQ(d.session().stepsDone(), 0u);
  EXPECT_EQ(d.value("shape.heads"), "8");
  d.key(kKeyEnd);
  EXPECT_EQ(d.session().stepsDone(), 2u);
  EXPECT_EQ(d.value("shape.heads"), "2");
  d.key(kKeyDown);
  EXPECT_EQ(d.session().stepsDone(), 2u);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("history.0"));
}

TEST(HistoryPanel, LongListsShowWhereOneIs) {
  Driver d(960, 600);
  for (int i = 1; i <= 60; ++i) d.session().change("source.seed", Value(100 + i), Phase::done);
  d.session().goToStep(30);
  d.settle();
  ASSERT_TRUE(d.window().run("edit.history"));
  d.settle();
  EXPECT_TRUE(d.has("history.30"));
  EXPECT_FALSE(d.has("history.0"));
  d.key(kKeyHome);
  d.settle();
  EXPECT_TRUE(d.has("history.0"));
}

TEST(Presets, EachIsOneStepAndLeavesTheSentence) {
  for (const Preset& preset : presets()) {
    Driver d;
    d.click("presets");
    d.settle();
    const std::string id = "preset." + std::string(preset.id);
    ASSERT_TRUE(d.has(id));
    const Experiment before = d.experiment();
    d.click(id);
    d.settle();
    EXPECT_EQ(d.undoAll(), preset.id == "original" ? 0 : 1) << id;
    d.session().redo();
    d.settle();
    const Experiment& after = d.experiment();
    EXPECT_TRUE(after.tokens == before.tokens) << id;
    EXPECT_TRUE(after.source == before.source) << id;
    EXPECT_EQ(after.shape.heads, before.shape.heads) << id;
    EXPECT_FALSE(d.session().evaluationError()) << id;
    ASSERT_TRUE(d.session().evaluation());
    EXPECT_TRUE(sameNumbers(d.session().evaluation()->experiment, after)) << id;
    // One preset after another is the same as the other alone.
    for (const Preset& other : presets()) {
      const auto twice = withPreset(after, other);
      const auto once = withPreset(before, other);
      ASSERT_TRUE(twice && once);
      EXPECT_TRUE(sameNumbers(*twice, *once)) << id << " then " << other.id;
    }
  }
}

TEST(Palette, MasksAreAddedAndRemovedByName) {
  Driver d;
  for (const KindSpec* kind : offeredMasks()) {
    const std::string id = "mask.toggle." + std::string(kind->kind);
    ASSERT_TRUE(d.window().run(id)) << id;
    d.settle();
    ASSERT_EQ(d.experiment().mask.size(), 1u) << id;
    EXPECT_EQ(d.experiment().mask.front().kind, kind->kind);
    ASSERT_TRUE(d.window().run(id)) << id;
    d.settle();
    EXPECT_TRUE(d.experiment().mask.empty()) << id;
  }
  ASSERT_TRUE(d.window().run("mask.toggle.causal"));
  ASSERT_TRUE(d.window().run("mask.toggle.window"));
  d.settle();
  EXPECT_EQ(d.experiment().mask.size(), 2u) << "they add up";
  d.undoAll();
  EXPECT_TRUE(d.experiment().mask.empty());
}

TEST(Presets, WhatTheSourceCannotHaveIsSaid) {
  Driver d;
  scene("arrays").set(d);
  d.click("presets");
  d.settle();
  d.click("preset.alibi");
  d.settle();
  EXPECT_EQ(d.experiment().biases.size(), 1u);
  EXPECT_FALSE(d.session().evaluationError());
}

}  // namespace
}  // namespace headlight::test
