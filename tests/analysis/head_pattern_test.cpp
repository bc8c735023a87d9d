#include "core/analysis/head_pattern.h"

#include <set>

#include <gmock/gmock.h>

#include "tests/analysis/given_run.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kLength = 12;

/// `main` of each row's weight on the keys that `place` gives, the rest shared by the others.
template <class Place>
Matrix pattern(float main, const Place& place) {
  Matrix weights(kLength, kLength);
  for (std::int64_t i = 0; i < kLength; ++i) {
    const std::int64_t key = place(i);
    for (std::int64_t j = 0; j < kLength; ++j) {
      weights(i, j) = j == key ? main : (1 - main) / static_cast<float>(kLength - 1);
    }
  }
  return weights;
}

HeadProfile profile(const Matrix& weights, const std::vector<std::string>& texts = {},
                    const std::vector<Kinded>& masks = {}) {
  AttentionPlan plan = test::scorePlan({test::scoresOf(weights)});
  plan.masks = masks;
  ProfileOptions options;
  options.queryTexts = texts;
  options.keyTexts = texts;
  const Result<HeadProfile> made = profileHead(test::evaluated(plan), 0, options);
  EXPECT_TRUE(made);
  return made ? *made : HeadProfile{};
}

std::vector<std::string> names(const HeadProfile& of) {
  std::vector<std::string> list;
  for (const PatternTag& tag : patternsOf(of)) list.emplace_back(tag.name);
  return list;
}

std::int64_t before(std::int64_t i) {
  return std::max<std::int64_t>(i - 1, 0);
}

TEST(HeadPattern, TellsWhereTheWeightGoes) {
  EXPECT_THAT(names(profile(pattern(0.8f, before))), ElementsAre("previous"));
  EXPECT_THAT(names(profile(pattern(0.8f, [](std::int64_t i) { return std::min(i + 1, kLength - 1); }))),
              ElementsAre("next"));
  EXPECT_THAT(names(profile(pattern(0.8f, [](std::int64_t i) { return i; }))), ElementsAre("itself"));
  EXPECT_THAT(names(profile(pattern(0.8f, [](std::int64_t) { return std::int64_t{0}; }))),
              ElementsAre("first"));
  EXPECT_THAT(names(profile(pattern(0.4f, before))), IsEmpty()) << "less than half is no pattern";
}

TEST(HeadPattern, TheShareIsTheMeasure) {
  const auto tags = patternsOf(profile(pattern(0.8f, before)));
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_NEAR(tags[0].share, .8, 1e-6);
}

TEST(HeadPattern, SharpHeadsAreAlsoOneKeyAndComeSecond) {
  EXPECT_THAT(names(profile(pattern(0.999f, before))), ElementsAre("previous", "one key"));
}

TEST(HeadPattern, EvenWeightsAreDiffuseAndNothingElse) {
  EXPECT_THAT(names(profile(pattern(1.0f / kLength, before))), ElementsAre("diffuse"));
}

TEST(HeadPattern, WhatTheMaskLeavesNoChoiceAboutIsNoPattern) {
  // Of two tokens a causal row gives the first key all or half of its weight, whatever the head does.
  Matrix weights(2, 2);
  weights(0, 0) = weights(0, 1) = weights(1, 0) = weights(1, 1) = .5f;
  EXPECT_THAT(names(profile(weights, {}, {Kinded{"causal", {}}})), ElementsAre("diffuse"));
}

TEST(HeadPattern, NeighboursWhereNoSinglePlaceIsThePattern) {
  Matrix weights(kLength, kLength);
  for (std::int64_t i = 0; i < kLength; ++i) {
    const std::int64_t from = std::max<std::int64_t>(i - 2, 0);
    const std::int64_t to = std::min(i + 3, kLength);
    for (std::int64_t j = from; j < to; ++j) weights(i, j) = 1.0f / static_cast<float>(to - from);
  }
  EXPECT_THAT(names(profile(weights)), ElementsAre("neighbours"));
  EXPECT_NEAR(patternsOf(profile(weights))[0].share, 1, 1e-6);
}

