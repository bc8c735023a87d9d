#include <cmath>

#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/attention/reference.h"
#include "core/experiment/edit.h"
#include "tests/experiment/random_experiment.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

constexpr std::uint64_t kExperiments = 300;

class RandomExperiments : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
};

TEST_F(RandomExperiments, SaveAndLoadUnchanged) {
  for (std::uint64_t seed = 0; seed < kExperiments; ++seed) {
    const Experiment experiment = test::randomExperiment(seed, folder_.path());
    const std::string text = toText(experiment);
    const auto loaded = fromText(text);
    ASSERT_TRUE(loaded) << seed << ": " << loaded.error().text() << "\n" << text;
    EXPECT_EQ(loaded->experiment, experiment) << seed << "\n" << text;
    EXPECT_EQ(toText(loaded->experiment), text) << seed;
    EXPECT_EQ(decode(encode(experiment))->experiment, experiment) << seed;
  }
}

TEST_F(RandomExperiments, EditedOnesSaveAndLoadUnchanged) {
  const std::pair<std::string_view, Value> kChanges[] = {{"tokens.text", "a b"},
                                                         {"tokens.count", 2},
                                                         {"shape.heads", 1},
                                                         {"shape.heads", 6},
                                                         {"mask.0.kind", "cells"}};
  int made = 0;
  for (std::uint64_t seed = 0; seed < kExperiments; ++seed) {
    const Experiment experiment = test::randomExperiment(seed, folder_.path());
    for (const auto& [path, value] : kChanges) {
      const auto changed = edit(experiment, path, value);
      if (!changed) continue;
      ++made;
      const auto loaded = fromText(toText(*changed));
      ASSERT_TRUE(loaded) << seed << ": " << loaded.error().text() << "\n" << toText(*changed);
      EXPECT_EQ(loaded->experiment, *changed) << seed << " " << path << "\n" << toText(*changed);
    }
  }
  EXPECT_GT(made, 300);
}

/// Scores of large inputs are compared relative to their size.
bool near(double fast, double slow) {
  if (std::isnan(slow)) return std::isnan(fast);
  if (std::isinf(slow)) return fast == slow;
  return std::fabs(fast - slow) <= 2e-4 * std::max(1.0, std::fabs(slow));
}

/// Whether a score lies where the weights have no slope: there rounding decides between two gradients.
bool meetsKink(const AttentionPlan& plan, const ReferenceRun& reference) {
  const std::string& kind = plan.normalizer.kind;
  const bool relu = kind == "relu";
  if (!relu && kind != "sparsemax" && kind != "entmax15") return false;
  if (!reference.has(Stage::masked) || (!relu && !reference.has(RowQuantity::threshold))) return false;
  const Tensor& masked = reference.stage(Stage::masked);
  const auto keys = static_cast<std::size_t>(masked.shape.back());
  for (std::size_t at = 0; at < masked.doubles.size(); ++at) {
    const double z = masked.doubles[at] / plan.temperature / (kind == "entmax15" ? 2 : 1);
    const double kink = relu ? 0 : reference.row(RowQuantity::threshold).doubles[at / keys];
    if (std::fabs(z - kink) < 1e-4) return true;
  }
  return false;
}

TEST_F(RandomExperiments, FastEqualsReference) {
  ThreadPool pool(2);
  std::int64_t cells = 0;
  for (std::uint64_t seed = 0; seed < kExperiments; ++seed) {
    const Experiment experiment = test::randomExperiment(seed, folder_.path());
    const auto result = evaluate(experiment, folder_.path(), nullptr, pool, {.gradients = true});
    ASSERT_TRUE(result) << seed << ": " << result.error().text() << "\n" << toText(experiment);
    const auto& evaluation = *result;
    const auto reference = referenceAttend(evaluation->prepared->plan, {.gradients = true});
    ASSERT_TRUE(reference) << seed << ": " << reference.error().text();
    for (const StageInfo& stage : stages()) {
      ASSERT_EQ(evaluation->run->has(stage.stage), reference->has(stage.stage)) << seed << " " << stage.id;
      if (!evaluation->run->has(stage.stage)) continue;
      if (isGradient(stage.stage) && meetsKink(evaluation->prepared->plan, *reference)) continue;
      const Tensor& slow = reference->stage(stage.stage);
      const auto heads = static_cast<int>(slow.shape.size() == 3 ? slow.shape[0] : 1);
      std::size_t at = 0;
      for (int h = 0; h < heads; ++h) {
        const Sizes& sizes = evaluation->run->sizes;
        // k and v are shown per query head; the reference has them once a key-value head.
        const bool shared = stage.stage == Stage::k || stage.stage == Stage::v ||
                            stage.stage == Stage::gradK || stage.stage == Stage::gradV;
        const auto field =
            Field::make(evaluation->run, stage.stage, shared ? h * (sizes.heads / sizes.kvHeads) : h);
        ASSERT_TRUE(field) << seed << " " << stage.id << ": " << field.error().text();
        for (std::int64_t i = 0; i < field->rows(); ++i) {
          for (std::int64_t j = 0; j < field->cols(); ++j, ++at, ++cells) {
            ASSERT_TRUE(near(field->cell(i, j), slow.doubles[at]))
                << "seed " << seed << " " << stage.id << " head " << h << " [" << i << ", " << j
                << "]: " << field->cell(i, j) << " for " << slow.doubles[at] << "\n"
                << toText(experiment);
          }
        }
      }
    }
  }
  EXPECT_GT(cells, 100000);
}

TEST_F(RandomExperiments, SharingChangesNoNumber) {
  std::shared_ptr<const Evaluation> previous;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Experiment experiment = test::randomExperiment(seed, folder_.path());
    const auto alone = test::evaluated(experiment, folder_.path());
    const auto after = test::evaluated(experiment, folder_.path(), previous.get());
    ASSERT_TRUE(alone && after);
    EXPECT_EQ(alone->run->stageKeys, after->run->stageKeys) << seed;
    EXPECT_EQ(alone->prepared->warnings, after->prepared->warnings) << seed;
    previous = after;
  }
}

}  // namespace
}  // namespace headlight
