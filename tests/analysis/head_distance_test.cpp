#include "core/analysis/head_distance.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "tests/analysis/given_run.h"

namespace headlight {
namespace {

using testing::ElementsAre;

HeadDistances distances(const std::shared_ptr<const Run>& run, const DistanceOptions& options = {},
                        int threads = 1) {
  ThreadPool pool(threads);
  auto made = headDistances(run, pool, options);
  EXPECT_TRUE(made) << (made ? "" : made.error().text());
  return made ? *made : HeadDistances{};
}

/// As the definition says, from the weights of the run.
double slowDistance(const std::shared_ptr<const Run>& run, int a, int b) {
  const auto left = *Field::make(run, Stage::weights, a);
  const auto right = *Field::make(run, Stage::weights, b);
  double sum = 0;
  std::int64_t rows = 0;
  for (std::int64_t i = 0; i < left.rows(); ++i) {
    double sumP = 0;
    double sumQ = 0;
    for (std::int64_t j = 0; j < left.cols(); ++j) {
      sumP += static_cast<double>(left.cell(i, j));
      sumQ += static_cast<double>(right.cell(i, j));
    }
    if (!(sumP > 0) || !(sumQ > 0)) continue;
    double divergence = 0;
    for (std::int64_t j = 0; j < left.cols(); ++j) {
      const double p = static_cast<double>(left.cell(i, j)) / sumP;
      const double q = static_cast<double>(right.cell(i, j)) / sumQ;
      const double m = (p + q) / 2;
      if (p > 0) divergence += p / 2 * std::log2(p / m);
      if (q > 0) divergence += q / 2 * std::log2(q / m);
    }
    sum += std::sqrt(std::max(divergence, 0.0));
    ++rows;
  }
  return sum / static_cast<double>(rows);
}

std::vector<Matrix> randomMaps(int heads, std::int64_t queries, std::int64_t keys, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, 1.5f);
  std::vector<Matrix> maps;
  for (int h = 0; h < heads; ++h) {
    Matrix map(queries, keys);
    for (std::int64_t n = 0; n < map.size(); ++n) map.data()[n] = normal(engine);
    maps.push_back(std::move(map));
  }
  return maps;
}

TEST(HeadDistance, TheSameIsZeroAndDisjointIsOne) {
  Matrix a(2, 4);
  Matrix b(2, 4);
  for (std::int64_t i = 0; i < 2; ++i) {
    a(i, 0) = a(i, 1) = .5f;
    b(i, 2) = b(i, 3) = .5f;
  }
  const auto made =
      distances(test::evaluated(test::scorePlan({test::scoresOf(a), test::scoresOf(a), test::scoresOf(b)})));
  EXPECT_EQ(made.at(0, 1), 0.0f);
  EXPECT_NEAR(made.at(0, 2), 1, 1e-6);
  EXPECT_EQ(made.at(1, 1), 0.0f);
  EXPECT_THAT(made.nearest, ElementsAre(1, 0, 0));
  EXPECT_THAT(made.farthest, ElementsAre(2, 2, 0));
  EXPECT_EQ(made.rowsRead, 2);
  EXPECT_FALSE(made.sampled);
}

TEST(HeadDistance, OneAndHalfOfIt) {
  // P = [1, 0], Q = [½, ½]: JS = H(¾, ¼) − ½ = .311278.
  Matrix a(1, 2);
  Matrix b(1, 2);
  a(0, 0) = 1;
  b(0, 0) = b(0, 1) = .5f;
  const auto made = distances(test::evaluated(test::scorePlan({test::scoresOf(a), test::scoresOf(b)})));
  EXPECT_NEAR(made.at(0, 1), std::sqrt(.311278), 1e-5);
}

TEST(HeadDistance, AgreesWithTheDefinitionOverRandomHeads) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    for (const char* normalizer : {"softmax", "sparsemax", "sigmoid", "relu"}) {
      AttentionPlan plan = test::scorePlan(randomMaps(5, 9, 13, seed));
      plan.normalizer = {normalizer, {}};
      if (seed % 2 == 1) plan.masks = {Kinded{"causal", {}}};
      const auto run = test::evaluated(plan);
      ASSERT_TRUE(run);
      const auto made = distances(run);
      for (int a = 0; a < 5; ++a) {
        for (int b = 0; b < 5; ++b) {
          EXPECT_EQ(made.at(a, b), made.at(b, a));
          if (a == b || std::isnan(made.at(a, b))) continue;
          EXPECT_NEAR(made.at(a, b), slowDistance(run, a, b), 1e-5) << normalizer << " " << a << " " << b;
        }
      }
    }
  }
}

