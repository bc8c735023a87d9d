#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/attend_rows.h"
#include "core/attention/fused_rows.h"
#include "core/attention/kernels/simd.h"
#include "core/attention/project.h"
#include "core/base/eigen.h"
#include "plans.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class Fused : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override { ASSERT_TRUE(useSimdLevel(GetParam()).ok()); }
  void TearDown() override { ASSERT_TRUE(useSimdLevel("").ok()); }
};

INSTANTIATE_TEST_SUITE_P(Levels, Fused, testing::ValuesIn(simdLevels()),
                         [](const auto& level) { return std::string(level.param); });

/// Runs by chance: mostly one that ends at the row, else pieces, at times none.
std::vector<std::vector<KeyRun>> randomRuns(test::Numbers& numbers, std::int64_t rows, std::int64_t keys) {
  std::vector<std::vector<KeyRun>> all(static_cast<std::size_t>(rows));
  const bool causal = numbers.chance(0.4);
  const bool everything = !causal && numbers.chance(0.3);
  for (std::int64_t i = 0; i < rows; ++i) {
    std::vector<KeyRun>& runs = all[static_cast<std::size_t>(i)];
    if (everything || causal) {
      runs.push_back({0, everything ? keys : std::min(i + 1, keys)});
      continue;
    }
    std::int64_t at = numbers.whole(0, 5);
    while (at < keys && !numbers.chance(0.05)) {
      const std::int64_t end = std::min(keys, at + numbers.whole(1, numbers.chance(0.1) ? 300 : 9));
      runs.push_back({at, end});
      at = end + numbers.whole(1, numbers.chance(0.1) ? 300 : 9);
    }
  }
  return all;
}

struct Sample {
  Matrix q, k, v;
  PackedKeys packed;
  MixValues mixing;
  std::vector<std::vector<KeyRun>> runs;
  std::vector<std::span<const KeyRun>> kept;
  FusedInput input;

  Sample(test::Numbers& numbers, std::int64_t rows, std::int64_t keys, std::int64_t depth, std::int64_t width)
      : q(test::normalMatrix(numbers, rows, depth)),
        k(test::normalMatrix(numbers, keys, depth)),
        v(test::normalMatrix(numbers, keys, width)),
        packed(packKeys(k)),
        mixing(mixValues(v)),
        runs(randomRuns(numbers, rows, keys)),
        kept(runs.begin(), runs.end()) {
    input.queries = q.data();
    input.keys = packed.panels.data();
    input.depth = depth;
    input.keyCount = keys;
    input.values = mixing.of(v);
    input.valueWidth = mixing.width;
    input.scale = 1 / std::sqrt(static_cast<float>(depth));
    input.kept = kept;
  }
};

/// Sums, head outputs and, where they stand in the block, e_j of the sample against Eigen in double.
void expectAsInEigen(const Sample& s, const FusedBlock& block, const std::string& where) {
  const Eigen::MatrixXd K = asEigen(s.k).cast<double>();
  const Eigen::MatrixXd V = asEigen(s.v).cast<double>();
  for (std::size_t r = 0; r < s.kept.size(); ++r) {
    const auto i = static_cast<Eigen::Index>(r);
    const SoftmaxRow& row = block.rows[r];
    if (s.kept[r].empty()) {
      ASSERT_EQ(row.sum, 0);
      ASSERT_EQ(row.largest, -kInfinity);
      continue;
    }
    const Eigen::VectorXd scores =
        K * asEigen(s.q).row(i).transpose().cast<double>() * static_cast<double>(s.input.scale);
    double most = -1e300;
    double least = 1e300;
    for (const KeyRun& run : s.kept[r]) {
      const auto part = scores.segment(run.begin, run.end - run.begin);
      most = std::max(most, part.maxCoeff());
      least = std::min(least, part.minCoeff());
    }
    const double tau = static_cast<double>(s.input.temperature);
    double sum = 0;
    double weighted = 0;
    Eigen::VectorXd mixed = Eigen::VectorXd::Zero(V.cols());
    for (const KeyRun& run : s.kept[r]) {
      const Eigen::ArrayXd z = (scores.segment(run.begin, run.end - run.begin).array() - most) / tau;
      const Eigen::ArrayXd e = z.exp();
      sum += e.sum();
      weighted += (e * z).sum();
      mixed += V.middleRows(run.begin, run.end - run.begin).transpose() * e.matrix();
    }
    ASSERT_NEAR(row.largest, most, 3e-6 * (1 + std::abs(most))) << where;
    ASSERT_NEAR(row.smallest, least, 3e-6 * (1 + std::abs(least))) << where;
    ASSERT_NEAR(row.sum / sum, 1, 2e-5) << where << " row " << r;
    ASSERT_NEAR(row.weighted / row.sum, weighted / sum, 4e-5) << where << " row " << r;
    for (Eigen::Index c = 0; c < V.cols(); ++c) {
      const float got =
          block.mixed[r * static_cast<std::size_t>(s.input.valueWidth) + static_cast<std::size_t>(c)];
      ASSERT_NEAR(static_cast<double>(got) / row.sum, mixed(c) / sum, 2e-5) << where << " row " << r;
    }
  }
}

