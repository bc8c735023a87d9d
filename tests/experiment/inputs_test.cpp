#include "core/experiment/inputs.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/parameters.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::experimentOf;
using testing::HasSubstr;

const Inputs& inputsOf(const std::shared_ptr<const Evaluation>& e) {
  return e->prepared->plan.inputs;
}

std::shared_ptr<const Evaluation> after(const std::shared_ptr<const Evaluation>& before,
                                        std::string_view path, const Value& value) {
  return evaluated(*set(before->experiment, path, value), "", before.get());
}

TEST(Prepare, SharesWhatDidNotChange) {
  for (const char* source : {R"("source": "random")", R"("source": "patterns", "shape": {"d_k": 20})"}) {
    const auto base = evaluated(experimentOf(source));
    const Inputs& a = inputsOf(base);
    const auto text = after(base, "tokens.text", "The animal didn't cross the road because it was too tired");
    EXPECT_NE(inputsOf(text).x.value, a.x.value);
    EXPECT_EQ(inputsOf(text).wQ.value, a.wQ.value);
    EXPECT_EQ(inputsOf(text).wO.value, a.wO.value);
    const auto wider = after(base, "shape.d_k", 24);
    EXPECT_EQ(inputsOf(wider).x.value, a.x.value);
    EXPECT_NE(inputsOf(wider).wQ.value, a.wQ.value);
    const auto masked = after(base, "mask", "causal");
    EXPECT_EQ(inputsOf(masked).x.value, a.x.value);
    EXPECT_EQ(inputsOf(masked).wK.value, a.wK.value);
    EXPECT_EQ(inputsOf(masked).wV.value, a.wV.value);
    EXPECT_EQ(masked->run->projected.value, base->run->projected.value);
    const auto seed = after(base, "source.seed", 2);
    EXPECT_NE(inputsOf(seed).x.value, a.x.value);
  }
}

TEST(Prepare, ScaleTemperatureAndPoliciesReachThePlan) {
  const auto plan = [](std::string_view body) { return evaluated(experimentOf(body))->prepared->plan; };
  EXPECT_DOUBLE_EQ(plan("").scale, 0.25);
  EXPECT_DOUBLE_EQ(plan(R"("score": {"scale": "none"})").scale, 1);
  EXPECT_DOUBLE_EQ(plan(R"("score": {"scale": 3})").scale, 3);
  EXPECT_DOUBLE_EQ(plan(R"("normalizer": {"kind": "softmax", "temperature": 2})").temperature, 2);
  EXPECT_EQ(plan(R"("normalizer": {"kind": "softmax", "empty_row": "uniform"})").emptyRow, EmptyRow::uniform);
}

TEST(Prepare, SinusoidsAreAddedToBothSequences) {
  const auto none = evaluated(experimentOf(R"("memory": {"text": "a b c"})"));
  const auto with = after(none, "position.kind", "sinusoidal");
  const auto difference = [&](const Caused<Matrix> Inputs::*member, std::int64_t i, std::int64_t c) {
    return (*(inputsOf(with).*member))(i, c) - (*(inputsOf(none).*member))(i, c);
  };
  for (const auto member : {&Inputs::x, &Inputs::memory}) {
    EXPECT_NEAR(difference(member, 0, 0), 0, 1e-6);
    EXPECT_NEAR(difference(member, 0, 1), 1, 1e-6);
    EXPECT_NEAR(difference(member, 2, 0), std::sin(2.0), 1e-6);
    EXPECT_NEAR(difference(member, 2, 5), std::cos(2 / std::pow(10000, 4.0 / 64)), 1e-6);
  }
}

TEST(Prepare, CellsAreSetWhereTheyAreMade) {
  const auto base = evaluated(experimentOf(R"("position": "sinusoidal")"));
  const auto edited = [&](std::string_view stage, List at) {
    return after(base, "edits.0", Object{{"stage", stage}, {"at", std::move(at)}, {"value", 5.5}});
  };
  EXPECT_EQ((*inputsOf(edited("input", {2, 3})).x)(2, 3), 5.5f);
  const auto weight = edited("w_q", {1, 17});
  EXPECT_EQ(inputsOf(weight).wQ->weight(1, 17), 5.5f);
  EXPECT_EQ(inputsOf(weight).x.value, inputsOf(base).x.value);
  EXPECT_EQ(inputsOf(weight).wK.value, inputsOf(base).wK.value);
  EXPECT_EQ(inputsOf(edited("b_v", {3})).wV->bias[3], 5.5f);
  EXPECT_EQ(inputsOf(edited("b_v", {3})).wV->bias[2], 0.0f);
  const auto q = edited("q", {1, 2, 3});
  EXPECT_EQ(Field::make(q->run, Stage::q, 1)->cell(2, 3), 5.5f);
  EXPECT_EQ(Field::make(q->run, Stage::q, 0)->cell(2, 3), Field::make(base->run, Stage::q, 0)->cell(2, 3));
}

