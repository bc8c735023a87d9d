#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/parameters.h"
#include "core/experiment/source/maps_check.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::errorOf;
using test::evaluated;
using test::experimentOf;
using test::npzBytes;
using test::TemporaryFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Rows of `keys` weights that sum to 1, each row another one.
std::vector<float> weightRows(std::int64_t rows, std::int64_t keys) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < keys; ++j) {
      const bool more = j == i % keys;
      values.push_back((more ? 2.0f : 1.0f) / static_cast<float>(keys + 1));
    }
  }
  return values;
}

class Maps : public testing::Test {
 protected:
  std::shared_ptr<const Evaluation> run(std::string_view source, std::string_view more = "",
                                        const Evaluation* previous = nullptr) {
    return evaluated(experimentOf(body(source, more)), folder_.path(), previous);
  }
  std::string problem(std::string_view source, std::string_view more = "") {
    const auto prepared = prepare(experimentOf(body(source, more)), folder_.path());
    return prepared ? "" : prepared.error().text();
  }
  static std::string body(std::string_view source, std::string_view more) {
    return R"("source": {"kind": "maps", )" + std::string(source) + "}" + std::string(more);
  }
  TemporaryFolder folder_;
};

TEST_F(Maps, WeightsAreHandedOnAsTheyAre) {
  const std::vector<float> weights = weightRows(2 * 3, 4);
  const std::vector<float> v{0, 1, 2, 3, 4, 5, 6, 7};
  folder_.put("a.npz", npzBytes({{"maps", {2, 3, 4}, weights}, {"v", {1, 4, 2}, v}}));
  const auto e = run(R"("file": "a.npz:maps", "v": "a.npz:v")");
  EXPECT_THAT(e->prepared->warnings, IsEmpty());
  EXPECT_EQ(e->prepared->origin.chip, "weights from a.npz");
  EXPECT_EQ(e->run->sizes.heads, 2);
  EXPECT_EQ(e->run->sizes.kvHeads, 1);
  EXPECT_EQ(e->prepared->queryTokens.size(), 3u);
  EXPECT_EQ(e->prepared->keyTokens.size(), 4u);
  for (const Stage absent : {Stage::q, Stage::k, Stage::dot, Stage::scaled, Stage::masked, Stage::output}) {
    EXPECT_FALSE(e->run->has(absent)) << info(absent).id;
  }
  for (int head = 0; head < 2; ++head) {
    const auto field = Field::make(e->run, Stage::weights, head);
    const auto out = Field::make(e->run, Stage::headOutput, head);
    for (std::int64_t i = 0; i < 3; ++i) {
      double mixed = 0;
      for (std::int64_t j = 0; j < 4; ++j) {
        const float weight = weights[static_cast<std::size_t>((head * 3 + i) * 4 + j)];
        EXPECT_EQ(field->cell(i, j), weight);
        mixed += static_cast<double>(weight) * static_cast<double>(v[static_cast<std::size_t>(j * 2 + 1)]);
      }
      EXPECT_NEAR(out->cell(i, 1), mixed, 1e-6);
    }
  }
}

TEST_F(Maps, WithoutValuesStagesEndAtTheWeights) {
  folder_.put("a.npz", npzBytes({{"maps", {3, 3}, weightRows(3, 3)}}));
  const auto e = run(R"("file": "a.npz")");
  EXPECT_TRUE(e->run->has(Stage::weights));
  EXPECT_FALSE(e->run->has(Stage::headOutput));
  EXPECT_EQ(e->run->sizes.heads, 1);
}

TEST_F(Maps, NothingIsAppliedToWeightsAndThatIsSaid) {
  folder_.put("a.npz", npzBytes({{"maps", {2, 3, 3}, weightRows(6, 3)}}));
  const auto plain = run(R"("file": "a.npz")");
  const auto e = run(
      R"("file": "a.npz")",
      R"(, "mask": "causal", "score": {"softcap": 2}, "normalizer": {"kind": "softmax", "temperature": 2})");
  EXPECT_THAT(
      e->prepared->warnings,
      ElementsAre("the weights are given: score.softcap, mask and normalizer.temperature do nothing to "
                  "them"));
  const auto a = Field::make(plain->run, Stage::weights, 1);
  const auto b = Field::make(e->run, Stage::weights, 1);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) EXPECT_EQ(a->cell(i, j), b->cell(i, j));
  }
  for (const HeadStatistics& head : e->run->statistics->heads) {
    for (const RowNumbers& row : head.rows) EXPECT_NEAR(row.weightSum, 1, 1e-6);
  }
}