TEST_P(Fused, RowsAreAsInEigen) {
  test::Numbers numbers(31);
  for (const std::int64_t keys : {1, 7, 63, 500, 1000, 2300}) {
    for (const std::int64_t depth : {1, 3, 8, 40, 64, 80, 128}) {
      if (keys > 500 && depth != 40 && depth != 64) continue;
      Sample s(numbers, numbers.whole(1, 50), keys, depth, numbers.whole(1, 70));
      if (numbers.chance(0.4)) s.input.temperature = 0.6f;
      FusedBlock block;
      fusedRows(s.input, block);
      expectAsInEigen(s, block, "keys " + std::to_string(keys) + ", depth " + std::to_string(depth));
    }
  }
}

TEST_P(Fused, MaskedKeysGetTheExponentialZero) {
  test::Numbers numbers(32);
  for (int round = 0; round < 40; ++round) {
    const std::int64_t keys = numbers.whole(1, 200);
    Sample s(numbers, numbers.whole(1, 20), keys, 5, 3);
    FusedBlock block;
    fusedRows(s.input, block);
    for (std::size_t r = 0; r < s.kept.size(); ++r) {
      const auto row = static_cast<std::int64_t>(r);
      for (const PanelRun& run : block.runsOf(row)) {
        for (std::int64_t j = run.begin * kPanelWidth; j < run.end * kPanelWidth; ++j) {
          bool kept = false;
          for (const KeyRun& part : s.kept[r]) kept = kept || (j >= part.begin && j < part.end);
          const float e = block.scores[static_cast<std::size_t>(row * block.stride + j)];
          ASSERT_EQ(e > 0, kept) << r << ", " << j;
        }
      }
    }
  }
}

TEST_P(Fused, NanAndInfinityOfMaskedKeysDoNotLeak) {
  test::Numbers numbers(33);
  for (const float bad : {kNan, kInfinity, -kInfinity}) {
    Sample s(numbers, 40, 700, 16, 20);
    Sample clean = s;
    std::vector<bool> keptBySome(700, false);
    for (const auto& runs : s.runs) {
      for (const KeyRun& run : runs)
        std::fill(keptBySome.begin() + run.begin, keptBySome.begin() + run.end, true);
    }
    for (std::int64_t j = 0; j < 700; ++j) {
      if (!keptBySome[static_cast<std::size_t>(j)]) std::fill_n(s.k.row(j), 16, bad);
    }
    s.packed = packKeys(s.k);
    FusedBlock dirty;
    FusedBlock other;
    s.kept.assign(s.runs.begin(), s.runs.end());
    s.input.keys = s.packed.panels.data();
    s.input.values = s.mixing.of(s.v);
    s.input.queries = s.q.data();
    s.input.kept = s.kept;
    fusedRows(s.input, dirty);
    clean.kept.assign(clean.runs.begin(), clean.runs.end());
    clean.input.keys = clean.packed.panels.data();
    clean.input.values = clean.mixing.of(clean.v);
    clean.input.queries = clean.q.data();
    clean.input.kept = clean.kept;
    fusedRows(clean.input, other);
    for (std::size_t r = 0; r < 40; ++r) EXPECT_EQ(dirty.rows[r].sum, other.rows[r].sum);
    EXPECT_EQ(std::memcmp(dirty.mixed.data(), other.mixed.data(), dirty.mixed.size() * sizeof(float)), 0);
  }
}

/// A row alone gives the bits it has among others, with other masks around it.
TEST_P(Fused, ARowsBitsDoNotDependOnItsNeighbours) {
  test::Numbers numbers(34);
  for (const std::int64_t keys : {90, 1500, 3000}) {
    Sample s(numbers, 13, keys, 24, 33);
    FusedBlock all;
    fusedRows(s.input, all);
    for (std::size_t r = 0; r < 13; ++r) {
      FusedInput one = s.input;
      one.queries = s.q.row(static_cast<std::int64_t>(r));
      one.kept = std::span(s.kept).subspan(r, 1);
      FusedBlock alone;
      fusedRows(one, alone);
      ASSERT_EQ(alone.rows[0].sum, all.rows[r].sum);
      ASSERT_EQ(alone.rows[0].weighted, all.rows[r].weighted);
      ASSERT_EQ(
          std::memcmp(alone.mixed.data(), all.mixed.data() + r * static_cast<std::size_t>(one.valueWidth),
                      static_cast<std::size_t>(one.valueWidth) * sizeof(float)),
          0);
    }
  }
}

