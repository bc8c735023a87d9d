#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "app/session/head_products.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void openHeads(Driver& d) {
  d.click("tab.heads");
  d.settle();
}

int shown(Driver& d) {
  return d.session().view().head;
}

std::shared_ptr<const Run> runOf(Driver& d) {
  const auto evaluation = d.session().evaluation();
  return {evaluation, evaluation->run.get()};
}

/// Where a head's column begins; they are read by their controls.
float columnOf(const Driver& d, int head) {
  return d.box("head.H" + std::to_string(head)).x0;
}

TEST(HeadsTab, AClickAndAKeyOpenIt) {
  Driver d;
  openHeads(d);
  EXPECT_TRUE(d.drawn().shows("Eight heads, one output"));
  EXPECT_TRUE(d.drawn().shows("one colour scale for all maps, 0–1"));
  EXPECT_TRUE(d.has("strip")) << "the frame stays";
  EXPECT_FALSE(d.has("gallery"));
  d.key(kKey0 + 1, kAlt);
  d.settle();
  EXPECT_TRUE(d.has("gallery"));
  d.key(kKey0 + 2, kAlt);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("How much each head writes"));
}

TEST(HeadsTab, NumbersAreTheCores) {
  Driver d;
  openHeads(d);
  const auto run = runOf(d);
  ThreadPool pool(1);
  for (const int head : {0, 2, 7}) {
    const auto profile = profileHead(run, head);
    ASSERT_TRUE(profile);
    EXPECT_TRUE(d.drawn().shows(fixed(profile->effectiveKeys, 2))) << head;
    EXPECT_TRUE(d.drawn().shows(fixed(profile->distance, 2))) << head;
    EXPECT_TRUE(d.drawn().shows(fixed(profile->strongest, 2))) << head;
  }
  const auto lengths = contributionLengths(run, 0, run->sizes.queries, pool);
  ASSERT_TRUE(lengths);
  EXPECT_TRUE(d.drawn().shows(fixed(static_cast<double>(lengths->at(2, 0)), 2)));
  const std::int64_t row = d.session().pinned()->row;
  const auto sum = headContributions(run, row);
  ASSERT_TRUE(sum);
  EXPECT_NEAR(sum->shareSum, 1, 1e-5);
  EXPECT_TRUE(d.drawn().shows("the shares add up to 100.0 %"));
  for (const HeadPart& part : sum->heads) {
    ASSERT_TRUE(part.share);
    EXPECT_TRUE(d.drawn().shows(fixed(100 * *part.share, 1) + " %")) << part.head;
  }
}

TEST(HeadsTab, TheInspectorTellsWhereTheWeightGoesAndWhoIsAlike) {
  Driver d(1920, 1080);
  openHeads(d);
  d.key(kKey0 + 2);
  d.settle();
  const auto run = runOf(d);
  ThreadPool pool(1);
  const auto distances = headDistances(run, pool);
  ASSERT_TRUE(distances);
  const int near = distances->nearest[2];
  EXPECT_TRUE(d.drawn().shows("nearest to H2: H" + std::to_string(near) + " (" +
                              fixed(static_cast<double>(distances->at(2, near)), 2) + ")"));
  const auto readings = d.session().headReadings();
  ASSERT_TRUE(readings);
  for (const WeightDestination& to : (*readings)[2].destinations) {
    EXPECT_TRUE(d.drawn().shows(fixed(to.share, 3))) << to.label;
  }
  EXPECT_TRUE(d.drawn().shows("Head 2 of 8"));
}

TEST(HeadsTab, ArrowsWalkTheHeads) {
  Driver d;
  openHeads(d);
  d.key(kKey0);
  d.settle();
  EXPECT_EQ(shown(d), 0);
  d.key(kKeyRight);
  EXPECT_EQ(shown(d), 1);
  d.key(kKeyEnd);
  EXPECT_EQ(shown(d), 7);
  d.key(kKeyRight);
  EXPECT_EQ(shown(d), 7) << "an end is an end";
  d.key(kKeyHome);
  d.key(kKeyLeft);
  EXPECT_EQ(shown(d), 0);
  const Stage stage = d.session().view().stage;
  EXPECT_EQ(stage, Stage::weights) << "the arrows do not walk the pipeline here";
}

TEST(HeadsTab, ManyHeadsComePageByPage) {
  Driver d;
  d.session().change("shape.heads", Value(32), Phase::done);
  d.settle();
  openHeads(d);
  EXPECT_TRUE(d.drawn().shows("32 heads, one output"));
  EXPECT_TRUE(d.has("head.H0"));
  EXPECT_FALSE(d.has("head.H31"));
  d.click("heads/page/next");
  d.settle();
  EXPECT_FALSE(d.has("head.H0"));
  d.key(kKeyEnd);
  d.settle();
  EXPECT_TRUE(d.has("head.H31")) << "a chosen head comes into sight";
  EXPECT_FALSE(d.drawn().find("heads/page/next")->enabled);
}

TEST(HeadsTab, EveryCountOfHeadsHasItsPlace) {
  for (const int heads : {1, 2, 12, 144}) {
    Driver d;
    d.session().change("shape.heads", Value(heads), Phase::done);
    d.settle();
    openHeads(d);
    ASSERT_TRUE(d.has("head.H0")) << heads;
    EXPECT_TRUE(d.drawn().shows("the shares add up to 100.0 %")) << heads;
    EXPECT_EQ(d.has("heads.order=number"), heads > 1) << heads;
    EXPECT_EQ(d.drawn().shows("Which heads are alike"), heads > 1) << heads;
  }
}

