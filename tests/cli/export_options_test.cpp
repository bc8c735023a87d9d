#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "core/figure/presets.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kWords = "The animal slept because it was tired";

std::vector<std::string> svg(const std::vector<std::string>& more) {
  std::vector<std::string> words{"export", "--text", kWords, "--heads", "4", "--format", "svg", "-o", "-"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(ExportOptions, EachHasAnEffect) {
  const std::string plain = headlight(svg({})).out;
  ASSERT_THAT(plain, HasSubstr("</svg>"));
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--preset", "ieee-1col"},
                                             {"--font-size", "9"},
                                             {"--least-size", "3", "--width", "40mm"},
                                             {"--highlight", "4:1"},
                                             {"--bracket", "0:1=NP"},
                                             {"--crop", "0:3,0:4"},
                                             {"--annotate", "none"},
                                             {"--theme", "transparent"},
                                             {"--no-title"},
                                             {"--no-bar"},
                                             {"--no-tokens"},
                                             {"--no-notes"},
                                             {"--letters", "--layout", "heads"},
                                             {"--outline"},
                                             {"--strip"},
                                             {"--layout", "row", "--query", "4"},
                                             {"--layout", "lines"},
                                             {"--layout", "difference", "--head", "0,1"}}) {
    const ProcessResult result = headlight(svg(more));
    EXPECT_EQ(result.code, 0) << more[0] << result.err;
    EXPECT_TRUE(result.out != plain) << more[0];  // without printing both
  }
}

TEST(ExportOptions, WhatIsAskedForBesidesAPresetWins) {
  const std::string preset = headlight(svg({"--preset", "ieee-1col"})).out;
  const std::string wide = headlight(svg({"--preset", "ieee-1col", "--width", "150mm"})).out;
  EXPECT_THAT(preset, Not(HasSubstr("width=\"150mm\"")));
  EXPECT_THAT(wide, HasSubstr("width=\"150mm\""));
  const ProcessResult unknown = headlight(svg({"--preset", "iee-1col"}));
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("Did you mean ieee-1col?"));
  for (const FigurePreset& one : figurePresets()) {
    EXPECT_EQ(headlight(svg({"--preset", std::string(one.id)})).code, 0) << one.id;
  }
}

TEST(ExportOptions, BadWordsNameTheNearest) {
  for (const auto& [words, nearest] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--layout", "sinlge"}, "single"},
           {{"--theme", "drak"}, "dark"},
           {{"--annotate", "fiting"}, "fitting"},
           {{"--colormap", "virids"}, "viridis"},
           {{"--stage", "weight"}, "weights"},
           {{"--range", "zero-max"}, "zero_max"},
           {{"--highlight", "it:anmal"}, "animal"}}) {
    const ProcessResult result = headlight(svg(words));
    EXPECT_EQ(result.code, 2) << words[0];
    EXPECT_THAT(result.err, HasSubstr("Did you mean " + nearest + "?")) << words[0];
  }
}

