// Gradients against differences of the reference, and what they must be by themselves.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/reference.h"
#include "plans.h"

namespace headlight {
namespace {

using test::cells;

// Steps and inputs are multiples of it, so that a float holds their sums exactly.
constexpr double kGrid = 0x1p-8;
constexpr double kStep = 0x1p-12;

Matrix onGrid(test::Numbers& numbers, std::int64_t rows, std::int64_t cols) {
  Matrix m = test::normalMatrix(numbers, rows, cols, 0.6f);
  for (std::int64_t n = 0; n < m.size(); ++n) {
    m.data()[n] = static_cast<float>(std::round(static_cast<double>(m.data()[n]) / kGrid) * kGrid);
  }
  return m;
}

Caused<Heads> headsOnGrid(test::Numbers& numbers, int count, std::int64_t rows, std::int64_t cols) {
  Heads made;
  for (int h = 0; h < count; ++h) made.push_back(onGrid(numbers, rows, cols));
  return test::given(std::move(made), numbers.key());
}

/// Six heads in two groups, a causal mask, W_O and an upstream gradient: everything odd-sized.
AttentionPlan groupedPlan(std::uint32_t seed) {
  test::Numbers numbers(seed);
  AttentionPlan plan;
  plan.inputs.sizes = {.queries = 7, .keys = 5, .heads = 6, .kvHeads = 2, .dModel = 5, .dK = 4, .dV = 3};
  plan.inputs.q = headsOnGrid(numbers, 6, 7, 4);
  plan.inputs.k = headsOnGrid(numbers, 2, 5, 4);
  plan.inputs.v = headsOnGrid(numbers, 2, 5, 3);
  auto wO = std::make_shared<Linear>();
  wO->weight = test::normalMatrix(numbers, 18, 5, 0.5f);
  wO->bias = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f};
  plan.inputs.wO = {21, wO};
  plan.upstream = {22, std::make_shared<Matrix>(test::normalMatrix(numbers, 7, 5))};
  plan.masks = {test::mask("causal")};
  plan.scale = 0.5;
  plan.normalizer = {"softmax", {}};
  return plan;
}

/// L = Σ upstream ∘ output, or concat.
double loss(const AttentionPlan& plan) {
  const auto made = referenceAttend(plan);
  if (!made) {
    ADD_FAILURE() << made.error().text();
    return 0;
  }
  const Tensor& y = made->stage(plan.inputs.wO ? Stage::output : Stage::concat);
  double sum = 0;
  for (std::size_t n = 0; n < y.doubles.size(); ++n) {
    const double weight = plan.upstream ? static_cast<double>(plan.upstream->data()[n]) : 1.0;
    sum += weight * y.doubles[n];
  }
  return sum;
}

/// dL/dx by central differences of two widths, so that what is left is of the fourth order.
template <class At>
double difference(AttentionPlan& plan, const At& at) {
  float& x = at();
  const float before = x;
  const auto moved = [&](double by) {
    x = static_cast<float>(static_cast<double>(before) + by);
    const double made = loss(plan);
    x = before;
    return made;
  };
  const double near = moved(kStep) - moved(-kStep);
  const double far = moved(2 * kStep) - moved(-2 * kStep);
  return (8 * near - far) / (12 * kStep);
}

void expectRelative(double got, double wanted, double scale, const std::string& what) {
  EXPECT_NEAR(got, wanted, 1e-7 * (scale + std::abs(wanted))) << what;
}

Heads& headsOf(AttentionPlan& plan, Stage stage) {
  Caused<Heads>& given = stage == Stage::gradQ   ? plan.inputs.q
                         : stage == Stage::gradK ? plan.inputs.k
                                                 : plan.inputs.v;
  auto own = std::make_shared<Heads>(*given);
  given.value = own;
  return *own;
}

/// The gradient before rotation of row p: rotation the other way.
std::vector<double> turnedBack(const Rotary& rotary, std::vector<double> row, std::int64_t p) {
  const auto turned = static_cast<std::size_t>(rotary.fraction * static_cast<double>(row.size()));
  for (std::size_t k = 0; k < turned / 2; ++k) {
    const double speed = std::pow(rotary.base, -2.0 * static_cast<double>(k) / static_cast<double>(turned));
    const double angle = static_cast<double>(p + rotary.offset) * speed;
    double& x = row[rotary.interleaved ? 2 * k : k];
    double& y = row[rotary.interleaved ? 2 * k + 1 : k + turned / 2];
    const double first = x * std::cos(angle) + y * std::sin(angle);
    y = y * std::cos(angle) - x * std::sin(angle);
    x = first;
  }
  return row;
}

/// grad_q, grad_k and grad_v of the reference against differences of its own outputs.
void expectDifferences(AttentionPlan plan, const std::string& name) {
  const auto made = referenceAttend(plan, {.gradients = true});
  ASSERT_TRUE(made.ok()) << made.error().text();
  for (const Stage stage : {Stage::gradQ, Stage::gradK, Stage::gradV}) {
    const Tensor& gradient = made->stage(stage);
    double scale = 0;
    for (const double number : gradient.doubles) scale = std::max(scale, std::abs(number));
    ASSERT_GT(scale, 0) << name;
    Heads& heads = headsOf(plan, stage);
    for (std::size_t h = 0; h < heads.size(); ++h) {
      const std::int64_t rows = heads[h].rows();
      const std::int64_t cols = heads[h].cols();
      for (std::int64_t i = 0; i < rows; ++i) {
        // Rows of extra keys stand behind those of the tokens.
        const std::int64_t at = (static_cast<std::int64_t>(h) * gradient.shape[1] + i) * cols;
        std::vector<double> row(gradient.doubles.begin() + at, gradient.doubles.begin() + at + cols);
        if (plan.inputs.rotary && stage != Stage::gradV) row = turnedBack(*plan.inputs.rotary, row, i);
        for (std::int64_t c = 0; c < cols; ++c) {
          const double slope = difference(plan, [&]() -> float& { return heads[h](i, c); });
          expectRelative(row[static_cast<std::size_t>(c)], slope, scale, name + std::string(info(stage).id));
        }
      }
    }
  }
}

TEST(Assertion, A27GradientsAreTheDifferencesOfTheLoss) {
  expectDifferences(groupedPlan(1), "causal and grouped ");
  AttentionPlan plan = groupedPlan(2);
  plan.softcap = 1.5;
  plan.temperature = 0.75;
  expectDifferences(plan, "softcap ");
  plan = groupedPlan(3);
  plan.inputs.rotary = Rotary{100, false, 1, 3};
  expectDifferences(plan, "rotary ");
  plan.inputs.rotary = Rotary{100, true, 0.5, 0};
  expectDifferences(plan, "interleaved rotary ");
  plan = groupedPlan(4);
  plan.mistake.meanMerge = true;
  expectDifferences(plan, "mean of heads ");
  plan = groupedPlan(5);
  plan.ablatedHeads = {1};
  plan.inputs.wO = {};
  plan.upstream = {};
  expectDifferences(plan, "all ones on concat, a head switched off ");
}

TEST(Assertion, A27ForEveryNormalizer) {
  for (const NormalizerKind& kind : normalizerKinds()) {
    AttentionPlan plan = groupedPlan(6);
    plan.normalizer = {std::string(kind.spec.kind), {}};
    if (plan.normalizer.kind == "sink") {
      plan.normalizer.set("logits",
                          List{Value(0.5), Value(-1.0), Value(0.0), Value(2.0), Value(0.25), Value(1.0)});
    }
    plan.temperature = 0.5;
    expectDifferences(plan, std::string(kind.spec.kind) + " ");
  }
}

TEST(Assertion, A27ExtraKeysHaveTheirRows) {
  AttentionPlan plan = groupedPlan(7);
  test::Numbers numbers(70);
  plan.inputs.sizes.extraKeys = 2;
  plan.inputs.sizes.keys += 2;
  plan.inputs.extraK = headsOnGrid(numbers, 2, 2, 4);
  plan.inputs.extraV = headsOnGrid(numbers, 2, 2, 3);
  expectDifferences(plan, "extra keys ");
  const auto made = referenceAttend(plan, {.gradients = true});
  EXPECT_EQ(made->stage(Stage::gradK).shape, (std::vector<std::int64_t>{2, 7, 4}));
  auto extra = std::make_shared<Heads>(*plan.inputs.extraV);
  plan.inputs.extraV.value = extra;
  for (std::int64_t row = 0; row < 2; ++row) {
    const double slope = difference(plan, [&]() -> float& { return (*extra)[1](row, 2); });
    const double got = made->stage(Stage::gradV).doubles[static_cast<std::size_t>((7 + 5 + row) * 3 + 2)];
    expectRelative(got, slope, 1, "extra v");
  }
}

/// A source of scores that can be changed.
class Scores : public GivenTensor {
 public:
  explicit Scores(std::vector<float> numbers)
      : shape_{static_cast<std::int64_t>(numbers.size())}, numbers_(std::move(numbers)) {}
  const std::vector<std::int64_t>& shape() const override { return shape_; }
  bool read(std::int64_t first, std::int64_t count, float* out) const override {
    std::copy_n(numbers_.begin() + first, count, out);
    return true;
  }
  float& at(std::size_t n) { return numbers_[n]; }

