#include "core/attention/explain_difference.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "plans.h"

namespace headlight {
namespace {

using Line = ExplainDifferenceLine;

Explanation explained(const std::shared_ptr<const Run>& run, Stage stage, std::int64_t i, std::int64_t j) {
  return *explain(run, stage, 0, i, j);
}

const Line* line(const std::vector<Line>& lines, const std::string& title) {
  for (const Line& l : lines) {
    if (l.title == title) return &l;
  }
  return nullptr;
}

TEST(ExplainDifference, ComparesStepByStep) {
  const auto run = test::run(test::goldenPlan());
  const Explanation a = explained(run, Stage::weights, 0, 2);
  const Explanation b = explained(run, Stage::weights, 0, 1);
  const auto lines = explainDifference(a, b);
  ASSERT_EQ(lines.size(), 8U);  // five steps with a result, three facts
  for (const Line& l : lines) {
    ASSERT_TRUE(l.a && l.b && l.difference) << l.title;
    EXPECT_EQ(*l.difference, *l.a - *l.b);
    EXPECT_TRUE(l.otherTitle.empty());
  }
  EXPECT_EQ(lines[0].title, "QK^T");
  EXPECT_EQ(*lines[4].a, a.value);
  EXPECT_EQ(*lines[4].b, b.value);
  EXPECT_TRUE(lines.back().fact);
}

TEST(ExplainDifference, TheSameStepByAnotherName) {
  AttentionPlan other = test::goldenPlan();
  other.scale = 0.25;
  other.temperature = 2;
  const auto lines = explainDifference(explained(test::run(test::goldenPlan()), Stage::weights, 0, 2),
                                       explained(test::run(other), Stage::weights, 0, 2));
  const Line* scale = line(lines, "÷ √d_k");
  ASSERT_NE(scale, nullptr);
  EXPECT_EQ(scale->otherTitle, "× scale");
  EXPECT_TRUE(scale->difference);
  const Line* exponential = line(lines, "e^{s − max}");
  ASSERT_NE(exponential, nullptr);
  EXPECT_EQ(exponential->otherTitle, "e^{(s − max) ÷ τ}");
}

TEST(ExplainDifference, StepsThatOneSideLacksStandAlone) {
  AttentionPlan capped = test::goldenPlan();
  capped.softcap = 5;
  const auto lines = explainDifference(explained(test::run(test::goldenPlan()), Stage::weights, 0, 2),
                                       explained(test::run(capped), Stage::weights, 0, 2));
  const Line* cap = line(lines, "softcap");
  ASSERT_NE(cap, nullptr);
  EXPECT_FALSE(cap->a);
  EXPECT_TRUE(cap->b);
  EXPECT_FALSE(cap->difference);
  EXPECT_EQ(cap->stepOfA, -1);
}

TEST(ExplainDifference, AnotherNormalizerStillEndsAtTheWeight) {
  AttentionPlan sparse = test::goldenPlan();
  sparse.normalizer = {"sparsemax", {}};
  const Explanation a = explained(test::run(test::goldenPlan()), Stage::weights, 0, 2);
  const Explanation b = explained(test::run(sparse), Stage::weights, 0, 2);
  bool compared = false;
  for (const Line& l : explainDifference(a, b)) {
    compared = compared || (l.stage == Stage::weights && !l.fact && l.a == a.value && l.b == b.value);
  }
  EXPECT_TRUE(compared);
}

/// Whatever is compared, each step with a result stands in exactly one line, with its result.
TEST(ExplainDifference, LosesNoStepAndInventsNone) {
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    const auto left = test::run(test::variedPlan(seed));
    const auto right = test::run(test::variedPlan(seed + 1));
    for (const Stage stage : {Stage::weights, Stage::scaled, Stage::headOutput, Stage::q}) {
      if (!left->has(stage) || !right->has(stage)) continue;
      const Explanation a = explained(left, stage, 0, 0);
      const Explanation b = explained(right, stage, 0, 0);
      const auto lines = explainDifference(a, b);
      const auto count = [&](const Explanation& of, int Line::*step) {
        std::vector<int> seen(of.steps.size(), 0);
        int last = -1;
        for (const Line& l : lines) {
          if (l.*step < 0) continue;
          EXPECT_GT(l.*step, last) << "in their order";
          last = l.*step;
          ++seen[static_cast<std::size_t>(l.*step)];
        }
        for (std::size_t n = 0; n < seen.size(); ++n) EXPECT_EQ(seen[n], of.steps[n].hasResult ? 1 : 0);
      };
      count(a, &Line::stepOfA);
      count(b, &Line::stepOfB);
      for (const Line& l : lines) {
        EXPECT_TRUE(l.a || l.b);
        EXPECT_EQ(l.difference.has_value(), l.a && l.b);
        if (l.stepOfA >= 0 && !std::isnan(*l.a)) {
          EXPECT_EQ(*l.a, a.steps[static_cast<std::size_t>(l.stepOfA)].result);
        }
      }
      ASSERT_FALSE(HasFailure()) << seed;
    }
  }
}

}  // namespace
}  // namespace headlight
