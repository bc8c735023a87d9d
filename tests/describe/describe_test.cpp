#include "core/describe/describe.h"

#include <gmock/gmock.h>

#include "core/attention/field.h"
#include "core/attention/mask/mask.h"
#include "core/attention/normalize/normalize.h"
#include "core/describe/cause_words.h"
#include "core/experiment/edit.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"
#include "tests/describe/evaluated.h"

namespace headlight {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using test::evaluated;

TEST(Headline, SelfAttention) {
  const auto made =
      evaluated(R"("tokens": {"text": "one two three"}, "shape": {"heads": 2, "d_k": 4}, "mask": "causal")");
  EXPECT_EQ(headline(*made), "Self-attention of 3 tokens, 2 heads, d_k 4, causal mask.");
}

TEST(Headline, CrossAttentionGroupedQueriesAndSingulars) {
  const auto made = evaluated(
      R"("tokens": {"text": "one"}, "memory": {"text": "uno dos"}, "shape": {"heads": 4, "kv_heads": 1, "d_k": 8})");
  EXPECT_EQ(headline(*made),
            "Cross-attention from 1 token to 2 tokens, 4 heads on 1 key-value head, d_k 8, no mask.");
}

TEST(Headline, SeveralMasks) {
  const auto made = evaluated(
      R"("tokens": {"text": "a b c"}, "mask": ["causal", {"kind": "window", "left": 1, "right": 0}])");
  EXPECT_THAT(headline(*made), HasSubstr("causal and window masks."));
}

TEST(Describe, SaysWhereTheNumbersComeFrom) {
  EXPECT_THAT(describe(*evaluated(R"("source": "random")")), HasSubstr("Numbers: random"));
  EXPECT_THAT(
      describe(*evaluated(R"("source": {"kind": "patterns", "heads": ["previous"]}, "shape": {"d_k": 32})")),
      HasSubstr("not learned"));
}

TEST(Describe, APatternHeadAttendsToThePreviousToken) {
  const auto made = evaluated(
      R"("tokens": {"text": "one two three"}, "source": {"kind": "patterns", "heads": ["previous"]}, "shape": {"heads": 1, "d_k": 32})");
  const std::string text = describe(*made);
  EXPECT_THAT(text, AllOf(HasSubstr("H0"), HasSubstr("previous"), HasSubstr("two attends to one ("),
                          HasSubstr("three attends to two (")));
}

TEST(Describe, MasksInWordsWithTheirCounts) {
  EXPECT_THAT(describe(*evaluated(R"("tokens": {"text": "a b c"}, "mask": "causal")")),
              HasSubstr("each token attends to itself and to the tokens before it. 6 of 9 pairs are kept."));
  EXPECT_THAT(describe(*evaluated(
                  R"("tokens": {"text": "a b c"}, "mask": {"kind": "window", "left": 1, "right": null})")),
              HasSubstr("up to 1 before it and all tokens after it"));
  EXPECT_THAT(
      describe(*evaluated(R"("tokens": {"text": "a b c"}, "mask": {"kind": "padding", "keep": [1, 1, 0]})")),
      HasSubstr("key 2 left out as padding"));
  EXPECT_THAT(describe(*evaluated(R"("tokens": {"text": "a b c"})")), HasSubstr("No mask"));
}

TEST(Describe, EmptyRowsAndTheirPolicy) {
  const std::string base =
      R"("tokens": {"text": "a b c"}, "memory": {"text": "x"}, "mask": {"kind": "causal", "align": "bottom_right"}, "normalizer": {"kind": "softmax", "empty_row": ")";
  EXPECT_THAT(describe(*evaluated(base + "zeros\"}")),
              HasSubstr("2 queries keep no key; their weights are 0."));
  EXPECT_THAT(describe(*evaluated(base + "nan\"}")), HasSubstr("not numbers"));
  EXPECT_THAT(describe(*evaluated(base + "uniform\"}")), HasSubstr("equal on all keys"));
  EXPECT_THAT(describe(*evaluated(base + "zeros\"}")), Not(HasSubstr("a attends to")));
}

TEST(Describe, AblatedHeadsEditsScaleAndTemperature) {
  const auto made = evaluated(
      R"("tokens": {"text": "a b"}, "shape": {"heads": 2, "d_k": 4}, "ablate": {"heads": [1]}, "score": {"scale": 0.25},
         "normalizer": {"kind": "softmax", "temperature": 2.5}, "edits": [{"stage": "q", "at": [0, 1, 2], "value": 3}])");
  EXPECT_THAT(describe(*made),
              AllOf(HasSubstr("Ablated head: H1."), HasSubstr("× 0.25"), HasSubstr("temperature 2.5"),
                    HasSubstr("1 number was set by hand: q[0, 1, 2] = 3.")));
}

