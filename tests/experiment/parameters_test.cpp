#include "core/experiment/parameters.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/json.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::experimentOf;
using testing::HasSubstr;

Experiment changed(const Experiment& experiment, std::string_view path, std::string_view text) {
  auto result = set(experiment, path, readSetValue(text));
  EXPECT_TRUE(result) << result.error().text();
  return result ? *result : Experiment();
}

std::string failure(const Experiment& experiment, std::string_view path, std::string_view text) {
  const auto result = set(experiment, path, readSetValue(text));
  return result ? ""
                : (result.error().code == ErrorCode::usage ? "usage " : "invalid ") + result.error().text();
}

TEST(Parameters, EveryRowIsReachableAndDocumented) {
  std::set<std::string_view> ids;
  std::set<std::string_view> flags;
  for (const ParameterInfo& row : parameters()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.label.empty()) << row.id;
    EXPECT_FALSE(row.help.empty()) << row.id;
    EXPECT_TRUE(row.help.ends_with('.')) << row.id;
    if (!row.flag.empty()) {
      EXPECT_TRUE(flags.insert(row.flag).second) << row.flag;
    }
    // Keys of kinds that the default experiment does not have.
    static const std::set<std::string_view> kOfOtherKinds{
        "source.sharpness",  "memory.text",     "position.seed",     "position.base",  "position.style",
        "position.fraction", "position.offset", "normalizer.logits", "normalizer.bias"};
    const bool absent = kOfOtherKinds.contains(row.id);
    EXPECT_EQ(get(Experiment(), row.id).has_value(), !absent) << row.id;
    EXPECT_EQ(parameter(row.id), &row);
  }
  EXPECT_EQ(flags, (std::set<std::string_view>{"--text", "--heads", "--kv-heads", "--d-k", "--d-model",
                                               "--mask", "--seed"}));
}

TEST(Parameters, SettingWhatStandsThereChangesNothing) {
  for (const ParameterInfo& row : parameters()) {
    if (const auto value = get(Experiment(), row.id)) {
      const auto again = set(Experiment(), row.id, *value);
      ASSERT_TRUE(again) << row.id << ": " << again.error().text();
      EXPECT_EQ(*again, Experiment()) << row.id;
    }
  }
}

TEST(Set, NumbersWordsAndBareWords) {
  EXPECT_EQ(changed({}, "shape.d_k", "32").shape.dK, 32);
  EXPECT_EQ(changed({}, "shape.d_k", "null").shape.dK, std::nullopt);
  EXPECT_EQ(changed({}, "tokens.split", "bytes").tokens.split, "bytes");
  EXPECT_EQ(changed({}, "tokens.text", "one two").tokens.text, "one two");
  EXPECT_EQ(changed({}, "score.scale", "none").scale, Value("none"));
  EXPECT_EQ(changed({}, "score.scale", "2").scale, Value(2.0));
  EXPECT_EQ(changed({}, "normalizer.temperature", "0.5").temperature, 0.5);
  EXPECT_EQ(changed({}, "ablate.heads", "[1, 2]").ablatedHeads, (std::vector<int>{1, 2}));
  EXPECT_EQ(changed({}, "view.head", "mean").view.head, -1);
}

TEST(Set, MasksAsTheContractWritesThem) {
  Experiment e = changed({}, "mask", "causal");
  ASSERT_EQ(e.mask.size(), 1u);
  e = changed(e, "mask.0.align", "bottom_right");
  EXPECT_EQ(*e.mask[0].find("align"), Value("bottom_right"));
  EXPECT_EQ(changed(e, "mask[0].align", "top_left").mask[0].keys.size(), 0u);
  e = changed(e, "mask.1", "padding");
  ASSERT_EQ(e.mask.size(), 2u);
  EXPECT_EQ(e.mask[1].kind, "padding");
  EXPECT_THAT(failure(e, "mask.3", "causal"), HasSubstr("usage"));
  e = changed(e, "mask.0.kind", "window");
  EXPECT_EQ(e.mask[0], (Kinded{"window", {}}));
  EXPECT_TRUE(changed(e, "mask", "none").mask.empty());
  EXPECT_TRUE(changed(e, "mask", "[]").mask.empty());
}

