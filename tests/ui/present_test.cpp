#include "app/panels/present.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

constexpr int kF5 = 294;

/// At sizes of monitors and projectors.
struct Screen {
  int width;
  int height;
};
constexpr Screen kScreens[] = {{1280, 720},  {1920, 1080}, {1024, 768},
                               {1400, 1050}, {2560, 1080}, {3840, 2160}};

TEST(Present, LeavesPipelineMapAndArithmeticAlone) {
  Driver d;
  d.session().pin(Cell{7, 1});
  d.key(kF5);
  d.settle();
  EXPECT_TRUE(d.window().wantsFullScreen());
  for (const char* gone : {"menu", "palette", "tokens.text", "gallery", "help.keys", "tab.explore"})
    EXPECT_FALSE(d.has(gone)) << gone;
  for (const char* node : {"q", "k", "dot", "scaled", "weights", "v", "head_output"})
    EXPECT_TRUE(d.has("stage." + std::string(node))) << node;
  for (const char* node : {"input", "masked", "concat", "output"})
    EXPECT_FALSE(d.has("stage." + std::string(node))) << node;
  for (const char* words : {"attends to", "attends from", "attended to", "adds up to 1", " %", "q · k"})
    EXPECT_TRUE(d.drawn().shows(words)) << words;
  d.key(kF5);
  d.settle();
  EXPECT_FALSE(d.window().wantsFullScreen());
  EXPECT_TRUE(d.has("menu"));
}

TEST(Present, EscapeLeavesAndKeepsThePin) {
  Driver d;
  d.session().pin(Cell{3, 2});
  d.key(kF5);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.has("menu"));
  EXPECT_EQ(d.session().pinned(), (Cell{3, 2}));
}

TEST(Present, PagesWalkTheStagesBothWaysAndStopAtTheEnds) {
  Driver d;
  d.session().selectStage(Stage::q);
  d.key(kF5);
  const Stage order[] = {Stage::q,       Stage::k, Stage::dot,       Stage::scaled,
                         Stage::weights, Stage::v, Stage::headOutput};
  for (const Stage stage : order) {
    EXPECT_EQ(d.session().view().stage, stage);
    d.key(kKeyPageDown);
    d.settle();
  }
  EXPECT_EQ(d.session().view().stage, Stage::headOutput);
  for (int i = 0; i < 9; ++i) d.key(kKeyPageUp);
  EXPECT_EQ(d.session().view().stage, Stage::q);
}

TEST(Present, TheMaskIsANodeWhereThereIsOne) {
  Driver d;
  d.session().change("mask", Value("causal"), Phase::done);
  d.settle();
  d.session().selectStage(Stage::scaled);
  d.key(kF5);
  d.key(kKeyPageDown);
  EXPECT_EQ(d.session().view().stage, Stage::masked);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("+ mask"));
}

TEST(Present, PagesGoOnToTheDeck) {
  Driver d;
  d.session().openFiles({d.write("one.headlight.json", R"({"type": "headlight/experiment", "version": 1})"),
                         d.write("two.headlight.json", R"({"type": "headlight/experiment", "version": 1})")});
  d.settle();
  ASSERT_EQ(d.session().documentName(), "one");
  d.session().selectStage(Stage::headOutput);
  d.key(kF5);
  d.key(kKeyPageDown);
  d.settle();
  d.settle();
  EXPECT_EQ(d.session().documentName(), "two");
  EXPECT_EQ(d.session().view().stage, Stage::q) << "a document begins at its first step";
  d.key(kKeyPageUp);
  d.settle();
  d.settle();
  EXPECT_EQ(d.session().documentName(), "one");
  EXPECT_EQ(d.session().view().stage, Stage::headOutput);
}

TEST(Present, ArrowsMoveThePinAndDigitsPickTheHead) {
  Driver d;
  d.session().pin(std::nullopt);
  d.key(kF5);
  d.key(kKeyDown);
  EXPECT_EQ(d.session().pinned(), (Cell{0, 0})) << "the first arrow pins";
  d.key(kKeyDown);
  d.key(kKeyRight);
  EXPECT_EQ(d.session().pinned(), (Cell{1, 1}));
  d.key('5');
  d.settle();
  EXPECT_EQ(d.session().view().head, 5);
  EXPECT_TRUE(d.drawn().shows("H5 of 8"));
}

TEST(Present, BlanksUntilTheNextKey) {
  Driver d;
  d.key(kF5);
  d.key('B');
  d.settle();
  EXPECT_TRUE(d.drawn().words().empty());
  EXPECT_TRUE(d.drawn().controls().empty());
  const Stage stage = d.session().view().stage;
  d.key(kKeyPageDown);
  d.settle();
  EXPECT_FALSE(d.drawn().words().empty());
  EXPECT_EQ(d.session().view().stage, stage) << "that key showed the page and did nothing else";
}