TEST(Describe, EveryMaskBiasAndNormalizerHasASentence) {
  const std::string tokens = R"("tokens": {"text": "a b c"})";
  for (const MaskKind& kind : maskKinds()) {
    if (kind.spec.kind == "tensor") continue;
    const auto made = evaluated(tokens);
    const auto edited = edit(made->experiment, "mask.0", kind.spec.kind);
    ASSERT_TRUE(edited) << kind.spec.kind << ": " << edited.error().text();
    ThreadPool pool(1);
    const auto evaluation = evaluate(*edited, ".", nullptr, pool);
    ASSERT_TRUE(evaluation) << kind.spec.kind << ": " << evaluation.error().text();
    EXPECT_THAT(describe(**evaluation), HasSubstr("Mask: " + kind.sentence(edited->mask[0]) + "."));
  }
  for (const NormalizerKind& kind : normalizerKinds()) {
    const auto edited = edit(Experiment(), "normalizer.kind", kind.spec.kind);
    ASSERT_TRUE(edited) << kind.spec.kind << ": " << edited.error().text();
    ThreadPool pool(1);
    const auto evaluation = evaluate(*edited, ".", nullptr, pool);
    ASSERT_TRUE(evaluation) << evaluation.error().text();
    ASSERT_NE(kind.sentence, nullptr) << kind.spec.kind;
    EXPECT_THAT(describe(**evaluation), HasSubstr("Weights: " + kind.sentence(edited->normalizer)));
  }
  EXPECT_THAT(describe(*evaluated(tokens + R"(, "score": {"bias": ["alibi", "constant"]})")),
              AllOf(HasSubstr("Bias: "), HasSubstr("; and 1 is added to every score.")));
}

TEST(Describe, SoftcapAndPositions) {
  const std::string tokens = R"("tokens": {"text": "a b c"})";
  EXPECT_THAT(describe(*evaluated(tokens + R"(, "score": {"softcap": 30})")),
              HasSubstr("capped between −30 and 30: a score s becomes 30 × tanh(s ÷ 30)."));
  EXPECT_THAT(describe(*evaluated(
                  tokens +
                  R"(, "position": {"kind": "rope", "style": "interleaved", "fraction": 0.5, "offset": 4})")),
              AllOf(HasSubstr("Position: rope"), HasSubstr("R = 0.5 × d_k"), HasSubstr("10000^(−2k/R)"),
                    HasSubstr("2k and 2k + 1"), HasSubstr("the first position is 4")));
  EXPECT_THAT(describe(*evaluated(tokens + R"(, "position": {"kind": "learned", "seed": 3})")),
              AllOf(HasSubstr("Position: learned"), HasSubstr("(seed 3)")));
}