TEST(Set, BiasesAsTheContractWritesThem) {
  Experiment e = changed({}, "score.bias", "constant");
  ASSERT_EQ(e.biases.size(), 1u);
  e = changed(e, "score.bias.0.value", "2.5");
  EXPECT_EQ(*e.biases[0].find("value"), Value(2.5));
  e = changed(e, "score.bias.1", "alibi");
  ASSERT_EQ(e.biases.size(), 2u);
  EXPECT_EQ(e.biases[1].kind, "alibi");
  EXPECT_EQ(changed(e, "score.bias[1].align", "bottom_right").biases[1].keys.size(), 1u);
  e = changed(e, "score.bias.0.kind", "alibi");
  EXPECT_EQ(e.biases[0], (Kinded{"alibi", {}}));
  EXPECT_THAT(failure(e, "score.bias.3", "alibi"), HasSubstr("usage"));
  EXPECT_THAT(failure(e, "score.bias.0.valeu", "1"), HasSubstr("usage"));
  EXPECT_TRUE(changed(e, "score.bias", "none").biases.empty());
  EXPECT_EQ(changed({}, "score.softcap", "30").softcap, 30.0);
  EXPECT_EQ(changed(changed({}, "score.softcap", "30"), "score.softcap", "null").softcap, std::nullopt);
}

TEST(Set, PositionsAndNormalizersWithTheirKeys) {
  Experiment e = changed({}, "position", "rope");
  e = changed(e, "position.style", "interleaved");
  e = changed(e, "position.offset", "7");
  EXPECT_EQ(e.position.keys.size(), 2u);
  e = changed(e, "position.kind", "learned");
  EXPECT_TRUE(e.position.keys.empty());
  EXPECT_EQ(*changed(e, "position.seed", "5").position.find("seed"), Value(5));
  const std::vector<Member> sink{{"normalizer.kind", "sink"},
                                 {"normalizer.logits", List{0.0, 1.0, 2.0, 3.0}}};
  const auto e2 = set(Experiment(), sink);
  ASSERT_TRUE(e2) << e2.error().text();
  EXPECT_EQ(changed(*e2, "normalizer.logits.3", "-1").normalizer.find("logits")->list()[3], Value(-1));
  EXPECT_EQ(changed({}, "normalizer", R"({"kind": "sigmoid", "bias": -2})").normalizer.kind, "sigmoid");
}

TEST(Set, MistakesOneByOne) {
  Experiment e = changed({}, "mistake.softmax_over", "queries");
  EXPECT_TRUE(e.mistake.overQueries);
  e = changed(e, "mistake.mask_as", "zero_weight");
  EXPECT_EQ(e.mistake.maskAs, Mistake::MaskAs::zeroWeight);
  e = changed(e, "mistake.tie", "w_k=w_q");
  EXPECT_TRUE(e.tiesKeys);
  EXPECT_TRUE(changed({}, "mistake.subtract_max", "false").mistake.keepsMaximum);
  EXPECT_TRUE(changed({}, "mistake.merge", "mean").mistake.meanMerge);
  EXPECT_TRUE(changed({}, "mistake.normalize", "plain_sum").mistake.plainSum);
  EXPECT_EQ(get(e, "mistake.merge"), Value());
  EXPECT_EQ(changed(e, "mistake", "{}"), Experiment());
  EXPECT_EQ(changed(e, "mistake", "null"), Experiment());
  EXPECT_THAT(failure({}, "mistake.mreg", "mean"), HasSubstr("Did you mean mistake.merge?"));
}

