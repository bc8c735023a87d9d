#include "core/attention/stage.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(Stage, TableIsInOrderWithTheContractsNames) {
  std::vector<std::string> ids;
  for (const StageInfo& stage : stages()) ids.emplace_back(stage.id);
  EXPECT_THAT(ids, testing::ElementsAre("input", "memory", "q", "k", "v", "dot", "scaled", "biased", "masked",
                                        "weights", "value_weighted", "head_output", "concat", "contribution",
                                        "output", "grad_q", "grad_k", "grad_v", "grad_scores"));
  for (int n = 0; n < kStageCount; ++n) {
    EXPECT_EQ(static_cast<int>(stages()[static_cast<std::size_t>(n)].stage), n);
  }
}

TEST(Stage, IsFoundById) {
  EXPECT_EQ(stageById("head_output"), Stage::headOutput);
  EXPECT_EQ(stageById("grad_scores"), Stage::gradScores);
  EXPECT_EQ(stageById("weight"), std::nullopt);
  EXPECT_EQ(stageById(""), std::nullopt);
}

TEST(Stage, MapsAreWhatIsQueriesByKeys) {
  for (const StageInfo& stage : stages()) {
    EXPECT_EQ(isMap(stage.stage), stage.rows == Axis::query && stage.cols == Axis::key) << stage.id;
    EXPECT_FALSE(stage.label.empty());
    EXPECT_FALSE(stage.title.empty());
    EXPECT_FALSE(stage.formula.empty());
  }
  EXPECT_FALSE(info(Stage::weights).isSigned);
  EXPECT_TRUE(info(Stage::masked).isSigned);
}

TEST(Stage, RowQuantitiesHaveTheContractsNames) {
  std::vector<std::string> ids;
  for (const RowQuantityInfo& row : rowQuantities()) ids.emplace_back(row.id);
  EXPECT_THAT(ids, testing::ElementsAre("row_max", "lse", "threshold", "entropy", "effective_keys",
                                        "kept_keys", "jacobian_norm"));
}

}  // namespace
}  // namespace headlight
