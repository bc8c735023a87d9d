#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

TEST(States, TheFirstStartShowsTheOpeningExampleAndOneBand) {
  Driver d;
  EXPECT_EQ(d.session().documentName(), "who-is-meant");
  const std::string origin = d.session().evaluation()->prepared->origin.chip.substr(0, 20);
  EXPECT_NE(origin.find("constructed"), std::string::npos);
  EXPECT_TRUE(d.drawn().shows(origin));
  const std::size_t words = d.drawn().words().size();
  d.click("banner/dismiss");
  d.settle();
  EXPECT_FALSE(d.has("banner/dismiss"));
  EXPECT_LT(d.drawn().words().size(), words);
  EXPECT_TRUE(d.drawn().shows(origin)) << "the origin stays said";
}

TEST(States, TheOriginIsAlwaysSaid) {
  const struct {
    const char* example;
    const char* words;
  } origins[] = {{"causal-random", "random"},
                 {"from-arrays", "qkv.npz"},
                 {"translation", "constructed"},
                 {"trained-minilm", "trained: all-MiniLM-L6-v2, layer 4"}};
  Driver d;
  for (const auto& origin : origins) {
    d.openExample(origin.example);
    const auto& chip = d.session().evaluation()->prepared->origin.chip;
    EXPECT_NE(chip.find(origin.words), std::string::npos) << chip;
    EXPECT_TRUE(d.drawn().shows(chip.substr(0, 20))) << chip;
  }
}

TEST(States, WithoutAPinTheInspectorSaysWhatToDo) {
  Driver d;
  scene("unpinned").set(d);
  EXPECT_TRUE(d.drawn().shows("Point at a cell of the map"));
  const Box map = d.box("stage");
  const float cell = map.width() / 11;
  d.moveTo(map.x0 + 1.5f * cell, map.y0 + 7.5f * cell);
  d.settle();
  EXPECT_EQ(d.session().hovered(), (Cell{7, 1}));
  EXPECT_TRUE(d.drawn().shows("0.771")) << "the cell under the pointer is explained";
  d.clickAt(map.x0 + 1.5f * cell, map.y0 + 7.5f * cell);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{7, 1}));
  EXPECT_TRUE(d.drawn().shows("pinned"));
  EXPECT_FALSE(d.session().canUndo()) << "a pin is a look";
  d.clickAt(map.centreX(), map.centreY(), 1);
  EXPECT_FALSE(d.session().pinned());
}

/// Every number of the inspector is the run's own.
TEST(States, TheInspectorShowsTheNumbersOfTheRun) {
  Driver d;
  const auto explanation = d.session().explanation(Stage::weights, 2, Cell{7, 1});
  d.settle();
  const auto made = d.session().explanation(Stage::weights, 2, Cell{7, 1});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->head, d.session().view().head);
  for (const ExplainStep& step : made->steps) {
    if (!step.hasResult) continue;
    char words[32];
    std::snprintf(words, sizeof words, "%.3f", static_cast<double>(step.result));
    EXPECT_TRUE(d.drawn().shows(words)) << words;
  }
  d.click("step.1");
  d.settle();
  EXPECT_EQ(d.session().view().stage, Stage::dot);
  d.click("copy.explanation");
  EXPECT_NE(d.clipboard().held.find("animal"), std::string::npos) << d.clipboard().held;
}

TEST(States, ZoomAndPanMoveTheMapAlone) {
  Driver d;
  const std::string before = d.document();
  const Box fitted = d.box("stage");
  const std::uint64_t whole = d.picture();
  d.wheelAt(fitted.centreX(), fitted.centreY(), 1);
  d.settle();
  const std::uint64_t zoomed = d.picture();
  EXPECT_NE(zoomed, whole);
  EXPECT_GT(d.box("stage").width(), fitted.width());
  d.dragBy(fitted.centreX(), fitted.centreY(), -60, -60);
  d.settle();
  EXPECT_NE(d.picture(), zoomed);
  EXPECT_EQ(d.session().pinned(), (Cell{7, 1})) << "a drag is no click";
  d.key('F');
  d.settle();
  EXPECT_EQ(d.box("stage").width(), fitted.width());
  EXPECT_EQ(d.document(), before);
}

TEST(States, ALargeMapSaysThatItIsPooled) {
  Driver d;
  scene("pooled").set(d);
  EXPECT_TRUE(d.drawn().shows("each pixel = max of"));
  d.click("pool=mean");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("each pixel = mean of"));
}

