// The pgfplots that is written beside a figure, set by LaTeX where there is one.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/cli/awkward.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ExportTex : public testing::Test {
 protected:
  void SetUp() override {
    if (!fileExists(kProgram)) GTEST_SKIP() << "no " << kProgram;
    options_.environment = {"PATH=/usr/bin:/bin", "HOME=" + folder.path()};
    if (runProcess("/usr/bin/kpsewhich", {"pgfplots.sty"}, options_).code != 0) GTEST_SKIP() << "no pgfplots";
    options_.folder = folder.path();
    options_.seconds = 300;
  }
  void expectCompiles(const std::string& name) {
    const ProcessResult made =
        runProcess(kProgram, {"-interaction=nonstopmode", "-halt-on-error", name}, options_);
    EXPECT_EQ(made.code, 0) << made.out.substr(made.out.size() -
                                               std::min<std::size_t>(made.out.size(), 2000));
    // Without printing pages of what TeX has read.
    for (const char* complaint : {"Warning", "Overfull", "Missing"})
      EXPECT_EQ(made.out.find(complaint), std::string::npos) << name << ": " << complaint;
  }

  TemporaryFolder folder;

 private:
  static constexpr const char* kProgram = "/usr/bin/pdflatex";
  ProcessOptions options_;
};

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

TEST_F(ExportTex, Compiles) {
  ASSERT_EQ(headlight(with(kAwkward,
                           {"--sidecar", "tex", "--title", "50 % of {x}_1", "-o", folder.path("small.svg")}))
                .code,
            0);
  ASSERT_EQ(headlight({"export", "--set", "tokens.count=80", "--mask", "causal", "--range", "log",
                       "--sidecar", "tex", "-o", folder.path("large.svg")})
                .code,
            0);
  folder.put(
      "both.tex",
      "\\documentclass{article}\\usepackage{pgfplots}\\pgfplotsset{compat=1.14}"
      "\\usetikzlibrary{patterns}\\begin{document}\\input{small}\\newpage\\input{large}\\end{document}\n");
  expectCompiles("small.tex");
  expectCompiles("both.tex");
}

/// A paper of two columns with figures at their own size, and the numbers of one as pgfplots wrote them.
TEST_F(ExportTex, APaperOfFiveFiguresCompilesWithoutAWarning) {
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
  folder.put("paper.tex", paper);
  expectCompiles("paper.tex");
}

}  // namespace
}  // namespace headlight::test
