#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(Arguments, VersionIsOneLineOnStdout) {
  const ProcessResult result = headlight({"--version"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, StartsWith("headlight "));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Arguments, HelpLeadsWithExamplesAndFitsAScreen) {
  const ProcessResult result = headlight({"--help"});
  EXPECT_EQ(result.code, 0);
  EXPECT_LE(std::count(result.out.begin(), result.out.end(), '\n'), 24);
  const std::size_t example = result.out.find("headlight export");
  const std::size_t commands = result.out.find("Commands");
  EXPECT_LT(example, commands);
  for (const char* name : {"compute", "export", "describe", "heads", "check", "info", "new", "code", "lesson",
                           "doctor", "completion"}) {
    EXPECT_THAT(result.out, HasSubstr(std::string("\n  ") + name + " "));
  }
  for (const char* hidden : {"--screenshot", "--act", "--idle", "--man"}) {
    EXPECT_THAT(result.out, Not(HasSubstr(hidden)));
  }
}

TEST(Arguments, EverySubcommandHasHelpThatBeginsWithExamples) {
  for (const char* name : {"compute", "export", "describe", "heads", "check", "info", "new", "doctor"}) {
    const ProcessResult result = headlight({name, "--help"});
    EXPECT_EQ(result.code, 0) << name;
    EXPECT_THAT(result.out, HasSubstr(std::string("headlight ") + name)) << name;
    EXPECT_THAT(result.out, HasSubstr("--json")) << name;
    EXPECT_EQ(headlight({"help", name}).out, result.out);
  }
}

TEST(Arguments, TheHelpOfAnExperimentCommandListsTheShortFormsOfTheParameterTable) {
  const ProcessResult result = headlight({"describe", "--help"});
  for (const char* flag :
       {"--set", "--text", "--heads", "--kv-heads", "--d-k", "--d-model", "--mask", "--seed"}) {
    EXPECT_THAT(result.out, HasSubstr(flag));
  }
}

