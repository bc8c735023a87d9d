#include "core/attention/bias/bias.h"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/bias/alibi.h"
#include "core/attention/bias/t5_buckets.h"
#include "given_tensors.h"
#include "plans.h"

namespace headlight {
namespace {

using Index = std::int64_t;
using test::GivenTensors;
using test::mask;
using testing::HasSubstr;

std::shared_ptr<const BiasPlan> compile(const std::vector<Kinded>& biases, const MaskContext& context) {
  auto plan = BiasPlan::compile(biases, {}, context);
  if (!plan) {
    ADD_FAILURE() << plan.error().text();
    std::abort();
  }
  return *plan;
}

Error refusal(const Kinded& entry, const MaskContext& context) {
  const auto plan = BiasPlan::compile(std::vector<Kinded>{{"constant", {}}, entry}, {}, context);
  EXPECT_FALSE(plan.ok());
  return plan.ok() ? Error{} : plan.error();
}

/// add() over every stretch of keys, and terms(), against value(h, i, j).
template <class ValueOf>
void expectAdds(const BiasPlan& plan, const MaskContext& where, double tolerance, const ValueOf& value) {
  for (int h = 0; h < where.heads; ++h) {
    for (Index i = 0; i < where.queries; ++i) {
      for (Index begin = 0; begin < where.keys; ++begin) {
        std::vector<float> scores(static_cast<std::size_t>(where.keys), 0.0f);
        const Index end = where.keys;
        plan.add(h, i, begin, end, scores.data());
        for (Index j = begin; j < end; ++j) {
          const double wanted = value(h, i, j);
          ASSERT_NEAR(scores[static_cast<std::size_t>(j - begin)], wanted, tolerance * std::abs(wanted))
              << h << ", " << i << ", " << j;
          ASSERT_NEAR(plan.terms(h, i, j).at(0).value, wanted, tolerance * std::abs(wanted));
        }
      }
    }
  }
}

TEST(Bias, EveryKindHasWordsForItsParts) {
  for (const BiasKind& kind : biasKinds()) {
    EXPECT_FALSE(kind.spec.label.empty());
    EXPECT_FALSE(kind.spec.help.empty());
    EXPECT_FALSE(kind.sentence({std::string(kind.spec.kind), {}}).empty());
    for (const KeySpec& key : kind.spec.keys) EXPECT_FALSE(key.help.empty()) << key.name;
    EXPECT_EQ(biasKind(kind.spec.kind), &kind);
    EXPECT_EQ(needsFile(kind), kind.spec.kind == "t5" || kind.spec.kind == "tensor");
  }
  EXPECT_EQ(biasKinds().size(), 4u);
}

TEST(Bias, Assertion20AlibiSlopesOfG4) {
  const auto expect = [](int heads, const std::vector<double>& wanted) {
    const auto slopes = alibiSlopes(heads);
    ASSERT_EQ(slopes.size(), wanted.size());
    for (std::size_t h = 0; h < wanted.size(); ++h) EXPECT_NEAR(slopes[h] / wanted[h], 1, 1e-7) << heads;
  };
  expect(1, {0.00390625});
  expect(2, {0.0625, 0.00390625});
  expect(3, {0.0625, 0.00390625, 0.25});
  expect(4, {0.25, 0.0625, 0.015625, 0.00390625});
  expect(6, {.25, .0625, .015625, .00390625, .5, .125});
  std::vector<double> eight;
  for (int h = 1; h <= 8; ++h) eight.push_back(std::pow(2.0, -h));
  expect(8, eight);
  eight.insert(eight.end(), {std::sqrt(0.5), std::sqrt(0.125), std::sqrt(0.03125), std::sqrt(0.0078125)});
  expect(12, eight);
  EXPECT_EQ(alibiSlopes(1000).size(), 1000u);
}

TEST(Bias, AlibiTakesSlopeTimesDistanceOff) {
  for (const auto& [queries, keys] : {std::pair<Index, Index>{7, 7}, {3, 50}, {41, 5}}) {
    for (const bool right : {false, true}) {
      const MaskContext where{.queries = queries, .keys = keys, .heads = 3};
      const auto plan = compile({mask("alibi", {{"align", right ? "bottom_right" : "top_left"}})}, where);
      const auto slopes = alibiSlopes(3);
      const Index shift = right ? keys - queries : 0;
      expectAdds(*plan, where, 0, [&](int h, Index i, Index j) {
        return -slopes[static_cast<std::size_t>(h)] * static_cast<double>(std::abs(i + shift - j));
      });
    }
  }
}

TEST(Bias, AlibiIsExactFarAway) {
  const MaskContext where{.queries = 1048576, .keys = 1048576, .heads = 8};
  const auto plan = compile({mask("alibi")}, where);
  std::vector<float> scores(1048576, 0.0f);
  plan->add(7, 1000001, 0, 1048576, scores.data());
  for (const Index j : {0, 1, 17, 999999, 1000001, 1000002, 1048575}) {
    EXPECT_EQ(scores[static_cast<std::size_t>(j)], -static_cast<float>(std::abs(1000001 - j)) / 256);
  }
}

/// The table G-5: (last distance, bucket) of ascending distances.
Index lookUp(const std::vector<std::pair<Index, Index>>& table, Index distance) {
  for (const auto& [last, bucket] : table) {
    if (distance <= last) return bucket;
  }
  return -1;
}

TEST(Bias, Assertion21T5BucketsOfG5BothWays) {
  const std::vector<std::pair<Index, Index>> before{{11, 8},  {15, 9},  {22, 10}, {31, 11},
                                                    {45, 12}, {63, 13}, {90, 14}, {200, 15}};
  const T5Buckets both;
  for (Index r = -200; r <= 200; ++r) {
    const Index distance = std::abs(r);
    const Index wanted = distance < 8 ? distance : lookUp(before, distance);
    EXPECT_EQ(both.of(r), wanted + (r > 0 ? 16 : 0)) << r;
  }
}

TEST(Bias, Assertion21T5BucketsOfG5Backwards) {
  const std::vector<std::pair<Index, Index>> table{
      {18, 16}, {20, 17}, {23, 18}, {26, 19}, {30, 20}, {34, 21}, {39, 22},  {45, 23},
      {51, 24}, {58, 25}, {66, 26}, {76, 27}, {86, 28}, {98, 29}, {112, 30}, {200, 31}};
  const T5Buckets backwards{.bidirectional = false};
  for (Index r = -200; r <= 200; ++r) {
    EXPECT_EQ(backwards.of(r), r >= 0 ? 0 : r >= -15 ? -r : lookUp(table, -r)) << r;
  }
}

TEST(Bias, T5BucketsOfOtherSizesStayInTheirTable) {
  for (const Index count : {4, 5, 8, 31, 64}) {
    for (const bool both : {true, false}) {
      for (const Index reach : {40, 128, 1000}) {
        const T5Buckets buckets{count, reach, both};
        Index before = -1;
        for (Index r = 0; r <= 1100; ++r) {
          const Index bucket = buckets.of(-r);
          EXPECT_GE(bucket, before);
          EXPECT_LT(buckets.of(r), count);
          EXPECT_LT(bucket, count);
          before = bucket;
        }
      }
    }
  }
}

TEST(Bias, T5AddsTheTable) {
  test::Numbers numbers(4);
  for (const bool both : {true, false}) {
    for (const auto& [queries, keys] : {std::pair<Index, Index>{9, 9}, {3, 40}, {40, 3}, {1, 1}}) {
      std::vector<float> table(8 * 3);
      for (float& value : table) value = numbers.normal();
      GivenTensors tensors;
      tensors.add("t5.npy:bias", {8, 3}, table);
      const MaskContext where{.queries = queries, .keys = keys, .heads = 3, .tensors = &tensors};
      const auto plan = compile(
          {mask("t5",
                {{"buckets", 8}, {"max_distance", 20}, {"bidirectional", both}, {"table", "t5.npy:bias"}})},
          where);
      const T5Buckets buckets{8, 20, both};
      expectAdds(*plan, where, 0, [&](int h, Index i, Index j) {
        return static_cast<double>(table[static_cast<std::size_t>(buckets.of(j - i) * 3 + h)]);
      });
    }
  }
}

TEST(Bias, TensorAddsWhatTheFileHolds) {
  test::Numbers numbers(5);
  std::vector<float> values(3 * 4 * 5);
  for (float& value : values) value = numbers.normal();
  GivenTensors tensors;
  tensors.add("b.npy", {3, 4, 5}, values);
  const MaskContext where{.queries = 4, .keys = 5, .heads = 3, .tensors = &tensors};
  const auto plan = compile({mask("tensor", {{"tensor", "b.npy"}})}, where);
  expectAdds(*plan, where, 0, [&](int h, Index i, Index j) {
    return static_cast<double>(values[static_cast<std::size_t>((h * 4 + i) * 5 + j)]);
  });
  EXPECT_EQ(plan->terms(2, 1, 3).at(0).reason, "b.npy at [2, 1, 3]");
}

TEST(Bias, LongRowsOfAFileAreAddedWhole) {
  std::vector<float> values(3000);
  std::iota(values.begin(), values.end(), 0.0f);
  GivenTensors tensors;
  tensors.add("b.npy", {3000}, values);
  const MaskContext where{.queries = 2, .keys = 3000, .tensors = &tensors};
  const auto plan = compile({mask("tensor", {{"tensor", "b.npy"}})}, where);
  std::vector<float> scores(2990, 1.0f);
  plan->add(0, 1, 7, 2997, scores.data());
  for (std::size_t n = 0; n < scores.size(); ++n) ASSERT_EQ(scores[n], static_cast<float>(n + 8));
}

TEST(Bias, EntriesAreAddedInTheirOrderAndNotToExtraKeys) {
  const MaskContext where{.queries = 2, .keys = 3, .heads = 1, .extraKeys = 2};
  const auto plan = compile({mask("constant", {{"value", 4.0}}), mask("alibi")}, where);
  std::vector<float> scores(5, 0.0f);
  plan->add(0, 0, 0, 5, scores.data());
  EXPECT_THAT(scores, testing::ElementsAre(4, 4 - 1.0f / 256, 4 - 2.0f / 256, 0, 0));
  const auto terms = plan->terms(0, 0, 2);
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].label, "constant");
  EXPECT_EQ(terms[1].label, "alibi");
  EXPECT_EQ(terms[1].reason, "minus slope 0.00390625 × |0 − 2|");
  EXPECT_TRUE(plan->terms(0, 0, 3).empty());
}