 private:
  std::vector<std::int64_t> shape_;
  std::vector<float> numbers_;
};

TEST(Assertion, A27GradientsOfScoresThatAreGiven) {
  for (const NormalizerKind& kind : normalizerKinds()) {
    test::Numbers numbers(27);
    AttentionPlan plan = groupedPlan(8);
    plan.inputs.q = {};
    plan.inputs.k = {};
    const Matrix cells = onGrid(numbers, 6 * 7, 5);
    const auto scores =
        std::make_shared<Scores>(std::vector<float>(cells.data(), cells.data() + cells.size()));
    plan.inputs.maps = {31, std::make_shared<GivenMaps>(GivenMaps{Stage::scaled, scores, 0, 35})};
    plan.normalizer = {std::string(kind.spec.kind), {}};
    if (plan.normalizer.kind == "sink") {
      plan.normalizer.set("logits",
                          List{Value(0.5), Value(-1.0), Value(0.0), Value(2.0), Value(0.25), Value(1.0)});
    }
    const auto made = referenceAttend(plan, {.gradients = true});
    EXPECT_FALSE(made->has(Stage::gradQ));
    for (std::size_t n = 0; n < 6 * 7 * 5; n += 3) {
      const double slope = difference(plan, [&]() -> float& { return scores->at(n); });
      expectRelative(made->stage(Stage::gradScores).doubles[n], slope, 1, std::string(kind.spec.kind));
      // A dropped pair has none.
      if (n % 5 > n / 5 % 7) {
        EXPECT_EQ(made->stage(Stage::gradScores).doubles[n], 0);
      }
    }
  }
}

TEST(Assertion, A27SlopesOfARowOfSoftmaxSumToZero) {
  for (const char* normalizer : {"softmax", "sparsemax", "entmax15"}) {
    AttentionPlan plan = groupedPlan(9);
    plan.normalizer = {normalizer, {}};
    const auto made = test::runWithGradients(plan);
    for (int h = 0; h < 6; ++h) {
      const auto slopes = cells(made, Stage::gradScores, h);
      for (std::size_t i = 0; i < 7; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 5; ++j) sum += static_cast<double>(slopes[i * 5 + j]);
        EXPECT_NEAR(sum, 0, 1e-6) << normalizer;
      }
    }
  }
}

