#include "core/describe/describe.h"

#include <gmock/gmock.h>

#include "core/attention/field.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::shared_ptr<const Evaluation> evaluated(const std::string& members) {
  const Result<Decoded> decoded =
      fromText(R"({"type": "headlight/experiment", "version": 1, )" + members + "}");
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().text());
  if (!decoded) return nullptr;
  ThreadPool pool(1);
  auto result = evaluate(decoded->experiment, ".", nullptr, pool);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return result ? *result : nullptr;
}

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
