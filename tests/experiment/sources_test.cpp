#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/parameters.h"
#include "core/experiment/tensor_record.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::experimentOf;
using test::NamedTensor;
using test::npzBytes;
using test::TemporaryFolder;
using testing::HasSubstr;

// G-1 of the reference: typed X = Q and K by unit weights.
TEST(Values, TypedMatricesAreUsedAsTheyAre) {
  const auto e = evaluated(experimentOf(
      R"("shape": {"heads": 1}, "source": {"kind": "values",
         "x": [[1,0,2,0],[0,1,0,-1],[1,1,1,1]], "memory": [[1,0,0,1],[0,2,0,0],[1,0,1,0],[0,0,0,2]],
         "w_q": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]], "w_k": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],
         "w_v": [[1,0],[0,1],[0,0],[0,0]], "w_o": [[1,0,0,0],[0,1,0,0]], "b_o": [0, 0, 7, 0]})"));
  EXPECT_EQ(e->run->sizes.queries, 3);
  EXPECT_EQ(e->run->sizes.keys, 4);
  EXPECT_EQ(e->run->sizes.dV, 2);
  EXPECT_EQ(e->prepared->origin.chip, "typed by hand, not learned");
  const auto dot = Field::make(e->run, Stage::dot, 0);
  const float expected[3][4] = {{1, 0, 3, 0}, {-1, 2, 0, -2}, {2, 2, 2, 2}};
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 4; ++j) EXPECT_EQ(dot->cell(i, j), expected[i][j]);
  }
  EXPECT_NEAR(Field::make(e->run, Stage::output, 0)->cell(0, 2), 7, 1e-6);
  EXPECT_EQ(e->prepared->keyTokens[3].label, "3");
}

TEST(Values, MissingMatricesAreTheGenerators) {
  const auto random = evaluated(experimentOf(R"("source": {"kind": "random", "seed": 3})"));
  const auto typed = evaluated(
      experimentOf(R"("source": {"kind": "values", "seed": 3, "b_k": [1,1,1,1]}, "shape": {"d_k": 1})"));
  EXPECT_EQ(*typed->prepared->plan.inputs.x, *random->prepared->plan.inputs.x);
  EXPECT_EQ(typed->prepared->plan.inputs.wK->bias.size(), 4u);
  EXPECT_EQ(typed->prepared->plan.inputs.wQ->weight(5, 0), random->prepared->plan.inputs.wQ->weight(5, 0));
}

TEST(Values, NotFiniteValuesAreComputedAndSaid) {
  const auto e = evaluated(
      experimentOf(R"("shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2], ["nan", "inf"]]})"));
  EXPECT_THAT(e->prepared->warnings,
              testing::ElementsAre("input holds 2 values that are NaN or infinite, the first at [1, 0]"));
  // Other numbers, other warnings, whatever was prepared before.
  const auto mended =
      evaluated(experimentOf(R"("shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2], [3, 4]]})"),
                "", e.get());
  EXPECT_THAT(mended->prepared->warnings, testing::IsEmpty());
}

std::vector<float> counted(std::size_t n) {
  std::vector<float> values;
  values.reserve(n);
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<float>(i) / 16);
  return values;
}

class Qkv : public testing::Test {
 protected:
  /// H = 4, Hkv = 2, T = 3, d_k = 2, d_v = 5.
  std::vector<NamedTensor> tensors(bool tokensFirst = false) {
    std::vector<NamedTensor> list{
        {"q", {4, 3, 2}, counted(24)}, {"k", {2, 3, 2}, counted(12)}, {"v", {2, 3, 5}, counted(30)}};
    if (!tokensFirst) return list;
    for (NamedTensor& t : list) {
      const std::vector<float> old = t.values;
      const auto [h, n, d] = std::tuple(t.shape[0], t.shape[1], t.shape[2]);
      for (std::int64_t i = 0; i < h; ++i) {
        for (std::int64_t j = 0; j < n; ++j) {
          for (std::int64_t c = 0; c < d; ++c) {
            t.values[static_cast<std::size_t>((j * h + i) * d + c)] =
                old[static_cast<std::size_t>((i * n + j) * d + c)];
          }
        }
      }
      t.shape = {n, h, d};
    }
    return list;
  }
  std::string problem(std::string_view body) {
    const auto prepared = prepare(experimentOf(body), folder_.path());
    return prepared ? "" : prepared.error().text();
  }
  TemporaryFolder folder_;
};

