#include <gmock/gmock.h>

#include "core/base/value.h"
#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kPython = "/usr/bin/python3";

/// Tokens that quote, break lines, and are TeX.
const std::vector<std::string> kAwkward{
    "export", "--set", R"(tokens={"list": ["a,b", "say \"x\"", "two\nlines", "50%_$&#", "中", "é{", "-"]})",
    "--mask", "causal"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

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

TEST(ExportSidecar, TexIsAsciiAndHoldsTheMap) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight(with(kAwkward, {"--sidecar", "tex", "-o", folder.path("f.svg")})).code, 0);
  const std::string tex = readBytes(folder.path("f.tex"));
  EXPECT_TRUE(std::all_of(tex.begin(), tex.end(), [](char c) { return static_cast<signed char>(c) >= 0; }));
  EXPECT_THAT(tex, AllOf(HasSubstr("matrix plot*"), HasSubstr("mesh/cols=7"), HasSubstr("1 0 nan"),
                         HasSubstr("50\\%\\_\\$\\&\\#"), HasSubstr("\\headlightglyph{4E2D}"),
                         HasSubstr("\\'{e}\\{")));
  ASSERT_EQ(
      headlight({"export", "--set", "tokens.count=80", "--sidecar", "tex", "-o", folder.path("l.svg")}).code,
      0);
  const std::string large = readBytes(folder.path("l.tex"));
  EXPECT_THAT(large, AllOf(HasSubstr("{l-cells.png}"), Not(HasSubstr("matrix plot"))));
  EXPECT_THAT(readBytes(folder.path("l-cells.png")), StartsWith("\x89PNG"));
}

TEST(ExportSidecar, TexCompiles) {
  const std::string program = "/usr/bin/pdflatex";
  ProcessOptions options;
  options.environment = {"PATH=/usr/bin:/bin"};
  if (!fileExists(program)) GTEST_SKIP() << "no " << program;
  if (runProcess("/usr/bin/kpsewhich", {"pgfplots.sty"}, options).code != 0) GTEST_SKIP() << "no pgfplots";
  TemporaryFolder folder;
  ASSERT_EQ(headlight(with(kAwkward,
                           {"--sidecar", "tex", "--title", "50 % of {x}_1", "-o", folder.path("small.svg")}))
                .code,
            0);
  ASSERT_EQ(headlight({"export", "--set", "tokens.count=80", "--mask", "causal", "--range", "log",
                       "--sidecar", "tex", "-o", folder.path("large.svg")})
                .code,
            0);
  folder.write(
      "both.tex",
      "\\documentclass{article}\\usepackage{pgfplots}\\pgfplotsset{compat=1.14}"
      "\\usetikzlibrary{patterns}\\begin{document}\\input{small}\\newpage\\input{large}\\end{document}\n");
  options.folder = folder.path();
  options.environment.push_back("HOME=" + folder.path());
  options.seconds = 300;
  for (const char* name : {"small.tex", "both.tex"}) {
    const ProcessResult made =
        runProcess(program, {"-interaction=nonstopmode", "-halt-on-error", name}, options);
    EXPECT_EQ(made.code, 0) << made.out.substr(made.out.size() -
                                               std::min<std::size_t>(made.out.size(), 2000));
    // Without printing pages of what TeX has read.
    for (const char* complaint : {"Warning", "Overfull", "Missing"}) {
      EXPECT_EQ(made.out.find(complaint), std::string::npos) << name << ": " << complaint;
    }
  }
}

/// A paper of two columns with figures at their own size, and the numbers of one as pgfplots wrote them.
TEST(ExportSidecar, APaperOfFiveFiguresCompilesWithoutAWarning) {
  const std::string program = "/usr/bin/pdflatex";
  ProcessOptions options;
  options.environment = {"PATH=/usr/bin:/bin"};
  if (!fileExists(program)) GTEST_SKIP() << "no " << program;
  if (runProcess("/usr/bin/kpsewhich", {"pgfplots.sty"}, options).code != 0) GTEST_SKIP() << "no pgfplots";
  TemporaryFolder folder;
  const std::string example = HEADLIGHT_SOURCE_DIR "/assets/examples/who-is-meant.headlight.json";
  const std::vector<std::vector<std::string>> figures{
      {"--preset", "acl-1col", "--sidecar", "tex"},
      {"--preset", "acl-2col", "--layout", "heads", "--letters"},
      {"--preset", "neurips", "--layout", "pipeline"},
      {"--preset", "icml-1col", "--layout", "difference", "--head", "2,4"},
      {"--preset", "nature-1col", "--layout", "lines", "--query", "it"}};
  std::string paper =
      "\\documentclass[11pt,twocolumn]{article}\n"
      "\\usepackage[a4paper,margin=2.5cm,columnsep=6mm]{geometry}\n"
      "\\usepackage{graphicx,pgfplots}\\pgfplotsset{compat=1.14}\\usetikzlibrary{patterns}\n"
      "\\begin{document}\nFive figures.\n";
  for (std::size_t n = 0; n < figures.size(); ++n) {
    const std::string name = "f" + std::to_string(n);
    ASSERT_EQ(headlight(with({"export", example, "-o", folder.path(name + ".pdf")}, figures[n])).code, 0);
    const std::string place = n == 0 ? "figure" : "figure*";
    paper += "\\begin{" + place + "}[t]\\centering\\includegraphics{" + name + ".pdf}\\caption{" +
             figures[n][1] + ".}\\end{" + place + "}\n";
  }
  paper += "\\begin{figure}[t]\\centering\\input{f0}\\caption{Numbers.}\\end{figure}\n\\end{document}\n";
  folder.write("paper.tex", paper);
  options.folder = folder.path();
  options.environment.push_back("HOME=" + folder.path());
  options.seconds = 300;
  const ProcessResult made =
      runProcess(program, {"-interaction=nonstopmode", "-halt-on-error", "paper.tex"}, options);
  EXPECT_EQ(made.code, 0) << made.out.substr(made.out.size() - std::min<std::size_t>(made.out.size(), 2000));
  for (const char* complaint : {"Warning", "Overfull", "Missing"})
    EXPECT_EQ(made.out.find(complaint), std::string::npos) << complaint;
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
  folder.write("f.csv", "mine");
  EXPECT_EQ(headlight({"export", "--text", "a b", "--sidecar", "csv", "-o", folder.path("f.svg")}).code, 4);
  EXPECT_EQ(readBytes(folder.path("f.csv")), "mine");
}

}  // namespace
}  // namespace headlight::test