TEST(Set, BatchesAndGrids) {
  Experiment e = changed({}, "tokens.batch", R"([{"text": "a b c"}, {"list": ["d"]}])");
  ASSERT_EQ(e.tokens.batch.size(), 2u);
  e = changed(e, "view.batch", "1");
  EXPECT_EQ(e.view.batch, 1);
  e = changed(e, "tokens.batch.2", R"({"count": 4})");
  EXPECT_EQ(e.tokens.batch.size(), 3u);
  e = changed(e, "tokens.batch.0.list", R"(["x"])");
  EXPECT_EQ(e.tokens.batch[0].kind, TokenSpec::Kind::list);
  EXPECT_THAT(failure(e, "view.batch", "3"), testing::StartsWith("invalid view.batch"));
  e = changed({}, "tokens.grid", "[2, 3]");
  EXPECT_EQ(e.tokens.grid, (std::array<std::int64_t, 2>{2, 3}));
  e = changed(e, "tokens.class_token", "true");
  EXPECT_TRUE(e.tokens.classToken);
  EXPECT_EQ(changed(e, "tokens.text", "a").tokens.kind, TokenSpec::Kind::text);
}

TEST(Set, SeveralChangesAreCheckedTogether) {
  const std::vector<Member> changes{
      {"shape.heads", 6}, {"shape.d_model", 96}, {"mask", "causal"}, {"mask.0.offset", 1}};
  EXPECT_FALSE(set(Experiment(), "shape.heads", 6));
  const auto both = set(Experiment(), changes);
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_EQ(both->shape.dModel, 96);
  EXPECT_EQ(*both->mask[0].find("offset"), Value(1));
}

TEST(Set, AKindDropsTheKeysOfTheOldOne) {
  const Experiment patterns = experimentOf(R"("source": {"kind": "patterns", "seed": 9, "sharpness": 2})");
  EXPECT_EQ(changed(patterns, "source.kind", "patterns"), patterns);
  EXPECT_TRUE(changed(patterns, "source.kind", "random").source.keys.empty());
  EXPECT_EQ(changed(patterns, "source", "random"), Experiment());
  // What every normalizer has is not the old one's.
  const Experiment warm = changed({}, "normalizer.temperature", "2");
  EXPECT_EQ(changed(warm, "normalizer.kind", "softmax").temperature, 2);
  EXPECT_EQ(changed(warm, "normalizer", "softmax").temperature, 2);
}

TEST(Set, AFormOfTokensReplacesTheOther) {
  Experiment e = changed({}, "tokens.count", "5");
  EXPECT_EQ(e.tokens.kind, TokenSpec::Kind::count);
  e = changed(e, "tokens.text", "a b");
  EXPECT_EQ(e.tokens.kind, TokenSpec::Kind::text);
  EXPECT_EQ(e.tokens.split, "words");
  e = changed(e, "tokens.list", R"(["x", "y"])");
  EXPECT_EQ(e.tokens.list, (std::vector<std::string>{"x", "y"}));
  e = changed(e, "tokens.list.2", "z");
  EXPECT_EQ(e.tokens.list.size(), 3u);
  e = changed(e, "memory.text", "un deux");
  ASSERT_TRUE(e.memory);
  EXPECT_EQ(e.memory->text, "un deux");
  EXPECT_FALSE(changed(e, "memory", "null").memory);
}

TEST(Set, ReachesIntoHeadsOfPatterns) {
  Experiment e = changed({}, "source.kind", "patterns");
  e = changed(e, "source.heads.0", "self");
  e = changed(e, "source.heads.0.copy", "true");
  EXPECT_EQ(get(e, "source.heads.0")->json(), R"({"name": "self", "copy": true})");
  e = changed(e, "source.heads.4", R"({"name": "pair", "links": [["it", "animal"]]})");
  EXPECT_EQ(get(e, "source.heads.4.links.0.1"), Value("animal"));
}

