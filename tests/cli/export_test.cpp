#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kSentence = "The animal didn't cross the street because it was too tired";

TEST(Export, TheLineOfTheReadmeWorks) {
  TemporaryFolder folder;
  ProcessOptions options;
  options.folder = folder.path();
  const ProcessResult result = headlight({"export", "--text", kSentence, "--heads", "4", "--d-k", "16",
                                          "--mask", "causal", "--layout", "pipeline", "-o", "pipeline.svg"},
                                         options);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "pipeline.svg\n");
  const std::string svg = readBytes(folder.path("pipeline.svg"));
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("animal"));
  EXPECT_THAT(filesIn(folder.path()), ElementsAre("pipeline.svg"));
}

TEST(Export, EveryFormatBeginsWithItsSignature) {
  TemporaryFolder folder;
  for (const auto& [ending, signature] : std::vector<std::pair<std::string, std::string>>{
           {"png", "\x89PNG\r\n"}, {"pdf", "%PDF-"}, {"svg", "<"}}) {
    const std::string out = folder.path("a." + ending);
    ASSERT_EQ(headlight({"export", "--text", "one two", "-o", out}).code, 0) << ending;
    EXPECT_THAT(readBytes(out), StartsWith(signature)) << ending;
  }
}

TEST(Export, AFigureElsewhereStillFindsItsArrays) {
  TemporaryFolder folder;
  const std::string arrays = readBytes(std::string(HEADLIGHT_SOURCE_DIR) + "/tests/compat/version-1-qkv.npz");
  folder.put("qkv.npz", arrays);
  ProcessOptions options;
  options.folder = folder.path();
  const std::string file =
      folder.put("qkv.headlight.json", headlight({"new", "--qkv", "qkv.npz"}, options).out);
  const ProcessResult result =
      headlight({"export", file, "--format", "svg", "--out-dir", "figures"}, options);
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string figure = folder.path("figures/qkv-weights-H0.svg");
  const ProcessResult again = headlight({"describe", figure});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out, headlight({"describe", file}).out);
}

TEST(Export, DefaultNamesSayStemStageAndHead) {
  TemporaryFolder folder;
  const std::string file =
      folder.put("who.headlight.json",
                 headlight({"new", "--text", "one two", "--heads", "2", "--set", "view.head=1"}).out);
  const std::string out = folder.path("made/by/headlight");
  const ProcessResult result = headlight({"export", file, "--format", "png,svg", "--out-dir", out});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(filesIn(out), ElementsAre("who-weights-H1.png", "who-weights-H1.svg"));
  ASSERT_EQ(
      headlight({"export", file, "--head", "all", "--stage", "scaled", "--out-dir", folder.path("all")}).code,
      0);
  EXPECT_THAT(filesIn(folder.path("all")), ElementsAre("who-scaled-H0.png", "who-scaled-H1.png"));
  ASSERT_EQ(headlight({"export", file, "--head", "mean", "--out-dir", folder.path("mean")}).code, 0);
  EXPECT_THAT(filesIn(folder.path("mean")), ElementsAre("who-weights-mean.png"));
  ASSERT_EQ(headlight({"export", file, "--layout", "pipeline", "--out-dir", folder.path("line")}).code, 0);
  EXPECT_THAT(filesIn(folder.path("line")), ElementsAre("who.png"));
  ASSERT_EQ(headlight({"export", file, "--layout", "heads", "--out-dir", folder.path("heads")}).code, 0);
  EXPECT_THAT(filesIn(folder.path("heads")), ElementsAre("who-weights.png"));
  ASSERT_EQ(headlight({"export", file, "--stage", "output", "--out-dir", folder.path("output")}).code, 0);
  EXPECT_THAT(filesIn(folder.path("output")), ElementsAre("who-output.png"));
}

TEST(Export, TwoInputsThatWouldWriteOneNameAreAUsageError) {
  TemporaryFolder folder;
  const std::string text = headlight({"new", "--text", "one two"}).out;
  const std::string a = folder.put("a/x.headlight.json", text);
  const std::string b = folder.put("b/x.headlight.json", text);
  const std::string out = folder.path("out");
  const ProcessResult result = headlight({"export", a, b, "--out-dir", out});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("would both be written"));
  EXPECT_FALSE(fileExists(out));
  EXPECT_EQ(headlight({"export", a, b, "-o", folder.path("one.svg")}).code, 2);
}

TEST(Export, WritesToStdout) {
  const ProcessResult svg = headlight({"export", "--text", "one two", "--format", "svg", "-o", "-"});
  EXPECT_EQ(svg.code, 0) << svg.err;
  EXPECT_THAT(svg.out, HasSubstr("</svg>"));
  EXPECT_THAT(headlight({"export", "--text", "one two", "-o", "-"}).out, StartsWith("\x89PNG"));
}