TEST(Prepare, TokensOfEveryForm) {
  const test::TemporaryFolder folder;
  folder.put("t.json", R"(["a", "b c"])");
  folder.put("t.txt", "a\r\nb c\n\nd");
  const auto labels = [&](std::string_view tokens) {
    std::vector<std::string> list;
    const auto prepared = prepare(experimentOf(R"("tokens": )" + std::string(tokens)), folder.path());
    EXPECT_TRUE(prepared) << prepared.error().text();
    if (!prepared) return list;
    for (const Token& token : prepared->queryTokens) list.push_back(token.label);
    return list;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(labels(R"({"file": "t.json"})"), (List{"a", "b c"}));
  EXPECT_EQ(labels(R"({"file": "t.txt"})"), (List{"a", "b c", "", "d"}));
  EXPECT_EQ(labels(R"({"count": 3})"), (List{"0", "1", "2"}));
  EXPECT_EQ(labels(R"({"text": "It's so!"})"), (List{"It's", "so", "!"}));
  EXPECT_EQ(labels(R"({"text": "ab", "split": "characters"})"), (List{"a", "b"}));
  const auto failure = [&](std::string_view file) {
    return prepare(experimentOf(R"("tokens": {"file": ")" + std::string(file) + R"("})"), folder.path())
        .error()
        .text();
  };
  EXPECT_THAT(failure("none.txt"), HasSubstr("tokens.file"));
  folder.put("bad.json", R"(["a", 5])");
  EXPECT_THAT(failure("bad.json"), HasSubstr("[1]: found 5"));
  folder.put("bad.txt", "a\xff");
  EXPECT_THAT(failure("bad.txt"), HasSubstr("byte 1"));
  folder.put("empty.txt", "");
  EXPECT_THAT(failure("empty.txt"), HasSubstr("no token"));
}

TEST(Prepare, ListsMustFitTokensThatOnlyAFileCounts) {
  const test::TemporaryFolder folder;
  folder.put("t.txt", "a\nb\n");
  const auto where = [&](std::string_view body) {
    return prepare(experimentOf(R"("tokens": {"file": "t.txt"}, )" + std::string(body)), folder.path())
        .error()
        .where;
  };
  EXPECT_EQ(where(R"("mask": [{"kind": "padding", "keep": [1, 1, 1]}])"), "mask[0].keep");
  EXPECT_EQ(where(R"("view": {"pin": [0, 2]})"), "view.pin[1]");
  EXPECT_EQ(where(R"("edits": [{"stage": "input", "at": [2, 0], "value": 1}])"), "edits[0].at[0]");
}

TEST(Prepare, PaddingIsWhatTheTokensSay) {
  const auto e =
      evaluated(experimentOf(R"("tokens": {"list": ["a", "[PAD]", "b", "[PAD]"]}, "mask": "padding")"));
  EXPECT_EQ(inputsOf(e).paddedKeys, (std::vector<bool>{false, true, false, true}));
  const auto weights = Field::make(e->run, Stage::weights, 0);
  EXPECT_EQ(weights->cell(0, 1), 0.0f);
  EXPECT_GT(weights->cell(0, 2), 0.0f);
}

TEST(Prepare, OriginsSayWhereNumbersComeFrom) {
  const auto chip = [](std::string_view body) {
    return evaluated(experimentOf(body))->prepared->origin.chip;
  };
  EXPECT_EQ(chip(""), "random weights: the pattern carries no meaning");
  EXPECT_EQ(chip(R"("source": "patterns")"), "constructed heads: drawn by hand, not learned");
  EXPECT_EQ(chip(R"("source": "values")"), "typed by hand, the rest random: not learned");
}

}  // namespace
}  // namespace headlight