TEST(HeadDistance, IsAMetric) {
  const auto made = distances(test::evaluated(test::scorePlan(randomMaps(8, 12, 12, 3))));
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      for (int c = 0; c < 8; ++c) EXPECT_LE(made.at(a, c), made.at(a, b) + made.at(b, c) + 1e-6f);
    }
  }
}

TEST(HeadDistance, HasTheSameBitsForAnyNumberOfThreads) {
  const auto run = test::evaluated(test::scorePlan(randomMaps(12, 64, 64, 5)));
  EXPECT_EQ(distances(run, {}, 1).distances, distances(run, {}, 4).distances);
}

TEST(HeadDistance, LittleWorkReadsFewerRowsAndThenJoinsKeys) {
  const auto run = test::evaluated(test::scorePlan(randomMaps(6, 64, 64, 7)));
  const auto whole = distances(run);
  DistanceOptions options;
  options.work = 15 * 64 * 8;
  const auto rows = distances(run, options);
  EXPECT_EQ(rows.rowsRead, 8);
  EXPECT_TRUE(rows.sampled);
  EXPECT_EQ(rows.keysTogether, 1);
  EXPECT_NEAR(rows.at(0, 1), whole.at(0, 1), .1);
  options.work = 15 * 16 * 4;
  const auto joined = distances(run, options);
  EXPECT_EQ(joined.rowsRead, 4);
  EXPECT_EQ(joined.keysTogether, 4);
  for (int a = 0; a < 6; ++a) {
    for (int b = 0; b < 6; ++b) EXPECT_LE(joined.at(a, b), 1.0f);
  }
  EXPECT_GT(joined.at(0, 1), 0);
}

TEST(HeadDistance, RowsWithoutWeightsAreLeftOut) {
  AttentionPlan plan = test::scorePlan(randomMaps(2, 3, 3, 1));
  Kinded causal{"causal", {}};
  causal.set("offset", -1);
  plan.masks = {causal};
  const auto run = test::evaluated(plan);
  const auto made = distances(run);
  EXPECT_NEAR(made.at(0, 1), slowDistance(run, 0, 1), 1e-6);
  Kinded none{"causal", {}};
  none.set("offset", -3);
  plan.masks = {none};
  const auto empty = distances(test::evaluated(plan));
  EXPECT_TRUE(std::isnan(empty.at(0, 1)));
  EXPECT_THAT(empty.nearest, ElementsAre(-1, -1));
  EXPECT_THAT(likenessOrder(empty), ElementsAre(0, 1));
}

TEST(HeadDistance, StopsWhenAsked) {
  const auto run = test::evaluated(test::scorePlan(randomMaps(3, 8, 8, 1)));
  DistanceOptions options;
  options.cancel = Cancel::make();
  options.cancel.request();
  ThreadPool pool(1);
  const auto made = headDistances(run, pool, options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::cancelled);
}

TEST(HeadDistance, OneHeadAloneHasNoNeighbour) {
  const auto made = distances(test::evaluated(test::scorePlan(randomMaps(1, 4, 4, 1))));
  EXPECT_THAT(made.distances, ElementsAre(0.0f));
  EXPECT_THAT(made.nearest, ElementsAre(-1));
  EXPECT_THAT(likenessOrder(made), ElementsAre(0));
}

TEST(LikenessOrder, GoesOnWithTheNearestThatIsLeft) {
  HeadDistances made;
  made.heads = 4;
  made.distances = {0,   .9f, .1f, .5f,  //
                    .9f, 0,   .8f, .2f,  //
                    .1f, .8f, 0,   .6f,  //
                    .5f, .2f, .6f, 0};
  EXPECT_THAT(likenessOrder(made), ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(likenessOrder(made, 1), ElementsAre(1, 3, 0, 2));
}

}  // namespace
}  // namespace headlight
