#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

constexpr int kKeyF = 70;
constexpr int kKeyG = 71;
constexpr int kKeyM = 77;

void count(Driver& d, std::int64_t tokens) {
  d.session().change("tokens", Value(Object{{"count", Value(tokens)}}), Phase::done);
  d.settle();
}

void zoomIn(Driver& d, int steps) {
  for (int i = 0; i < steps; ++i) {
    EXPECT_TRUE(d.window().run("view.zoomIn"));
    d.frames();
  }
  d.settle();
}

void goTo(Driver& d, std::string_view words) {
  d.key(kKeyG, kCtrl);
  d.frames(2);
  ASSERT_TRUE(d.has("go_to/field"));
  d.type(words);
  d.settle();
  d.key(kKeyEnter);
  d.settle();
}

void find(Driver& d, std::string_view words) {
  d.key(kKeyF, kCtrl);
  d.frames(2);
  ASSERT_TRUE(d.has("find/field"));
  d.type(words);
  d.settle();
}

TEST(Minimap, IsThereWhileAPartIsOutOfSight) {
  for (const auto& size : {std::array{1280, 720}, std::array{1920, 1080}, std::array{960, 600}}) {
    Driver d(size[0], size[1]);
    EXPECT_FALSE(d.has("minimap"));
    count(d, 300);
    EXPECT_FALSE(d.has("minimap")) << "all of it is in sight";
    zoomIn(d, 6);
    ASSERT_TRUE(d.has("minimap"));
    const Box map = d.box("stage");
    EXPECT_TRUE(d.box("minimap").clippedTo(map).empty()) << "never over the cells";
    EXPECT_TRUE(d.window().run("view.fit"));
    d.settle();
    EXPECT_FALSE(d.has("minimap"));
  }
}

TEST(Minimap, MovesWhatIsSeen) {
  Driver d;
  count(d, 300);
  zoomIn(d, 8);
  const std::size_t steps = d.session().steps().size();
  const Box small = d.box("minimap");
  const Box map = d.box("stage");
  const auto corner = [&] {
    d.moveTo(map.x0 + 2, map.y0 + 2);
    return d.session().hovered().value_or(Cell{-1, -1});
  };
  d.dragBy(small.centreX(), small.centreY(), -small.width(), -small.height());
  EXPECT_EQ(corner(), (Cell{0, 0}));
  d.dragBy(small.x0 + 2, small.y0 + 2, small.width(), small.height());
  d.moveTo(map.x1 - 3, map.y1 - 3);
  EXPECT_EQ(d.session().hovered(), (Cell{299, 299}));
  EXPECT_EQ(d.session().steps().size(), steps) << "looking is no step";
}

TEST(GoTo, ReadsNumbersAndTokens) {
  Driver d;
  for (const char* words : {"7, 1", "it, animal", "IT, 1", "7, ani", " 7 ,animal"}) {
    d.session().pin(std::nullopt);
    goTo(d, words);
    if (std::string(words) == "IT, 1") {
      EXPECT_EQ(d.session().pinned(), std::nullopt) << "large letters are meant";
      d.key(kKeyEscape);
      d.settle();
      continue;
    }
    EXPECT_EQ(d.session().pinned(), (Cell{7, 1})) << words;
    EXPECT_FALSE(d.has("go_to/field")) << words;
  }
}

TEST(GoTo, AsksForTheColumnAfterTheRow) {
  Driver d;
  d.session().pin(std::nullopt);
  goTo(d, "street");
  EXPECT_TRUE(d.has("go_to/field"));
  EXPECT_TRUE(d.typing()) << "the field keeps the keyboard";
  EXPECT_TRUE(d.drawn().shows("query 5 street"));
  d.key(kKeyDown);  // nothing to choose from yet
  d.type("t");
  d.settle();
  d.key(kKeyDown);  // "too" comes first, then what holds a t elsewhere
  d.key(kKeyEnter);
  d.settle();
  ASSERT_TRUE(d.session().pinned());
  EXPECT_EQ(d.session().pinned()->row, 5);
}