TEST(HeadPattern, SameTokenCountsOnlyOtherPlacesOfRowsThatHaveThem) {
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < kLength; ++i) texts.push_back("w" + std::to_string(i));
  texts[7] = texts[2] = "it";
  Matrix weights = pattern(1.0f / kLength, before);
  for (std::int64_t j = 0; j < kLength; ++j) weights(2, j) = weights(7, j) = .1f / (kLength - 1);
  weights(2, 7) = .9f;
  weights(7, 2) = .9f;
  const HeadProfile made = profile(weights, texts);
  EXPECT_EQ(made.repeatRows, 2);
  EXPECT_NEAR(made.shares.repeats, .9, 1e-6);
  EXPECT_NEAR(made.chance.repeats, 1.0 / kLength, 1e-9);
  EXPECT_NEAR(made.sameElsewhereShare, 1.8 / kLength, 1e-6);
  EXPECT_THAT(names(made), testing::Contains("same token"));
}

TEST(HeadPattern, PlacesMeanNothingBetweenTwoSequences) {
  Matrix weights(3, 5);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 5; ++j) weights(i, j) = i == j ? .8f : .05f;
  }
  const HeadProfile made = profile(weights);
  EXPECT_FALSE(made.samePlaces);
  EXPECT_THAT(names(made), IsEmpty());
  const auto lines = whereWeightGoes(made);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front().label, "first token");
}

TEST(HeadPattern, EveryKindIsNamedOnceAndSaysWhatItMeasures) {
  std::set<std::string_view> seen;
  for (const PatternKind& kind : patternKinds()) {
    EXPECT_TRUE(seen.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.what.empty());
    EXPECT_FALSE(kind.support(HeadProfile{}, kind.threshold)) << kind.name << " of nothing";
  }
}

/// All shares against sums that are written out.
TEST(WhereWeightGoes, AgreesWithSumsOverTheMap) {
  Matrix weights(kLength, kLength);
  for (std::int64_t i = 0; i < kLength; ++i) {
    float sum = 0;
    for (std::int64_t j = 0; j < kLength; ++j)
      sum += weights(i, j) = static_cast<float>(1 + (i * 7 + j * 5) % 11);
    for (std::int64_t j = 0; j < kLength; ++j) weights(i, j) /= sum;
  }
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < kLength; ++i) texts.push_back("t" + std::to_string(i % 10));
  const HeadProfile made = profile(weights, texts);
  double itself = 0;
  double previous = 0;
  double next = 0;
  double first = 0;
  double elsewhere = 0;
  std::vector<double> received(kLength, 0.0);
  for (std::int64_t i = 0; i < kLength; ++i) {
    itself += static_cast<double>(weights(i, i));
    first += static_cast<double>(weights(i, 0));
    if (i > 0) previous += static_cast<double>(weights(i, i - 1));
    if (i + 1 < kLength) next += static_cast<double>(weights(i, i + 1));
    for (std::int64_t j = 0; j < kLength; ++j) {
      received[static_cast<std::size_t>(j)] += static_cast<double>(weights(i, j)) / kLength;
      if (i != j && i % 10 == j % 10) elsewhere += static_cast<double>(weights(i, j));
    }
  }
  const auto lines = whereWeightGoes(made, texts);
  ASSERT_EQ(lines.size(), 7U);
  const double wanted[] = {itself / kLength, previous / (kLength - 1), next / (kLength - 1), first / kLength,
                           elsewhere / kLength};
  for (std::size_t n = 0; n < 5; ++n) EXPECT_NEAR(lines[n].share, wanted[n], 1e-6) << lines[n].label;
  const auto most = std::max_element(received.begin(), received.end());
  EXPECT_EQ(lines[5].key, most - received.begin());
  EXPECT_NEAR(lines[5].share, *most, 1e-6);
  EXPECT_EQ(lines[5].label, "“" + texts[static_cast<std::size_t>(lines[5].key)] + "”");
  *most = 0;
  EXPECT_NEAR(lines[6].share, *std::max_element(received.begin(), received.end()), 1e-6);
  EXPECT_NEAR(made.weightSum, 1, 1e-5);
}

TEST(WhereWeightGoes, KeysWithoutTextAreNamedByTheirPlace) {
  const auto lines = whereWeightGoes(profile(pattern(0.8f, before)));
  EXPECT_EQ(lines.back().to, WeightDestination::To::key);
  EXPECT_EQ(lines.back().label, "key " + std::to_string(lines.back().key));
}

}  // namespace
}  // namespace headlight
