// The quantities that scenes measure, beside a slow calculation from the cells of a stage, in double.
#include <cmath>

#include "tests/lesson/quantity_test.h"

namespace headlight::test {
namespace {

// "b" and "a" stand twice; causal, so that the first row keeps one key.
class SceneQuantities : public QuantityTest {
 protected:
  SceneQuantities() : QuantityTest(R"(["a", "b", "c", "b", "d", "a"])") {}
};

TEST_F(SceneQuantities, OfPlaces) {
  const auto a = cells(Stage::weights, 1);
  const auto on = [&](const std::string& place, const Object& with = {}) {
    return number("place_weight", {{"head", 1}, {"place", place}}, with);
  };
  const auto rows = [&](const std::string& place) {
    return number("place_rows", {{"head", 1}, {"place", place}});
  };
  double previous = 0;
  double itself = 0;
  double first = 0;
  for (std::size_t i = 1; i < 6; ++i) {
    previous += a[i][i - 1] / 5;
    itself += a[i][i] / 5;
    first += a[i][0] / 5;
  }
  EXPECT_NEAR(on("previous"), previous, 1e-9);
  EXPECT_NEAR(on("neighbours"), previous, 1e-9) << "the next one is masked";
  EXPECT_NEAR(on("itself"), itself, 1e-9);
  EXPECT_NEAR(on("first"), first, 1e-9);
  EXPECT_EQ(rows("first"), 5) << "the first row has one key and does not count";
  EXPECT_TRUE(std::isnan(on("next")));
  EXPECT_EQ(rows("next"), 0);
  // b at 1 and 3, a at 0 and 5; the row of the first a keeps one key.
  EXPECT_NEAR(on("same_token"), (a[1][1] + a[3][1] + a[3][3] + a[5][0] + a[5][5]) / 3, 1e-9);
  EXPECT_EQ(rows("same_token"), 3);
  const Object open{{"mask", List{}}};
  const auto o = cells(Stage::weights, 1, open);
  double neighbours = 0;
  for (std::size_t i = 0; i < 6; ++i)
    neighbours += ((i > 0 ? o[i][i - 1] : 0) + (i < 5 ? o[i][i + 1] : 0)) / 6;
  EXPECT_NEAR(on("neighbours", open), neighbours, 1e-9);
}

TEST_F(SceneQuantities, OfPlacesInAnotherSequence) {
  const Object cross{{"memory", Object{{"list", List{"b", "x", "a"}}}}, {"mask", List{}}};
  const auto a = cells(Stage::weights, 0, cross);
  EXPECT_NEAR(number("place_weight", {{"place", "same_token"}}, cross),
              (a[0][2] + a[1][0] + a[3][0] + a[5][2]) / 4, 1e-9);
  EXPECT_EQ(number("place_rows", {{"place", "same_token"}}, cross), 4);
}

TEST_F(SceneQuantities, OfCopyingHeads) {
  const auto values = (*bench_.evaluated(start_, {}, false))->run->inputs.wV->weight;
  const auto output = (*bench_.evaluated(start_, {}, false))->run->inputs.wO->weight;
  double largest = 0;
  for (std::int64_t i = 0; i < 8; ++i) {
    for (std::int64_t j = 0; j < 8; ++j) {
      const double cell = static_cast<double>(values(i, 2)) * output(2, j) +
                          static_cast<double>(values(i, 3)) * output(3, j) - (i == j ? 1 : 0);
      largest = std::max(largest, std::abs(cell));
    }
  }
  EXPECT_NEAR(number("copy_error", {{"head", 1}}), largest, 1e-9);
  const auto c = cells(Stage::contribution, 1);
  const auto x = cells(Stage::input, 0);
  double product = 0;
  double squares = 0;
  double others = 0;
  for (std::size_t d = 0; d < 8; ++d) {
    product += c[4][d] * x[2][d];
    squares += c[4][d] * c[4][d];
    others += x[2][d] * x[2][d];
  }
  EXPECT_NEAR(number("copy_cosine", {{"head", 1}, {"query", 4}, {"key", 2}}),
              product / std::sqrt(squares * others), 1e-9);
  const Object copying{{"source", Object{{"kind", "patterns"},
                                         {"heads", List{Object{{"name", "self"}, {"copy", true}}, "self"}}}},
                       {"shape.d_v", 8}};
  EXPECT_EQ(number("copy_error", {{"head", 0}}, copying), 0);
  EXPECT_GT(number("copy_error", {{"head", 1}}, copying), 0.1);
}

TEST_F(SceneQuantities, OfPatternsAndLinearAttention) {
  const Object pattern{{"mask", List{"causal", Object{{"kind", "window"}, {"left", 1}, {"right", 0}}}}};
  const auto a = cells(Stage::weights, 1);
  double outside = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    for (std::size_t j = 0; j + 1 < i; ++j) outside += a[i][j] / 5;
  }
  EXPECT_NEAR(number("mass_outside", {{"head", 1}}, pattern), outside, 1e-9);
  EXPECT_EQ(number("mass_outside", {{"head", 1}}), 0);
  const auto full = cells(Stage::output, 0);
  const auto cut = cells(Stage::output, 0, pattern);
  double difference = 0;
  double size = 0;
  for (std::size_t i = 1; i < 6; ++i) {
    for (std::size_t d = 0; d < 8; ++d) {
      difference += (cut[i][d] - full[i][d]) * (cut[i][d] - full[i][d]);
      size += full[i][d] * full[i][d];
    }
  }
  EXPECT_NEAR(number("output_error", {{"stage", "output"}}, pattern), std::sqrt(difference / size), 1e-9);
  EXPECT_GT(number("linear_output_error"), 0.01);
  EXPECT_GT(number("linear_weight_change"), 0.01);
  const auto refused = tried("linear_output_error", {}, pattern);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), testing::HasSubstr("causal and padding"));
}