TEST(Describe, MistakesComeFirst) {
  const std::string text = describe(*evaluated(
      R"("tokens": {"text": "a b c"}, "mask": "causal",
         "mistake": {"mask_as": "zero_weight", "subtract_max": false, "merge": "mean", "tie": "w_k=w_q"})"));
  const std::size_t wrong = text.find("Deliberately wrong: ");
  ASSERT_NE(wrong, std::string::npos);
  EXPECT_LT(wrong, text.find("Numbers: "));
  EXPECT_THAT(text, AllOf(HasSubstr("masked weights are set to 0"), HasSubstr("overflow"),
                          HasSubstr("averaged"), HasSubstr("W_Q instead of W_K")));
  EXPECT_THAT(text, HasSubstr("do not sum to 1"));
  const auto columns = evaluated(R"("tokens": {"text": "a b c"}, "mistake": {"softmax_over": "queries"})");
  EXPECT_THAT(describe(*columns), HasSubstr("over the queries of each key"));
  EXPECT_THAT(altText(*columns, Stage::weights, 0), HasSubstr("Deliberately wrong: softmax runs"));
  EXPECT_THAT(handNotes(*columns).front(), StartsWith("deliberately wrong: "));
  EXPECT_THAT(describe(*evaluated(R"("tokens": {"text": "a b c"})")),
              AllOf(Not(HasSubstr("Deliberately")), Not(HasSubstr("sum to 1:"))));
}

TEST(Describe, TheWeightsSentenceSaysWhatIsDone) {
  const std::string usual = "softmax turns the scores of each query";
  const std::string tokens = R"("tokens": {"text": "a b c"}, "mask": "causal", "mistake": )";
  EXPECT_THAT(describe(*evaluated(tokens + R"({"softmax_over": "queries"})")),
              AllOf(Not(HasSubstr(usual)),
                    HasSubstr("Weights: softmax turns the scores of each key, over all queries")));
  EXPECT_THAT(describe(*evaluated(tokens + R"({"normalize": "plain_sum"})")),
              AllOf(Not(HasSubstr(usual)),
                    HasSubstr("Weights: each score is divided by the sum of its row's scores.")));
  EXPECT_THAT(describe(*evaluated(tokens + R"({"mask_as": "zero_weight"})")),
              HasSubstr("sum to 1; only then are the masked weights set to 0."));
}

TEST(Describe, QueriesThatDoTheSameShareASentence) {
  // All queries are alike, so are their rows.
  const auto made = evaluated(
      R"("tokens": {"list": ["x", "x", "x"]}, "memory": {"list": ["one", "two"]}, "shape": {"heads": 1, "d_k": 4})");
  EXPECT_THAT(describe(*made), HasSubstr("x (1), x (2) and x (3) attend to one (0."));
}

TEST(Markdown, HasHeadingsATableAndLists) {
  const auto made = evaluated(
      R"("title": "who *is* meant", "tokens": {"list": ["a|b", "#c", "d_e"]}, "shape": {"heads": 2, "d_k": 4}, "mask": "causal", "notes": "look at a|b")");
  const std::string text = markdown(describeParts(*made));
  EXPECT_THAT(text, StartsWith("# who \\*is\\* meant\n\nSelf-attention of 3 tokens, 2 heads"));
  EXPECT_THAT(text, AllOf(HasSubstr("\n## How the numbers are made\n\n- "),
                          HasSubstr("\n## Notes\n\nlook at a\\|b\n"), HasSubstr("\n## Heads\n\n| Head |"),
                          HasSubstr("\n### H1\n\n"), HasSubstr("- a\\|b attends to itself (1.00)\n")));
  // Every line of the table has as many cells as its head.
  std::size_t bars = 0;
  std::size_t rows = 0;
  for (std::size_t at = text.find("| Head"); text[at] == '|'; at = text.find('\n', at) + 1) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    std::size_t count = 0;
    for (std::size_t n = 0; n < line.size(); ++n)
      count += line[n] == '|' && (n == 0 || line[n - 1] != '\\') ? 1 : 0;
    if (bars == 0) bars = count;
    EXPECT_EQ(count, bars) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 4U);
}

TEST(Markdown, AHeadWithoutKeysHasARow) {
  const auto made = evaluated(
      R"("tokens": {"text": "a b"}, "shape": {"heads": 1}, "mask": {"kind": "padding", "keep": [0, 0]})");
  EXPECT_THAT(markdown(describeParts(*made)),
              AllOf(HasSubstr("| H0 | – | – |"), HasSubstr("No query keeps a key.")));
}

TEST(Describe, TheElementOfABatchAndItsPadding) {
  EXPECT_THAT(
      describe(*evaluated(R"("tokens": {"batch": [{"count": 3}, {"text": "a"}]}, "view": {"batch": 1})")),
      HasSubstr("Element 1 of a batch of 2; 2 keys are padding."));
}

TEST(Describe, RowsBesideOneAndLargeNegativeScores) {
  const auto relu = evaluated(R"("tokens": {"text": "a b c"}, "normalizer": "relu")");
  EXPECT_THAT(describe(*relu), HasSubstr("The weights of a query do not sum to 1: "));
  const auto low = evaluated(
      R"("tokens": {"text": "a b c"}, "score": {"bias": {"kind": "constant", "value": -20500, "query": 1}})");
  EXPECT_THAT(describe(*low), HasSubstr("large negative, down to −20"));
}

TEST(Describe, RepeatedTokensAreToldApart) {
  EXPECT_THAT(describe(*evaluated(R"("tokens": {"text": "the cat the dog"})")), HasSubstr("the (2)"));
}

TEST(Describe, ALongSequenceIsToldInSomeRows) {
  const std::string text =
      describe(*evaluated(R"("tokens": {"count": 600}, "shape": {"heads": 40, "d_model": 80})"));
  EXPECT_THAT(text, AllOf(HasSubstr("The 12 rows with the largest weights"), HasSubstr("24 more heads"),
                          HasSubstr("and 568 more")));
  EXPECT_LT(text.size(), 20000U);
}

TEST(Describe, TheHeadThatIsLookedAtIsAlwaysTold) {
  const std::string text = describe(
      *evaluated(R"("tokens": {"count": 4}, "shape": {"heads": 40, "d_model": 80}, "view": {"head": 33})"));
  EXPECT_THAT(text, AllOf(HasSubstr("\nH33: "), Not(HasSubstr("\nH32: "))));
}

TEST(AltText, OfAMapNamesHeadSizesAndTheLargestWeight) {
  const auto made = evaluated(
      R"("tokens": {"text": "one two three"}, "source": {"kind": "patterns", "heads": ["previous"]}, "shape": {"heads": 1, "d_k": 32}, "mask": "causal")");
  const std::string text = altText(*made, Stage::weights, 0);
  EXPECT_THAT(text,
              AllOf(StartsWith("Attention weights of H0"), HasSubstr("3 queries in rows, 3 keys in columns"),
                    HasSubstr("causal mask"), HasSubstr("Largest weight: one attends to itself, 1.00")));
}

TEST(AltText, OfOtherStagesAndOfTheMean) {
  const auto made = evaluated(R"("tokens": {"text": "one two three"}, "shape": {"heads": 2, "d_k": 4})");
  EXPECT_THAT(altText(*made, Stage::q, 1),
              AllOf(StartsWith("Queries of H1"), HasSubstr("3 tokens in rows, 4 dimensions"),
                    HasSubstr("Values from")));
  EXPECT_THAT(altText(*made, Stage::output, 0), AllOf(StartsWith("Output as"), HasSubstr("64 dimensions")));
  EXPECT_THAT(altText(*made, Stage::weights, kMeanHead), HasSubstr("the mean of the heads"));
  EXPECT_THAT(altText(*made, Stage::memory, 0), Not(HasSubstr("Values")));
}

}  // namespace
}  // namespace headlight