TEST(GoTo, SaysWhatThereIsNot) {
  Driver d;
  goTo(d, "7, dog");
  EXPECT_TRUE(d.has("go_to/field"));
  EXPECT_TRUE(d.drawn().shows("There is no such key"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("go_to/field"));
}

TEST(GoTo, MeansQueryAndKeyWhicheverWayTheyRun) {
  Driver d;
  EXPECT_TRUE(d.window().run("view.orientation"));
  d.settle();
  goTo(d, "it, animal");
  EXPECT_EQ(d.session().pinned(), (Cell{7, 1}));
}

TEST(GoTo, ComesCloseToACellThatIsTooSmallToBeSeen) {
  Driver d;
  count(d, 2000);
  EXPECT_FALSE(d.has("minimap"));
  goTo(d, "1990, 17");
  EXPECT_EQ(d.session().pinned(), (Cell{1990, 17}));
  ASSERT_TRUE(d.has("minimap"));
  const Box map = d.box("stage");
  bool seen = false;
  for (float y = map.y0 + 4; y < map.y1 && !seen; y += 12) {
    for (float x = map.x0 + 4; x < map.x1 && !seen; x += 12) {
      d.moveTo(x, y);
      seen = d.session().hovered() == Cell{1990, 17};
    }
  }
  EXPECT_TRUE(seen);
}

TEST(FindToken, CountsAndWalks) {
  Driver d;
  find(d, "the");
  EXPECT_TRUE(d.drawn().shows("1 of 2"));
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("2 of 2"));
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("1 of 2"));
  d.key(kKeyEnter, kShift);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("2 of 2"));
  d.click("find/previous");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("1 of 2"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("find/field"));
}

TEST(FindToken, LargeLettersAreMeant) {
  Driver d;
  find(d, "The");
  EXPECT_TRUE(d.drawn().shows("1 of 1"));
}

TEST(FindToken, SaysThatThereIsNone) {
  Driver d;
  find(d, "dog");
  EXPECT_TRUE(d.drawn().shows("none"));
}

TEST(FindToken, LooksOnBothAxesOfTwoSentences) {
  Driver d;
  d.openExample("translation");
  const auto& prepared = *d.session().evaluation()->prepared;
  std::int64_t found = 0;
  for (const auto* tokens : {&prepared.queryTokens, &prepared.keyTokens}) {
    for (const Token& token : *tokens) found += token.label.find_first_of("tT") != std::string::npos ? 1 : 0;
  }
  find(d, "t");
  EXPECT_TRUE(d.drawn().shows("1 of " + std::to_string(found))) << found;
}

TEST(FindToken, BringsTheTokenIntoSight) {
  Driver d;
  count(d, 1500);
  EXPECT_TRUE(d.window().run("view.oneToOne"));
  zoomIn(d, 12);
  find(d, "1499");
  const Box map = d.box("stage");
  d.key(kKeyEscape);
  d.settle();
  d.moveTo(map.x1 - 4, map.y1 - 4);
  EXPECT_EQ(d.session().hovered(), (Cell{1499, 1499}));
}

TEST(Pooling, KeyMSwitchesBetweenTheLargestAndTheMean) {
  Driver d;
  count(d, 1500);
  EXPECT_TRUE(d.drawn().shows("each pixel = max of"));
  d.key(kKeyM);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("each pixel = mean of"));
}

TEST(Margins, WhatARowDoesNotSpendIsTold) {
  for (const char* kind : {"softmax1", "sigmoid", "relu"}) {
    Driver d;
    EXPECT_FALSE(d.drawn().shows("spent")) << "softmax spends all";
    d.session().change("normalizer", Value(kind), Phase::done);
    d.settle();
    EXPECT_TRUE(d.drawn().shows("spent")) << kind;
    EXPECT_FALSE(d.drawn().shows("rows sum to 1")) << kind;
    const auto& rows = d.session().evaluation()->run->statistics->heads[2].rows;
    const double left = 1 - static_cast<double>(rows[7].weightSum);
    EXPECT_TRUE(d.drawn().shows(fixed(left, 3))) << kind << " " << left;
  }
}

/// Labels of tokens keep apart, at every length and every zoom.
TEST(Labels, NeverTouch) {
  for (const int tokens : {11, 64, 300, 4096}) {
    Driver d;
    if (tokens != 11) count(d, tokens);
    for (int step = 0; step < 4; ++step) {
      std::vector<Box> labels;
      const Box map = d.box("stage");
      for (const Registry::Words& words : d.drawn().words()) {
        const bool beside = words.box.x1 <= map.x0 && words.box.y0 >= map.y0 && words.box.y1 <= map.y1;
        if (beside) labels.push_back(words.box);
      }
      EXPECT_GE(labels.size(), 4u) << tokens;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t j = i + 1; j < labels.size(); ++j)
          EXPECT_TRUE(labels[i].clippedTo(labels[j]).empty()) << tokens << " at step " << step;
      }
      zoomIn(d, 5);
    }
  }
}

}  // namespace
}  // namespace headlight::test
