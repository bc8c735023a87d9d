#include <gmock/gmock.h>

#include "core/base/value.h"
#include "core/experiment/json.h"
#include "tests/cli/awkward.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kPython = "/usr/bin/python3";

TEST(ExportSidecar, OtherReadersFindTheNumbersOfCompute) {
  if (runProcess(kPython, {"-c", "import numpy"}).code != 0) GTEST_SKIP() << "no numpy for " << kPython;
  TemporaryFolder folder;
  for (const char* stage : {"weights", "masked"}) {
    ASSERT_EQ(headlight(with(kAwkward, {"--stage", stage, "--head", "1", "--sidecar", "csv,npy,json", "-o",
                                        folder.path(std::string(stage) + ".svg")}))
                  .code,
              0);
    std::vector<std::string> compute =
        with(kAwkward, {"--stage", stage, "--head", "1", "-o", folder.path(std::string(stage) + ".npz")});
    compute.front() = "compute";
    ASSERT_EQ(headlight(compute).code, 0);
    ProcessOptions options;
    options.environment = {"PYTHONIOENCODING=utf-8"};
    const ProcessResult check = runProcess(kPython,
                                           {HEADLIGHT_SOURCE_DIR "/tests/cli/sidecar_check.py", folder.path(),
                                            stage, folder.path(std::string(stage) + ".npz"), stage},
                                           options);
    EXPECT_EQ(check.code, 0) << stage << check.out << check.err;
    EXPECT_EQ(check.out, "ok 21\n");
  }
}

TEST(ExportSidecar, ACropIsWhatTheFilesHold) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight({"export", "--text", "a b c d e", "--crop", "1:3,2:", "--sidecar", "csv", "-o",
                       folder.path("f.png")})
                .code,
            0);
  const std::string csv = readBytes(folder.path("f.csv"));
  EXPECT_THAT(csv, StartsWith("query / key (empty: masked),c,d,e\r\nb,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
}

TEST(ExportSidecar, AFileAPanelAndOneJsonOfThemAll) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight({"export", "--text", "a b c", "--heads", "2", "--layout", "heads", "--sidecar",
                       "csv,json", "--format", "svg", "--out-dir", folder.path("h")})
                .code,
            0);
  EXPECT_THAT(filesIn(folder.path("h")), ElementsAre("headlight-weights-H0.csv", "headlight-weights-H1.csv",
                                                     "headlight-weights.json", "headlight-weights.svg"));
  const Result<Value> json = parseJson(readBytes(folder.path("h/headlight-weights.json")));
  ASSERT_TRUE(json);
  ASSERT_EQ(json->find("panels")->list().size(), 2u);
  EXPECT_EQ(json->find("panels")->list()[1].find("name")->string(), "H1");
  ASSERT_EQ(headlight({"export", "--text", "a b c", "--layout", "pipeline", "--sidecar", "npy", "--format",
                       "svg", "--out-dir", folder.path("p")})
                .code,
            0);
  EXPECT_THAT(filesIn(folder.path("p")), testing::IsSupersetOf({"headlight-dot.npy", "headlight-masked.npy",
                                                                "headlight-weights.npy", "headlight-v.npy"}));
}

TEST(ExportSidecar, TooMuchIsRefusedBeforeItIsWritten) {
  TemporaryFolder folder;
  const ProcessResult result =
      headlight({"export", "--set", "tokens.count=40000", "--heads", "1", "--d-model", "2", "--width", "60mm",
                 "--dpi", "72", "--sidecar", "csv", "-o", folder.path("f.png")});
  EXPECT_EQ(result.code, 4) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("4 GiB"), HasSubstr("--crop")));
  EXPECT_FALSE(fileExists(folder.path("f.csv")));
}

TEST(ExportSidecar, StandsBesideAFile) {
  EXPECT_EQ(headlight({"export", "--text", "a b", "--sidecar", "csv", "-o", "-"}).code, 2);
  const ProcessResult unknown = headlight({"export", "--text", "a b", "--sidecar", "cvs"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("Did you mean csv?"));
  TemporaryFolder folder;
  folder.put("f.csv", "mine");
  EXPECT_EQ(headlight({"export", "--text", "a b", "--sidecar", "csv", "-o", folder.path("f.svg")}).code, 4);
  EXPECT_EQ(readBytes(folder.path("f.csv")), "mine");
}

}  // namespace
}  // namespace headlight::test
