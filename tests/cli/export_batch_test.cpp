#include <csignal>
#include <map>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A folder of experiments e00, e01 … of different seeds.
class ExportBatchTest : public testing::Test {
 protected:
  void make(int count, const std::string& tokens) {
    const std::string text = headlight({"new", "--set", "tokens.count=" + tokens, "--heads", "2"}).out;
    for (int n = 0; n < count; ++n) {
      std::string mine = text;
      const std::size_t at = mine.find("\"seed\": 1");
      ASSERT_NE(at, std::string::npos) << text;
      mine.replace(at, 9, "\"seed\": " + std::to_string(n + 1));
      const std::string name = "e" + std::to_string(n / 10) + std::to_string(n % 10) + ".headlight.json";
      inputs_.push_back(folder_.put(name, mine));
    }
  }
  ProcessResult run(const std::string& out, const std::vector<std::string>& more,
                    ProcessOptions options = {}) const {
    std::vector<std::string> words{"export"};
    words.insert(words.end(), inputs_.begin(), inputs_.end());
    words.insert(words.end(), {"--out-dir", folder_.path(out)});
    words.insert(words.end(), more.begin(), more.end());
    options.environment.emplace_back("SOURCE_DATE_EPOCH=1700000000");
    return headlight(words, options);
  }
  std::map<std::string, std::string> bytesOf(const std::string& out) const {
    std::map<std::string, std::string> files;
    for (const std::string& name : filesIn(folder_.path(out)))
      files[name] = readBytes(folder_.path(out + "/" + name));
    return files;
  }

  TemporaryFolder folder_;
  std::vector<std::string> inputs_;
};

TEST_F(ExportBatchTest, SideBySideOrOneAfterTheOtherMakesTheSameFiles) {
  make(6, "20");
  const std::vector<std::string> words{"--format", "pdf,png,svg", "--head", "all", "--sidecar", "csv,json"};
  std::vector<std::string> one = words;
  one.insert(one.end(), {"--threads", "1"});
  std::vector<std::string> four = words;
  four.insert(four.end(), {"--threads", "4"});
  const ProcessResult serial = run("serial", one);
  const ProcessResult parallel = run("parallel", four);
  ASSERT_EQ(serial.code, 0) << serial.err;
  ASSERT_EQ(parallel.code, 0) << parallel.err;
  std::string told = parallel.out;
  for (std::size_t at = 0; (at = told.find("/parallel/", at)) != std::string::npos;)
    told.replace(at, 10, "/serial/");
  EXPECT_EQ(told, serial.out);
  EXPECT_TRUE(bytesOf("serial") == bytesOf("parallel"));  // without printing both
  EXPECT_EQ(bytesOf("serial").size(), 6u * 2 * (3 + 2));
  EXPECT_THAT(serial.err, ContainsRegex("6 experiments, 60 files, [0-9.]+ s\n$"));
}

TEST_F(ExportBatchTest, AFailureDoesNotStopTheOthersUnlessAskedTo) {
  make(6, "6");
  folder_.put("e01.headlight.json", "[]");
  folder_.put("e03.headlight.json", "{");
  const ProcessResult all = run("all", {"--json"});
  EXPECT_EQ(all.code, 3);
  EXPECT_EQ(filesIn(folder_.path("all")).size(), 4u);
  EXPECT_THAT(all.err, ContainsRegex("6 experiments, 4 files, [0-9.]+ s; 2 failed\n$"));
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 6);
  const ProcessResult fast = run("fast", {"--fail-fast", "--threads", "1"});
  EXPECT_EQ(fast.code, 3);
  EXPECT_THAT(filesIn(folder_.path("fast")), ElementsAre("e00-weights-H0.png"));
  EXPECT_THAT(fast.err, ContainsRegex("2 experiments, 1 file, [0-9.]+ s; 1 failed, 4 not done\n$"));
  EXPECT_EQ(run("quiet", {"-q"}).out, "");
}

TEST_F(ExportBatchTest, TheCodeIsThatOfTheFirstInOrder) {
  make(3, "6");
  folder_.put("out/e00-weights-H0.png", "mine");
  folder_.put("e01.headlight.json", "[]");
  EXPECT_EQ(run("out", {"--threads", "4"}).code, 4);
  EXPECT_EQ(readBytes(folder_.path("out/e00-weights-H0.png")), "mine");
}

TEST_F(ExportBatchTest, ASharedRangeIsTheSameInAllFiles) {
  make(4, "30");
  ASSERT_EQ(run("own", {"--sidecar", "json"}).code, 0);
  ASSERT_EQ(run("shared", {"--sidecar", "json", "--range", "shared", "--threads", "3"}).code, 0);
  const auto highs = [&](const std::string& out) {
    std::vector<double> all;
    for (const auto& [name, bytes] : bytesOf(out)) {
      if (!name.ends_with(".json")) continue;
      const Result<Value> json = parseJson(bytes);
      EXPECT_TRUE(json);
      all.push_back(json->find("panels")->list()[0].find("range")->find("high")->number());
    }
    return all;
  };
  const std::vector<double> own = highs("own");
  ASSERT_EQ(own.size(), 4u);
  EXPECT_NE(own[0], own[1]);
  EXPECT_THAT(highs("shared"), Each(*std::max_element(own.begin(), own.end())));
}

TEST_F(ExportBatchTest, AnInterruptionLeavesWholeFilesAlone) {
  make(60, "300");
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string out = "out" + std::to_string(signal);
    ProcessOptions options;
    options.interruptAfterMs = 1500;
    options.interruptWith = signal;
    const ProcessResult result =
        run(out, {"--format", "png,svg", "--dpi", "600", "--sidecar", "csv"}, options);
    EXPECT_EQ(result.code, 130) << result.err;
    EXPECT_THAT(result.err, HasSubstr("interrupted"));
    if (!fileExists(folder_.path(out))) continue;
    for (const auto& [name, bytes] : bytesOf(out)) {
      EXPECT_THAT(name, Not(EndsWith(".tmp")));
      if (name.ends_with(".png")) {
        EXPECT_EQ(bytes.substr(bytes.size() - 8, 4), "IEND") << name;
      } else if (name.ends_with(".svg")) {
        EXPECT_THAT(bytes.substr(bytes.size() - 8), HasSubstr("</svg>")) << name;
      } else {
        EXPECT_EQ(std::count(bytes.begin(), bytes.end(), '\n'), 301) << name;
      }
    }
  }
}

TEST_F(ExportBatchTest, AFolderThatTakesNoFilesIsAnOutputError) {
  if (::geteuid() == 0) {
    make(2, "4");
    EXPECT_EQ(run("../../proc/nowhere", {}).code, 4);
    return;
  }
  make(2, "4");
  ::mkdir(folder_.path("closed").c_str(), 0500);
  EXPECT_EQ(run("closed", {}).code, 4);
}

TEST_F(ExportBatchTest, ProgressIsShownOnATerminal) {
  make(40, "200");
  ProcessOptions options;
  options.terminal = true;
  options.seconds = 300;  // a sanitizer looks at every byte of every pixel
  const ProcessResult result = run("out", {"--format", "png", "--dpi", "600"}, options);
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("exporting 40 experiments"), HasSubstr("40 experiments, 40 files")));
}

}  // namespace
}  // namespace headlight::test
