// What the document says of positions, scores and mistakes, as it arrives in the numbers.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/edit.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::document;
using test::evaluated;
using test::experimentOf;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

float cellOf(const Evaluation& evaluation, Stage stage, std::int64_t i, std::int64_t j, int head = 0) {
  const auto field = Field::make(evaluation.run, stage, head);
  EXPECT_TRUE(field) << field.error().text();
  return field ? field->cell(i, j) : std::nanf("");
}

TEST(Position, LearnedRowsDependOnSeedAndPlaceAlone) {
  const auto x = [](const std::string& body) {
    return *evaluated(experimentOf(body))->prepared->plan.inputs.x;
  };
  const Matrix none = x(R"("tokens": {"text": "a a a"}, "shape": {"d_model": 8})");
  const Matrix one = x(R"("tokens": {"text": "a a a"}, "shape": {"d_model": 8}, "position": "learned")");
  const Matrix longer = x(R"("tokens": {"text": "b a a c"}, "shape": {"d_model": 8}, "position": "learned")");
  const Matrix other = x(
      R"("tokens": {"text": "a a a"}, "shape": {"d_model": 8}, "position": {"kind": "learned", "seed": 2})");
  for (std::int64_t column = 0; column < 8; ++column) {
    EXPECT_EQ(none(0, column), none(1, column));
    EXPECT_NE(one(0, column), one(1, column)) << "places are told apart";
    EXPECT_EQ(one(1, column), longer(1, column)) << "of the same token at the same place";
    EXPECT_NE(one(1, column), other(1, column));
  }
}

TEST(Position, RopeTurnsGivenQueriesAndKeysToo) {
  const TemporaryFolder folder;
  folder.put("a.npz", test::npzBytes({{"q", {1, 2, 2}, {1, 0, 1, 0}}, {"k", {1, 2, 2}, {1, 0, 1, 0}}}));
  const std::string source = R"("source": {"kind": "qkv", "file": "a.npz"}, "position": )";
  const auto turned = evaluated(experimentOf(source + R"("rope")"), folder.path());
  // Pair 0 turns by one radian a place: q_1 · k_0 = cos 1.
  EXPECT_NEAR(cellOf(*turned, Stage::dot, 1, 0), std::cos(1.0), 1e-6);
  EXPECT_NEAR(cellOf(*turned, Stage::dot, 1, 1), 1.0, 1e-6);
  EXPECT_NEAR(cellOf(*turned, Stage::q, 1, 1), std::sin(1.0), 1e-6);
  const auto shifted = evaluated(experimentOf(source + R"({"kind": "rope", "offset": 3})"), folder.path());
  EXPECT_NEAR(cellOf(*shifted, Stage::q, 0, 0), std::cos(3.0), 1e-6);
  EXPECT_NEAR(cellOf(*shifted, Stage::dot, 1, 0), std::cos(1.0), 1e-6) << "only the distance counts";
}

TEST(Position, RopeNeedsQueriesAndKeys) {
  const TemporaryFolder folder;
  folder.put("a.npz", test::npzBytes({{"m", {2, 2}, {1, 0, 0.5, 0.5}}}));
  const auto refused = prepare(
      experimentOf(R"("source": {"kind": "maps", "file": "a.npz:m"}, "position": "rope")"), folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "position.kind");
}

TEST(Scores, SoftcapAndBiasesReachThePlanInTheirOrder) {
  const Experiment e = experimentOf(
      R"("tokens": {"count": 3}, "score": {"softcap": 0.5, "bias": ["alibi", {"kind": "constant", "value": 2}]})");
  const auto evaluation = evaluated(e);
  const double scaled = static_cast<double>(cellOf(*evaluation, Stage::scaled, 2, 0, 1));
  const double slope = std::exp2(-8.0 / 4 * 2);  // head 1 of 4 (Press et al. 2022)
  EXPECT_NEAR(cellOf(*evaluation, Stage::biased, 2, 0, 1), 0.5 * std::tanh(scaled / 0.5) - 2 * slope + 2,
              1e-5);
}

TEST(Mistake, EmptyIsNone) {
  EXPECT_EQ(experimentOf(R"("mistake": {})"), Experiment());
  EXPECT_EQ(experimentOf(R"("mistake": null)"), Experiment());
  EXPECT_EQ(experimentOf(R"("mistake": {"subtract_max": true, "merge": null})"), Experiment());
  EXPECT_THAT(toText(Experiment()), testing::Not(HasSubstr("mistake")));
}

TEST(Mistake, KeepsKeysOfLaterVersions) {
  const auto decoded = fromText(document(R"("mistake": {"drop_out": 0.5})"));
  ASSERT_TRUE(decoded);
  EXPECT_THAT(decoded->warnings, ElementsAre(HasSubstr("mistake.drop_out")));
  EXPECT_THAT(toText(decoded->experiment), HasSubstr("\"drop_out\": 0.5"));
}