TEST(States, LongWorkIsToldAndCancelled) {
  Driver d;
  d.session().change("tokens", Value(Object{{"count", Value(20000)}}), Phase::done);
  d.frames(1);
  ASSERT_TRUE(d.session().busy());
  EXPECT_TRUE(d.drawn().shows("11 × 11")) << "the last good numbers stay";
  d.pass(2);
  if (d.session().busy()) {
    EXPECT_TRUE(d.has("work/cancel"));
    EXPECT_TRUE(d.drawn().shows("Computing"));
    d.key(kKeyEscape);
    d.frames(2);
    d.settle();
    EXPECT_FALSE(d.session().busy());
    EXPECT_EQ(d.session().evaluation()->prepared->queryTokens.size(), 11u);
  }
  d.key(kKeyEscape);
  d.undoAll();
  EXPECT_EQ(d.session().evaluation()->run->sizes.queries, 11);
}

// Of a long pass rows are shown as they are made, and how long the rest will take.
TEST(States, FinishedRowsOfALongPassAreThereBeforeTheOthers) {
  Driver d;
  d.session().openFile(d.write("long.headlight.json", R"({
    "type": "headlight/experiment", "version": 1, "tokens": {"count": 262144}, "source": {"kind": "random"},
    "shape": {"heads": 1, "d_k": 16, "d_model": 16}, "view": {"stage": "weights"}})"));
  bool inPart = false;
  bool told = false;
  for (int n = 0; n < 20000 && !(inPart && told); ++n) {
    d.frames(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto evaluation = d.session().evaluation();
    if (!evaluation || evaluation->run->sizes.queries < 262144) continue;
    if (!d.session().busy()) break;
    told = told || d.drawn().shows(" left");
    if (!evaluation->run->overviewRows) continue;
    EXPECT_TRUE(d.session().preliminary());
    const auto field = Field::make(evaluation->run, Stage::weights, 0);
    ASSERT_TRUE(field);
    const Tile tile = field->tile(10, 0, 0);
    const auto known = std::count_if(tile.classes.begin(), tile.classes.end(), [](std::uint8_t kind) {
      return kind != static_cast<std::uint8_t>(CellClass::notComputed);
    });
    inPart = inPart || (known > 0 && known < static_cast<std::ptrdiff_t>(tile.classes.size()));
  }
  EXPECT_TRUE(inPart);
  EXPECT_TRUE(told);
  d.session().cancelWork();
}

TEST(States, AThumbnailOfTooManyCellsSaysThatItIsLeftOut) {
  Driver d;
  d.openText(R"({
    "type": "headlight/experiment", "version": 1, "tokens": {"count": 50000}, "source": {"kind": "random"},
    "shape": {"heads": 1, "d_k": 4, "d_model": 4}, "view": {"stage": "weights"}})");
  const auto isLeftOut = [&](const char* id) {
    const Box node = d.box(id);
    const auto& words = d.drawn().words();
    return std::any_of(words.begin(), words.end(), [&](const auto& word) {
      return word.text == "…" && node.contains({word.box.centreX(), word.box.centreY()});
    });
  };
  EXPECT_TRUE(isLeftOut("stage.dot"));
  EXPECT_TRUE(isLeftOut("stage.masked"));
  EXPECT_FALSE(isLeftOut("stage.weights"));
  EXPECT_FALSE(isLeftOut("stage.v"));
}

TEST(States, AnUntouchedWindowRests) {
  Driver d;
  d.pass(3);
  d.settle();
  EXPECT_FALSE(d.window().animating());
  d.moveTo(700, 500);
  d.settle();
  d.pass(2);
  EXPECT_FALSE(d.window().animating());
  const std::uint64_t picture = d.picture();
  d.pass(10);
  EXPECT_EQ(d.picture(), picture);
}

TEST(States, WhatChangedIsMarkedInTheStrip) {
  Driver d;
  d.session().change("normalizer.temperature", Value(2.0), Phase::done);
  d.settle();
  EXPECT_TRUE(d.session().changed(Stage::weights));
  EXPECT_FALSE(d.session().changed(Stage::masked));
  int equals = 0;
  for (const auto& words : d.drawn().words()) {
    if (words.text == "=" && words.box.y0 > 120 && words.box.y1 < 160) ++equals;
  }
  EXPECT_EQ(equals, 7) << "input, q, k, dot, scaled, masked and v stand as they were";
}

}  // namespace
}  // namespace headlight::test
