#include "core/picture/range.h"

#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/picture/picture.h"

namespace headlight {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

FieldStatistics stats(float minimum, float maximum) {
  FieldStatistics s;
  s.minimum = s.low = minimum;
  s.maximum = s.high = maximum;
  s.finite = 100;
  return s;
}

Range resolve(std::string_view mode, Stage stage, std::int64_t keys, const std::vector<FieldStatistics>& all,
              std::array<double, 2> custom = {0, 1}) {
  return resolveRange(mode, stage, keys, pointersTo(all), custom);
}

TEST(Range, DefaultsFollowTheContract) {
  for (Stage stage : {Stage::dot, Stage::scaled, Stage::biased, Stage::masked}) {
    EXPECT_EQ(rangeStage(stage, true), Stage::dot);
    EXPECT_EQ(rangeStage(stage, false), Stage::scaled);
  }
  for (Stage stage : {Stage::k, Stage::weights, Stage::valueWeighted, Stage::gradScores})
    EXPECT_EQ(rangeStage(stage, true), stage);
  EXPECT_EQ(defaultRangeMode(Stage::weights, 16), "unit");
  EXPECT_EQ(defaultRangeMode(Stage::weights, 17), "zero_max");
  for (Stage stage : {Stage::dot, Stage::scaled, Stage::masked})
    EXPECT_EQ(defaultRangeMode(stage, 4), "robust");
  for (Stage stage : {Stage::q, Stage::output, Stage::gradScores})
    EXPECT_EQ(defaultRangeMode(stage, 4), "symmetric");
}

TEST(Range, IsOfTheStageItselfOnlyWhereItsModeIsChosen) {
  const RangeChoice chosen = rangeChoice("custom", {-2, 3}, Stage::masked, 4, true);
  EXPECT_EQ(chosen.mode, "custom");
  EXPECT_EQ(chosen.custom, (std::array<double, 2>{-2, 3}));
  EXPECT_EQ(chosen.counted, Stage::masked);
  EXPECT_FALSE(chosen.byDefault);
  const RangeChoice usual = rangeChoice("", {-2, 3}, Stage::masked, 4, true);
  EXPECT_EQ(usual.mode, "robust");
  EXPECT_EQ(usual.counted, Stage::dot);
  EXPECT_TRUE(usual.byDefault);
  EXPECT_EQ(rangeChoice("", {0, 1}, Stage::masked, 4, false).counted, Stage::scaled);
}

TEST(Range, ModesSpanWhatTheySay) {
  const std::vector<FieldStatistics> heads{stats(0.01f, 0.5f), stats(0.0f, 0.25f)};
  const Range unit = resolve("unit", Stage::weights, 8, heads);
  EXPECT_EQ(unit.low, 0);
  EXPECT_EQ(unit.high, 1);
  EXPECT_EQ(unit.rule, "0–1");
  EXPECT_FALSE(unit.clippedHigh);

  const Range most = resolve("zero_max", Stage::weights, 8, heads);
  EXPECT_EQ(most.high, 0.5);
  EXPECT_EQ(most.rule, "0 to shared maximum");
  EXPECT_EQ(resolve("zero_max", Stage::weights, 8, {heads[1]}).rule, "0 to maximum");

  const Range times = resolve("times_uniform", Stage::weights, 8, heads);
  EXPECT_EQ(times.unit, 0.125);
  EXPECT_DOUBLE_EQ(times.high, 5 * 0.125);  // 0.5 is 4 × uniform, the next of 1, 2, 5

  const Range log = resolve("log", Stage::weights, 8, heads);
  EXPECT_TRUE(log.logarithmic);
  EXPECT_DOUBLE_EQ(log.low, 1e-4);
  EXPECT_EQ(log.high, 0.5);
  EXPECT_TRUE(log.clippedLow);

  const Range signedRange = resolve("symmetric", Stage::scaled, 8, {stats(-3, 2), stats(-1, 2.5f)});
  EXPECT_EQ(signedRange.low, -3);
  EXPECT_EQ(signedRange.high, 3);
  EXPECT_EQ(signedRange.rule, "±shared maximum");

  const Range custom = resolve("custom", Stage::scaled, 8, {stats(-3, 2)}, {2, -2});
  EXPECT_EQ(custom.low, -2);
  EXPECT_EQ(custom.high, 2);
  EXPECT_TRUE(custom.clippedLow);
  EXPECT_FALSE(custom.clippedHigh);
}

TEST(Range, RobustLeavesTheTailsOut) {
  FieldStatistics s = stats(-10, 20);
  s.low = -1;
  s.high = 2;
  const Range range = resolve("robust", Stage::scaled, 8, {s});
  EXPECT_EQ(range.low, -2);
  EXPECT_EQ(range.high, 2);
  EXPECT_TRUE(range.clippedLow);
  EXPECT_TRUE(range.clippedHigh);
}

TEST(Range, BeyondIsSaidOfWhatIsDrawn) {
  const FieldStatistics part = stats(0.0f, 0.25f);
  const FieldStatistics whole = stats(-0.5f, 0.9f);
  Range range = resolve("zero_max", Stage::weights, 8, {part});
  EXPECT_FALSE(range.clippedHigh);
  const FieldStatistics* drawn[] = {&whole};
  markBeyond(range, drawn);
  EXPECT_TRUE(range.clippedHigh);
  EXPECT_TRUE(range.clippedLow);
  markBeyond(range, {});
  EXPECT_TRUE(range.clippedHigh) << "nothing is known of nothing";
}

TEST(Range, RobustIsOfAllFieldsTogether) {
  // One field of ten reaches ten times as far: of all values 98 % lie far below.
  std::vector<FieldStatistics> fields;
  for (int n = 0; n < 10; ++n) {
    FieldStatistics s = stats(0, n == 0 ? 10.0f : 1.0f);
    s.sorted.clear();
    for (int i = 0; i <= 1000; ++i) s.sorted.push_back(s.maximum * static_cast<float>(i) / 1000);
    s.low = s.sorted[20];
    s.high = s.sorted[980];
    s.finite = 1001;
    fields.push_back(std::move(s));
  }
  const Range range = resolve("robust", Stage::weights, 8, fields);
  // 0.98 = (9 + x ÷ 10) ÷ 10.
  EXPECT_NEAR(range.high, 8.0, 0.02);
  EXPECT_TRUE(range.clippedHigh);
  EXPECT_GE(range.low, 0.02 - 1e-6);
  EXPECT_NEAR(resolve("robust", Stage::weights, 8, {fields[0]}).high, 9.8, 1e-5);
}

TEST(Range, IsSoundWhateverTheStatisticsHold) {
  std::mt19937 random(7);
  const float special[] = {
      0.0f,   -0.0f, 1.0f,   -1.0f,    kInf,    -kInf, std::numeric_limits<float>::quiet_NaN(),
      1e-45f, 1e38f, 1e-38f, -3.4e38f, 3.4e38f, 1e-7f};
  const auto any = [&]() {
    if (random() % 2 == 0) return special[random() % std::size(special)];
    return std::ldexp(static_cast<float>(random()) / 4e9f - 0.5f, static_cast<int>(random() % 200) - 100);
  };
  const std::string_view modes[] = {
      "unit", "zero_max", "times_uniform", "log", "robust", "symmetric", "custom", "", "x"};
  for (int n = 0; n < 10000; ++n) {
    std::vector<FieldStatistics> fields(random() % 4);
    for (FieldStatistics& s : fields) {
      s.minimum = any();
      s.maximum = random() % 3 == 0 ? s.minimum : any();
      s.low = any();
      s.high = any();
      s.finite = static_cast<std::int64_t>(random() % 3);
      s.sorted = {any(), any(), any()};
    }
    const std::array<double, 2> custom{random() % 5 == 0 ? 1e300 : any(), any()};
    const std::string_view mode = modes[random() % std::size(modes)];
    const Stage stage = static_cast<Stage>(random() % kStageCount);
    const Range range = resolve(mode, stage, static_cast<std::int64_t>(random() % 5000), fields, custom);
    ASSERT_TRUE(std::isfinite(range.low) && std::isfinite(range.high)) << mode << n;
    ASSERT_LT(range.low, range.high) << mode << " " << n;
    ASSERT_LT(static_cast<float>(range.low), static_cast<float>(range.high)) << mode << " " << n;
    ASSERT_TRUE(!range.logarithmic || range.low > 0);
    for (const Tick& tick : ticks(range, 6)) {
      ASSERT_TRUE(tick.at >= 0 && tick.at <= 1) << mode << " " << tick.at;
      ASSERT_FALSE(tick.text.empty());
    }
    ASSERT_LE(ticks(range, 6).size(), 6u);
    std::vector<const FieldStatistics*> pointers;
    pointers.reserve(fields.size());
    for (const FieldStatistics& s : fields) pointers.push_back(&s);
    for (double count : histogram(pointers, range, 16)) ASSERT_TRUE(std::isfinite(count));
    if (n % 20 == 0) {
      const MapLook look = makeLook(range, *colormap("viridis"), Theme::dark);
      ASSERT_TRUE(std::is_sorted(look.thresholds.begin(), look.thresholds.end()));
      ASSERT_EQ(colourIndex(look, kInf), 255);
      ASSERT_EQ(colourIndex(look, -kInf), 0);
    }
  }
}

std::vector<std::string> texts(const std::vector<Tick>& all) {
  std::vector<std::string> out;
  out.reserve(all.size());
  for (const Tick& tick : all) out.push_back(tick.text);
  return out;
}

TEST(Range, NearlyEqualValuesStillSpanEnoughFloatsForTheColours) {
  const FieldStatistics s = stats(1.0f, 1.0000001f);
  const FieldStatistics* pointers[] = {&s};
  const Range range = resolveRange("robust", Stage::weights, 4, pointers);
  EXPECT_GE(range.high - range.low, 1e-5);
  EXPECT_LE(range.low, 1);
  EXPECT_GE(range.high, 1.0000001);
}

TEST(Ticks, AreRoundAndWrittenPlainly) {
  using testing::ElementsAre;
  EXPECT_THAT(texts(ticks({0, 1}, 5)), ElementsAre("0", "0.25", "0.50", "0.75", "1.00"));
  EXPECT_THAT(texts(ticks({0, 1}, 6)), ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1.0"));
  EXPECT_THAT(texts(ticks({-3.2, 3.2}, 5)), ElementsAre("−2", "0", "2"));
  EXPECT_THAT(texts(ticks({0, 0.0031}, 4)), ElementsAre("0", "0.001", "0.002", "0.003"));
  EXPECT_THAT(texts(ticks({0, 30000}, 4)), ElementsAre("0", "10\u202f000", "20\u202f000", "30\u202f000"));
  EXPECT_THAT(texts(ticks({0, 3e-7}, 4)), ElementsAre("0", "1e−7", "2e−7", "3e−7"));
  Range times{0, 0.625};
  times.unit = 0.125;
  EXPECT_THAT(texts(ticks(times, 6)), ElementsAre("0", "× 1", "× 2", "× 3", "× 4", "× 5"));
  Range log{1e-4, 1};
  log.logarithmic = true;
  EXPECT_THAT(texts(ticks(log, 6)), ElementsAre("0.0001", "0.001", "0.01", "0.1", "1"));
  EXPECT_NEAR(ticks(log, 6)[2].at, 0.5, 1e-12);
}

TEST(Histogram, CountsEveryFiniteValueOnce) {
  FieldStatistics s = stats(0, 1);
  s.finite = 400;
  s.sorted = {0.0f, 0.1f, 0.6f, 1.0f};
  const FieldStatistics* pointers[] = {&s, nullptr};
  EXPECT_THAT(histogram(pointers, Range{0, 1}, 4), testing::ElementsAre(200, 0, 100, 100));
  EXPECT_THAT(histogram(pointers, Range{0, 1}, 0), testing::IsEmpty());
}

TEST(CellText, FitsACell) {
  EXPECT_EQ(cellText(0.744, true), ".74");
  EXPECT_EQ(cellText(0.004, true), "<.01");
  EXPECT_EQ(cellText(0.0, true), "0");
  EXPECT_EQ(cellText(1.0, true), "1");
  EXPECT_EQ(cellText(0.997, true), "1.0");
  EXPECT_EQ(cellText(-1.31, false), "−1.3");
  EXPECT_EQ(cellText(-0.01, false), "0.0");
  EXPECT_EQ(cellText(14.3, false), "14");
  EXPECT_EQ(cellText(-kInf, false), "−∞");
  EXPECT_EQ(cellText(std::nan(""), true), "NaN");
}

}  // namespace
}  // namespace headlight