TEST_F(Maps, ScoresAreMaskedAndNormalized) {
  const float cut = -std::numeric_limits<float>::infinity();
  folder_.put("a.npz", npzBytes({{"maps", {2, 2}, {1, 5, 0, cut}}}));
  const auto e = run(R"("file": "a.npz", "is": "scores")", R"(, "mask": "causal")");
  EXPECT_THAT(e->prepared->warnings, IsEmpty());  // −inf in scores is a masked cell
  EXPECT_FALSE(e->run->has(Stage::dot));
  const auto scaled = Field::make(e->run, Stage::scaled, 0);
  const auto weights = Field::make(e->run, Stage::weights, 0);
  EXPECT_EQ(scaled->cell(0, 1), 5.0f);
  EXPECT_EQ(weights->cell(0, 0), 1.0f);
  EXPECT_EQ(weights->cell(0, 1), 0.0f);
  EXPECT_EQ(weights->cell(1, 0), 1.0f);
  EXPECT_EQ(weights->cell(1, 1), 0.0f);
  const auto scale = run(R"("file": "a.npz", "is": "scores")", R"(, "score": {"scale": 2})");
  EXPECT_THAT(scale->prepared->warnings,
              ElementsAre("the scores are given: score.scale does nothing to them"));
}

TEST_F(Maps, LayersAndElementsArePicked) {
  const std::int64_t layers = 3;
  const std::int64_t batches = 2;
  const std::int64_t heads = 2;
  const std::vector<float> all = weightRows(layers * batches * heads * 4, 4);
  folder_.put("a.npz", npzBytes({{"attentions", {layers, batches, heads, 4, 4}, all}}));
  for (int batch = 0; batch < 2; ++batch) {
    const auto e = run(R"("file": "a.npz", "layout": "lbhqk", "layer": 2)",
                       R"(, "view": {"batch": )" + std::to_string(batch) + "}");
    EXPECT_EQ(e->prepared->batches, 2);
    for (int head = 0; head < 2; ++head) {
      const auto field = Field::make(e->run, Stage::weights, head);
      const auto first = static_cast<std::size_t>(((2 * batches + batch) * heads + head) * 16);
      for (std::size_t cell = 0; cell < 16; ++cell) {
        EXPECT_EQ(field->cell(static_cast<std::int64_t>(cell) / 4, static_cast<std::int64_t>(cell) % 4),
                  all[first + cell]);
      }
    }
  }
  // Without a layout the number of axes tells.
  EXPECT_EQ(run(R"("file": "a.npz", "layer": 1)")->prepared->batches, 2);
  folder_.put("b.npz", npzBytes({{"a", {3, 2, 4, 4}, weightRows(24, 4)}}));
  EXPECT_EQ(run(R"("file": "b.npz")")->prepared->batches, 3);
  EXPECT_EQ(run(R"("file": "b.npz", "layout": "lhqk", "layer": 2)")->prepared->batches, 0);
  EXPECT_THAT(problem(R"("file": "b.npz", "layer": 1)"), AllOf(HasSubstr("source.layer"), HasSubstr("lhqk")));
  EXPECT_THAT(problem(R"("file": "b.npz", "layout": "lhqk", "layer": 3)"), HasSubstr("0 to 2"));
  EXPECT_THAT(problem(R"("file": "b.npz", "layout": "hqk")"),
              AllOf(HasSubstr("maps [3, 2, 4, 4]"), HasSubstr("\"bhqk\" or \"lhqk\"")));
}

TEST_F(Maps, RowsThatDoNotSumToOneAreCounted) {
  std::vector<float> weights = weightRows(6, 3);
  weights[3] += .001f;  // within the tolerance
  weights[7] += .25f;
  weights[16] -= .25f;
  folder_.put("a.npz", npzBytes({{"maps", {2, 3, 3}, weights}}));
  EXPECT_THAT(run(R"("file": "a.npz")")->prepared->warnings,
              ElementsAre("maps: 2 of 6 rows do not sum to 1 ± 0.002, the first at [0, 2] with 1.25"));
  EXPECT_THAT(run(R"("file": "a.npz", "is": "scores")")->prepared->warnings, IsEmpty());
}

