#include "core/describe/formula.h"

#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "tests/describe/evaluated.h"

namespace headlight {
namespace {

using test::evaluated;

std::string weights(const std::string& members) {
  return stageFormula(*evaluated(members), Stage::weights);
}

TEST(Formula, LeavesOutWhatIsSwitchedOff) {
  EXPECT_EQ(weights(R"("mask": "causal")"), "A = softmax(QK^T ÷ √d_k + M)");
  EXPECT_EQ(weights(R"("source": "random")"), "A = softmax(QK^T ÷ √d_k)");
  EXPECT_EQ(weights(R"("score": {"scale": "none"})"), "A = softmax(QK^T)");
}

TEST(Formula, NamesCapBiasTemperatureAndNormalizer) {
  EXPECT_EQ(weights(R"("score": {"softcap": 5, "bias": "alibi"}, "mask": "causal", "normalizer":
                       {"kind": "sparsemax", "temperature": 2})"),
            "A = sparsemax((cap(QK^T ÷ √d_k) + B + M) ÷ τ)");
  const auto made = evaluated(R"("score": {"scale": 0.5, "softcap": 5})");
  EXPECT_EQ(stageFormula(*made, Stage::biased), "cap(QK^T × 0.5)");
  EXPECT_EQ(biasStep(*made), "softcap");
  EXPECT_EQ(pipelineFormula(*made), "softmax(cap(QK^T × 0.5)) V");
}

TEST(Formula, SaysWhatIsDeliberatelyWrong) {
  const auto queries = evaluated(R"("mistake": {"softmax_over": "queries"})");
  EXPECT_EQ(stageFormula(*queries, Stage::weights), "A = softmax_i(QK^T ÷ √d_k)");
  EXPECT_EQ(normalizerStep(*queries), "softmax over queries");
  const auto late = evaluated(R"("mask": "causal", "mistake": {"mask_as": "zero_weight"})");
  EXPECT_EQ(stageFormula(*late, Stage::weights), "A = softmax(QK^T ÷ √d_k) × keep");
  EXPECT_EQ(maskStep(*late), "no mask yet");
  EXPECT_EQ(stageFormula(*evaluated(R"("mistake": {"tie": "w_k=w_q"})"), Stage::k), "K = X W_Q + b_K");
}

}  // namespace
}  // namespace headlight
