// Every named quantity beside a slow calculation from the cells of its stage, in double.
#include <cmath>

#include "tests/lesson/quantity_test.h"

namespace headlight::test {
namespace {

// Five words, causal, so that rows keep 1 to 5 keys.
class Quantities : public QuantityTest {
 protected:
  Quantities() : QuantityTest(R"(["a", "b", "c", "d", "e"])") {}
};

TEST_F(Quantities, OfRowsAndColumns) {
  const auto a = cells(Stage::weights, 1);
  double future = 0;
  double firstColumn = 0;
  std::vector<double> columns(5);
  for (std::size_t i = 0; i < 5; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 5; ++j) {
      sum += a[i][j];
      columns[j] += a[i][j];
      future += j > i ? a[i][j] : 0;
    }
    EXPECT_NEAR(number("row_sum", {{"head", 1}, {"query", static_cast<int>(i)}}), sum, 1e-9);
    firstColumn += a[i][0];
  }
  EXPECT_LT(number("row_sum_error", {{"head", 1}}), 1e-6);
  EXPECT_NEAR(number("smallest_column_sum", {{"head", 1}}), *std::min_element(columns.begin(), columns.end()),
              1e-9);
  EXPECT_NEAR(number("largest_column_sum", {{"head", 1}}), *std::max_element(columns.begin(), columns.end()),
              1e-9);
  EXPECT_NEAR(number("key_receives", {{"head", 1}, {"key", 0}}), firstColumn / 5, 1e-9);
  EXPECT_EQ(number("future_weight", {{"head", 1}}), future);
  EXPECT_EQ(future, 0);
  EXPECT_GT(number("future_weight", {{"head", 1}}, {{"mask", List{}}}), 0.5);
  const double before = (a[1][0] + a[2][1] + a[3][2] + a[4][3]) / 4;
  EXPECT_NEAR(number("offset_weight", {{"head", 1}}), before, 1e-9);
}

TEST_F(Quantities, OfEntropyLeaveOutRowsWithOneKey) {
  const auto a = cells(Stage::weights, 0);
  double keys = 0;
  double normalized = 0;
  double largest = 0;
  for (std::size_t i = 1; i < 5; ++i) {
    double entropy = 0;
    double most = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      entropy -= a[i][j] * std::log(a[i][j]);
      most = std::max(most, a[i][j]);
    }
    keys += std::exp(entropy) / 4;
    normalized += entropy / std::log(static_cast<double>(i + 1)) / 4;
    largest += most / 4;
  }
  EXPECT_EQ(number("rows_counted"), 4);
  EXPECT_NEAR(number("effective_keys"), keys, 1e-5);
  EXPECT_NEAR(number("normalized_entropy"), normalized, 1e-5);
  EXPECT_NEAR(number("largest_weight"), largest, 1e-6);
  EXPECT_NEAR(number("effective_keys", {{"query", 0}}), 1, 1e-6);
}

TEST_F(Quantities, OfEqualWeights) {
  EXPECT_LT(number("uniform_error", {}, {{"score.scale", 0.0}}), 1e-6);
  EXPECT_GT(number("uniform_error"), 0.01);
}

TEST_F(Quantities, OfScoresOfSeveralBlocks) {
  const Object many{{"tokens", Object{{"count", 150}}}};
  const auto s = cells(Stage::dot, 0, many);
  ASSERT_EQ(s.size(), 150U);
  double squares = 0;
  double skew = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    for (std::size_t j = 0; j < s.size(); ++j) {
      squares += s[i][j] * s[i][j];
      skew += (s[i][j] - s[j][i]) * (s[i][j] - s[j][i]);
    }
  }
  EXPECT_NEAR(number("asymmetry", {}, many), std::sqrt(skew / squares), 1e-9);
}

TEST_F(Quantities, OfScores) {
  const auto s = cells(Stage::dot, 0);
  double sum = 0;
  double squares = 0;
  double skew = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      sum += s[i][j];
      squares += s[i][j] * s[i][j];
      skew += (s[i][j] - s[j][i]) * (s[i][j] - s[j][i]);
    }
  }
  EXPECT_NEAR(number("spread"), std::sqrt(squares / 25 - sum * sum / 625), 1e-9);
  EXPECT_NEAR(number("asymmetry"), std::sqrt(skew / squares), 1e-9);
  EXPECT_EQ(number("cell", {{"stage", "dot"}, {"row", 3}, {"column", 1}}), s[3][1]);
  EXPECT_EQ(number("strongest_column", {{"stage", "dot"}, {"row", 2}}),
            static_cast<double>(std::max_element(s[2].begin(), s[2].end()) - s[2].begin()));
  EXPECT_EQ(number("not_finite"), 0);
  EXPECT_EQ(number("nan_rows", {}, {{"mask.0.offset", -1}, {"normalizer.empty_row", "nan"}}), 1);
}