TEST(ExportOptions, TokensAreNamedByIndexOrText) {
  const std::string byIndex = headlight(svg({"--highlight", "4:1", "--bracket", "0:1=NP"})).out;
  EXPECT_TRUE(headlight(svg({"--highlight", "it:animal", "--bracket", "The:animal=NP"})).out == byIndex);
  EXPECT_TRUE(headlight(svg({"--highlight", "4:1", "--bracket", "q:0:1=NP"})).out != byIndex);
  EXPECT_TRUE(headlight(svg({"--layout", "row", "--query", "it"})).out ==
              headlight(svg({"--layout", "row", "--query", "4"})).out);
  const ProcessResult twice = headlight({"export", "--text", "a b a", "--highlight", "a:b", "-o", "-"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.err, AllOf(HasSubstr("several times"), HasSubstr("0 or 2")));
}

TEST(ExportOptions, LinesAndLeastSizes) {
  const auto lines = [](const std::vector<std::string>& more) {
    std::vector<std::string> words = svg({"--layout", "lines", "--head", "0"});
    words.insert(words.end(), more.begin(), more.end());
    return headlight(words).out;
  };
  EXPECT_THAT(lines({}), HasSubstr("the 3 strongest keys of each query"));
  EXPECT_THAT(lines({"--lines", "1"}), HasSubstr("the strongest key of each query"));
  EXPECT_THAT(lines({"--lines", "2", "--least-weight", "0.2"}),
              HasSubstr("the 2 strongest keys of each query, those of at least 0.2"));
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--lines", "3"},  // of layout single
                                             {"--least-weight", "0.1"},
                                             {"--layout", "lines", "--lines", "0"},
                                             {"--layout", "lines", "--lines", "1.5"},
                                             {"--layout", "lines", "--least-weight", "-1"},
                                             {"--least-size", "9"},
                                             {"--preset", "ieee-1col", "--least-size", "2"},
                                             {"--layout", "lines", "--highlight", "4:1"},
                                             {"--layout", "row", "--bracket", "q:0:1=NP"}}) {
    EXPECT_EQ(headlight(svg(wrong)).code, 2) << wrong.back();
  }
  EXPECT_THAT(headlight(svg({"--least-size", "9"})).err, HasSubstr("3 to 7"));
  // Labels of 40 tokens thin out at 7 pt and are all there at 3.
  const std::vector<std::string> many{"export", "--set", "tokens.count=40", "--width", "89mm", "-o", "-"};
  std::vector<std::string> large = many;
  large.insert(large.end(), {"--least-size", "7"});
  std::vector<std::string> small = many;
  small.insert(small.end(), {"--least-size", "3"});
  EXPECT_THAT(headlight(large).err, HasSubstr("smaller than 7 pt"));
  EXPECT_THAT(headlight(small).err, Not(HasSubstr("labels at every")));
}

TEST(ExportOptions, ARowHasAPlotForEachHead) {
  const ProcessResult two = headlight(svg({"--layout", "row", "--query", "it", "--head", "0,2"}));
  EXPECT_EQ(two.code, 0) << two.err;
  EXPECT_THAT(two.out, AllOf(HasSubstr("id=\"head-0"), HasSubstr("id=\"head-2")));
  const TemporaryFolder folder;
  EXPECT_EQ(headlight({"export", "--text", kWords, "--heads", "4", "--layout", "row", "--head", "all", "-o",
                       folder.path("all.pdf")})
                .code,
            0);
  const ProcessResult named =
      headlight({"export", "--text", kWords, "--heads", "4", "--layout", "row,lines", "--head", "1,3",
                 "--query", "4", "--format", "svg", "--out-dir", folder.path("out")});
  EXPECT_EQ(named.code, 0) << named.err;
  EXPECT_THAT(filesIn(folder.path("out")),
              ElementsAre("headlight-weights-H1-lines4.svg", "headlight-weights-H3-lines4.svg",
                          "headlight-weights-row4.svg"));
}

TEST(ExportOptions, MarksStandInThePipelineToo) {
  const std::string plain = headlight(svg({"--layout", "pipeline"})).out;
  EXPECT_TRUE(headlight(svg({"--layout", "pipeline", "--crop", "0:3,0:4"})).out != plain);
  EXPECT_THAT(headlight(svg({"--layout", "pipeline", "--bracket", "0:1=NP"})).out, HasSubstr(">NP<"));
  EXPECT_THAT(headlight(svg({"--layout", "pipeline", "--highlight", "it:animal"})).out,
              HasSubstr("id=\"highlights"));
}

TEST(ExportOptions, MarksThatCannotBe) {
  EXPECT_EQ(headlight(svg({"--highlight", "7:1"})).code, 2);
  EXPECT_EQ(headlight(svg({"--highlight", "71"})).code, 2);
  EXPECT_EQ(headlight(svg({"--bracket", "3:1=VP"})).code, 2);
  EXPECT_EQ(headlight(svg({"--bracket", "0:1"})).code, 2);
  const ProcessResult beyond = headlight(svg({"--crop", "0:8,0:2"}));
  EXPECT_EQ(beyond.code, 2);
  EXPECT_THAT(beyond.err, AllOf(HasSubstr("--crop"), HasSubstr("found \"0:8\""), HasSubstr("7 queries")));
  EXPECT_EQ(headlight(svg({"--crop", "0:3"})).code, 2);
  EXPECT_EQ(headlight(svg({"--query", "3"})).code, 2);
  EXPECT_EQ(headlight(svg({"--strip", "--embed-data"})).code, 2);
  EXPECT_EQ(headlight(svg({"--title", "x", "--no-title"})).code, 2);
  const std::vector<std::string> cross{"export", "--text", "a b",      "--set", "memory.text=c d e",
                                       "-o",     "-",      "--bracket"};
  std::vector<std::string> both = cross;
  both.emplace_back("0:1=X");
  const ProcessResult refused = headlight(both);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("q:0:1=X"));
  std::vector<std::string> keys = cross;
  keys.emplace_back("k:1:2=X");
  EXPECT_EQ(headlight(keys).code, 0);
}

