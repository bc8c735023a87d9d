#include "app/window/frame_pacer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "app/window/ui_scale.h"

namespace headlight {
namespace {

TEST(FramePacer, ThreeFramesFollowAnEventThenNone) {
  FramePacer pacer;
  double now = 0;
  int frames = 0;
  while (!std::isinf(pacer.wait(now, false, false))) {
    now += pacer.wait(now, false, false);
    pacer.drew(now);
    ASSERT_LE(++frames, 3);
  }
  EXPECT_EQ(frames, 3);
  pacer.happened();
  EXPECT_NEAR(pacer.wait(now, false, false), FramePacer::kShortest, 1e-9);
}

TEST(FramePacer, NeverMoreThanSixtyFramesASecond) {
  FramePacer pacer;
  double now = 0;
  for (int frame = 0; frame < 600; ++frame) {
    now += pacer.wait(now, true, false);
    pacer.drew(now);
    now += 0.001;  // what drawing takes
    pacer.happened();
  }
  EXPECT_NEAR(now, 10, 0.05);
}

TEST(FramePacer, WorkShowsItsProgressTenTimesASecond) {
  FramePacer pacer;
  double now = 0;
  for (int frame = 0; frame < 3; ++frame) pacer.drew(now);
  EXPECT_DOUBLE_EQ(pacer.wait(now, false, true), 0.1);
  EXPECT_DOUBLE_EQ(pacer.wait(now + 0.25, false, true), 0);
}

TEST(UiScale, IsTheSettingElseTheMonitors) {
  EXPECT_EQ(wantedScale(0, 1.5), 1.5);
  EXPECT_EQ(wantedScale(1.25, 2), 1.25);
  EXPECT_EQ(wantedScale(0, 0), 1);
  EXPECT_EQ(wantedScale(0, 9), kLargestScale);
  EXPECT_EQ(wantedScale(0.1, 1), kLeastScale);
}

TEST(UiScale, IsLimitedToWhatTheWindowHolds) {
  EXPECT_EQ(fittingScale(1, 1280, 720), 1);
  EXPECT_EQ(fittingScale(2, 1280, 720), 1.2);
  EXPECT_EQ(fittingScale(2, 1920, 1200), 2);
  EXPECT_EQ(fittingScale(1, 200, 100), kLeastScale);
}

}  // namespace
}  // namespace headlight