TEST(Present, SwapsLightAndDarkForItselfAlone) {
  Driver d;
  d.key(kF5);
  const std::uint64_t dark = d.picture();
  d.key('T');
  d.settle();
  EXPECT_NE(d.picture(), dark);
  EXPECT_EQ(d.session().theme(), Theme::dark);
  d.key('T');
  d.settle();
  EXPECT_EQ(d.picture(), dark);
}

TEST(Present, OtherCommandsDoNothing) {
  Driver d;
  d.key(kF5);
  d.settle();
  const std::string before = d.document();
  for (const char* id : {"palette", "document.new", "source.resample", "edit.history", "settings.open"})
    EXPECT_FALSE(d.window().run(id)) << id;
  d.key('K', kCtrl);
  d.key('R');
  d.settle();
  EXPECT_EQ(d.document(), before);
  EXPECT_FALSE(d.has("palette/field"));
}

/// Nothing that is written is smaller than 2.1 % of the screen's height.
TEST(Present, NothingIsTooSmallToBeReadAtTheBack) {
  for (const Screen& screen : kScreens) {
    for (const Scene& one : scenes()) {
      if (one.name.rfind("presenting", 0) != 0) continue;
      Driver d(screen.width, screen.height, 1);
      one.set(d);
      const float least = std::floor(0.021f * static_cast<float>(screen.height) * 0.728f);
      for (const auto& words : d.drawn().words()) {
        // The capitals of turned words stand across; a letter or two are no longer than they are high.
        const float low = std::min(words.box.height(), words.box.width());
        const float high = std::max(words.box.height(), words.box.width());
        EXPECT_GE(words.text.size() < 3 ? high : low, least)
            << words.text << " in " << one << " at " << screen.width << " × " << screen.height;
      }
    }
  }
}

TEST(Present, FitsEveryScreen) {
  for (const Screen& screen : kScreens) {
    for (const Scene& one : scenes()) {
      if (one.name.rfind("presenting", 0) != 0) continue;
      SCOPED_TRACE(one.name + " at " + std::to_string(screen.width) + " × " + std::to_string(screen.height));
      Driver d(screen.width, screen.height, 1);
      one.set(d);
      const auto& all = d.drawn().words();
      for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_GE(all[i].box.x0, 0) << all[i].text;
        EXPECT_LE(all[i].box.x1, static_cast<float>(screen.width)) << all[i].text;
        EXPECT_LE(all[i].box.y1, static_cast<float>(screen.height)) << all[i].text;
        if (one.name == "presenting its keys") continue;  // they lie over the page
        for (std::size_t j = i + 1; j < all.size(); ++j) {
          const Box both = all[i].box.clippedTo(all[j].box);
          EXPECT_FALSE(both.width() > 3 && both.height() > 3) << all[i].text << " over " << all[j].text;
        }
      }
    }
  }
}

TEST(Present, OnlyLargeWeightsCarryANumber) {
  Driver d;
  d.session().pin(Cell{7, 1});
  d.key(kF5);
  d.settle();
  const Box map = d.box("stage");
  int numbers = 0;
  for (const auto& words : d.drawn().words()) {
    if (!map.contains({words.box.centreX(), words.box.centreY()})) continue;
    ++numbers;
    EXPECT_TRUE(words.text == "1" || (words.text.size() == 2 && words.text[0] == '.' && words.text[1] >= '1'))
        << words.text;
  }
  EXPECT_GT(numbers, 5);
}

TEST(Present, AProblemIsShownAndClosed) {
  Driver d;
  d.key(kF5);
  d.session().openFile("/nowhere/at-all.json");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("was not opened"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.session().problem());
  EXPECT_TRUE(d.window().wantsFullScreen());
}

TEST(Present, MovesWithinItsTimeAndNotWhenMotionIsReduced) {
  Driver d;
  d.session().selectStage(Stage::dot);
  d.key(kF5);
  d.settle();
  d.key(kKeyPageDown);
  const std::uint64_t moving = d.picture();
  EXPECT_TRUE(d.window().animating());
  d.settle();
  EXPECT_NE(d.picture(), moving);
  EXPECT_FALSE(d.window().animating());

  d.session().settings().reducedMotion = true;
  d.key(kKeyPageUp);
  d.pass(0.2);
  const std::uint64_t before = d.picture();
  d.key(kKeyPageDown);
  d.key(kKeyPageUp);
  EXPECT_EQ(d.picture(), before) << "there and back at once";
}

}  // namespace
}  // namespace headlight::test
