#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/parameters.h"
#include "core/experiment/source/pattern_codes.h"
#include "core/experiment/source/pattern_weights.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::experimentOf;
using test::largestKey;
using testing::HasSubstr;

/// A sentence of T distinct words.
std::string sentence(std::int64_t tokens) {
  std::string text;
  for (std::int64_t i = 0; i < tokens; ++i) text += "w" + std::to_string(i) + " ";
  return text;
}

Experiment patterns(std::string_view heads, std::int64_t count, std::int64_t tokens, std::int64_t dK,
                    std::int64_t dModel = 0) {
  if (dModel == 0) dModel = 2 * tokens + 24;
  return experimentOf(R"("tokens": {"text": ")" + sentence(tokens) +
                      R"("}, "source": {"kind": "patterns", "heads": [)" + std::string(heads) +
                      R"(]}, "shape": {"d_model": )" + std::to_string(dModel) + R"(, "heads": )" +
                      std::to_string(count) + R"(, "d_k": )" + std::to_string(dK) + "}");
}

bool onPattern(std::string_view pattern, std::int64_t i, std::int64_t j, std::int64_t tokens) {
  if (pattern == "previous") return j == std::max<std::int64_t>(i - 1, 0);
  if (pattern == "next") return j == std::min(i + 1, tokens - 1);
  if (pattern == "first") return j == 0;
  if (pattern == "neighbours") return tokens == 1 || j == i - 1 || j == i + 1;
  return i == j;  // self, and same_token of distinct tokens
}

TEST(Patterns, LargestWeightLiesOnThePatternFromDkEqualTOn) {
  const std::vector<std::string> names{"previous", "next", "same_token", "first", "neighbours", "self"};
  for (const std::int64_t tokens : {1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14, 15, 16, 22, 23, 31, 40, 64, 100}) {
    for (const std::int64_t extra : {0, 1, 5, 40}) {
      const auto e = evaluated(patterns(R"("previous", "next", "same_token", "first", "neighbours", "self")",
                                        6, tokens, tokens + extra));
      EXPECT_THAT(e->prepared->warnings, testing::IsEmpty());
      for (int h = 0; h < 6; ++h) {
        for (std::int64_t i = 0; i < tokens; ++i) {
          EXPECT_TRUE(onPattern(names[static_cast<std::size_t>(h)], i, largestKey(*e->run, h, i), tokens))
              << names[static_cast<std::size_t>(h)] << " T " << tokens << " d_k " << tokens + extra << " row "
              << i << " looks at " << largestKey(*e->run, h, i);
        }
      }
    }
  }
}

TEST(Patterns, MostBlurButStayOnTargetAtTheirSmallestDk) {
  for (const std::int64_t tokens : {2, 5, 11, 30, 100}) {
    for (std::int64_t dK = 2; dK <= tokens; dK = dK * 2 + 1) {
      const auto e =
          evaluated(patterns(R"("previous", "next", "same_token", "first", "self")", 5, tokens, dK, 64));
      const std::vector<std::string> names{"previous", "next", "same_token", "first", "self"};
      for (int h = 0; h < 5; ++h) {
        const std::string& name = names[static_cast<std::size_t>(h)];
        for (std::int64_t i = 0; i < tokens; ++i) {
          EXPECT_TRUE(onPattern(name, i, largestKey(*e->run, h, i), tokens))
              << name << " T " << tokens << " d_k " << dK << " row " << i;
        }
      }
    }
  }
}

TEST(Patterns, SharpnessIsTheGapAfterScaling) {
  for (const double sharpness : {1.0, 6.0, 10.0}) {
    Experiment experiment = patterns(R"("self")", 1, 8, 8);
    experiment = *set(experiment, "source.sharpness", sharpness);
    const auto e = evaluated(experiment);
    const auto scaled = Field::make(e->run, Stage::scaled, 0);
    EXPECT_NEAR(scaled->cell(4, 4) - scaled->cell(4, 0), sharpness, 1e-4);
  }
}