TEST(Mistake, TiedKeysAreProjectedByWqWithTheirOwnBias) {
  const std::string values =
      R"("shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2], [3, 4]], "w_q": [[1, 2], [3, 4]],
         "w_k": [[5, 6], [7, 8]], "w_v": [[1, 0], [0, 1]], "w_o": [[1, 0], [0, 1]], "b_q": [10, 20], "b_k": [100, 200]})";
  const auto tied = evaluated(experimentOf(values + R"(, "mistake": {"tie": "w_k=w_q"})"));
  EXPECT_EQ(cellOf(*tied, Stage::k, 0, 0), 1 * 1 + 2 * 3 + 100);
  EXPECT_EQ(cellOf(*tied, Stage::k, 0, 1), 1 * 2 + 2 * 4 + 200);
  const auto own = evaluated(experimentOf(values), "", tied.get());
  EXPECT_EQ(cellOf(*own, Stage::k, 0, 0), 1 * 5 + 2 * 7 + 100);
}

TEST(Mistake, SoftmaxOverQueriesMakesColumnsSumToOne) {
  const auto e = evaluated(experimentOf(R"("tokens": {"count": 4}, "mistake": {"softmax_over": "queries"})"));
  for (std::int64_t j = 0; j < 4; ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < 4; ++i) sum += static_cast<double>(cellOf(*e, Stage::weights, i, j));
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TEST(Edit, GivesANewNormalizerItsFirstValuesAndOneLogitAHead) {
  const auto sink = edit(Experiment(), "normalizer.kind", "sink");
  ASSERT_TRUE(sink) << sink.error().text();
  EXPECT_EQ(sink->normalizer.find("logits")->list().size(), 4u);
  const auto more = edit(*sink, "shape.heads", 8);
  ASSERT_TRUE(more) << more.error().text();
  EXPECT_EQ(more->normalizer.find("logits")->list().size(), 8u);
  const auto fewer = edit(*more, "shape.heads", 2);
  ASSERT_TRUE(fewer);
  EXPECT_EQ(fewer->normalizer.find("logits")->list().size(), 2u);
  EXPECT_TRUE(edit(*fewer, "normalizer.kind", "softmax")->normalizer.keys.empty());
}

TEST(Edit, GivesEveryNewMaskThatReadsNoFileWhatItNeeds) {
  for (const MaskKind& kind : maskKinds()) {
    if (kind.spec.kind == "tensor") continue;
    const auto added = edit(Experiment(), "mask.0", kind.spec.kind);
    ASSERT_TRUE(added) << kind.spec.kind << ": " << added.error().text();
    EXPECT_TRUE(fromText(toText(*added))) << kind.spec.kind;
    const auto shorter = edit(*added, "tokens.text", "one two three");
    ASSERT_TRUE(shorter) << kind.spec.kind << ": " << shorter.error().text();
    const auto longer = edit(*shorter, "tokens.count", 30);
    ASSERT_TRUE(longer) << kind.spec.kind << ": " << longer.error().text();
    const auto cross = edit(*longer, "memory", Object{{"count", 7}});
    if (kind.spec.kind != "bigbird") {
      EXPECT_TRUE(cross) << kind.spec.kind << ": " << cross.error().text();
    }
  }
}

TEST(Edit, TheLayerOfTheViewGivesWayToTheSources) {
  const Experiment e = experimentOf(R"("source": {"kind": "maps", "file": "m.npy", "layout": "lhqk"},
                                       "view": {"layer": 2})");
  const auto read = fromText(toText(e));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->experiment, e);
  const auto still = edit(e, "normalizer.temperature", 2);
  ASSERT_TRUE(still) << still.error().text();
  EXPECT_EQ(still->view.layer, 2);
  const auto named = edit(e, "source.layer", 1);
  ASSERT_TRUE(named) << named.error().text();
  EXPECT_EQ(named->view.layer, std::nullopt);
  const auto other = edit(e, "source", Value("random"));
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ(other->view.layer, std::nullopt);
}

TEST(Edit, KeepsBatchAndIndicesInside) {
  const Experiment e = experimentOf(
      R"("tokens": {"batch": [{"count": 5}, {"count": 3}, {"count": 2}]}, "view": {"batch": 2},
         "score": {"bias": {"kind": "constant", "query": 4}})");
  const auto two = edit(e, "tokens.batch", List{Object{{"count", 3}}, Object{{"count", 2}}});
  ASSERT_TRUE(two) << two.error().text();
  EXPECT_EQ(two->view.batch, 1);
  EXPECT_EQ(*two->biases[0].find("query"), Value(2));
  const auto none = edit(e, "tokens.text", "a b");
  ASSERT_TRUE(none) << none.error().text();
  EXPECT_EQ(none->view.batch, 0);
}

}  // namespace
}  // namespace headlight