TEST(Bias, ReasonsSayTheNumbers) {
  GivenTensors tensors;
  tensors.add("t.npy", {32, 1}, std::vector<float>(32, 0.5f));
  const MaskContext where{.queries = 9, .keys = 12, .heads = 1, .tensors = &tensors};
  const auto plan = compile({mask("t5", {{"table", "t.npy"}}), mask("alibi", {{"align", "bottom_right"}}),
                             mask("constant", {{"query", 3}})},
                            where);
  const auto terms = plan->terms(0, 7, 4);
  EXPECT_EQ(terms.at(0).reason, "bucket 3 of 4 − 7 = −3");
  EXPECT_EQ(terms.at(1).reason, "minus slope 0.00390625 × |7 + 3 − 4|");
  EXPECT_EQ(terms.at(2).reason, "only query 3 has it");
}

TEST(Bias, RefusesWithTheJsonPath) {
  GivenTensors tensors;
  tensors.add("t.npy", {3, 32}, std::vector<float>(96, 0.5f));
  tensors.add("b.npy", {4, 4}, std::vector<float>(16, 0.5f));
  const MaskContext where{.queries = 4, .keys = 5, .heads = 3, .tensors = &tensors};
  const Error shape = refusal(mask("t5", {{"table", "t.npy"}}), where);
  EXPECT_EQ(shape.where, "score.bias[1].table");
  EXPECT_EQ(shape.what,
            "found t.npy of shape [3, 32], accepted is [32, 3], a row a bucket and a column a head");
  EXPECT_EQ(refusal(mask("t5"), where).where, "score.bias[1].table");
  EXPECT_EQ(refusal(mask("t5", {{"table", "t.npy"}, {"buckets", 1}}), where).where, "score.bias[1].buckets");
  EXPECT_EQ(refusal(mask("t5", {{"table", "t.npy"}, {"buckets", 3}}), where).where, "score.bias[1].buckets");
  EXPECT_EQ(refusal(mask("t5", {{"table", "t.npy"}, {"max_distance", 8}}), where).where,
            "score.bias[1].max_distance");
  EXPECT_EQ(refusal(mask("t5", {{"table", "none.npy"}}), where).where, "score.bias[1].table");
  const Error tensor = refusal(mask("tensor", {{"tensor", "b.npy"}}), where);
  EXPECT_EQ(tensor.where, "score.bias[1].tensor");
  EXPECT_THAT(tensor.what, testing::AllOf(HasSubstr("[4, 4]"), HasSubstr("[4, 5]")));
  EXPECT_EQ(refusal(mask("tensor"), where).where, "score.bias[1].tensor");
  EXPECT_EQ(refusal(mask("alibi", {{"align", "left"}}), where).where, "score.bias[1].align");
  EXPECT_EQ(refusal(mask("constant", {{"query", 4}}), where).where, "score.bias[1].query");
  const Error unknown = refusal(mask("alibbi"), where);
  EXPECT_EQ(unknown.where, "score.bias[1].kind");
  EXPECT_THAT(unknown.hint, HasSubstr("alibi"));
}

TEST(Bias, FilesAreAcceptedUnreadWhereNoneCanBe) {
  const MaskContext where{.queries = 4, .keys = 5, .heads = 3};
  compile({mask("t5", {{"table", "t.npy"}}), mask("tensor", {{"tensor", "b.npy"}})}, where);
}

}  // namespace
}  // namespace headlight
