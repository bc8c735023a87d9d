#include "core/picture/range.h"

#include <cmath>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

const ViewSpec& view(Driver& d) {
  return d.session().view();
}

Range range(Driver& d) {
  return d.session().range(view(d).stage, view(d).head).value();
}

void dragEnd(Driver& d, const char* id, float dx) {
  const Box end = d.box(id);
  d.dragBy(end.centreX(), end.centreY(), dx, 0);
  d.settle();
}

void openMore(Driver& d) {
  d.click("range/more");
  d.settle();
  ASSERT_TRUE(d.has("range/mode=unit"));
}

TEST(RangeFade, TakesAMomentUnlessMotionIsReduced) {
  for (const bool still : {false, true}) {
    Driver d;
    d.session().settings().reducedMotion = still;
    d.settle();
    ASSERT_FALSE(d.window().animating());
    ViewSpec log = view(d);
    log.range = "log";
    d.session().setView(log);
    d.frames(2);
    EXPECT_EQ(d.window().animating(), !still);
    d.pass(0.2);
    d.settle();
    EXPECT_FALSE(d.window().animating());
  }
}

TEST(RangeEnds, AreDraggedWithoutAStep) {
  Driver d;
  const float bar = d.box("range/high").centreX() - d.box("range/low").centreX();
  dragEnd(d, "range/high", -bar / 2);
  EXPECT_EQ(view(d).range, "custom");
  EXPECT_EQ(range(d).low, 0);
  EXPECT_NEAR(range(d).high, 0.5, 0.02);
  EXPECT_TRUE(range(d).clippedHigh) << "what lies beyond is told by the bar's end";
  EXPECT_FALSE(d.session().canUndo());
  EXPECT_FALSE(d.session().unsaved());
  dragEnd(d, "range/high", bar);
  EXPECT_NEAR(range(d).high, 1.0, 0.05) << "beyond the bar goes on";
  dragEnd(d, "range/low", bar / 4);
  EXPECT_GT(range(d).low, 0.2);
  d.click("range/reset");
  d.settle();
  EXPECT_EQ(view(d).range, "");
  EXPECT_EQ(range(d).high, 1);
  EXPECT_FALSE(d.has("range/reset"));
}

TEST(RangeEnds, OfSignedStagesMoveTogether) {
  for (const Stage stage : {Stage::q, Stage::k, Stage::v, Stage::dot, Stage::masked, Stage::output}) {
    Driver d;
    d.session().selectStage(stage);
    d.settle();
    const double before = range(d).high;
    const float bar = d.box("range/high").centreX() - d.box("range/low").centreX();
    dragEnd(d, "range/high", -bar / 4);
    EXPECT_EQ(range(d).low, -range(d).high) << info(stage).id;
    EXPECT_NEAR(range(d).high, before / 2, 0.05 * before) << info(stage).id;
    dragEnd(d, "range/low", -bar / 4);
    EXPECT_EQ(range(d).low, -range(d).high);
    EXPECT_GT(range(d).high, before / 2 * 1.3) << info(stage).id;
  }
}

TEST(RangeEnds, GoWithTheArrowKeysAndBackByARightClick) {
  Driver d;
  d.click("range/high");
  d.key(kKeyLeft);
  d.settle();
  EXPECT_LT(range(d).high, 1);
  d.click("range/high", 1);
  d.settle();
  EXPECT_EQ(view(d).range, "");
}

TEST(RangeMore, ReachesEveryRangeOfTheContract) {
  Driver d;
  openMore(d);
  for (const std::string_view mode : rangeModes()) {
    d.click("range/mode=" + std::string(mode));
    d.settle();
    EXPECT_EQ(view(d).range, mode);
  }
  d.click("range/mode=custom");
  d.settle();
  EXPECT_EQ(view(d).range, "custom");
  EXPECT_FALSE(d.session().canUndo());
}

