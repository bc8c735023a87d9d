#include "app/session/compare.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/widgets/imgui_compat.h"
#include "core/attention/reference.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

using With = Comparison::With;

constexpr const char* kMaps[] = {"stage", "compare/b", "compare/difference"};

void compareHeads(Driver& d, int a, int b) {
  d.session().selectHead(a);
  Comparison with;
  with.head = b;
  d.session().compare(with);
  d.settle();
}

/// The pointer over a cell of one of the three maps.
void clickCell(Driver& d, const char* map, Cell cell) {
  const Box box = d.box(map);
  const auto& shape = *d.session().compared()->difference();
  const float wide = box.width() / static_cast<float>(shape.cols());
  const float tall = box.height() / static_cast<float>(shape.rows());
  d.clickAt(box.x0 + wide * (static_cast<float>(cell.col) + 0.5f),
            box.y0 + tall * (static_cast<float>(cell.row) + 0.5f));
  d.settle();
}

TEST(Compare, ShiftHeldChangesPlaces) {
  Driver d;
  compareHeads(d, 2, 3);
  const std::uint64_t before = d.picture();
  ImGui::GetIO().KeyShift = true;
  d.frames(2);
  EXPECT_NE(d.picture(), before);
  ImGui::GetIO().KeyShift = false;
  d.frames(2);
  EXPECT_EQ(d.picture(), before);
}

TEST(Compare, TheNumbersOnTheScreenAreTheReferences) {
  Driver d;
  compareHeads(d, 2, 3);
  const auto run = referenceAttend(d.session().evaluation()->prepared->plan);
  ASSERT_TRUE(run);
  const Tensor& weights = run->stage(Stage::weights);
  const std::int64_t cells = weights.shape[1] * weights.shape[2];
  double largest = 0;
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < cells; ++i) {
    const double difference = weights.doubles[static_cast<std::size_t>(2 * cells + i)] -
                              weights.doubles[static_cast<std::size_t>(3 * cells + i)];
    if (std::abs(difference) <= std::abs(largest) + 1e-6) continue;
    largest = difference;
    at = i;
  }
  const std::string words = (largest > 0 ? "+" : "") + fixed(largest, 3);
  EXPECT_TRUE(d.drawn().shows(words)) << words;
  d.click("compare/largest.0");
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{at / weights.shape[2], at % weights.shape[2]}));
  EXPECT_TRUE(d.drawn().shows("How the difference is made"));
}

/// Sizes of the window at which the three maps stand in each of their ways.
struct Place {
  const char* name;
  int width;
  int height;
  bool inARow;
  bool listUnder;
};
constexpr Place kPlaces[] = {
    {"in a row", 1920, 1080, true, true},
    {"two and one", 1280, 720, false, false},
    {"two and one, small", 1024, 700, false, false},
    {"two and one, smallest", 960, 600, false, false},
    {"two and one over the list", 1000, 1300, false, true},
};

void expectApart(const Box& a, const Box& b) {
  EXPECT_TRUE(a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0);
}

TEST(Compare, StandsAsTheRegionAllows) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(place.name);
    Driver d(place.width, place.height, 1);
    compareHeads(d, 2, 3);
    const Box a = d.box("stage");
    const Box b = d.box("compare/b");
    const Box difference = d.box("compare/difference");
    const Box list = d.box("compare/largest.0");
    EXPECT_EQ(b.y0, a.y0);
    EXPECT_EQ(difference.y0 == a.y0, place.inARow);
    EXPECT_EQ(difference.x0 == a.x0, !place.inARow);
    EXPECT_EQ(list.y0 >= difference.y1, place.listUnder);
    for (const Box& other : {b, difference, list}) expectApart(a, other);
    expectApart(b, difference);
    expectApart(difference, list);
    expectApart(b, list);
  }
}

/// In a row, over the list, its cells would be of 11 px here.
TEST(Compare, TwoAndOneMakesLargerMapsThanARow) {
  Driver d;
  compareHeads(d, 2, 3);
  EXPECT_GE(d.box("stage").height(), 11 * 13);
  EXPECT_TRUE(d.has("compare/largest.4"));
  EXPECT_TRUE(d.drawn().shows("Largest differences"));
  EXPECT_TRUE(d.drawn().shows("A and B"));
}