TEST(Arguments, AMisspeltCommandIsAUsageErrorWithTheNearest) {
  const ProcessResult result = headlight({"exprot", "a.headlight.json", "--layout", "heads"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, AllOf(StartsWith("headlight: exprot: "), HasSubstr("export")));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(Arguments, AFileThatIsMissingIsAnInputError) {
  const ProcessResult result = headlight({"nowhere.headlight.json"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("nowhere.headlight.json"));
}

TEST(Arguments, TheWindowWithoutADisplayFailsWithOneSentence) {
  const ProcessResult result = headlight({});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, Not(IsEmpty()));
}

TEST(Arguments, UnknownOptionsSuggestTheNearest) {
  const ProcessResult result = headlight({"describe", "--head", "2"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("--heads"));
}

TEST(Arguments, ValuesThatCannotBeReadAreUsageErrors) {
  const std::vector<std::vector<std::string>> lines{
      {"compute", "--heads", "two"},
      {"compute", "--text", "a b", "--threads", "many"},
      {"compute", "--text", "a b", "--threads"},
      {"compute", "--text", "a b", "--stage", "weihgts"},
      {"compute", "--text", "a b", "--head", "first"},
      {"compute", "--text", "a b", "--rows", "3"},
      {"compute", "--text", "a b", "--rows", "2:1"},
      {"compute", "--text", "a b", "--batch", "1"},
      {"compute", "--text", "a b", "--batch", "last"},
      {"compute", "--text", "a b", "--batch", "0,all"},
      {"compute", "--text", "a b", "--upstream", "up.npy"},
      {"compute", "--text", "a b", "--format", "csv"},
      {"compute", "--text", "a b", "--tolerance", "1e-5"},
      {"compute", "--text", "a b", "-o", "out.csv"},
      {"compute", "--text", "a b", "-o", "out.npz", "--format", "safetensors"},
      {"compute", "--text", "a b", "--head", "mean,0"},
      {"compute", "--text", "a b", "-o", "-", "--json"},
      {"compute", "--text", "a b", "--mask", "casual"},
      {"compute", "--text", "a b", "--set", "shape.d_kk=3"},
      {"compute", "--text", "a b", "--set", "shape.d_k"},
      {"compute", "--text", "a b", "--text", "c d", "extra", "words"},
      {"compute", "--text", "a b", "--heads", "2", "--head", "2"},
      {"compute", "--text", "a b", "--rows", "0:3"},
      {"compute"},
      {"describe", "-", "-"},
      {"export", "--text", "a b", "--layout", "rings"},
      {"export", "--text", "a b", "--format", "gif"},
      {"export", "--text", "a b", "-o", "out.gif"},
      {"export", "--text", "a b", "-o", "out.svg", "--format", "png"},
      {"export", "--text", "a b", "-o", "out.svg", "--out-dir", "."},
      {"export", "--text", "a b", "-o", "out.svg", "--head", "0,1"},
      {"export", "--text", "a b", "--width", "88"},
      {"export", "--text", "a b", "--width", "-3mm"},
      {"export", "--text", "a b", "--dpi", "0"},
      {"export", "--text", "a b", "--dpi", "20"},
      {"export", "--text", "a b", "--width", "39mm"},
      {"export", "--text", "a b", "--range", "1,0"},
      {"export", "--text", "a b", "--range", "zeromax"},
      {"export", "--text", "a b", "--colormap", "jet"},
      {"export", "--text", "a b", "--theme", "blue"},
      {"export", "--text", "a b", "--batch", "first"},
      {"export", "--text", "a b", "-o", "out.svg", "--batch", "all"},
      {"heads", "--text", "a b", "--query", "a"},
      {"heads", "--text", "a b", "--csv", "--json"},
      {"heads", "--text", "a b", "--batch", "1"},
      {"new", "--maps", "m.npy", "--mha", "l.npz"},
      {"new", "--x", "x.npy"},
      {"info"},
  };
  for (const auto& line : lines) {
    const ProcessResult result = headlight(line);
    std::string shown;
    for (const std::string& word : line) shown += word + " ";
    EXPECT_EQ(result.code, 2) << shown << "\n" << result.err;
    EXPECT_THAT(result.err, StartsWith("headlight: ")) << shown;
    EXPECT_THAT(result.out, IsEmpty()) << shown;
  }
}

TEST(Arguments, NearestWordsAreSuggested) {
  EXPECT_THAT(headlight({"compute", "--text", "a", "--stage", "weihgts"}).err,
              HasSubstr("Did you mean weights?"));
  EXPECT_THAT(headlight({"compute", "--text", "a", "--mask", "casual"}).err,
              HasSubstr("Did you mean causal?"));
  EXPECT_THAT(headlight({"compute", "--text", "a", "--set", "shape.d_kk=3"}).err, HasSubstr("shape.d_k"));
  EXPECT_THAT(headlight({"export", "--text", "a", "--colormap", "virids"}).err,
              HasSubstr("Did you mean viridis?"));
}

TEST(Arguments, WindowOptionsAreReadBeforeTheWindowOpens) {
  EXPECT_EQ(headlight({"--size", "12"}).code, 2);
  EXPECT_EQ(headlight({"--theme", "pink"}).code, 2);
  EXPECT_EQ(headlight({"--scale", "x"}).code, 2);
  EXPECT_EQ(headlight({"--nonsense"}).code, 2);
  EXPECT_EQ(headlight({"--force", "check"}).code, 2);
}

TEST(Arguments, AnEmptyValueAfterTheEqualsSignIsAValue) {
  // CLI11 alone would take the next word for it.
  const ProcessResult result = headlight({"new", "--set", "title=x", "--text=", "--heads", "2"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("tokens"));
}

TEST(Arguments, AFileBehindAListOptionIsAFile) {
  TemporaryFolder folder;
  const std::string file = folder.put("a.headlight.json", headlight({"new", "--text", "one two"}).out);
  const ProcessResult result = headlight({"compute", "--stage", "weights", file});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("two"));
}

TEST(Arguments, MessagesHaveNoColourAwayFromATerminal) {
  EXPECT_THAT(headlight({"check", "nowhere"}).err, Not(HasSubstr("\x1b")));
}

TEST(Arguments, AnUnknownSimdLevelIsAUsageError) {
  ProcessOptions options;
  options.environment = {"HEADLIGHT_SIMD=mmx"};
  EXPECT_EQ(headlight({"describe", "--text", "a b"}, options).code, 2);
}

}  // namespace
}  // namespace headlight::test