TEST(HeadsTab, OrdersByKeysAndByLikeness) {
  Driver d;
  openHeads(d);
  d.click("heads.order=effective_keys");
  d.settle();
  const auto keys = d.session().effectiveKeys();
  ASSERT_TRUE(keys);
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      const bool fewer = (*keys)[static_cast<std::size_t>(a)] < (*keys)[static_cast<std::size_t>(b)];
      EXPECT_TRUE(!fewer || columnOf(d, a) < columnOf(d, b)) << a << " " << b;
    }
  }
  d.click("heads.order=likeness");
  d.settle();
  const auto alike = d.session().alikeHeads();
  ASSERT_TRUE(alike);
  for (std::size_t n = 1; n < alike->order.size(); ++n)
    EXPECT_LT(columnOf(d, alike->order[n - 1]), columnOf(d, alike->order[n]));
  EXPECT_EQ(alike->order, likenessOrder(alike->distances));
  EXPECT_FALSE(d.session().canUndo()) << "it is a way to look";
}

TEST(HeadsTab, ARowIsPickedByAClick) {
  Driver d;
  openHeads(d);
  const Box table = d.box("heads/rows");
  d.clickAt(table.centreX(), table.y0 + table.height() * 2.5f / 11);
  d.settle();
  ASSERT_TRUE(d.session().pinned());
  EXPECT_EQ(d.session().pinned()->row, 2);
  EXPECT_TRUE(d.drawn().shows("the row “didn't”"));
  d.key(kKeyDown);
  d.settle();
  EXPECT_EQ(d.session().pinned()->row, 3);
}

TEST(HeadsTab, TheTableOfALongSentenceIsTurned) {
  Driver d;
  d.session().change("tokens", Value(Object{{"count", Value(40)}}), Phase::done);
  d.session().pin(std::nullopt);
  d.settle();
  openHeads(d);
  EXPECT_TRUE(d.drawn().shows("0–11 of 40"));
  d.click("heads/rows/page/next");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("12–23 of 40"));
  d.session().pin(Cell{37, 1});
  d.settle();
  EXPECT_TRUE(d.drawn().shows("28–39 of 40")) << "a pinned row comes into sight";
}

TEST(HeadsTab, AHeadIsSilencedAndHeardAgain) {
  Driver d;
  openHeads(d);
  const std::string before = d.document();
  d.key(kKey0 + 2);
  d.key('X');
  d.settle();
  EXPECT_EQ(d.value("ablate.heads"), "[2]");
  EXPECT_EQ(d.session().undoName(), "silence H2");
  EXPECT_TRUE(d.drawn().shows("silenced"));
  EXPECT_TRUE(d.drawn().shows("7 of 8 heads")) << "the strip";
  const auto sum = headContributions(runOf(d), 0);
  ASSERT_TRUE(sum);
  EXPECT_TRUE(sum->heads[2].ablated);
  EXPECT_EQ(sum->heads[2].length, 0);
  EXPECT_TRUE(d.drawn().shows("the shares add up to 100.0 %"));
  d.click("ablate.heads");
  d.settle();
  EXPECT_EQ(d.value("ablate.heads"), "[]");
  EXPECT_EQ(d.document(), before);
  EXPECT_EQ(d.undoAll(), 2);
  EXPECT_EQ(d.document(), before);
}

TEST(HeadsTab, SilencingKeepsTheMapsAndTheirNumbers) {
  Driver d;
  openHeads(d);
  const auto readings = d.session().headReadings();
  const auto alike = d.session().alikeHeads();
  ASSERT_TRUE(readings && alike);
  d.key('X');
  d.settle();
  EXPECT_EQ(d.session().headReadings(), readings) << "kept by their key";
  EXPECT_EQ(d.session().alikeHeads(), alike);
  EXPECT_FALSE(d.session().changed(Stage::weights));
  EXPECT_TRUE(d.session().changed(Stage::output));
}

TEST(HeadsTab, EnterOpensTheHeadInExplore) {
  Driver d;
  openHeads(d);
  d.key(kKey0 + 4);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(d.has("gallery"));
  EXPECT_EQ(shown(d), 4);
}

TEST(HeadsTab, WhatTheSourceDoesNotGiveSaysWhy) {
  Driver d;
  d.write("weights.csv", "0.25,0.75\n0.5,0.5\n");
  scene("given weights").set(d);
  openHeads(d);
  EXPECT_TRUE(d.drawn().shows("Nothing to be measured here"));
  EXPECT_TRUE(d.drawn().shows("Nothing to be added up here"));
  EXPECT_FALSE(d.drawn().find("ablate.heads")->enabled);
  const std::string before = d.document();
  d.key('X');
  d.settle();
  EXPECT_EQ(d.document(), before);
}

TEST(HeadsTab, TheMatrixChoosesAHead) {
  Driver d(1920, 1080);
  openHeads(d);
  const Box box = d.box("heads/alike");
  d.clickAt(box.x0 + box.width() * 0.1f, box.y0 + box.height() * 5.5f / 8);
  d.settle();
  EXPECT_EQ(shown(d), 5);
}

TEST(HeadsTab, TheMeanOfHeadsIsNoHead) {
  Driver d;
  openHeads(d);
  d.session().selectHead(kMeanHead);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Mean of all heads"));
  EXPECT_FALSE(d.has("ablate.heads"));
  d.key(kKeyRight);
  EXPECT_EQ(shown(d), 0);
}

}  // namespace
}  // namespace headlight::test