/// Where a pixel stands for several cells, the list rather gives way than that it stands for more.
TEST(Compare, PooledMapsStandWhereTheyAreLargest) {
  Driver d;
  d.session().change("tokens", Value(Object{{"count", Value(700)}}), Phase::done);
  d.settle();
  compareHeads(d, 0, 1);
  EXPECT_EQ(d.box("stage").width(), 175) << "4 cells a px";
  EXPECT_EQ(d.box("compare/difference").y0, d.box("stage").y0);
  EXPECT_TRUE(d.drawn().shows("each pixel ="));
}

TEST(Compare, APinInOneMapIsThePinOfAll) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(place.name);
    Driver d(place.width, place.height, 1);
    compareHeads(d, 2, 3);
    for (const char* map : kMaps) {
      d.session().pin(std::nullopt);
      d.settle();
      clickCell(d, map, {6, 4});
      EXPECT_EQ(d.session().pinned(), (Cell{6, 4})) << map;
    }
    d.key(kKeyDown);
    EXPECT_EQ(d.session().pinned(), (Cell{7, 4}));
  }
}

TEST(Compare, ThePointerOverOneMapIsOverAll) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(place.name);
    Driver d(place.width, place.height, 1);
    compareHeads(d, 2, 3);
    for (const char* map : kMaps) {
      const Box box = d.box(map);
      d.moveTo(box.x0 + box.width() * 4.5f / 11, box.y0 + box.height() * 6.5f / 11);
      d.frames(2);
      EXPECT_EQ(d.session().hovered(), (Cell{6, 4})) << map;
    }
  }
}

TEST(Compare, OneZoomForThree) {
  for (const Place& place : kPlaces) {
    SCOPED_TRACE(place.name);
    Driver d(place.width, place.height, 1);
    compareHeads(d, 2, 3);
    const Box before = d.box("stage");
    for (const char* from : kMaps) {
      d.wheel(from, 2);
      d.settle();
      for (const char* map : kMaps) {
        EXPECT_EQ(d.box(map).width(), d.box("stage").width()) << map;
        EXPECT_EQ(d.box(map).height(), d.box("stage").height()) << map;
      }
      EXPECT_GE(d.box("stage").width(), before.width());
      expectApart(d.box("stage"), d.box("compare/b"));
      expectApart(d.box("compare/difference"), d.box("compare/b"));
      expectApart(d.box("compare/difference"), d.box("stage"));
    }
  }
}

TEST(Compare, EscAndTheKeyLeaveAndTheDocumentIsUntouched) {
  Driver d;
  const std::string document = d.document();
  d.key(kKeyC);
  d.settle();
  ASSERT_TRUE(d.session().comparison());
  const auto pin = d.session().pinned();
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.session().comparison());
  EXPECT_EQ(d.session().pinned(), pin);  // the pin is released by the next
  d.key(kKeyC);
  d.settle();
  EXPECT_TRUE(d.session().comparison());
  d.key(kKeyC);
  d.settle();
  EXPECT_FALSE(d.session().comparison());
  EXPECT_FALSE(d.session().canUndo());
  EXPECT_FALSE(d.session().unsaved());
  EXPECT_EQ(d.document(), document);
}

TEST(Compare, TheListChoosesHeadsStagesAndTheRest) {
  Driver d;
  compareHeads(d, 2, 3);
  d.click("compare/with");
  d.settle();
  d.click("compare/with.stage.masked");
  d.settle();
  EXPECT_EQ(d.session().comparison()->with, With::stage);
  EXPECT_EQ(d.session().comparison()->stage, Stage::masked);
  d.click("compare/with");
  d.settle();
  d.click("compare/with.head.5");
  d.settle();
  EXPECT_EQ(d.session().comparison()->head, 5);
  d.click("compare/next");
  d.settle();
  EXPECT_EQ(d.session().comparison()->head, 6);
  d.click("compare/previous");
  d.click("compare/previous");
  d.settle();
  EXPECT_EQ(d.session().comparison()->head, 4);
  d.key(kKey0 + 1, kShift);
  d.settle();
  EXPECT_EQ(d.session().comparison()->head, 1);
  EXPECT_EQ(d.session().view().head, 2);
  d.key(kKey0 + 6);
  d.settle();
  EXPECT_EQ(d.session().view().head, 6);
  EXPECT_TRUE(d.drawn().shows("H6"));
}

