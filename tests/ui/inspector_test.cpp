#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

std::string told(float value) {
  return fixed(static_cast<double>(value), 3);
}

TEST(Inspector, TwoPinsStandSideBySide) {
  Driver d;
  scene("two pins").set(d);
  EXPECT_TRUE(d.drawn().shows("2 pinned"));
  for (const Cell cell : {Cell{7, 1}, Cell{10, 1}}) {
    const auto made = d.session().explanation(Stage::weights, 2, cell);
    ASSERT_TRUE(made);
    for (const ExplainStep& step : made->steps) {
      if (!step.hasResult) continue;
      EXPECT_TRUE(d.drawn().shows(told(step.result))) << step.title;
    }
  }
}

TEST(Inspector, AColumnIsShownInFullOrReleased) {
  Driver d;
  scene("two pins").set(d);
  ASSERT_EQ(d.session().pinned(), (Cell{7, 1}));
  d.click("pin.1");
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{10, 1}));
  EXPECT_EQ(d.session().pins().size(), 2u);
  d.click("pin.1/release");
  d.settle();
  EXPECT_EQ(d.session().pins(), (std::vector<Cell>{{7, 1}}));
  EXPECT_FALSE(d.has("pin.0")) << "one cell needs no columns";
}

TEST(Inspector, MoreThanFourAreCounted) {
  Driver d;
  scene("five pins").set(d);
  EXPECT_TRUE(d.has("pin.3"));
  EXPECT_FALSE(d.has("pin.4"));
  EXPECT_TRUE(d.drawn().shows("and 1 more pinned cell"));
}

TEST(Inspector, CtrlClickOnTheMapAddsAPin) {
  Driver d;
  const Box map = d.box("stage");
  const float cell = map.width() / 11;
  ImGui::GetIO().KeyCtrl = true;
  d.clickAt(map.x0 + 1.5f * cell, map.y0 + 10.5f * cell);
  ImGui::GetIO().KeyCtrl = false;
  d.settle();
  EXPECT_EQ(d.session().pins(), (std::vector<Cell>{{7, 1}, {10, 1}}));
}

TEST(Inspector, AMaskedCellNamesTheEntryThatDropsIt) {
  Driver d;
  scene("masked pin").set(d);
  EXPECT_TRUE(d.drawn().shows("dropped by causal: key 3 > query 1"));
  EXPECT_TRUE(d.drawn().shows("causal keeps: "));
}

TEST(Inspector, FactsUnfoldToTheirArithmetic) {
  Driver d;
  const auto made = d.session().explanation(Stage::weights, 2, Cell{7, 1});
  ASSERT_TRUE(made);
  ASSERT_FALSE(made->facts.empty());
  for (const ExplainFact& fact : made->facts) EXPECT_TRUE(d.drawn().shows(fact.name)) << fact.name;
  const std::size_t words = d.drawn().words().size();
  d.reveal("fact.1");
  d.click("fact.1");
  d.settle();
  EXPECT_GT(d.drawn().words().size(), words);
}

TEST(Inspector, CopiesAsTextLatexAndTable) {
  Driver d;
  for (const auto& [id, piece] : {std::pair("copy.explanation", "animal"), std::pair("copy.latex", "align*"),
                                  std::pair("copy.csv", "part,")}) {
    d.clipboard().held.clear();
    d.reveal(id);
    d.click(id);
    d.settle();
    EXPECT_NE(d.clipboard().held.find(piece), std::string::npos) << id << ": " << d.clipboard().held;
  }
}

/// Every stage explains the cell that is pinned in it, and every result of its steps is drawn.
TEST(Inspector, EveryStageIsExplained) {
  for (const Stage stage : {Stage::input, Stage::q, Stage::k, Stage::v, Stage::dot, Stage::scaled,
                            Stage::masked, Stage::weights, Stage::valueWeighted, Stage::headOutput,
                            Stage::concat, Stage::contribution, Stage::output, Stage::gradScores}) {
    Driver d(1280, 2400);
    d.session().selectStage(stage);
    d.settle();
    d.session().pin(Cell{3, 2});
    d.settle();
    const auto made =
        d.session().explanation(d.session().explainedStage(), d.session().view().head, Cell{3, 2});
    ASSERT_TRUE(made) << info(stage).id;
    for (const ExplainStep& step : made->steps) {
      if (!step.hasResult) continue;
      EXPECT_TRUE(d.drawn().shows(told(step.result))) << info(stage).id << " " << step.title;
    }
  }
}

/// The tokens of the pair stand out in the text: its picture changes with the pair, and not while it is
/// typed.
TEST(Inspector, TheTextMarksTheTokensOfThePair) {
  Driver d;
  d.session().pin(std::nullopt);
  d.settle();
  const std::uint64_t plain = d.picture();
  const Box map = d.box("stage");
  const float cell = map.width() / 11;
  d.moveTo(map.x0 + 2.5f * cell, map.y0 + 4.5f * cell);
  d.settle();
  EXPECT_EQ(d.session().hovered(), (Cell{4, 2}));
  EXPECT_NE(d.picture(), plain);
}

}  // namespace
}  // namespace headlight::test