TEST(Assertion, A9BackwardOfAnEmptyRowHasNoNan) {
  AttentionPlan plan = groupedPlan(10);
  plan.masks = {test::mask("causal", {{"offset", -1}})};
  plan.emptyRow = EmptyRow::zeros;
  const auto made = test::runWithGradients(plan);
  for (const Stage stage : {Stage::gradQ, Stage::gradK, Stage::gradV, Stage::gradScores}) {
    for (int h = 0; h < 6; ++h) {
      for (const float number : cells(made, stage, h)) EXPECT_TRUE(std::isfinite(number));
    }
  }
  for (int h = 0; h < 6; ++h) {
    const auto q = cells(made, Stage::gradQ, h);
    EXPECT_THAT(std::vector<float>(q.begin(), q.begin() + 4), testing::Each(0.0f));
    EXPECT_EQ(made->gradients->jacobianNorm[static_cast<std::size_t>(h)][0], 0.0f);
  }
}

TEST(Gradient, TheWeightsOfAnEmptyRowAreConstantButWeighItsValues) {
  AttentionPlan plan = groupedPlan(11);
  plan.masks = {test::mask("causal", {{"offset", -1}})};
  plan.emptyRow = EmptyRow::zeros;
  const auto zeros = test::runWithGradients(plan);
  plan.emptyRow = EmptyRow::uniform;
  const auto uniform = test::runWithGradients(plan);
  EXPECT_TRUE(test::sameBits(cells(zeros, Stage::gradQ), cells(uniform, Stage::gradQ)));
  EXPECT_TRUE(test::sameBits(cells(zeros, Stage::gradScores), cells(uniform, Stage::gradScores)));
  const Matrix& upstream = zeros->gradients->upstream[0];
  double added = 0;
  for (int h = 0; h < 3; ++h) {
    added += static_cast<double>(zeros->gradients->upstream[static_cast<std::size_t>(h)](0, 1)) / 5;
  }
  ASSERT_EQ(upstream.cols(), 3);
  EXPECT_NEAR(cells(uniform, Stage::gradV)[4 * 3 + 1] - cells(zeros, Stage::gradV)[4 * 3 + 1], added, 1e-5);
  plan.emptyRow = EmptyRow::nan;
  for (const float number : cells(test::runWithGradients(plan), Stage::gradQ)) {
    EXPECT_TRUE(std::isfinite(number));
  }
}