TEST_P(Fused, WeightsInTheCallersMemoryAreThoseOfTheField) {
  ThreadPool pool(1);
  test::Numbers numbers(35);
  for (const std::int64_t length : {1, 7, 63, 130, 2100}) {
    AttentionPlan plan = test::drawnPlan(numbers, std::min<std::int64_t>(length, 150), length, 8, 5, 0.35);
    plan.masks = {test::mask("window")};
    plan.masks.back().set("left", 700);
    plan.masks.back().set("right", -2);
    const std::int64_t queries = plan.inputs.sizes.queries;
    for (const std::int64_t stride : {length, (length + 15) / 16 * 16}) {
      AlignedFloats weights(static_cast<std::size_t>(queries * stride), 7.0f);
      AttendOptions options;
      options.weights = {.data = weights.data(), .headStride = queries * stride, .rowStride = stride};
      const auto run = attend(plan, nullptr, pool, options);
      ASSERT_TRUE(run);
      const std::vector<float> field = test::cells(*run, Stage::weights);
      for (std::int64_t i = 0; i < queries; ++i) {
        ASSERT_EQ(std::memcmp(weights.data() + i * stride, field.data() + i * length,
                              static_cast<std::size_t>(length) * sizeof(float)),
                  0)
            << length << ", row " << i;
      }
    }
  }
}

TEST_P(Fused, RowsOfLongSequencesSumToOne) {
  ThreadPool pool(1);
  test::Numbers numbers(36);
  const AttentionPlan plan = test::drawnPlan(numbers, 20, 4096, 16, 4, 0.5);
  const auto run = attend(plan, nullptr, pool);
  ASSERT_TRUE(run);
  const std::vector<float> weights = test::cells(*run, Stage::weights);
  for (std::size_t i = 0; i < 20; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 4096; ++j) sum += static_cast<double>(weights[i * 4096 + j]);
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR((*run)->statistics->heads[0].rows[i].weightSum, 1, 1e-6);
  }
}

/// Not finite values reach the rows that keep their key, and no others; those keep their bits.
TEST_P(Fused, OddValuesReachTheirOwnRowsOnly) {
  ThreadPool pool(1);
  test::Numbers numbers(37);
  AttentionPlan plan = test::drawnPlan(numbers, 60, 60, 8, 16, 0.35);
  plan.masks = {test::mask("causal")};
  const auto before = attend(plan, nullptr, pool);
  ASSERT_TRUE(before);
  Matrix v = (*plan.inputs.v)[0];
  v(30, 2) = kNan;
  v(40, 5) = kInfinity;
  plan.inputs.v = test::given({std::move(v)}, 99);
  const auto after = attend(plan, nullptr, pool);
  ASSERT_TRUE(after);
  for (std::int64_t i = 0; i < 60; ++i) {
    for (std::int64_t c = 0; c < 16; ++c) {
      const float was = (*(*before)->mixed)[0](i, c);
      const float is = (*(*after)->mixed)[0](i, c);
      if (i >= 30 && c == 2) {
        ASSERT_TRUE(std::isnan(is)) << i;
      } else if (i >= 40 && c == 5) {
        ASSERT_EQ(is, kInfinity) << i;
      } else {
        ASSERT_EQ(is, was) << i << ", " << c;
      }
    }
  }
}

TEST_P(Fused, OverviewIsThatOfTheCells) {
  ThreadPool pool(2);
  test::Numbers numbers(38);
  for (const std::int64_t length : {40, 333, 2500}) {
    AttentionPlan plan = test::drawnPlan(numbers, std::min<std::int64_t>(length, 300), length, 8, 4, 0.5);
    plan.masks = {test::mask("window")};
    plan.masks.back().set("left", 900);
    plan.masks.back().set("right", 70);
    AttendOptions options;
    options.overview = true;
    const auto run = attend(plan, nullptr, pool, options);
    ASSERT_TRUE(run);
    ASSERT_TRUE((*run)->overviews);
    const auto cells = overviewsOfCells(*run, pool);
    const Overviews& fast = *(*run)->overviews;
    ASSERT_EQ(fast.grid, cells->grid);
    for (std::size_t n = 0; n < fast.heads[0].maximum.size(); ++n) {
      const auto near = [](std::uint16_t a, std::uint16_t b) {
        return std::abs(fromHalf(a) - fromHalf(b)) <= 1.5e-3f * std::abs(fromHalf(b)) + 1e-7f;
      };
      ASSERT_TRUE(near(fast.heads[0].maximum[n], cells->heads[0].maximum[n])) << length << ", " << n;
      ASSERT_TRUE(near(fast.heads[0].mean[n], cells->heads[0].mean[n])) << length << ", " << n;
    }
  }
}

}  // namespace
}  // namespace headlight