TEST(Patterns, LinksByTextAndByIndex) {
  const auto e = evaluated(experimentOf(
      R"("tokens": {"text": "the animal saw the street because it was tired"}, "shape": {"heads": 2, "d_k": 12},
         "source": {"kind": "patterns", "heads": [
           {"name": "words", "links": [["it", "animal"], ["tired", "it"], ["street", "the"]]},
           {"name": "places", "links": [[0, 8], [3, 4], ["was", 0]]}]})"));
  EXPECT_THAT(e->prepared->warnings, testing::IsEmpty());
  EXPECT_EQ(e->prepared->headNames, (std::vector<std::string>{"words", "places"}));
  const auto& run = *e->run;
  EXPECT_EQ(largestKey(run, 0, 6), 1);
  EXPECT_EQ(largestKey(run, 0, 8), 6);
  const auto weights = Field::make(e->run, Stage::weights, 0);
  EXPECT_GT(weights->cell(4, 0), 0.35) << "both the";
  EXPECT_GT(weights->cell(4, 3), 0.35);
  EXPECT_EQ(largestKey(run, 1, 0), 8);
  EXPECT_EQ(largestKey(run, 1, 3), 4);
  EXPECT_EQ(largestKey(run, 1, 7), 0);
  // Rows without a link look at themselves, mildly.
  for (const std::int64_t row : {1, 2, 3, 5}) {
    EXPECT_EQ(largestKey(run, 0, row), row);
    EXPECT_LT(weights->cell(row, row), 0.6);
  }
}

TEST(Patterns, LinksOfEveryTokenFromDkEqualTOn) {
  for (const std::int64_t tokens : {2, 3, 6, 12, 25}) {
    std::string links;
    for (std::int64_t i = 0; i < tokens; ++i) {
      links += (i > 0 ? ", " : "") + std::string(R"(["w)") + std::to_string(i) + R"(", "w)" +
               std::to_string((i * 7 + 3) % tokens) + R"("])";
    }
    const auto e = evaluated(
        patterns(R"({"name": "shuffled", "links": [)" + links + "]}", 1, tokens, tokens, 6 * tokens + 24));
    for (std::int64_t i = 0; i < tokens; ++i)
      EXPECT_EQ(largestKey(*e->run, 0, i), (i * 7 + 3) % tokens) << tokens;
  }
}

TEST(Patterns, ALinkWhoseTokenIsGoneIsDroppedWithAWarning) {
  const Experiment experiment = experimentOf(
      R"("tokens": {"text": "it was tired"}, "shape": {"heads": 1},
         "source": {"kind": "patterns", "heads": [{"name": "p", "links": [["it", "animal"], ["was", 7], ["tired", "it"]]}]})");
  const auto e = evaluated(experiment);
  EXPECT_THAT(e->prepared->warnings, testing::ElementsAre(testing::AllOf(HasSubstr("source.heads[0]"),
                                                                         HasSubstr("no token \"animal\"")),
                                                          HasSubstr("no token 7")));
  EXPECT_EQ(largestKey(*e->run, 0, 2), 0);
}

TEST(Patterns, AcrossSequences) {
  const auto e = evaluated(experimentOf(
      R"("tokens": {"text": "the black cat"}, "memory": {"text": "le chat noir cat dort"}, "shape": {"heads": 5, "d_k": 16},
         "source": {"kind": "patterns", "heads": [{"name": "t", "links": [["black", "noir"], ["cat", "chat"], ["the", 0]]},
           "same_token", "first", "self", "previous"]})"));
  EXPECT_THAT(e->prepared->warnings, testing::IsEmpty());
  const auto& run = *e->run;
  EXPECT_EQ(largestKey(run, 0, 0), 0);
  EXPECT_EQ(largestKey(run, 0, 1), 2);
  EXPECT_EQ(largestKey(run, 0, 2), 1);
  EXPECT_EQ(largestKey(run, 1, 2), 3);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(largestKey(run, 2, i), 0);
    EXPECT_EQ(largestKey(run, 3, i), i);
    EXPECT_EQ(largestKey(run, 4, i), std::max<std::int64_t>(i - 1, 0));
  }
}

TEST(Patterns, SharedKeyHeadsServeDifferentPatterns) {
  Experiment experiment =
      patterns(R"("previous", "same_token", {"name": "l", "links": [["w1", "w4"]]}, "next")", 4, 6, 32, 64);
  experiment = *set(experiment, "shape.kv_heads", 1);
  const auto e = evaluated(experiment);
  for (std::int64_t i = 1; i < 5; ++i) {
    EXPECT_EQ(largestKey(*e->run, 0, i), i - 1);
    EXPECT_EQ(largestKey(*e->run, 1, i), i);
    EXPECT_EQ(largestKey(*e->run, 3, i), i + 1);
  }
  EXPECT_EQ(largestKey(*e->run, 2, 1), 4);
}

TEST(Patterns, HeadsBeyondTheListRepeatIt) {
  const auto e = evaluated(patterns(R"("previous", "next")", 5, 7, 8));
  EXPECT_EQ(e->prepared->headNames,
            (std::vector<std::string>{"previous", "next", "previous", "next", "previous"}));
  EXPECT_EQ(largestKey(*e->run, 4, 3), 2);
}

