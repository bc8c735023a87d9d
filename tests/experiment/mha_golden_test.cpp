#include <cmath>
#include <filesystem>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/attention/reference.h"
#include "core/files/read_file.h"
#include "core/files/tensor_file.h"
#include "tests/experiment/support.h"

// What PyTorch gives for the experiments in tests/golden/torch, made by the script there.

namespace headlight {
namespace {

const std::string kFolder = HEADLIGHT_SOURCE_DIR "/tests/golden/torch";
constexpr double kWeights = 2e-6;
constexpr double kFloat = 1e-5;
constexpr double kReference = 1e-10;

std::vector<std::string> goldenNames() {
  std::vector<std::string> names;
  constexpr std::string_view kEnding = ".headlight.json";
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kEnding)) names.push_back(name.substr(0, name.size() - kEnding.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Largest |found − expected|, relative above 1; infinite where one is not finite and the other is another.
double difference(const std::vector<double>& found, std::span<const double> expected) {
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == expected[i]) continue;
    const double apart = std::abs(found[i] - expected[i]) / std::max(1.0, std::abs(expected[i]));
    largest = std::isnan(apart) ? std::numeric_limits<double>::infinity() : std::max(largest, apart);
  }
  return largest;
}

bool ofKeyValueHeads(Stage stage) {
  return stage == Stage::k || stage == Stage::v || stage == Stage::gradK || stage == Stage::gradV;
}

/// All heads of a stage, one behind the other.
std::vector<double> cellsOf(const std::shared_ptr<const Run>& run, Stage stage) {
  const int group = run->sizes.heads / run->sizes.kvHeads;
  const int heads = info(stage).perHead ? run->sizes.heads : 1;
  std::vector<double> all;
  for (int head = 0; head < heads; head += ofKeyValueHeads(stage) ? group : 1) {
    const Result<Field> field = Field::make(run, stage, head);
    EXPECT_TRUE(field) << field.error().text();
    if (!field) return {};
    std::vector<float> row(static_cast<std::size_t>(field->cols()));
    for (std::int64_t i = 0; i < field->rows(); ++i) {
      field->row(i, row.data());
      all.insert(all.end(), row.begin(), row.end());
    }
  }
  return all;
}

std::vector<double> lseOf(const Run& run) {
  std::vector<double> all;
  for (const HeadStatistics& head : run.statistics->heads) {
    for (const RowNumbers& row : head.rows) all.push_back(static_cast<double>(row.lse));
  }
  return all;
}

class Golden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string path = kFolder + "/" + GetParam();
    const auto text = readFile(path + ".headlight.json", std::uint64_t{1} << 20);
    ASSERT_TRUE(text) << text.error().text();
    const auto decoded = fromText(*text);
    ASSERT_TRUE(decoded) << decoded.error().text();
    experiment_ = decoded->experiment;
    auto expected = TensorFile::open(path + ".expected.npz");
    ASSERT_TRUE(expected) << expected.error().text();
    for (const TensorInfo& tensor : expected->tensors()) {
      auto values = expected->read(tensor.name, Precision::float64);
      ASSERT_TRUE(values) << values.error().text();
      expected_.emplace_back(tensor.name, std::move(*values));
    }
  }

  /// One element of the batch of an expected tensor, all of it where there is no batch.
  std::span<const double> element(const Tensor& tensor, int batch, int batches) const {
    const std::span<const double> all(tensor.doubles);
    const std::size_t size = all.size() / static_cast<std::size_t>(std::max(1, batches));
    return all.subspan(static_cast<std::size_t>(batch) * size, size);
  }

  const Tensor* find(std::string_view name) const {
    for (const auto& [known, tensor] : expected_) {
      if (known == name) return &tensor;
    }
    return nullptr;
  }

  Caused<Matrix> upstream(int batch, int batches) const {
    const Tensor* tensor = find("upstream");
    if (!tensor) return {};
    const auto values = element(*tensor, batch, batches);
    const std::int64_t cols = tensor->shape.back();
    Matrix matrix(static_cast<std::int64_t>(values.size()) / cols, cols);
    for (std::size_t i = 0; i < values.size(); ++i) matrix.data()[i] = static_cast<float>(values[i]);
    return {static_cast<std::uint64_t>(batch + 1), std::make_shared<const Matrix>(std::move(matrix))};
  }

  void compare(const Evaluation& evaluation, const ReferenceRun& reference, int batch, int batches) const {
    for (const auto& [name, tensor] : expected_) {
      if (name == "upstream") continue;
      SCOPED_TRACE(name + " of element " + std::to_string(batch));
      const auto expected = element(tensor, batch, batches);
      if (name == "lse") {
        EXPECT_LE(difference(lseOf(*evaluation.run), expected), kFloat);
        EXPECT_LE(difference(reference.row(RowQuantity::lse).doubles, expected), kReference);
        continue;
      }
      const auto stage = stageById(name);
      ASSERT_TRUE(stage) << name;
      EXPECT_LE(difference(cellsOf(evaluation.run, *stage), expected),
                stage == Stage::weights ? kWeights : kFloat);
      EXPECT_LE(difference(reference.stage(*stage).doubles, expected), kReference);
    }
  }

  Experiment experiment_;
  std::vector<std::pair<std::string, Tensor>> expected_;
};

TEST_P(Golden, EqualsPyTorch) {
  static ThreadPool pool(2);
  AttendOptions options;
  options.gradients = find("grad_q") != nullptr;
  ASSERT_GE(expected_.size(), 3u);
  int batches = 0;
  for (int batch = 0; batch == 0 || batch < batches; ++batch) {
    experiment_.view.batch = batch;
    if (batch == 0) {
      const auto prepared = prepare(experiment_, kFolder);
      ASSERT_TRUE(prepared) << prepared.error().text();
      batches = prepared->batches;
    }
    const auto evaluation = evaluate(experiment_, kFolder, nullptr, pool, options, upstream(batch, batches));
    ASSERT_TRUE(evaluation) << evaluation.error().text();
    AttentionPlan plan = (*evaluation)->prepared->plan;
    plan.upstream = upstream(batch, batches);
    const auto reference = referenceAttend(plan, {options.gradients});
    ASSERT_TRUE(reference) << reference.error().text();
    compare(**evaluation, *reference, batch, batches);
  }
}

INSTANTIATE_TEST_SUITE_P(Torch, Golden, testing::ValuesIn(goldenNames()), [](const auto& one) {
  std::string name = one.param;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name;
});

TEST(GoldenFolder, HoldsEveryCaseOfTheStateDictAndOfScaledDotProductAttention) {
  EXPECT_THAT(goldenNames(),
              testing::IsSupersetOf({"mha-packed", "mha-separate", "mha-widths", "mha-no-bias", "mha-bias-kv",
                                     "mha-zero-key", "mha-both-extra", "mha-decoder-layer", "mha-padding",
                                     "mha-mask-per-head", "sdpa-grouped", "sdpa-causal", "sdpa-bottom-right",
                                     "sdpa-float-mask", "sdpa-bool-mask", "maps-weights", "maps-scores"}));
}

}  // namespace
}  // namespace headlight
