#include <gtest/gtest.h>

#include "core/attention/kernels/multiply.h"
#include "core/attention/kernels/simd.h"
#include "core/attention/merge.h"
#include "core/attention/project.h"
#include "core/base/eigen.h"
#include "plans.h"

namespace headlight {
namespace {

class Dense : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override { ASSERT_TRUE(useSimdLevel(GetParam()).ok()); }
  void TearDown() override { ASSERT_TRUE(useSimdLevel("").ok()); }
};

INSTANTIATE_TEST_SUITE_P(Levels, Dense, testing::ValuesIn(simdLevels()),
                         [](const auto& level) { return std::string(level.param); });

Caused<Linear> linear(test::Numbers& numbers, std::int64_t in, std::int64_t out, bool biased) {
  auto made = std::make_shared<Linear>();
  made->weight = test::normalMatrix(numbers, in, out, 0.2f);
  for (std::int64_t n = 0; biased && n < out; ++n) made->bias.push_back(numbers.normal());
  return {numbers.key(), made};
}

/// x W + b in double.
Eigen::MatrixXd product(const Matrix& x, const Linear& linear) {
  Eigen::MatrixXd y = asEigen(x).cast<double>() * asEigen(linear.weight).cast<double>();
  for (std::size_t c = 0; c < linear.bias.size(); ++c) {
    y.col(static_cast<Eigen::Index>(c)).array() += static_cast<double>(linear.bias[c]);
  }
  return y;
}

TEST_P(Dense, ProjectionsAreAsInEigen) {
  ThreadPool pool(2);
  test::Numbers numbers(51);
  for (const std::int64_t length : {1, 7, 63, 600}) {
    for (const std::int64_t d : {1, 3, 8, 16, 40, 64, 80, 128}) {
      if (length == 600 && d != 8 && d != 64) continue;
      const int heads = static_cast<int>(numbers.whole(1, 5));
      Inputs inputs;
      inputs.sizes = {
          .queries = length, .keys = length, .heads = heads, .kvHeads = 1, .dModel = 37, .dK = d, .dV = d};
      inputs.x = {1, std::make_shared<Matrix>(test::normalMatrix(numbers, length, 37))};
      inputs.wQ = linear(numbers, 37, heads * d, true);
      inputs.wK = linear(numbers, 37, d, false);
      inputs.wV = linear(numbers, 37, d, true);
      const auto projected = project(inputs, pool, {});
      const Eigen::MatrixXd q = product(*inputs.x, *inputs.wQ);
      for (int head = 0; head < heads; ++head) {
        const Eigen::MatrixXd got = asEigen(projected->q[static_cast<std::size_t>(head)]).cast<double>();
        ASSERT_LE((got - q.middleCols(head * d, d)).cwiseAbs().maxCoeff(), 2e-5) << length << ", " << d;
      }
      const Eigen::MatrixXd v = asEigen(projected->v[0]).cast<double>();
      ASSERT_LE((v - product(*inputs.x, *inputs.wV)).cwiseAbs().maxCoeff(), 2e-5);
      // Packed keys hold k, and zeros behind the last key.
      const PackedKeys& packed = projected->packed[0];
      for (std::int64_t j = 0; j < (length + 15) / 16 * 16; ++j) {
        for (std::int64_t e = 0; e < d; ++e) {
          const std::int64_t at = j / kPanelWidth * d * kPanelWidth + e * kPanelWidth + j % kPanelWidth;
          ASSERT_EQ(packed.panels[static_cast<std::size_t>(at)], j < length ? projected->k[0](j, e) : 0.0f);
        }
      }
    }
  }
}

TEST_P(Dense, MergedOutputIsAsInEigenWithoutAblatedHeads) {
  ThreadPool pool(2);
  test::Numbers numbers(52);
  for (const std::int64_t rows : {1, 7, 63, 600}) {
    for (const std::int64_t width : {1, 16, 33, 64, 130}) {
      const std::size_t heads = 3;
      const std::int64_t d = numbers.whole(1, 40);
      auto mixed = std::make_shared<Heads>();
      for (std::size_t h = 0; h < heads; ++h) mixed->push_back(test::normalMatrix(numbers, rows, d));
      const Caused<Linear> wO = linear(numbers, static_cast<std::int64_t>(heads) * d, width, true);
      const std::vector<bool> ablated{false, numbers.chance(0.5), false};
      const auto out = merge(mixed, ablated, wO, Mistake{}, pool, {});
      Matrix side(rows, static_cast<std::int64_t>(heads) * d);
      for (std::size_t h = 0; h < heads; ++h) {
        for (std::int64_t i = 0; i < rows; ++i) {
          for (std::int64_t c = 0; c < d; ++c) {
            side(i, static_cast<std::int64_t>(h) * d + c) = ablated[h] ? 0.0f : (*mixed)[h](i, c);
            ASSERT_EQ(out->headOutput[h](i, c), ablated[h] ? 0.0f : (*mixed)[h](i, c));
          }
        }
      }
      const Eigen::MatrixXd got = asEigen(out->output).cast<double>();
      ASSERT_LE((got - product(side, *wO)).cwiseAbs().maxCoeff(), 4e-5) << rows << ", " << width;
    }
  }
}

TEST_P(Dense, AddingInPiecesOfTheDepthGivesTheSameBits) {
  test::Numbers numbers(53);
  const Matrix a = test::normalMatrix(numbers, 9, 50);
  // Rows of 48 columns side by side are panels too.
  const Matrix b = test::normalMatrix(numbers, 50, 48);
  const PanelsView right{b.data(), kPanelWidth, 48};
  Matrix whole(9, 48);
  multiply(a.data(), 50, 9, right, 3, 50, 1, Into::empty, whole.data(), 48);
  const Eigen::MatrixXd exact = asEigen(a).cast<double>() * asEigen(b).cast<double>();
  ASSERT_LE((asEigen(whole).cast<double>() - exact).cwiseAbs().maxCoeff(), 2e-5);
  for (int round = 0; round < 20; ++round) {
    Matrix pieces(9, 48);
    for (std::int64_t k = 0; k < 50;) {
      const std::int64_t count = std::min<std::int64_t>(numbers.whole(1, 20), 50 - k);
      multiply(a.data() + k, 50, 9, {b.row(k), kPanelWidth, 48}, 3, count, 1, Into::sum, pieces.data(), 48);
      k += count;
    }
    ASSERT_EQ(pieces, whole);
  }
}

}  // namespace
}  // namespace headlight