TEST(Patterns, CopyMakesTheOutputTheInput) {
  Experiment experiment = experimentOf(
      R"("tokens": {"text": "one two three"}, "shape": {"d_model": 24, "heads": 1, "d_v": 24, "d_k": 8},
         "source": {"kind": "patterns", "heads": [{"name": "self", "copy": true}], "sharpness": 100})");
  const auto e = evaluated(experiment);
  const auto x = Field::make(e->run, Stage::input, 0);
  const auto y = Field::make(e->run, Stage::output, 0);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t c = 0; c < 24; ++c) EXPECT_NEAR(x->cell(i, c), y->cell(i, c), 1e-4);
  }
  const auto narrow = evaluated(*set(experiment, "shape.d_v", 4));
  EXPECT_THAT(narrow->prepared->warnings, testing::ElementsAre(HasSubstr("first 4 of 24")));
}

TEST(Patterns, BlurIsSaid) {
  const auto e = evaluated(patterns(R"("neighbours")", 1, 11, 4));
  EXPECT_THAT(e->prepared->warnings, testing::ElementsAre(HasSubstr("neighbours needs d_k 11 and has 4")));
}

TEST(Patterns, TooNarrowNeverFails) {
  for (const std::int64_t dModel : {1, 2, 3, 5, 9}) {
    for (const std::int64_t dK : {1, 2, 3}) {
      const auto e = evaluated(patterns(
          R"("previous", "same_token", "neighbours", {"links": [["w0", "w1"], ["w2", "w3"], [4, 5]]}, "random")",
          5, 9, dK, dModel));
      ASSERT_TRUE(e);
      for (int h = 0; h < 5; ++h) {
        const auto weights = Field::make(e->run, Stage::weights, h);
        double sum = 0;
        for (std::int64_t j = 0; j < 9; ++j) sum += weights->cell(4, j);
        EXPECT_NEAR(sum, 1, 1e-5);
      }
    }
  }
}

TEST(Patterns, LongSequencesStayCheap) {
  const auto e = evaluated(*set(patterns(R"("previous", "same_token")", 2, 2, 16, 64), "tokens.count", 3000));
  EXPECT_EQ(largestKey(*e->run, 0, 1500), 1499);
  EXPECT_EQ(largestKey(*e->run, 1, 1500), 1500);
}

TEST(Patterns, TypingKeepsWeightsAndOtherRows) {
  const Experiment before = patterns(R"("previous", {"links": [["w1", "w2"]]})", 2, 9, 8, 64);
  const Experiment after = *set(before, "tokens.text", sentence(9) + "more");
  const auto a = evaluated(before);
  const auto b = evaluated(after, "", a.get());
  const Inputs& x = a->prepared->plan.inputs;
  const Inputs& y = b->prepared->plan.inputs;
  EXPECT_EQ(x.wQ.value, y.wQ.value);
  EXPECT_EQ(x.wK.value, y.wK.value);
  for (std::int64_t i = 0; i < 9; ++i) {
    for (std::int64_t c = 0; c < 64; ++c) EXPECT_EQ((*x.x)(i, c), (*y.x)(i, c));
  }
}

TEST(PatternCodes, PositionsAreOrthogonal) {
  for (const std::int64_t period : {8, 13, 24}) {
    const PositionCodes codes(period);
    for (std::int64_t p = 0; p < period; ++p) {
      for (std::int64_t q = 0; q < period; ++q) {
        double sum = 0;
        for (std::int64_t d = 0; d < period; ++d) sum += codes(p, d) * codes(q, d);
        EXPECT_NEAR(sum, p == q ? static_cast<double>(period) : 0.0, 1e-11);
      }
    }
  }
}

TEST(PatternCodes, SineOfTurnEqualsTheLibrarys) {
  for (int i = -400; i <= 400; ++i) {
    const double turns = i / 93.0;
    EXPECT_NEAR(sineOfTurn(turns).sine, std::sin(2 * M_PI * turns), 1e-14);
    EXPECT_NEAR(sineOfTurn(turns).cosine, std::cos(2 * M_PI * turns), 1e-14);
  }
}

TEST(PatternCodes, SlotsAreUnitVectorsAndDistinct) {
  for (const std::int64_t dims : {1, 2, 3, 5, 8}) {
    std::set<std::vector<double>> seen;
    for (std::int64_t i = 0; i < 7; ++i) {
      const std::vector<double> code = slotCode(i, 7, dims);
      double square = 0;
      for (const double c : code) square += c * c;
      EXPECT_NEAR(square, 1, 1e-12);
      seen.insert(code);
    }
    EXPECT_EQ(seen.size(), dims == 1 ? 1u : 7u);
  }
}

}  // namespace
}  // namespace headlight
