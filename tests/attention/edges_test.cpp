// What only shows at the edges: NaN rows, scores of one sign, heads of nothing but infinities, refusals.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/run.h"
#include "plans.h"

namespace headlight {
namespace {

using test::run;
using testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Edges, ANanRowShowsInTheErrorOfTheRowSums) {
  AttentionPlan plan = test::goldenPlan();
  EXPECT_LT(run(plan)->statistics->rowSumError, 1e-6);
  plan.inputs.q = test::given({test::matrix({{1, 0, 2, 0}, {NAN, 1, 0, -1}, {1, 1, 1, 1}})}, 77);
  EXPECT_TRUE(std::isnan(run(plan)->statistics->rowSumError));
}

TEST(Edges, ScoresOfOneSignKeepTheirRange) {
  const AttentionPlan plan =
      test::givenPlan(test::matrix({{1}, {2}}), test::matrix({{-3}, {-5}}), test::matrix({{0}, {0}}), 1);
  const HeadStatistics head = run(plan)->statistics->heads[0];
  EXPECT_EQ(head.smallestScore, -10);
  EXPECT_EQ(head.largestScore, -3);
}

TEST(Edges, InfiniteScoresAreLeftOutOfTheRange) {
  const AttentionPlan plan =
      test::givenPlan(test::matrix({{1}}), test::matrix({{kInfinity}, {1}, {-2}, {-kInfinity}}),
                      test::matrix({{0}, {0}, {0}, {0}}), 1);
  const HeadStatistics head = run(plan)->statistics->heads[0];
  EXPECT_EQ(head.smallestScore, -2);
  EXPECT_EQ(head.largestScore, 1);
}

TEST(Edges, AnAblatedHeadLeaksNothingOfItsRowsOfWO) {
  AttentionPlan plan = test::givenPlan(test::matrix({{1}}), test::matrix({{1}}), test::matrix({{2}}), 1);
  Sizes& s = plan.inputs.sizes;
  s.heads = 2;
  s.dModel = 1;
  plan.inputs.q = test::given({test::matrix({{1}}), test::matrix({{1}})}, 5);
  Linear wO{test::matrix({{3}, {NAN}}), {}};
  plan.inputs.wO = {9, std::make_shared<const Linear>(std::move(wO))};
  plan.ablatedHeads = {1};
  EXPECT_EQ(test::cells(run(plan), Stage::output)[0], 6);
}

TEST(Edges, AMaskThatReadsThePaddingFollowsIt) {
  AttentionPlan plan = test::goldenPlan({test::mask("padding")});
  plan.inputs.paddedKeys = {false, false, false, true};
  const auto before = run(plan);
  plan.inputs.paddedKeys = {false, true, false, false};
  const auto after = run(plan, before.get());
  EXPECT_FALSE(before->mask->keeps(0, 0, 3));
  EXPECT_TRUE(after->mask->keeps(0, 0, 3));
  EXPECT_FALSE(after->mask->keeps(0, 0, 1));
  EXPECT_NE(before->key(Stage::weights), after->key(Stage::weights));
}

TEST(Edges, APixelOverNothingFiniteShowsItsExtremeAsMean) {
  const AttentionPlan plan = test::givenPlan(
      test::matrix({{1}, {1}}), test::matrix({{kInfinity}, {kInfinity}}), test::matrix({{0}, {0}}), 1);
  const Tile tile = test::field(run(plan), Stage::dot).tile(1, 0, 0);
  ASSERT_EQ(tile.mean.size(), 1u);
  EXPECT_EQ(tile.extreme[0], kInfinity);
  EXPECT_EQ(tile.mean[0], kInfinity);
}

TEST(Edges, AnEmptyRowWithWeightsHasNoMaskedCells) {
  AttentionPlan plan = test::goldenPlan({test::mask("window", {{"left", -9}})});
  plan.emptyRow = EmptyRow::uniform;
  const Field filled = test::field(run(plan), Stage::weights);
  EXPECT_EQ(filled.cellClass(0, 0), CellClass::value);
  EXPECT_EQ(filled.cell(0, 0), 0.25f);
  plan.emptyRow = EmptyRow::zeros;
  EXPECT_EQ(test::field(run(plan), Stage::weights).cellClass(0, 0), CellClass::masked);
}

TEST(Edges, FilledEmptyRowsAreNotCountedAsMaskedInASample) {
  test::Numbers numbers(3);
  constexpr std::int64_t kTokens = 4097;  // just above the cells that are read one by one
  const Matrix one = test::normalMatrix(numbers, kTokens, 1);
  AttentionPlan plan = test::givenPlan(one, one, one, 1);
  plan.masks = {test::mask("causal", {{"offset", -2}})};
  ThreadPool pool(1);
  const auto masked = [&](EmptyRow policy) {
    plan.emptyRow = policy;
    const FieldStatistics made = test::field(run(plan), Stage::weights).statistics(pool);
    EXPECT_TRUE(made.sampled);
    return made.masked;
  };
  // Rows 0 and 1 keep no key.
  EXPECT_EQ(masked(EmptyRow::zeros) - masked(EmptyRow::uniform), 2 * kTokens);
}

std::string failure(const AttentionPlan& plan) {
  ThreadPool pool(1);
  const auto made = attend(plan, nullptr, pool);
  return made ? "" : made.error().text();
}

TEST(Edges, AnEditBehindTheLastRowIsRefused) {
  AttentionPlan plan = test::goldenPlan();
  plan.inputs.edits = {{Stage::q, 0, 2, 3, 1.0f}};
  EXPECT_EQ(failure(plan), "");
  plan.inputs.edits = {{Stage::q, 0, 2, 3, 1.0f}, {Stage::q, 0, 3, 0, 1.0f}};
  EXPECT_THAT(failure(plan), testing::AllOf(HasSubstr("edits[1].at"), HasSubstr("[1, 3, 4]")));
}

TEST(Edges, KeysFromTheQueriesOwnInputAreAsManyAsQueries) {
  AttentionPlan plan;
  plan.inputs.sizes = {2, 3, 1, 1, 1, 1, 0};
  plan.inputs.x = {1, std::make_shared<const Matrix>(test::matrix({{1}, {2}}))};
  plan.inputs.wQ = {2, std::make_shared<const Linear>(Linear{test::matrix({{1}}), {}})};
  plan.inputs.wK = {3, std::make_shared<const Linear>(Linear{test::matrix({{1}}), {}})};
  plan.normalizer = {"softmax", {}};
  EXPECT_THAT(failure(plan), HasSubstr("without a memory there are as many keys as queries"));
}

TEST(Edges, CompilingAMaskCanBeStopped) {
  const Cancel cancel = Cancel::make();
  cancel.request();
  const auto plan = MaskPlan::compile({}, {4, 4, {}}, cancel);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace headlight
