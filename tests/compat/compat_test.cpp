// Files of every version that was given out. They open for ever and give the numbers they gave then: a file
// is added with each version, none is ever changed.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/experiment/carried_files.h"
#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

const std::string kFolder = std::string(HEADLIGHT_SOURCE_DIR) + "/tests/compat";

struct Known {
  int head;
  std::int64_t row;
  std::vector<float> weights;
};

struct Opened {
  std::string name;
  std::vector<std::string> warnings;
  std::vector<Known> rows;
};

class Compat : public testing::TestWithParam<Opened> {};

TEST_P(Compat, OpensAndGivesTheSameWeights) {
  const Opened& file = GetParam();
  const auto decoded = readExperiment(kFolder + "/" + file.name + ".headlight.json");
  ASSERT_TRUE(decoded) << decoded.error().text();
  EXPECT_EQ(decoded->warnings, file.warnings);
  ThreadPool pool(1);
  const auto evaluation = evaluate(decoded->experiment, kFolder, nullptr, pool);
  ASSERT_TRUE(evaluation) << evaluation.error().text();
  for (const Known& known : file.rows) {
    const auto weights = Field::make((*evaluation)->run, Stage::weights, known.head);
    ASSERT_TRUE(weights);
    ASSERT_EQ(static_cast<std::size_t>(weights->cols()), known.weights.size());
    for (std::size_t j = 0; j < known.weights.size(); ++j) {
      EXPECT_NEAR(weights->cell(known.row, static_cast<std::int64_t>(j)), known.weights[j], 2e-6)
          << "head " << known.head << " [" << known.row << ", " << j << "]";
    }
  }
}

TEST_P(Compat, IsTheSameAfterSaving) {
  const auto decoded = readExperiment(kFolder + "/" + GetParam().name + ".headlight.json");
  ASSERT_TRUE(decoded);
  const auto again = fromText(toText(decoded->experiment));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->experiment, decoded->experiment);
}

const Opened kFiles[] = {
    {"version-1-patterns",
     {"[\"key of a later version\"]: unknown key, kept and not used"},
     {
         {0, 1, {0.8458835f, 0.1491754f, 0.0046727f, 0.0002261f, 0.0000422f}},
         {1, 2, {0.0004359f, 0.9882675f, 0.0095381f, 0.0013349f, 0.0004237f}},
         {2, 2, {0.3575577f, 0.0011288f, 0.0115456f, 0.6231982f, 0.0065697f}},
         {3, 3, {0.2596522f, 0.4394865f, 0.1747853f, 0.0975577f, 0.0285183f}},
     }},
    {"version-1-values",
     {},
     {
         {0, 0, {0.6513549f, 0.3486452f, 0.0f, 0.0f}},
         {0, 2, {0.2565325f, 0.2263891f, 0.2263891f, 0.2906893f}},
     }},
    {"version-1-qkv",
     {},
     {
         {0, 3, {0.1396734f, 0.0608018f, 0.0987295f, 0.7007952f, 0.0f, 0.0f, 0.0f, 0.0f}},
         {3, 7, {0.0016544f, 0.0243752f, 0.0084634f, 0.0098567f, 0.0003351f, 0.8653607f, 0.0899545f, 0.0f}},
     }},
    {"version-1-everything",
     {"[\"key of a later version\"]: unknown key, kept and not used"},
     {
         {0, 1, {0.100091f, 0.3898237f, 0.0387049f, 0.0f, 0.009388f}},
         {1, 0, {0.1404177f, 0.0f, 0.0431194f, 0.0f, 0.0f}},
         {3, 4, {0.0758725f, 0.0806539f, 0.453431f, 0.0f, 0.2712176f}},
     }},
};
INSTANTIATE_TEST_SUITE_P(Files, Compat, testing::ValuesIn(kFiles), [](const auto& file) {
  return file.param.name.substr(file.param.name.find_last_of('-') + 1);
});

/// Figures that carry one of those experiments, alone or with the files that it reads.
struct Carrying {
  std::string figure;
  std::string of;
};

class CompatFigure : public testing::TestWithParam<Carrying> {};

TEST_P(CompatFigure, OpensAsTheExperimentItWasMadeOf) {
  const Carrying& carrying = GetParam();
  const testing_files::TemporaryFolder elsewhere;
  const std::string path = elsewhere.path(carrying.figure);
  std::filesystem::copy(kFolder + "/" + carrying.figure, path);
  const auto decoded = readExperiment(path);
  ASSERT_TRUE(decoded) << decoded.error().text();
  const auto original = readExperiment(kFolder + "/" + carrying.of + ".headlight.json");
  ASSERT_TRUE(original) << original.error().text();
  ThreadPool pool(1);
  std::string folder = elsewhere.path(".");
  if (!decoded->data.empty()) {
    const auto unpacked = folderOfCarried(decoded->data, folder, elsewhere.path("cache"));
    ASSERT_TRUE(unpacked) << unpacked.error().text();
    folder = *unpacked;
  }
  const auto again = evaluate(decoded->experiment, folder, nullptr, pool);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE((*again)->prepared->warnings.empty());
  const auto then = evaluate(original->experiment, kFolder, nullptr, pool);
  ASSERT_TRUE(then) << then.error().text();
  ASSERT_EQ((*again)->run->sizes.heads, (*then)->run->sizes.heads);
  for (int head = 0; head < (*then)->run->sizes.heads; ++head) {
    const auto here = Field::make((*again)->run, Stage::weights, head);
    const auto there = Field::make((*then)->run, Stage::weights, head);
    ASSERT_TRUE(here && there);
    ASSERT_EQ(here->rows(), there->rows());
    ASSERT_EQ(here->cols(), there->cols());
    for (std::int64_t i = 0; i < here->rows(); ++i) {
      for (std::int64_t j = 0; j < here->cols(); ++j) EXPECT_EQ(here->cell(i, j), there->cell(i, j));
    }
  }
}

const Carrying kFigures[] = {
    {"version-1-figure.png", "version-1-values"},    {"version-1-figure.svg", "version-1-values"},
    {"version-1-figure.pdf", "version-1-values"},    {"version-1-figure-files.png", "version-1-qkv"},
    {"version-1-figure-files.svg", "version-1-qkv"}, {"version-1-figure-files.pdf", "version-1-qkv"},
};
INSTANTIATE_TEST_SUITE_P(Figures, CompatFigure, testing::ValuesIn(kFigures), [](const auto& file) {
  std::string name = file.param.figure.substr(std::string("version-1-").size());
  for (char& letter : name) letter = letter == '-' || letter == '.' ? '_' : letter;
  return name;
});

}  // namespace
}  // namespace headlight