TEST(Set, ASourceThatDecidesSizesForgetsTheDefaults) {
  const Experiment file = changed({}, "source", R"({"kind": "qkv", "file": "a.npz"})");
  EXPECT_EQ(file.tokens.kind, TokenSpec::Kind::indices);
  EXPECT_FALSE(file.shape.heads);
  const Experiment back = changed(file, "source.kind", "random");
  EXPECT_EQ(back, Experiment());
  const std::vector<Member> twice{{"source.kind", "qkv"}, {"source.file", "a.npz"}};
  EXPECT_EQ(*set(Experiment(), twice), file);
  const Experiment typed =
      changed(changed({}, "source.kind", "values"), "source.x", "[[1, 2, 3, 4], [5, 6, 7, 8]]");
  EXPECT_EQ(typed.tokens.kind, TokenSpec::Kind::indices);
}

TEST(Set, UnknownPathsAreUsageErrorsWithTheNearest) {
  EXPECT_THAT(failure({}, "shape.dk", "3"),
              testing::AllOf(HasSubstr("usage"), HasSubstr("Did you mean shape.d_k?")));
  EXPECT_THAT(failure({}, "shpae.heads", "3"), HasSubstr("Did you mean shape.heads?"));
  EXPECT_THAT(failure({}, "source.sharpness", "3"), HasSubstr("usage"));
  EXPECT_THAT(failure({}, "", "3"), HasSubstr("usage"));
  EXPECT_THAT(failure({}, "shape..heads", "3"), HasSubstr("usage"));
  EXPECT_THAT(failure({}, "shape.heads.x", "3"), HasSubstr("usage"));
}

TEST(Set, WrongValuesAreInvalidWithTheirPath) {
  EXPECT_THAT(failure({}, "shape.heads", "0"), testing::StartsWith("invalid shape.heads: found 0"));
  EXPECT_THAT(failure({}, "shape.heads", "many"), testing::StartsWith("invalid shape.heads: found \"many\""));
  EXPECT_THAT(failure({}, "tokens.text", "\xff"), HasSubstr("UTF-8"));
  EXPECT_THAT(failure({}, "position.kind", "rotary"), testing::StartsWith("invalid position.kind"));
  EXPECT_THAT(failure({}, "normalizer.kind", "sink"), testing::StartsWith("invalid normalizer.logits"));
  EXPECT_THAT(failure({}, "score.softcap", "0"), testing::StartsWith("invalid score.softcap"));
  EXPECT_THAT(failure({}, "mistake.merge", "sum"), testing::StartsWith("invalid mistake.merge"));
  EXPECT_THAT(failure({}, "view.batch", "1"), testing::StartsWith("invalid view.batch"));
}

TEST(Get, ShowsNullsAndReachesIntoLists) {
  const Experiment e = experimentOf(R"("mask": ["causal", {"kind": "window", "left": 2}])");
  EXPECT_EQ(get(e, "shape.d_k"), Value());
  EXPECT_EQ(get(e, "mask.0.align"), Value("top_left"));
  EXPECT_EQ(get(e, "mask.1.right"), Value());
  EXPECT_EQ(get(e, "mask[1].left"), Value(2));
  EXPECT_EQ(get(e, "mask.2"), std::nullopt);
  EXPECT_EQ(get(e, "view.pin"), Value());
  EXPECT_EQ(get(e, "nothing"), std::nullopt);
}

TEST(ReadFlagValue, SplitsListsAndKeepsText) {
  EXPECT_EQ(readFlagValue(*parameter("mask"), "causal,padding").json(), R"(["causal", "padding"])");
  EXPECT_EQ(readFlagValue(*parameter("mask"), "none").json(), "[]");
  EXPECT_EQ(readFlagValue(*parameter("mask"), R"([{"kind": "window"}])").json(), R"([{"kind": "window"}])");
  EXPECT_EQ(readFlagValue(*parameter("tokens.text"), "5"), Value("5"));
  EXPECT_EQ(readFlagValue(*parameter("shape.heads"), "5"), Value(5));
}

}  // namespace
}  // namespace headlight