TEST(Compare, TheInspectorSubtractsEveryStep) {
  Driver d;
  compareHeads(d, 2, 3);
  d.session().pin(Cell{7, 1});
  d.settle();
  Compare& compare = *d.session().compared();
  const auto a = compare.explanation(0, 7, 1);
  const auto b = compare.explanation(1, 7, 1);
  ASSERT_TRUE(a && b);
  const float difference = a->value - b->value;
  EXPECT_TRUE(d.drawn().shows((difference > 0 ? "+" : "") + fixed(static_cast<double>(difference), 3)));
  const auto dot = [](const Explanation& e) {
    for (const ExplainStep& step : e.steps) {
      if (step.stage == Stage::dot) return static_cast<double>(step.result);
    }
    return 0.0;
  };
  EXPECT_TRUE(d.drawn().shows(fixed(dot(*a), 3)));
  EXPECT_TRUE(d.drawn().shows(fixed(dot(*b), 3)));
}

TEST(Compare, BeforeAndAfterADrag) {
  Driver d;
  d.session().change("normalizer.temperature", Value(3), Phase::done);
  d.settle();
  EXPECT_TRUE(d.window().run("compare.before"));
  d.settle();
  EXPECT_TRUE(d.drawn().shows("τ"));
  for (const double t : {2.0, 1.5, 1.2}) {
    d.session().change("normalizer.temperature", Value(t), Phase::live);
    d.frames(3);
  }
  d.session().commit();
  d.settle();
  EXPECT_EQ(d.session().compared()->map(1).words, "1.2");
  EXPECT_EQ(d.session().compared()->map(0).words, "1");
}

TEST(Compare, ASnapshotIsTakenShownAndCompared) {
  Driver d;
  EXPECT_FALSE(d.has("snapshot.show"));
  d.key(kKeyA, kShift);
  d.settle();
  ASSERT_TRUE(d.has("snapshot.show"));
  EXPECT_TRUE(d.drawn().shows("A shown"));
  d.session().change("normalizer.temperature", Value(3), Phase::done);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("A saved"));
  d.click("snapshot.show");
  d.settle();
  EXPECT_EQ(d.experiment().temperature, 1);
  d.key(kKeyA);
  d.settle();
  EXPECT_EQ(d.experiment().temperature, 3);
  d.click("snapshot.compare");
  d.settle();
  ASSERT_TRUE(d.session().comparison());
  EXPECT_EQ(d.session().comparison()->with, With::snapshot);
  EXPECT_TRUE(d.has("compare/difference"));
  d.click("snapshot.compare");
  d.settle();
  EXPECT_FALSE(d.session().comparison());
  d.undoAll();
  EXPECT_EQ(d.experiment().temperature, 1);
}

TEST(Compare, WhatHasNoDifferenceSaysWhy) {
  Driver d;
  d.session().selectStage(Stage::output);
  Comparison with;
  with.head = 1;
  d.session().compare(with);
  d.settle();
  EXPECT_FALSE(d.has("compare/difference"));
  EXPECT_TRUE(d.has("compare/leave"));
  EXPECT_TRUE(d.drawn().shows("one for all heads"));
  d.click("compare/leave");
  d.settle();
  EXPECT_TRUE(d.has("stage"));
}

TEST(Compare, AtAFewThousandTokens) {
  Driver d;
  d.session().change("tokens", Value(Object{{"count", Value(4096)}}), Phase::done);
  d.settle();
  d.session().pin(Cell{3000, 200});
  compareHeads(d, 0, 1);
  EXPECT_TRUE(d.has("compare/largest.0"));
  EXPECT_TRUE(d.drawn().shows("each pixel ="));
  d.click("compare/largest.0");
  d.settle();
  const auto pinned = d.session().pinned();
  ASSERT_TRUE(pinned);
  const auto found = d.session().compared()->largest();
  ASSERT_TRUE(found);
  EXPECT_EQ(*pinned, (Cell{found->cells[0].row, found->cells[0].col}));
}

}  // namespace
}  // namespace headlight::test
