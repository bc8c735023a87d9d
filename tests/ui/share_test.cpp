#include <gtest/gtest.h>

#include "core/experiment/scenario_code.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

TEST(Share, TheCodeOnTheClipboardRestoresTheState) {
  Driver d;
  d.session().selectStage(Stage::masked);
  d.session().selectHead(5);
  d.session().pin(Cell{7, 1});
  d.settle();
  const Experiment shown = d.experiment();
  ASSERT_TRUE(d.window().run("share.copy"));
  d.settle();
  EXPECT_EQ(d.clipboard().held.rfind("headlight:1:", 0), 0U) << d.clipboard().held;
  EXPECT_NE(d.session().notice().find("Copied the scenario code"), std::string::npos);

  d.openExample("padded");
  ASSERT_FALSE(d.experiment() == shown);
  ASSERT_TRUE(d.window().run("share.paste"));
  d.settle();
  EXPECT_EQ(d.experiment(), shown);
  EXPECT_EQ(d.session().documentName(), "from a code");
  EXPECT_TRUE(d.session().path().empty());
}

TEST(Share, PastingAsksBeforeChangesAreLost) {
  Driver d;
  d.clipboard().held = *scenarioCode(Experiment{});
  d.session().change("shape.d_k", Value(4), Phase::done);
  d.settle();
  const Experiment changed = d.experiment();
  d.window().run("share.paste");
  d.settle();
  EXPECT_EQ(d.experiment(), changed);
  EXPECT_NE(d.session().notice().find("unsaved changes"), std::string::npos);
  d.window().run("share.paste");
  d.settle();
  EXPECT_EQ(d.experiment(), Experiment{});
}

TEST(Share, WhatIsNoCodeIsRefusedWithWordsAndTheDocumentStays) {
  Driver d;
  d.settle();
  const Experiment before = d.experiment();
  for (const char* text : {"", "hello", "headlight:1:eJyrrgUAAXUA-Q", "headlight:9:x.00000000"}) {
    d.clipboard().held = text;
    d.window().run("share.paste");
    d.settle();
    ASSERT_TRUE(d.session().problem()) << text;
    EXPECT_EQ(d.session().problem()->title, "Scenario code was not opened");
    d.session().closeProblem();
    EXPECT_EQ(d.experiment(), before);
  }
}

TEST(Share, OfADocumentWithFilesNamesThem) {
  Driver d;
  d.openExample("from-arrays");
  d.clipboard().held = "before";
  d.window().run("share.copy");
  d.settle();
  ASSERT_TRUE(d.session().problem());
  EXPECT_NE(d.session().problem()->error.text().find("qkv.npz"), std::string::npos);
  EXPECT_EQ(d.clipboard().held, "before");
}

}  // namespace
}  // namespace headlight::test