TEST_F(SceneQuantities, OfCost) {
  EXPECT_EQ(number("kept_cells"), 2 * 21);
  EXPECT_EQ(number("multiplications"), 2 * 21 * (4 + 2));
  EXPECT_EQ(number("multiplications", {{"part", "projections"}}), 6 * (8 * 8 + 8 * 8 + 8 * 4 + 4 * 8));
  EXPECT_EQ(number("multiplications", {{"part", "all"}}), 2 * 21 * 6 + 6 * 192);
  EXPECT_EQ(number("linear_multiplications"), 2 * (6 * 4 * 2 + 6 * (4 * 2 + 4)));
  EXPECT_EQ(number("linear_bytes"), 4 * 2 * (4 * 2 + 4));
}

TEST_F(SceneQuantities, OfCostAreMeasuredAtAnySizeAndOthersAreNot) {
  const Object many{{"tokens", Object{{"count", 16384}}}, {"mask", List{}}};
  EXPECT_EQ(number("score_cells", {}, many), 2.0 * 16384 * 16384);
  EXPECT_EQ(number("multiplications", {}, many), 2.0 * 16384 * 16384 * 6);
  const auto refused = tried("largest_weight", {}, many);
  ASSERT_FALSE(refused) << "also when it was evaluated for the others";
  EXPECT_THAT(refused.error().text(), testing::HasSubstr("4 million"));
}

TEST_F(SceneQuantities, OfTwoStatesAreVariedWhereBothHaveTheParameter) {
  LessonPanel panel;
  panel.kind = LessonPanel::Kind::plot;
  panel.parameter = "mask.1.left";
  panel.values = {0, 1, 5};
  Measure mass;
  mass.call = {"mass_outside", {}};
  mass.with = {{"mask", List{"causal", Object{{"kind", "window"}, {"left", 0}, {"right", 0}}}}};
  panel.columns = {{"outside", mass}};
  const auto widths = panelRows(panel, bench_);
  ASSERT_TRUE(widths) << widths.error().text();
  EXPECT_GT((*widths)[0].numbers[0], (*widths)[1].numbers[0]);
  EXPECT_GT((*widths)[1].numbers[0], 0);
  EXPECT_EQ((*widths)[2].numbers[0], 0);
  // The seed is a parameter of both: the same keys are compared.
  panel.parameter = "source.seed";
  panel.values = {3, 4};
  panel.columns[0].measure.call = {"output_error", {}};
  panel.columns[0].measure.with = {};
  const auto seeds = panelRows(panel, bench_);
  ASSERT_TRUE(seeds) << seeds.error().text();
  EXPECT_EQ((*seeds)[1].numbers[0], 0);
}

}  // namespace
}  // namespace headlight::test