TEST_F(Maps, NotFiniteValuesAreCountedWithTheirPlace) {
  std::vector<float> weights = weightRows(6, 3);
  weights[10] = std::numeric_limits<float>::quiet_NaN();
  weights[17] = std::numeric_limits<float>::infinity();
  folder_.put("a.npz", npzBytes({{"maps", {2, 3, 3}, weights}}));
  const std::string source = R"("file": "a.npz")";
  const auto e = run(source);
  const std::string expected = "maps hold 2 values that are NaN or infinite, the first at [1, 0, 1]";
  EXPECT_THAT(e->prepared->warnings, ElementsAre(expected));
  // What did not change is not read again, and its warnings stay.
  const auto again = run(source, R"(, "title": "again")", e.get());
  EXPECT_THAT(again->prepared->warnings, ElementsAre(expected));
  EXPECT_EQ(again->prepared->plan.inputs.maps.value, e->prepared->plan.inputs.maps.value);
}

TEST_F(Maps, WhatDoesNotFitNamesBoth) {
  folder_.put("a.npz",
              npzBytes({{"maps", {2, 3, 4}, weightRows(6, 4)}, {"v", {2, 5, 2}, std::vector<float>(20)}}));
  const std::string source = R"("file": "a.npz:maps")";
  EXPECT_THAT(problem(source, R"(, "tokens": {"count": 4})"),
              HasSubstr("tokens: found 4 tokens, source.file has 3"));
  EXPECT_THAT(problem(source, R"(, "memory": {"count": 3})"),
              HasSubstr("memory: found 3 tokens, source.file has 4"));
  EXPECT_EQ(problem(source, R"(, "tokens": {"count": 3}, "memory": {"count": 4})"), "");
  EXPECT_THAT(problem(source, R"(, "shape": {"heads": 3})"),
              HasSubstr("shape.heads: found 3, the source's file has 2"));
  EXPECT_THAT(problem(R"("file": "a.npz:maps", "v": "a.npz:v")"),
              AllOf(HasSubstr("v [2, 5, 2]"), HasSubstr("maps [2, 3, 4]")));
  folder_.put("b.npz", npzBytes({{"v", {3, 4, 2}, std::vector<float>(24)}}));
  EXPECT_THAT(problem(R"("file": "a.npz:maps", "v": "b.npz")"), HasSubstr("heads that divides the 2"));
  EXPECT_THAT(errorOf(R"("source": {"kind": "maps"})"), HasSubstr("source: found no file"));
  EXPECT_THAT(errorOf(R"("source": {"kind": "maps", "file": "a.npy", "is": "weight"})"),
              HasSubstr("source.is"));
}

TEST_F(Maps, AFileWrittenAgainIsReadAgain) {
  folder_.put("a.npz", npzBytes({{"maps", {2, 2}, {1, 0, 0, 1}}}));
  const auto before = run(R"("file": "a.npz")");
  std::filesystem::remove(folder_.path() + "/a.npz");
  folder_.put("a.npz", npzBytes({{"maps", {2, 2}, {.5f, .5f, 0, 1}}}));
  const auto after = run(R"("file": "a.npz")", "", before.get());
  EXPECT_EQ(Field::make(after->run, Stage::weights, 0)->cell(0, 1), 0.5f);
}

/// Rows that are made when they are asked for: no room is needed for them.
class EndlessMaps : public GivenTensor {
 public:
  const std::vector<std::int64_t>& shape() const override { return shape_; }
  bool read(std::int64_t, std::int64_t count, float* out) const override {
    read_ += count;
    std::fill_n(out, count, 0.0f);
    return true;
  }
  std::int64_t cells() const { return read_; }

 private:
  std::vector<std::int64_t> shape_{1, 65536, 65536};
  mutable std::int64_t read_ = 0;
};

TEST(MapsCheck, LongMapsAreSampledAndThatIsSaid) {
  const auto tensor = std::make_shared<EndlessMaps>();
  const GivenMaps maps{Stage::weights, tensor, 0, std::int64_t{65536} * 65536};
  Sizes sizes;
  sizes.heads = 1;
  sizes.queries = sizes.keys = 65536;
  const auto warnings = mapsWarnings(maps, sizes);
  ASSERT_TRUE(warnings);
  EXPECT_THAT(*warnings,
              ElementsAre("maps: 256 of 256 rows do not sum to 1 ± 0.002, the first at [0, 0] with 0, "
                          "of every 256th row, which alone were looked at"));
  EXPECT_EQ(tensor->cells(), kMostCheckedCells);
}

}  // namespace
}  // namespace headlight