TEST(ExportOptions, ADifferenceNeedsItsTwo) {
  TemporaryFolder folder;
  const std::string a = folder.put("a.headlight.json", headlight({"new", "--text", "one two three"}).out);
  const std::string b =
      folder.put("b.headlight.json", headlight({"new", "--text", "one two three", "--seed", "2"}).out);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"export", "--layout", "difference", "--out-dir", folder.path("out")});
    return headlight(words);
  };
  EXPECT_EQ(run({a, "--head", "0,1"}).out, folder.path("out/a-weights-H0-minus-H1.png\n"));
  EXPECT_EQ(run({a, "--stage", "scaled,dot"}).out, folder.path("out/a-scaled-minus-dot-H0.png\n"));
  const ProcessResult files = run({a, b, "--caption"});
  EXPECT_THAT(files.out,
              AllOf(StartsWith(folder.path("out/a-minus-b-weights-H0.png\n")), HasSubstr("minus")));
  const ProcessResult none = run({a});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("--head 2,5"));
  EXPECT_EQ(run({a, "--head", "0,1", "--stage", "scaled,dot"}).code, 2);
  EXPECT_EQ(run({a, "--head", "0,1,2"}).code, 2);
  EXPECT_EQ(run({a, "--set", R"(view.compare={"head": 1})"}).out, "");  // exists already
}

TEST(ExportOptions, SeveralLayoutsFromOneEvaluation) {
  TemporaryFolder folder;
  const ProcessResult result =
      headlight({"export", "--text", kWords, "--layout", "single,heads,pipeline,row,lines", "--query", "4",
                 "--format", "svg", "--out-dir", folder.path("o")});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(filesIn(folder.path("o")),
              ElementsAre("headlight-weights-H0-lines4.svg", "headlight-weights-H0-row4.svg",
                          "headlight-weights-H0.svg", "headlight-weights.svg", "headlight.svg"));
}

TEST(ExportOptions, TheCaptionIsPrintedAndNotDrawn) {
  TemporaryFolder folder;
  const ProcessResult file =
      headlight({"export", "--text", kWords, "--mask", "causal", "--caption", "-o", folder.path("f.svg")});
  ASSERT_EQ(file.code, 0) << file.err;
  EXPECT_THAT(file.out, AllOf(StartsWith(folder.path("f.svg\n")), HasSubstr("of H0 for 7 tokens"),
                              HasSubstr("causal mask"), HasSubstr("softmax"), HasSubstr("Numbers: ")));
  const ProcessResult piped = headlight(svg({"--caption"}));
  EXPECT_THAT(piped.err, HasSubstr("of H0 for 7 tokens"));
  EXPECT_THAT(piped.out, AllOf(StartsWith("<"), Not(HasSubstr("of H0 for 7 tokens"))));
  const ProcessResult json = headlight({"export", "--text", kWords, "--caption", "--json", "--set",
                                        "mistake.softmax_over=queries", "-o", folder.path("g.svg")});
  const Result<Value> line = parseJson(json.out);
  ASSERT_TRUE(line) << json.out << json.err;
  EXPECT_THAT(line->find("captions")->list()[0].string(), HasSubstr("Deliberately wrong"));
}

TEST(ExportOptions, AStrippedFigureSaysNothing) {
  TemporaryFolder folder;
  for (const char* format : {"png", "svg", "pdf"}) {
    const std::string out = folder.path(std::string("f.") + format);
    ASSERT_EQ(headlight({"export", "--text", "a b", "--set", "title=secret name", "--strip", "-o", out}).code,
              0);
    EXPECT_THAT(readBytes(out), AllOf(Not(HasSubstr("secret")), Not(HasSubstr("headlight/experiment"))));
    EXPECT_EQ(headlight({"describe", out}).code, 3) << format;
  }
}

}  // namespace
}  // namespace headlight::test
