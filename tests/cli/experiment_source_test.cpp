#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string made(const std::vector<std::string>& options) {
  std::vector<std::string> line{"new"};
  line.insert(line.end(), options.begin(), options.end());
  const ProcessResult result = headlight(line);
  EXPECT_EQ(result.code, 0) << result.err;
  return result.out;
}

TEST(ExperimentSource, OptionsApplyInTheOrderGiven) {
  EXPECT_THAT(made({"--heads", "2", "--set", "shape.heads=8"}), HasSubstr("\"heads\": 8"));
  EXPECT_THAT(made({"--set", "shape.heads=8", "--heads", "2"}), HasSubstr("\"heads\": 2"));
  EXPECT_THAT(made({"--heads", "2", "--heads", "4", "--heads", "16"}), HasSubstr("\"heads\": 16"));
}

TEST(ExperimentSource, OptionsTogetherMustBeValidNotOneByOne) {
  EXPECT_THAT(made({"--heads", "6", "--d-model", "96"}), HasSubstr("\"heads\": 6"));
}

TEST(ExperimentSource, MaskReplacesTheListAndNoneEmptiesIt) {
  const std::string both = made({"--mask", "causal,padding"});
  EXPECT_THAT(both, HasSubstr("causal"));
  EXPECT_THAT(both, HasSubstr("padding"));
  const std::string one = made({"--mask", "causal,padding", "--mask", "causal"});
  EXPECT_THAT(one, Not(HasSubstr("padding")));
  EXPECT_THAT(made({"--mask", "causal", "--mask", "none"}), Not(HasSubstr("causal")));
  EXPECT_THAT(made({"--mask", "causal", "--set", "mask.0.align=bottom_right"}), HasSubstr("bottom_right"));
}

TEST(ExperimentSource, TextIsTakenAsItIs) {
  EXPECT_THAT(made({"--text", "123"}), HasSubstr("\"text\": \"123\""));
  EXPECT_THAT(made({"--text", "-x [1] {\"a\":2}"}), HasSubstr(R"(-x [1] {\"a\":2})"));
}

TEST(ExperimentSource, WhatNewPrintsIsReadFromAFileAndFromStdin) {
  TemporaryFolder folder;
  const std::string text = made({"--text", "one two three", "--heads", "2", "--mask", "causal"});
  const std::string file = folder.put("a.headlight.json", text);
  ProcessOptions options;
  options.input = text;
  const ProcessResult fromFile = headlight({"describe", file});
  const ProcessResult fromStdin = headlight({"describe", "-"}, options);
  EXPECT_EQ(fromFile.code, 0) << fromFile.err;
  EXPECT_EQ(fromStdin.out, fromFile.out);
  EXPECT_EQ(headlight({"describe", "--text", "one two three", "--heads", "2", "--mask", "causal"}).out,
            fromFile.out);
  EXPECT_EQ(headlight({"check", "-"}, options).out, "stdin: ok\n");
}

TEST(ExperimentSource, NewIsAFixedPoint) {
  TemporaryFolder folder;
  const std::string text = made({"--text", "one two three", "--d-k", "5", "--seed", "9"});
  const std::string file = folder.put("a.headlight.json", text);
  const ProcessResult again = headlight({"check", file, "--json"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("\"problems\": []"));
}

TEST(ExperimentSource, FiguresThatCarryAnExperimentAreInputs) {
  TemporaryFolder folder;
  for (const std::string& name : {folder.path("a.png"), folder.path("a.svg")}) {
    const ProcessResult drawn = headlight({"export", "--text", "one two", "--heads", "2", "-o", name});
    ASSERT_EQ(drawn.code, 0) << drawn.err;
    const ProcessResult told = headlight({"describe", name});
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_EQ(told.out, headlight({"describe", "--text", "one two", "--heads", "2"}).out);
  }
}

TEST(ExperimentSource, NewReadsGivenProjections) {
  TemporaryFolder folder;
  folder.put("q.npy", npyBytes({1, 2, 3}, {1, 0, 0, 0, 1, 0}));
  folder.put("k.npy", npyBytes({1, 2, 3}, {1, 0, 0, 0, 1, 0}));
  ProcessOptions options;
  options.folder = folder.path();
  const ProcessResult result =
      headlight({"new", "--set", R"(source={"kind":"qkv","q":"q.npy","k":"k.npy","layout":"htd"})"}, options);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"qkv\""));
  const ProcessResult missing = headlight({"new", "--qkv", "nowhere.npz"}, options);
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.err, HasSubstr("nowhere.npz"));
  EXPECT_THAT(missing.out, IsEmpty());
}

TEST(ExperimentSource, SeveralFilesAreAllTriedAndTheFirstFailureIsTheCode) {
  TemporaryFolder folder;
  const std::string good = folder.put("good.headlight.json", made({"--text", "one two"}));
  const std::string bad = folder.put("bad.headlight.json", "{");
  const ProcessResult result = headlight({"check", bad, good, folder.path("missing.headlight.json")});
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, good + ": ok\n");
  EXPECT_THAT(result.err, HasSubstr("bad.headlight.json"));
  EXPECT_THAT(result.err, HasSubstr("missing.headlight.json"));
}

}  // namespace
}  // namespace headlight::test