TEST(RangeMore, TakesBothEndsTyped) {
  Driver d;
  openMore(d);
  d.enter("range/to", "0.25");
  d.settle();
  EXPECT_EQ(view(d).customRange, (std::array{0.0, 0.25}));
  d.enter("range/from", "0.5");
  d.settle();
  EXPECT_EQ(view(d).customRange, (std::array{0.25, 0.5})) << "in their order";
  d.click("range/reset_all");
  d.settle();
  EXPECT_EQ(view(d).range, "");
}

TEST(RangeMore, SharesOrNot) {
  Driver d;
  EXPECT_TRUE(d.drawn().shows("all heads"));
  openMore(d);
  d.click("range/scope=head");
  d.settle();
  EXPECT_FALSE(view(d).sharedRange);
  EXPECT_TRUE(d.drawn().shows("this head"));
}

TEST(RangeMore, LeavesKeysOut) {
  Driver d;
  d.session().setView([&] {
    ViewSpec next = view(d);
    next.range = "zero_max";
    return next;
  }());
  openMore(d);
  d.click("range/leave=first");
  d.settle();
  EXPECT_EQ(view(d).leaveOut, (std::vector<std::int64_t>{0}));
  EXPECT_TRUE(d.drawn().shows("key 0 left out"));
  d.enter("range/leave/keys", "0, 3-5, it");
  d.settle();
  EXPECT_EQ(view(d).leaveOut, (std::vector<std::int64_t>{0, 3, 4, 5, 7}));
  EXPECT_TRUE(d.drawn().shows("keys 0, 3–5, 7 left out"));
  d.enter("range/leave/keys", "dog");
  d.settle();
  EXPECT_EQ(view(d).leaveOut.size(), 5u) << "there is no such key";
  EXPECT_FALSE(d.session().canUndo());
}

TEST(RangeMore, LeavesSpecialTokensOut) {
  Driver d;
  d.openText(R"({"type": "headlight/experiment", "version": 1,
    "tokens": {"list": ["[CLS]", "a", "b", "[SEP]", "[PAD]"]}})");
  openMore(d);
  d.click("range/leave=special");
  d.settle();
  EXPECT_EQ(view(d).leaveOut, (std::vector<std::int64_t>{0, 3, 4}));
  d.click("range/leave=special");
  d.settle();
  EXPECT_TRUE(view(d).leaveOut.empty());
}

TEST(RangeMore, NamesTheSignOfTheColours) {
  Driver d;
  d.session().selectStage(Stage::q);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("blue −, red +"));
  openMore(d);
  d.click("range/colours=rdbu");
  d.settle();
  EXPECT_EQ(view(d).colormap, "rdbu");
  EXPECT_TRUE(d.drawn().shows("blue = positive"));
  d.click("range/mode=zero_max");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("blue = positive")) << "0 is not in the middle any more";
  EXPECT_TRUE(d.drawn().shows("neutral at"));
}

TEST(ScoreScale, IsNamedAndCanBeTheStagesOwn) {
  Driver d;
  d.session().selectStage(Stage::scaled);
  d.settle();
  const Range shared = range(d);
  EXPECT_FALSE(shared.clippedHigh);
  d.session().selectStage(Stage::dot);
  d.settle();
  EXPECT_EQ(range(d).high, shared.high);
  EXPECT_TRUE(range(d).clippedHigh) << "2 % lie beyond";
  d.session().selectStage(Stage::scaled);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("96 % of QK"));
  d.click("view.range=symmetric");
  d.settle();
  EXPECT_LT(range(d).high, shared.high);
  EXPECT_FALSE(d.drawn().shows("96 % of QK"));
  d.click("view.range=shared");
  d.settle();
  EXPECT_EQ(range(d).high, shared.high);
}

TEST(Legend, NamesEveryKindOfCell) {
  Driver d;
  scene("every kind of cell").set(d);
  for (const char* words : {"masked", "exactly 0", "NaN", "+∞", "−∞"}) {
    EXPECT_TRUE(d.drawn().shows(words)) << words;
  }
}

}  // namespace
}  // namespace headlight::test