TEST_F(Qkv, BothLayoutsGiveTheSameHeads) {
  folder_.put("a.npz", npzBytes(tensors()));
  folder_.put("b.npz", npzBytes(tensors(true)));
  const auto a = evaluated(experimentOf(R"("source": {"kind": "qkv", "file": "a.npz"})"), folder_.path());
  const auto b = evaluated(experimentOf(R"("source": {"kind": "qkv", "file": "b.npz", "layout": "thd"})"),
                           folder_.path());
  const Sizes& sizes = a->run->sizes;
  EXPECT_EQ(sizes.heads, 4);
  EXPECT_EQ(sizes.kvHeads, 2);
  EXPECT_EQ(sizes.dK, 2);
  EXPECT_EQ(sizes.dV, 5);
  EXPECT_EQ(a->prepared->origin.chip, "from a.npz");
  EXPECT_FALSE(a->prepared->origin.untrained);
  EXPECT_EQ((*a->prepared->plan.inputs.q)[2](1, 1), 15 / 16.0f);
  for (std::size_t h = 0; h < 4; ++h)
    EXPECT_EQ((*a->prepared->plan.inputs.q)[h], (*b->prepared->plan.inputs.q)[h]);
  EXPECT_FALSE(a->run->has(Stage::input));
  EXPECT_FALSE(a->run->has(Stage::output));
  EXPECT_TRUE(a->run->has(Stage::headOutput));
  EXPECT_EQ(a->prepared->queryTokens[2].label, "2");
}

TEST_F(Qkv, OutputWeightsOfTheirOwnFiles) {
  folder_.put("a.npz", npzBytes(tensors()));
  folder_.put("o.npz", npzBytes({{"w", {20, 6}, counted(120)}, {"b", {6}, counted(6)}}));
  const auto e = evaluated(
      experimentOf(R"("source": {"kind": "qkv", "file": "a.npz", "w_o": "o.npz:w", "b_o": "o.npz:b"})"),
      folder_.path());
  EXPECT_EQ(e->run->sizes.dModel, 6);
  EXPECT_TRUE(e->run->has(Stage::output));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "a.npz", "w_o": "o.npz:b"})"),
              testing::AllOf(HasSubstr("source.w_o"), HasSubstr("heads·d_v = 20")));
}

TEST_F(Qkv, WithoutValuesStagesEndAtTheWeights) {
  std::vector<NamedTensor> two = tensors();
  two.pop_back();
  folder_.put("a.npz", npzBytes(two));
  const auto e = evaluated(experimentOf(R"("source": {"kind": "qkv", "file": "a.npz"})"), folder_.path());
  EXPECT_TRUE(e->run->has(Stage::weights));
  EXPECT_FALSE(e->run->has(Stage::v));
  EXPECT_FALSE(e->run->has(Stage::headOutput));
}

TEST_F(Qkv, WhatDoesNotFitNamesBoth) {
  folder_.put("a.npz", npzBytes(tensors()));
  const std::string source = R"("source": {"kind": "qkv", "file": "a.npz"})";
  EXPECT_THAT(problem(source + R"(, "tokens": {"count": 5})"),
              HasSubstr("tokens: found 5 tokens, source.q has 3"));
  EXPECT_THAT(problem(source + R"(, "memory": {"count": 5})"),
              HasSubstr("memory: found 5 tokens, source.k has 3"));
  EXPECT_THAT(problem(source + R"(, "shape": {"heads": 8})"),
              HasSubstr("shape.heads: found 8, the source's file has 4"));
  EXPECT_THAT(problem(source + R"(, "shape": {"kv_heads": 4})"), HasSubstr("shape.kv_heads"));
  EXPECT_THAT(problem(source + R"(, "position": "sinusoidal")"), HasSubstr("position.kind"));
  EXPECT_THAT(problem(source + R"(, "ablate": {"heads": [4]})"), HasSubstr("ablate.heads[0]"));
  EXPECT_THAT(problem(source + R"(, "edits": [{"stage": "w_q", "at": [0, 0], "value": 1}])"),
              HasSubstr("edits[0].stage"));
  EXPECT_EQ(problem(source + R"(, "tokens": {"count": 3}, "shape": {"heads": 4, "d_k": 2})"), "");
  folder_.put("flat.npz", npzBytes({{"q", {4, 6}, counted(24)}, {"k", {2, 3, 2}, counted(12)}}));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "flat.npz"})"),
              testing::AllOf(HasSubstr("found q [4, 6]"), HasSubstr("[heads, tokens, width]")));
  folder_.put("wide.npz", npzBytes({{"q", {4, 3, 2}, counted(24)}, {"k", {2, 3, 3}, counted(18)}}));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "wide.npz"})"),
              HasSubstr("q [4, 3, 2] with a width of 2 and k [2, 3, 3] with 3"));
  folder_.put("odd.npz", npzBytes({{"q", {4, 3, 2}, counted(24)}, {"k", {3, 3, 2}, counted(18)}}));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "odd.npz"})"),
              HasSubstr("q [4, 3, 2] with 4 heads and k [3, 3, 2] with 3"));
  folder_.put("none.npz", npzBytes({{"q", {4, 3, 2}, counted(24)}}));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "none.npz"})"), HasSubstr("source.file"));
  EXPECT_THAT(problem(R"("source": {"kind": "qkv", "file": "missing.npz"})"), HasSubstr("missing.npz"));
}

