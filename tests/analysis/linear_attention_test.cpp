// Linear attention beside its weights written out, and what it costs beside a count.
#include "core/analysis/linear_attention.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "core/analysis/pattern_loss.h"
#include "tests/analysis/given_run.h"

namespace headlight {
namespace {

using Table = std::vector<std::vector<double>>;

Heads randomHeads(int heads, std::int64_t rows, std::int64_t cols, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, 1);
  Heads all;
  for (int h = 0; h < heads; ++h) {
    Matrix matrix(rows, cols);
    for (std::int64_t n = 0; n < matrix.size(); ++n) matrix.data()[n] = normal(engine);
    all.push_back(std::move(matrix));
  }
  return all;
}

AttentionPlan givenPlan(std::int64_t queries, std::int64_t keys, std::vector<Kinded> masks,
                        std::vector<bool> padded = {}) {
  AttentionPlan plan;
  plan.inputs.sizes = {queries, keys, 4, 2, 0, 5, 3};
  plan.inputs.q = {1, std::make_shared<const Heads>(randomHeads(4, queries, 5, 11))};
  plan.inputs.k = {2, std::make_shared<const Heads>(randomHeads(2, keys, 5, 12))};
  plan.inputs.v = {3, std::make_shared<const Heads>(randomHeads(2, keys, 3, 13))};
  plan.inputs.paddedKeys = std::move(padded);
  plan.masks = std::move(masks);
  plan.normalizer = {"softmax", {}};
  return plan;
}

double phi(double x) {
  return (x > 0 ? x : std::exp(x) - 1) + 1;  // elu(x) + 1
}

// The explicit weights φ(q_i) · φ(k_j) ÷ Σ over kept keys, from the plan's own matrices.
Table slowWeights(const AttentionPlan& plan, const Run& run, int head) {
  const Matrix& q = (*plan.inputs.q)[static_cast<std::size_t>(head)];
  const Matrix& k = (*plan.inputs.k)[static_cast<std::size_t>(head / 2)];
  Table weights(static_cast<std::size_t>(q.rows()));
  for (std::int64_t i = 0; i < q.rows(); ++i) {
    std::vector<double>& row = weights[static_cast<std::size_t>(i)];
    row.resize(static_cast<std::size_t>(k.rows()));
    double sum = 0;
    for (std::int64_t j = 0; j < k.rows(); ++j) {
      if (!run.mask->keeps(head, i, j)) continue;
      for (std::int64_t d = 0; d < q.cols(); ++d)
        row[static_cast<std::size_t>(j)] += phi(q(i, d)) * phi(k(j, d));
      sum += row[static_cast<std::size_t>(j)];
    }
    for (double& weight : row) weight = sum == 0 ? 0 : weight / sum;
  }
  return weights;
}

Table slowOutputs(const AttentionPlan& plan, const Run& run, int head) {
  const Table weights = slowWeights(plan, run, head);
  const Matrix& v = (*plan.inputs.v)[static_cast<std::size_t>(head / 2)];
  Table outputs(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    outputs[i].resize(static_cast<std::size_t>(v.cols()));
    for (std::int64_t j = 0; j < v.rows(); ++j) {
      for (std::int64_t c = 0; c < v.cols(); ++c)
        outputs[i][static_cast<std::size_t>(c)] += weights[i][static_cast<std::size_t>(j)] * v(j, c);
    }
  }
  return outputs;
}

class LinearAttention : public testing::Test {
 protected:
  void compare(const AttentionPlan& plan) {
    const auto run = test::evaluated(plan);
    for (int head = 0; head < 4; ++head) {
      const Table expected = slowOutputs(plan, *run, head);
      std::int64_t rows = 0;
      const Status status =
          linearAttention(*run, head, [&](std::int64_t i, std::span<const double> output, double sum) {
            EXPECT_EQ(i, rows++);
            EXPECT_EQ(sum > 0, run->mask->kept(head, i) > 0) << i;
            for (std::size_t c = 0; c < output.size(); ++c)
              EXPECT_NEAR(output[c], expected[static_cast<std::size_t>(i)][c], 1e-12) << i << ", " << c;
          });
      ASSERT_TRUE(status) << status.error().text();
      EXPECT_EQ(rows, run->sizes.queries);
      const Table weights = slowWeights(plan, *run, head);
      std::vector<double> row(static_cast<std::size_t>(run->sizes.keys));
      for (std::int64_t i = 0; i < rows; ++i) {
        ASSERT_TRUE(linearWeights(*run, head, i, row));
        for (std::size_t j = 0; j < row.size(); ++j)
          EXPECT_NEAR(row[j], weights[static_cast<std::size_t>(i)][j], 1e-12);
      }
    }
  }
};

TEST_F(LinearAttention, IsTheWeightsWrittenOut) {
  EXPECT_EQ(linearFeature(0), 1);
  EXPECT_EQ(linearFeature(2), 3);
  EXPECT_NEAR(linearFeature(-1), std::exp(-1.0), 1e-15);
  compare(givenPlan(7, 9, {}));
  compare(givenPlan(1, 1, {}));
}

TEST_F(LinearAttention, IsCausalAndLeavesPaddingOut) {
  compare(givenPlan(8, 8, {{"causal", {}}}));
  compare(givenPlan(6, 9, {{"causal", {{"align", "bottom_right"}}}}));
  const std::vector<bool> padded{true, false, false, true, false, false, true, true};
  compare(givenPlan(8, 8, {{"padding", {}}}, padded));
  // The first row then keeps no key at all.
  compare(givenPlan(8, 8, {{"causal", {}}, {"padding", {}}}, padded));
}

TEST_F(LinearAttention, RefusesMasksThatTakeKeysAway) {
  for (const Kinded& mask : {Kinded{"window", {{"left", 1}, {"right", 0}}}, Kinded{"chunked", {{"size", 2}}},
                             Kinded{"strided", {{"stride", 2}}}}) {
    const auto run = test::evaluated(givenPlan(6, 6, {mask}));
    const Status status = linearAttention(*run, 0, [](std::int64_t, std::span<const double>, double) {});
    ASSERT_FALSE(status) << mask.kind;
    EXPECT_THAT(status.error().text(), testing::HasSubstr("none, causal and padding"));
  }
  const auto run = test::evaluated(givenPlan(3, 3, {}));
  EXPECT_FALSE(linearAttention(*run, 4, [](std::int64_t, std::span<const double>, double) {}));
  std::vector<double> row(3);
  EXPECT_FALSE(linearWeights(*run, 0, 3, row));
  Cancel cancel = Cancel::make();
  cancel.request();
  const auto stopped = linearAttention(
      *run, 0, [](std::int64_t, std::span<const double>, double) {}, cancel);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST_F(LinearAttention, ErrorsAreThoseOfTheCells) {
  const AttentionPlan plan = givenPlan(9, 9, {{"causal", {}}});
  const auto run = test::evaluated(plan);
  for (int head = 0; head < 4; ++head) {
    const Table outputs = slowOutputs(plan, *run, head);
    const Table implied = slowWeights(plan, *run, head);
    const auto expected = *Field::make(run, Stage::headOutput, head);
    const auto weights = *Field::make(run, Stage::weights, head);
    double difference = 0;
    double size = 0;
    double elsewhere = 0;
    for (std::int64_t i = 1; i < 9; ++i) {  // the first row has one key
      const auto at = static_cast<std::size_t>(i);
      for (std::int64_t c = 0; c < 3; ++c) {
        const double o = expected.cell(i, c);
        difference += std::pow(outputs[at][static_cast<std::size_t>(c)] - o, 2);
        size += o * o;
      }
      for (std::int64_t j = 0; j < 9; ++j)
        elsewhere += 0.5 * std::abs(implied[at][static_cast<std::size_t>(j)] - weights.cell(i, j)) / 8;
    }
    const auto error = linearOutputError(run, head);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->rows, 8);
    EXPECT_NEAR(error->number, std::sqrt(difference / size), 1e-9);
    EXPECT_GT(error->number, 0.01) << "it is another attention";
    const auto change = linearWeightChange(run, head);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->rows, 8);
    EXPECT_NEAR(change->number, elsewhere, 1e-9);
  }
}

}  // namespace
}  // namespace headlight