TEST(Gradient, NormOfTheJacobianOfFourEqualWeights) {
  // diag(1/4) − 1/16: Frobenius norm √3 ÷ 4, divided by τ.
  AttentionPlan plan = test::givenPlan(Matrix(1, 2), Matrix(4, 2), Matrix(4, 1), 1);
  EXPECT_NEAR(test::runWithGradients(plan)->gradients->jacobianNorm[0][0], std::sqrt(3.0) / 4, 1e-6);
  plan.temperature = 2;
  EXPECT_NEAR(test::runWithGradients(plan)->gradients->jacobianNorm[0][0], std::sqrt(3.0) / 8, 1e-6);
}

TEST(Gradient, ARowThatIsSureOfItsKeyHasNoneToSpeakOf) {
  AttentionPlan plan = test::givenPlan(test::matrix({{100}}), test::matrix({{1}, {0}, {-1}}),
                                       test::matrix({{3}, {2}, {1}}), 1);
  const auto made = test::runWithGradients(plan);
  EXPECT_NEAR(made->gradients->jacobianNorm[0][0], 0, 1e-6);
  EXPECT_THAT(cells(made, Stage::gradScores), testing::Each(testing::FloatNear(0, 1e-6f)));
}

TEST(Gradient, IsSharedWithTheRunBeforeAndMadeAnewForAnotherUpstream) {
  AttentionPlan plan = groupedPlan(12);
  ThreadPool pool(1);
  AttendOptions options;
  options.gradients = true;
  const auto first = *attend(plan, nullptr, pool, options);
  const auto second = *attend(plan, first.get(), pool, options);
  EXPECT_EQ(first->gradients.value, second->gradients.value);
  plan.upstream = {};
  const auto third = *attend(plan, second.get(), pool, options);
  EXPECT_NE(third->gradients.value, second->gradients.value);
  EXPECT_EQ(third->statistics.value, second->statistics.value);
  // Without statistics being asked for they are made all the same: the gradients stand on them.
  options.statistics = false;
  EXPECT_TRUE((*attend(plan, nullptr, pool, options))->gradients);
}

TEST(Gradient, StopsWhenCancelled) {
  AttentionPlan plan = groupedPlan(13);
  ThreadPool pool(1);
  AttendOptions options;
  options.gradients = true;
  const auto before = *attend(plan, nullptr, pool);
  options.cancel = Cancel::make();
  options.cancel.request();
  const auto made = attend(plan, before.get(), pool, options);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::cancelled);
}

TEST(Gradient, AnUpstreamOfAnotherShapeIsRefusedWithBoth) {
  AttentionPlan plan = groupedPlan(14);
  plan.upstream = {5, std::make_shared<Matrix>(7, 4)};
  ThreadPool pool(1);
  AttendOptions options;
  options.gradients = true;
  const auto made = attend(plan, nullptr, pool, options);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().what, testing::HasSubstr("7 × 4"));
  EXPECT_THAT(made.error().what, testing::HasSubstr("7 × 5"));
  EXPECT_FALSE(referenceAttend(plan, {.gradients = true}).ok());
}

TEST(Gradient, WeightsThatAreGivenLeaveTheValuesAlone) {
  test::Numbers numbers(15);
  AttentionPlan plan = groupedPlan(15);
  plan.inputs.q = {};
  plan.inputs.k = {};
  plan.masks.clear();
  plan.inputs.maps = {
      41, std::make_shared<GivenMaps>(
              GivenMaps{Stage::weights, test::givenTensor({210}, std::vector<float>(210, 0.2f)), 0, 35})};
  const auto made = test::runWithGradients(plan);
  EXPECT_TRUE(made->has(Stage::gradV));
  for (const Stage stage : {Stage::gradQ, Stage::gradK, Stage::gradScores}) EXPECT_FALSE(made->has(stage));
  EXPECT_FALSE(made->has(RowQuantity::jacobianNorm));
}

TEST(Gradient, NanInWhatAPairSharesReachesOnlyThatPair) {
  for (const Stage stage : {Stage::q, Stage::k, Stage::v}) {
    AttentionPlan plan = groupedPlan(16);
    plan.inputs.edits = {{stage, 0, 2, 0, std::numeric_limits<float>::quiet_NaN()}};
    const auto made = test::runWithGradients(plan);
    const auto slow = referenceAttend(plan, {.gradients = true});
    for (const Stage gradient : {Stage::gradQ, Stage::gradK, Stage::gradV, Stage::gradScores}) {
      const auto fast = cells(made, gradient, 0);
      for (std::size_t n = 0; n < fast.size(); ++n) {
        EXPECT_EQ(std::isnan(fast[n]), std::isnan(slow->stage(gradient).doubles[n]))
            << info(stage).id << " " << info(gradient).id << " " << n;
      }
    }
  }
}

}  // namespace
}  // namespace headlight
