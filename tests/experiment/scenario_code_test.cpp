#include "core/experiment/scenario_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/edit.h"
#include "core/experiment/examples.h"
#include "core/experiment/tensor_record.h"
#include "tests/experiment/random_experiment.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using testing::HasSubstr;

/// The code of an experiment that reads no file, or fails the test.
std::string codeOf(const Experiment& experiment) {
  const auto code = scenarioCode(experiment);
  EXPECT_TRUE(code) << code.error().text();
  return code ? *code : "";
}

std::string refusalOf(std::string_view code) {
  const auto read = fromScenarioCode(code);
  EXPECT_FALSE(read) << code;
  return read ? "" : read.error().text();
}

Experiment someExperiment() {
  return test::experimentOf(
      R"("title": "für später", "tokens": {"text": "it was tired"}, "shape": {"heads": 2, "d_k": 8},
         "mask": "causal", "view": {"stage": "masked", "head": 1, "pin": [2, 1]})");
}

TEST(ScenarioCode, RestoresTheExactState) {
  const Experiment experiment = someExperiment();
  const std::string code = codeOf(experiment);
  EXPECT_TRUE(isScenarioCode(code));
  EXPECT_EQ(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:"),
            std::string::npos)
      << code;
  EXPECT_LT(code.size(), 300U) << code;
  const auto read = fromScenarioCode(code);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, experiment);
}

TEST(ScenarioCode, IsShortForWhatIsAllDefault) {
  EXPECT_LT(codeOf(Experiment{}).size(), 40U);
  EXPECT_EQ(*fromScenarioCode(codeOf(Experiment{})), Experiment{});
}

TEST(ScenarioCode, OfTheSameStateIsTheSame) {
  EXPECT_EQ(codeOf(someExperiment()), codeOf(someExperiment()));
}

TEST(ScenarioCode, OfEveryExampleComesBack) {
  int made = 0;
  for (const std::string& name : exampleNames()) {
    const Experiment experiment = fromText(*exampleText(name))->experiment;
    const auto code = scenarioCode(experiment);
    if (!filesOf(experiment).empty()) {
      ASSERT_FALSE(code) << name;
      EXPECT_THAT(code.error().text(), HasSubstr(filesOf(experiment).front()));
      continue;
    }
    ++made;
    ASSERT_TRUE(code) << name << ": " << code.error().text();
    EXPECT_EQ(*fromScenarioCode(*code), experiment) << name;
  }
  EXPECT_GE(made, 4);
}

TEST(ScenarioCode, OfRandomExperimentsComesBackOrNamesTheFile) {
  const test::TemporaryFolder folder;
  int made = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Experiment experiment = test::randomExperiment(seed, folder.path());
    const auto code = scenarioCode(experiment);
    if (!filesOf(experiment).empty()) {
      ASSERT_FALSE(code) << seed;
      EXPECT_THAT(code.error().text(), HasSubstr(filesOf(experiment).front()));
      continue;
    }
    ++made;
    ASSERT_TRUE(code) << seed << ": " << code.error().text();
    const auto read = fromScenarioCode(*code);
    ASSERT_TRUE(read) << seed << ": " << read.error().text();
    EXPECT_EQ(*read, experiment) << seed << "\n" << toText(experiment);
    EXPECT_EQ(toText(*read), toText(experiment)) << seed;
  }
  EXPECT_GT(made, 100);
}

TEST(ScenarioCode, NamesTheFileThatTheViewCompares) {
  Experiment experiment = someExperiment();
  experiment.view.compare = Value(Object{{"file", "other.headlight.json"}});
  const auto code = scenarioCode(experiment);
  ASSERT_FALSE(code);
  EXPECT_THAT(code.error().text(), HasSubstr("other.headlight.json"));
}

TEST(ScenarioCode, MayBeBrokenIntoLines) {
  const std::string code = codeOf(someExperiment());
  std::string broken;
  for (std::size_t at = 0; at < code.size(); at += 20) {
    broken += "  " + code.substr(at, 20) + (at % 40 == 0 ? "\r\n" : " \xe2\x80\x8b\xc2\xa0\n\t");
  }
  const auto read = fromScenarioCode(broken);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, someExperiment());
}

TEST(ScenarioCode, CutOffAnywhereIsRefused) {
  const std::string code = codeOf(someExperiment());
  for (std::size_t length = 0; length < code.size(); ++length) {
    const std::string refusal = refusalOf(code.substr(0, length));
    if (length >= 12) {
      EXPECT_THAT(refusal, HasSubstr("end of the code is missing")) << length;
    }
  }
}

TEST(ScenarioCode, WithAnyCharacterChangedIsRefused) {
  const std::string code = codeOf(someExperiment());
  for (std::size_t at = 0; at < code.size(); ++at) {
    for (const char other : {'A', 'b', '7', '_', '.', 'x'}) {
      std::string changed = code;
      if (changed[at] == other) continue;
      changed[at] = other;
      EXPECT_FALSE(fromScenarioCode(changed)) << at << " " << other;
    }
    std::string without = code;
    without.erase(at, 1);
    EXPECT_FALSE(fromScenarioCode(without)) << at;
  }
  std::string swapped = code;
  for (std::size_t at = 13; at + 1 < code.size(); ++at) {
    if (code[at] == code[at + 1]) continue;
    std::swap(swapped[at], swapped[at + 1]);
    EXPECT_FALSE(fromScenarioCode(swapped)) << at;
    std::swap(swapped[at], swapped[at + 1]);
  }
}

TEST(ScenarioCode, RefusalsSayWhatIsWrong) {
  const std::string code = codeOf(someExperiment());
  EXPECT_THAT(refusalOf(""), HasSubstr("does not begin with headlight:1:"));
  EXPECT_THAT(refusalOf("who.headlight.json"), HasSubstr("does not begin with headlight:1:"));
  EXPECT_THAT(refusalOf("headlight:2:abc.00000000"), HasSubstr("found version 2, accepted is 1"));
  EXPECT_THAT(refusalOf(code + "and"), HasSubstr("3 characters after the end"));
  EXPECT_THAT(refusalOf(std::string(3 << 20, ' ') + code), HasSubstr("at most 1.0 MiB"));
  std::string mistyped = code;
  mistyped[20] = mistyped[20] == 'A' ? 'B' : 'A';
  EXPECT_THAT(refusalOf(mistyped), HasSubstr("mistyped"));
}

TEST(ScenarioCode, TooLargeIsSentToAFile) {
  Experiment experiment = someExperiment();
  std::string notes;
  std::uint64_t state = 1;
  while (notes.size() < 2'000'000) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    notes += static_cast<char>('!' + state % 90);
  }
  experiment.notes = notes;
  const auto code = scenarioCode(experiment);
  ASSERT_FALSE(code);
  EXPECT_THAT(code.error().text(), HasSubstr("pass on its file"));
}

}  // namespace
}  // namespace headlight