TEST(Export, OptionsChangeTheFigure) {
  const std::vector<std::string> base{"export", "--text", "one two three", "--format", "svg", "-o", "-"};
  const std::string plain = headlight(base).out;
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{"--theme", "dark"},
                                                                                    {"--width", "120mm"},
                                                                                    {"--width", "3.5in"},
                                                                                    {"--colormap", "magma"},
                                                                                    {"--range", "0,2"},
                                                                                    {"--title", "A title"},
                                                                                    {"--stage", "scaled"},
                                                                                    {"--head", "1"}}) {
    std::vector<std::string> words = base;
    words.insert(words.end(), more.begin(), more.end());
    const ProcessResult result = headlight(words);
    EXPECT_EQ(result.code, 0) << more[0] << result.err;
    EXPECT_TRUE(result.out != plain) << more[0];  // without printing both
  }
}

TEST(Export, ASharedRangeSpansAllFiles) {
  TemporaryFolder folder;
  const std::string flat =
      folder.put("flat.headlight.json",
                 headlight({"new", "--set", "tokens.count=40", "--set", "normalizer.temperature=100"}).out);
  const std::string sharp =
      folder.put("sharp.headlight.json",
                 headlight({"new", "--set", "tokens.count=40", "--set", "normalizer.temperature=0.05"}).out);
  ASSERT_EQ(headlight({"export", flat, "--out-dir", folder.path("alone")}).code, 0);
  const ProcessResult both =
      headlight({"export", flat, sharp, "--range", "shared", "--out-dir", folder.path("shared")});
  ASSERT_EQ(both.code, 0) << both.err;
  EXPECT_TRUE(readBytes(folder.path("alone/flat-weights-H0.png")) !=
              readBytes(folder.path("shared/flat-weights-H0.png")));
  EXPECT_EQ(headlight({"export", flat, "--range", "shared", "--layout", "pipeline"}).code, 2);
}

TEST(Export, SameExperimentSameBytesOnAnyNumberOfThreads) {
  ProcessOptions options;
  options.environment = {"SOURCE_DATE_EPOCH=1700000000"};
  for (const char* format : {"png", "svg", "pdf"}) {
    const std::vector<std::string> words{"export", "--text", kSentence, "--format",
                                         format,   "-o",     "-",       "--threads"};
    std::vector<std::string> one = words;
    one.emplace_back("1");
    std::vector<std::string> four = words;
    four.emplace_back("4");
    EXPECT_TRUE(headlight(one, options).out == headlight(four, options).out) << format;
  }
}

TEST(Export, AnExistingFileIsKeptUnlessForced) {
  TemporaryFolder folder;
  const std::string out = folder.put("a.svg", "mine");
  const ProcessResult refused = headlight({"export", "--text", "one two", "-o", out});
  EXPECT_EQ(refused.code, 4);
  EXPECT_EQ(readBytes(out), "mine");
  EXPECT_EQ(headlight({"export", "--text", "one two", "-o", out, "-f"}).code, 0);
  EXPECT_THAT(readBytes(out), HasSubstr("</svg>"));
}

TEST(Export, AFolderThatCannotBeMadeIsAnOutputError) {
  TemporaryFolder folder;
  folder.put("file", "");
  EXPECT_EQ(headlight({"export", "--text", "one two", "--out-dir", folder.path("file/sub")}).code, 4);
  EXPECT_EQ(headlight({"export", "--text", "one two", "-o", folder.path("nowhere/a.png")}).code, 4);
}

TEST(Export, AHeadOrStageThatDoesNotExist) {
  EXPECT_EQ(headlight({"export", "--text", "one two", "--head", "9", "-o", "-"}).code, 2);
  EXPECT_EQ(headlight({"export", "--text", "one two", "--stage", "memory", "-o", "-"}).code, 3);
}

TEST(Export, AFailingFileDoesNotStopTheOthers) {
  TemporaryFolder folder;
  const std::string good = folder.put("good.headlight.json", headlight({"new", "--text", "one two"}).out);
  const std::string bad = folder.put("bad.headlight.json", "[]");
  const ProcessResult result = headlight({"export", bad, good, "--out-dir", folder.path("out"), "--json"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(filesIn(folder.path("out")), ElementsAre("good-weights-H0.png"));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
  const Result<Value> first = parseJson(result.out.substr(0, result.out.find('\n')));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->find("error")->find("exit")->integer(), 3);
  EXPECT_EQ(first->find("input")->string(), bad);
}

TEST(Export, QuietPrintsNothing) {
  TemporaryFolder folder;
  const ProcessResult result = headlight({"export", "--text", "one two", "-q", "-o", folder.path("a.png")});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out + result.err, IsEmpty());
}

}  // namespace
}  // namespace headlight::test