TEST_F(Quantities, OfOutputs) {
  const auto y = cells(Stage::output, 0);
  double squares = 0;
  for (const double value : y[2]) squares += value * value;
  EXPECT_NEAR(number("row_length", {{"row", 2}}), std::sqrt(squares), 1e-9);
  EXPECT_LT(number("heads_sum_error"), 1e-5);
  EXPECT_EQ(number("parameters"), 8 * 2 * 4 * 2 + 8 * 2 * 2 + 2 * 2 * 8);  // W_Q and W_K, W_V, W_O
  EXPECT_EQ(number("score_cells"), 50);
  EXPECT_EQ(number("score_bytes"), 200);
  EXPECT_EQ(number("concat_width"), 4);
  EXPECT_LT(number("outside_values", {{"query", 4}}), 1e-6);
  EXPECT_GT(
      number("outside_values", {{"query", 4}}, {{"mistake.normalize", "plain_sum"}, {"source.seed", 5}}),
      0.01);
}

TEST_F(Quantities, OfGradientsAreTheNormOfDiagMinusOuterProduct) {
  const auto a = cells(Stage::weights, 0);
  double mean = 0;
  for (std::size_t i = 1; i < 5; ++i) {
    double norm = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k <= i; ++k) {
        const double d = (j == k ? a[i][j] : 0) - a[i][j] * a[i][k];
        norm += d * d;
      }
    }
    mean += std::sqrt(norm) / 4;
  }
  EXPECT_NEAR(number("jacobian_norm"), mean, 1e-6);
}

TEST_F(Quantities, OfTwoStates) {
  const Object other{{"score.scale", 2.0}};
  const auto a = cells(Stage::weights, 0);
  const auto b = cells(Stage::weights, 0, other);
  double largest = 0;
  double variation = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      largest = std::max(largest, std::abs(a[i][j] - b[i][j]));
      variation += 0.5 * std::abs(a[i][j] - b[i][j]) / 5;
    }
  }
  const Object keys{{"stage", "weights"}, {"head", 0}};
  EXPECT_EQ(number("largest_change", keys, {}, other), largest);
  EXPECT_NEAR(number("total_variation", keys, {}, other), variation, 1e-9);
  EXPECT_EQ(number("rows_changed", keys, {}, other), 4) << "the first row has one key";
  EXPECT_EQ(number("rows_changed", keys), 0);
  EXPECT_EQ(number("rows_changed", {{"stage", "weights"}, {"head", 0}, {"first", 1}, {"end", 3}}, {}, other),
            2);
}

TEST_F(Quantities, OfAnotherOrder) {
  const Object shuffled{{"tokens", Object{{"list", List{"e", "c", "a", "b", "d"}}}}, {"mask", List{}}};
  EXPECT_LT(number("permuted_change", {}, shuffled, {{"mask", List{}}}), 1e-5);
  EXPECT_GT(number("permuted_change", {}, shuffled), 1e-2) << "with a mask the order matters";
}

TEST_F(Quantities, OfOtherWeightsWithTheSameOutput) {
  const Object open{{"mask", List{}}};
  EXPECT_GT(number("alternative_distance", {{"query", 2}}, open), 0.05);
  EXPECT_LT(number("alternative_output_change", {{"query", 2}}, open), 1e-9);
  EXPECT_EQ(number("alternative_distance", {{"query", 0}}), 0) << "one key, no other weights";
}

TEST_F(Quantities, OfNoisyKeysNeedNoExperiment) {
  EXPECT_NEAR(number("mix_mean", {{"variance", 0.0}, {"samples", 10}}), 0.5, 1e-3);
  EXPECT_EQ(number("mix_within", {{"variance", 0.0}, {"samples", 10}}), 1);
  EXPECT_EQ(number("mix_spread", {{"variance", 0.0}, {"samples", 10}}), 0);
}

TEST_F(Quantities, SayWhatIsNotThere) {
  EXPECT_THAT(error("row_sum", {{"head", 2}}), testing::HasSubstr("2 heads"));
  EXPECT_THAT(error("row_sum", {{"query", 5}}), testing::HasSubstr("0 to 4"));
  EXPECT_THAT(error("asymmetry", {}, {{"memory", Object{{"count", 3}}}, {"mask", List{}}}),
              testing::HasSubstr("5 × 3"));
  EXPECT_THAT(error("outside_values", {}, {{"shape.d_v", 3}}), testing::HasSubstr("d_v 3"));
  EXPECT_THAT(error("row_sum", {}, {{"tokens", Object{{"count", 4000}}}}), testing::HasSubstr("4 million"));
}

TEST_F(Quantities, AllHaveNamesAndHelp) {
  for (const QuantityInfo& row : quantities()) {
    EXPECT_FALSE(row.spec.label.empty()) << row.spec.kind;
    EXPECT_FALSE(row.spec.help.empty()) << row.spec.kind;
    EXPECT_EQ(quantity(row.spec.kind), &row) << "two of one name";
    // With its keys as they are, each can be measured somewhere.
    const double found = number(std::string(row.spec.kind));
    EXPECT_TRUE(std::isfinite(found)) << row.spec.kind;
  }
}

}  // namespace
}  // namespace headlight::test