TEST_F(Qkv, NotFiniteValuesAreCountedWithTheirPlace) {
  std::vector<NamedTensor> list = tensors();
  list[0].values[9] = std::numeric_limits<float>::quiet_NaN();
  list[1].values[0] = std::numeric_limits<float>::infinity();
  list[1].values[11] = -std::numeric_limits<float>::infinity();
  folder_.put("a.npz", npzBytes(list));
  const Experiment experiment = experimentOf(R"("source": {"kind": "qkv", "file": "a.npz"})");
  const auto e = evaluated(experiment, folder_.path());
  const std::vector<std::string> expected{
      "q holds 1 value that is NaN or infinite, at [1, 1, 1]",
      "k holds 2 values that are NaN or infinite, the first at [0, 0, 0]"};
  EXPECT_EQ(e->prepared->warnings, expected);
  const auto again = evaluated(*set(experiment, "mask", "causal"), folder_.path(), e.get());
  EXPECT_EQ(again->prepared->warnings, expected);
  EXPECT_EQ(again->prepared->plan.inputs.q.value, e->prepared->plan.inputs.q.value);
}

TEST_F(Qkv, AFileWrittenAgainIsReadAgain) {
  folder_.put("a.npz", npzBytes(tensors()));
  const Experiment experiment = experimentOf(R"("source": {"kind": "qkv", "file": "a.npz"})");
  const auto before = evaluated(experiment, folder_.path());
  std::vector<NamedTensor> list = tensors();
  list[0].values[0] = 42;
  list[0].name = "q";
  std::filesystem::remove(folder_.path() + "/a.npz");
  folder_.put("a.npz", npzBytes(list));
  const auto after = evaluated(experiment, folder_.path(), before.get());
  EXPECT_EQ((*after->prepared->plan.inputs.q)[0](0, 0), 42.0f);
}

TEST_F(Qkv, SavedExperimentsKnowTheirFiles) {
  const std::string path = folder_.put("a.npz", npzBytes(tensors()));
  std::filesystem::create_directory(folder_.path() + "/sub");
  const Experiment experiment = experimentOf(R"("source": {"kind": "qkv", "file": ")" + path + R"("})");
  const Experiment saved = forSaving(experiment, "", folder_.path() + "/sub");
  EXPECT_EQ(*saved.source.find("file"), Value("../a.npz"));
  const auto opened = fromText(toText(saved));
  ASSERT_TRUE(opened) << opened.error().text();
  const auto e = evaluated(opened->experiment, folder_.path() + "/sub");
  EXPECT_THAT(e->prepared->warnings, testing::IsEmpty());

  std::vector<NamedTensor> other = tensors();
  other[0].values[0] = 9;
  folder_.put("a.npz", npzBytes(other));
  const auto changed = evaluated(opened->experiment, folder_.path() + "/sub");
  EXPECT_THAT(changed->prepared->warnings,
              testing::ElementsAre(testing::AllOf(HasSubstr("../a.npz"), HasSubstr("SHA-256"))));

  std::filesystem::remove(path);
  const auto missing = prepare(opened->experiment, folder_.path() + "/sub");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unreadable);
  const std::string hash = opened->experiment.source.find("files")->list()[0].find("sha256")->string();
  EXPECT_THAT(missing.error().text(), testing::AllOf(HasSubstr("a.npz"), HasSubstr(hash)));
  // Saved again elsewhere it is still known by its hash.
  const Experiment moved = forSaving(opened->experiment, folder_.path() + "/sub", folder_.path());
  EXPECT_EQ(*moved.source.find("file"), Value("a.npz"));
  ASSERT_EQ(moved.source.find("files")->list().size(), 1u);
  EXPECT_EQ(moved.source.find("files")->list()[0].find("sha256")->string(), hash);
  EXPECT_EQ(moved.source.find("files")->list()[0].find("path")->string(), "a.npz");
}

TEST_F(Qkv, PathsThroughAHomeFolderAreCutToTheName) {
  const Experiment experiment =
      experimentOf(R"("source": {"kind": "qkv", "file": "/home/ann/secret/a.npz"})");
  const Experiment saved = forSaving(experiment, "", folder_.path());
  EXPECT_EQ(*saved.source.find("file"), Value("a.npz"));
}

TEST_F(Qkv, AnOldHashIsNotTakenForAFileThatWasWrittenAgain) {
  folder_.put("a.npz", npzBytes(tensors()));
  const Experiment saved = forSaving(experimentOf(R"("source": {"kind": "qkv", "file": "a.npz"})"),
                                     folder_.path(), folder_.path());
  const auto before = evaluated(saved, folder_.path());
  EXPECT_THAT(before->prepared->warnings, testing::IsEmpty());
  // As many bytes, one of them another: only the hash can tell.
  std::vector<NamedTensor> other = tensors();
  other[0].values[0] += 1;
  std::filesystem::remove(folder_.path() + "/a.npz");
  folder_.put("a.npz", npzBytes(other));
  const auto after = evaluated(saved, folder_.path(), before.get());
  EXPECT_THAT(after->prepared->warnings, testing::ElementsAre(HasSubstr("a.npz is not the file")));
}

}  // namespace
}  // namespace headlight
