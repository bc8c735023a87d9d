// Masks of files: which cells a tensor of each rank means, polarity, additive numbers, refusals.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/bias/bias.h"
#include "given_tensors.h"
#include "mask_checks.h"
#include "plans.h"

namespace headlight {
namespace {

using Index = std::int64_t;
using test::compile;
using test::expectKeeps;
using test::GivenTensors;
using test::mask;
using test::refusal;
using testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr int kBatches = 2;
constexpr int kHeads = 3;
constexpr Index kQueries = 4;
constexpr Index kKeys = 5;

struct Axes {
  std::string letters;
  std::vector<Index> shape;
  bool told;  ///< the document says them
};

/// The flat index of (b, h, q, k) in a tensor of these axes.
std::size_t flat(const Axes& axes, int b, int h, Index q, Index k) {
  Index at = 0;
  for (std::size_t n = 0; n < axes.shape.size(); ++n) {
    const char letter = axes.letters[n];
    const Index index = letter == 'b'   ? b
                        : letter == 'h' ? h
                        : letter == 'n' ? b * kHeads + h
                        : letter == 'q' ? q
                                        : k;
    at = at * axes.shape[n] + (axes.shape[n] == 1 ? 0 : index);
  }
  return static_cast<std::size_t>(at);
}

MaskContext context(const TensorSource& tensors, int batch = 0) {
  return {.queries = kQueries,
          .keys = kKeys,
          .heads = kHeads,
          .batch = batch,
          .batches = kBatches,
          .tensors = &tensors};
}

Kinded fileMask(std::string meaning, Value axes = {}) {
  Kinded entry = mask("tensor", {{"tensor", "m.npy"}, {"meaning", std::move(meaning)}});
  if (!axes.isNull()) entry.set("axes", std::move(axes));
  return entry;
}

const std::vector<Axes>& allAxes() {
  static const std::vector<Axes> axes{{"k", {5}, false},
                                      {"qk", {4, 5}, false},
                                      {"qk", {1, 5}, false},
                                      {"hqk", {3, 4, 5}, false},
                                      {"hqk", {1, 4, 5}, false},
                                      {"hqk", {3, 1, 5}, false},
                                      {"nqk", {6, 4, 5}, false},
                                      {"bhqk", {2, 3, 4, 5}, false},
                                      {"bhqk", {1, 3, 1, 5}, false},
                                      {"bhqk", {2, 1, 4, 5}, false},
                                      {"bhqk", {1, 1, 1, 5}, false},
                                      {"bk", {2, 5}, true},
                                      {"bqk", {2, 4, 5}, true},
                                      {"hk", {3, 5}, true},
                                      {"nk", {6, 5}, true},
                                      {"bhk", {2, 3, 5}, true},
                                      {"hqk", {3, 4, 5}, true},
                                      {"bqk", {1, 4, 5}, true}};
  return axes;
}

TEST(MaskTensor, AxesByRankAndByTheDocument) {
  test::Numbers numbers(1);
  for (const Axes& axes : allAxes()) {
    SCOPED_TRACE(axes.letters + " " + std::to_string(axes.shape.front()));
    Index size = 1;
    for (const Index length : axes.shape) size *= length;
    std::vector<float> bits;
    for (Index n = 0; n < size; ++n) bits.push_back(numbers.chance(0.5) ? 1.0f : 0.0f);
    GivenTensors tensors;
    tensors.add("m.npy", axes.shape, bits);
    for (const bool keep : {true, false}) {
      for (int b = 0; b < kBatches; ++b) {
        const auto plan =
            compile({fileMask(keep ? "keep" : "drop", axes.told ? Value(axes.letters) : Value())},
                    context(tensors, b));
        for (int h = 0; h < kHeads; ++h) {
          expectKeeps(
              *plan, [&](Index i, Index j) { return (bits[flat(axes, b, h, i, j)] == 1) == keep; }, h);
        }
      }
    }
  }
}

TEST(MaskTensor, AdditiveNumbersAreABiasAndInfinityAMask) {
  test::Numbers numbers(2);
  for (const Axes& axes : allAxes()) {
    Index size = 1;
    for (const Index length : axes.shape) size *= length;
    std::vector<float> values;
    for (Index n = 0; n < size; ++n) values.push_back(numbers.chance(0.3) ? -kInfinity : numbers.normal());
    GivenTensors tensors;
    tensors.add("m.npy", axes.shape, values);
    const std::vector<Kinded> entries{fileMask("additive", axes.told ? Value(axes.letters) : Value())};
    for (int b = 0; b < kBatches; ++b) {
      const MaskContext where = context(tensors, b);
      const auto biases = BiasPlan::compile({}, entries, where);
      ASSERT_TRUE(biases.ok());
      const auto plan = compile(entries, where);
      for (int h = 0; h < kHeads; ++h) {
        expectKeeps(
            *plan, [&](Index i, Index j) { return values[flat(axes, b, h, i, j)] != -kInfinity; }, h);
        for (Index i = 0; i < kQueries; ++i) {
          std::vector<float> scores(kKeys - 1, 2.0f);
          (*biases)->add(h, i, 1, kKeys, scores.data());
          for (Index j = 1; j < kKeys; ++j) {
            const float value = values[flat(axes, b, h, i, j)];
            const float finite = std::isinf(value) ? 0.0f : value;
            EXPECT_EQ(scores[static_cast<std::size_t>(j - 1)], 2.0f + finite);
            EXPECT_EQ((*biases)->terms(h, i, j).at(0).value, static_cast<double>(finite));
          }
        }
      }
    }
  }
}

TEST(MaskTensor, AnAdditiveMaskOfZerosAndInfinitiesAddsNothing) {
  GivenTensors tensors;
  std::vector<float> values(20, 0.0f);
  values[3] = -kInfinity;
  tensors.add("m.npy", {4, 5}, values);
  const std::vector<Kinded> entries{fileMask("additive")};
  EXPECT_TRUE((*BiasPlan::compile({}, entries, context(tensors)))->empty());
  values[7] = -1e9f;
  tensors.add("m.npy", {4, 5}, values);
  EXPECT_FALSE((*BiasPlan::compile({}, entries, context(tensors)))->empty());
}

TEST(MaskTensor, LargeNegativeNanAndPositiveInfinityAreKeptAndAdded) {
  GivenTensors tensors;
  tensors.add("m.npy", {5}, {-1e30f, NAN, kInfinity, -kInfinity, 0});
  const std::vector<Kinded> entries{fileMask("additive")};
  expectKeeps(*compile(entries, context(tensors)), [](Index, Index j) { return j != 3; });
  const auto biases = BiasPlan::compile({}, entries, context(tensors));
  std::vector<float> scores(5, 1.0f);
  (*biases)->add(0, 0, 0, 5, scores.data());
  EXPECT_EQ(scores[0], -1e30f);
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_EQ(scores[2], kInfinity);
  EXPECT_EQ(scores[3], 1.0f);
  EXPECT_EQ(scores[4], 1.0f);
}

TEST(MaskTensor, HeadsDifferWhereTheFileHasThem) {
  GivenTensors tensors;
  tensors.add("m.npy", {3, 4, 5}, std::vector<float>(60, 1.0f));
  EXPECT_TRUE(compile({fileMask("keep")}, context(tensors))->perHead());
  tensors.add("m.npy", {1, 4, 5}, std::vector<float>(20, 1.0f));
  EXPECT_FALSE(compile({fileMask("keep")}, context(tensors))->perHead());
}

TEST(MaskTensor, SaysWhatTheFileHolds) {
  GivenTensors tensors;
  std::vector<float> bits(60, 1.0f);
  bits[1 * 20 + 2 * 5 + 3] = 0;
  tensors.add("m.npy", {3, 4, 5}, bits);
  std::string reason;
  EXPECT_EQ(compile({fileMask("keep")}, context(tensors))->droppedBy(1, 2, 3, &reason), 0);
  EXPECT_EQ(reason, "m.npy has 0 at [1, 2, 3]");
}

TEST(MaskTensor, AShapeThatDoesNotFitNamesBoth) {
  GivenTensors tensors;
  tensors.add("m.npy", {3, 5}, std::vector<float>(15, 1.0f));
  const Error error = refusal(fileMask("keep"), context(tensors));
  EXPECT_EQ(error.where, "mask[1].tensor");
  EXPECT_EQ(error.what,
            "found m.npy of shape [3, 5], read as qk; accepted is [4, 5], where b, h and q may be 1");
  EXPECT_THAT(error.hint, HasSubstr("\"hk\""));
  tensors.add("m.npy", {2, 5}, std::vector<float>(10, 1.0f));
  EXPECT_THAT(refusal(fileMask("keep"), context(tensors)).hint, HasSubstr("\"bk\""));
  tensors.add("m.npy", {1}, {1});
  EXPECT_EQ(refusal(fileMask("keep"), context(tensors)).what,
            "found m.npy of shape [1], read as k; accepted is [5]");
  tensors.add("m.npy", {5, 4, 5}, std::vector<float>(100, 1.0f));
  EXPECT_THAT(refusal(fileMask("keep"), context(tensors)).what,
              testing::AllOf(HasSubstr("[5, 4, 5], read as nqk"), HasSubstr("[6, 4, 5]")));
  tensors.add("m.npy", {1, 1, 1, 1, 5}, std::vector<float>(5, 1.0f));
  EXPECT_THAT(refusal(fileMask("keep"), context(tensors)).what, HasSubstr("1 to 4 axes"));
  tensors.add("m.npy", {}, {1});
  EXPECT_THAT(refusal(fileMask("keep"), context(tensors)).what, HasSubstr("1 to 4 axes"));
}

TEST(MaskTensor, AxesThatAreNoneAreRefused) {
  GivenTensors tensors;
  tensors.add("m.npy", {4, 5}, std::vector<float>(20, 1.0f));
  EXPECT_EQ(refusal(fileMask("keep", "kq"), context(tensors)).where, "mask[1].axes");
  const Error rank = refusal(fileMask("keep", "bqk"), context(tensors));
  EXPECT_EQ(rank.where, "mask[1].axes");
  EXPECT_EQ(rank.what,
            "found \"bqk\" for m.npy of shape [4, 5], accepted is a letter for each of its 2 axes");
  EXPECT_EQ(refusal(fileMask("hide"), context(tensors)).where, "mask[1].meaning");
  EXPECT_EQ(refusal(mask("tensor", {{"tensor", 7}, {"meaning", "keep"}}), context(tensors)).where,
            "mask[1].tensor");
}

TEST(MaskTensor, NumbersThatAreNoTruthValuesAreRefused) {
  GivenTensors tensors;
  std::vector<float> values(20, 0.0f);
  values[13] = -kInfinity;
  tensors.add("m.npy", {4, 5}, values);
  for (const char* meaning : {"keep", "drop"}) {
    const Error error = refusal(fileMask(meaning), context(tensors));
    EXPECT_EQ(error.where, "mask[1].tensor");
    EXPECT_EQ(error.what, "found −inf in m.npy at [2, 3], accepted are 0 and 1");
    EXPECT_THAT(error.hint, HasSubstr("additive"));
  }
}

TEST(MaskTensor, FilesThatAreMissingOrCutAreErrors) {
  GivenTensors tensors;
  EXPECT_EQ(refusal(fileMask("keep"), context(tensors)).where, "mask[1].tensor");
  tensors.add("m.npy", {4, 5}, std::vector<float>(20, 1.0f));
  tensors.cut("m.npy");
  for (const char* meaning : {"keep", "additive"}) {
    const Error error = refusal(fileMask(meaning), context(tensors));
    EXPECT_EQ(error.code, ErrorCode::unreadable);
    EXPECT_EQ(error.where, "m.npy");
  }
}

TEST(MaskTensor, IsAcceptedUnreadWhereNoFileCanBe) {
  EXPECT_TRUE(compile({fileMask("keep")}, 4, 5)->keepsAll());
  EXPECT_TRUE((*BiasPlan::compile({}, std::vector<Kinded>{fileMask("additive")},
                                  MaskContext{.queries = 4, .keys = 5}))
                  ->empty());
}

// The two libraries read one array in opposite ways (attention.md A.3, A.6).
TEST(MaskTensor, Assertion13PolarityOfBooleans) {
  GivenTensors tensors;
  tensors.add("m.npy", {2, 3}, {0, 0, 1, 0, 1, 0});
  const MaskContext where{.queries = 2, .keys = 3, .heads = 2, .tensors = &tensors};
  expectKeeps(*compile({fileMask("drop")}, where), [](Index i, Index j) { return i == 0 ? j != 2 : j != 1; });
  expectKeeps(*compile({fileMask("keep")}, where), [](Index i, Index j) { return i == 0 ? j == 2 : j == 1; });
}

TEST(MaskTensor, Assertion14IndexOfThreeAxesIsBatchTimesHeadsPlusHead) {
  GivenTensors tensors;
  std::vector<float> drop(6 * 4 * 5, 0.0f);
  drop[3 * 20 + 1] = 1;  // index 3, query 0, key 1
  tensors.add("m.npy", {6, 4, 5}, drop);
  for (int b = 0; b < kBatches; ++b) {
    const auto plan = compile({fileMask("drop")}, context(tensors, b));
    for (int h = 0; h < kHeads; ++h) {
      EXPECT_EQ(plan->keptCells(h), b == 1 && h == 0 ? 19 : 20);
      EXPECT_EQ(plan->keeps(h, 0, 1), !(b == 1 && h == 0));
    }
  }
}

}  // namespace
}  // namespace headlight
