#include <gmock/gmock.h>

#include "app/cli/command_sheet.h"
#include "app/cli/help_text.h"
#include "app/cli/manual.h"
#include "app/cli/text_table.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      lines.push_back(std::move(line));
      line.clear();
    } else {
      line += c;
    }
  }
  return lines;
}

TEST(Help, FitsATerminalOfEightyColumns) {
  for (const CommandSheet& sheet : commandSheets()) {
    const std::vector<std::string> lines = linesOf(commandHelp(sheet));
    EXPECT_LE(lines.size(), sheet.name == "export" ? 66U : 45U) << sheet.name;
    for (const std::string& line : lines)
      EXPECT_LE(displayWidth(line), kHelpColumns) << sheet.name << ": " << line;
  }
  for (const std::string& line : linesOf(mainHelp())) EXPECT_LE(displayWidth(line), kHelpColumns) << line;
  EXPECT_LE(linesOf(mainHelp()).size(), 24U);
}

TEST(Help, BeginsWithOneSentenceAndExamples) {
  for (const CommandSheet& sheet : commandSheets()) {
    const std::vector<std::string> lines = linesOf(commandHelp(sheet));
    ASSERT_GT(lines.size(), 4U);
    EXPECT_TRUE(lines[0].ends_with('.')) << lines[0];
    EXPECT_EQ(lines[1], "");
    EXPECT_THAT(lines[2], HasSubstr("headlight " + sheet.name));
  }
}

TEST(Help, NamesEveryOptionOnce) {
  for (const CommandSheet& sheet : commandSheets()) {
    const std::string text = commandHelp(sheet);
    for (const OptionSheet& option : sheet.options) {
      EXPECT_THAT(text, HasSubstr(optionText(option))) << sheet.name;
      EXPECT_FALSE(option.help.empty()) << sheet.name << " " << option.longName;
    }
  }
}

TEST(Help, TellsWhatTheShortFormsOfAnExperimentMeanInNewAlone) {
  EXPECT_THAT(headlight({"new", "--help"}).out, HasSubstr("Width of X and of the output"));
  EXPECT_THAT(
      headlight({"describe", "--help"}).out,
      AllOf(HasSubstr("--d-model N"), Not(HasSubstr("Width of X")), HasSubstr("headlight new --help")));
}

TEST(Help, WrapsAtSpaces) {
  EXPECT_THAT(wrapped("aa bb  cc", 5), ElementsAre("aa bb", "cc"));
  EXPECT_THAT(wrapped("abcdefgh ij", 5), ElementsAre("abcdefgh", "ij"));
  EXPECT_THAT(wrapped("", 5), IsEmpty());
}

TEST(NearMisses, AreNamedEverywhere) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> lines{
      {{"exprot", "a.json"}, "Did you mean export?"},
      {{"help", "descibe"}, "Did you mean describe?"},
      {{"--presnt"}, "Did you mean --present?"},
      {{"completion", "bahs"}, "Did you mean bash?"},
      {{"export", "--text", "a b", "--layot", "heads"}, "Did you mean --layout?"},
      {{"export", "--text", "a b", "--layout", "haeds"}, "Did you mean heads?"},
      {{"export", "--text", "a b", "--format", "pfd"}, "Did you mean pdf?"},
      {{"export", "--text", "a b", "--theme", "drak"}, "Did you mean dark?"},
      {{"export", "--text", "a b", "--range", "zeromax"}, "Did you mean zero_max?"},
      {{"compute", "--text", "a b", "--format", "npx"}, "Did you mean npz?"},
      {{"compute", "--text", "a b", "--stage", "head_outptu"}, "Did you mean head_output?"},
      {{"compute", "--text", "a b", "--stage", "entrpy"}, "Did you mean entropy?"},
      {{"describe", "--text", "a b", "--markdwon"}, "Did you mean --markdown?"},
      {{"new", "--set", "shape.hedas=2"}, "Did you mean shape.heads?"},
      {{"new", "--set", "normalizer=sotfmax"}, "Did you mean \"softmax\"?"},
      {{"new", "--set", "mask=casual"}, "Did you mean \"causal\"?"},
      {{"new", "--set", "view.stage=wieghts"}, "Did you mean \"weights\"?"},
      {{"heads", "--text", "an animal", "--query", "animla", "--key", "an"}, "Did you mean animal?"},
  };
  for (const auto& [line, near] : lines) {
    const ProcessResult result = headlight(line);
    EXPECT_TRUE(result.code == 2 || result.code == 3) << line[0] << " " << line.back() << " " << result.code;
    EXPECT_THAT(result.err, HasSubstr(near)) << line[0] << " " << line.back();
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST(Manual, HasEveryCommandAndOption) {
  const ProcessResult result = headlight({"--man"});
  ASSERT_EQ(result.code, 0);
  EXPECT_THAT(result.out, StartsWith(".TH HEADLIGHT 1 "));
  for (const CommandSheet& sheet : commandSheets()) {
    EXPECT_THAT(result.out, HasSubstr("\n.SS headlight " + sheet.name)) << sheet.name;
    for (const OptionSheet& option : sheet.options) {
      std::string escaped;
      for (const char c : option.longName) escaped += c == '-' ? std::string("\\-") : std::string(1, c);
      EXPECT_THAT(result.out, HasSubstr(escaped)) << sheet.name;
    }
  }
  for (const char* section : {"NAME", "SYNOPSIS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES"})
    EXPECT_THAT(result.out, HasSubstr(std::string("\n.SH ") + section + "\n"));
}

TEST(Manual, IsFreeOfWarnings) {
  TemporaryFolder folder;
  const std::string page = folder.put("headlight.1", manualPage());
  ProcessOptions options;
  options.environment = {"PATH=/usr/bin:/bin", "MANWIDTH=80", "LC_ALL=C.UTF-8", "HOME=" + folder.path()};
  bool looked = false;
  if (fileExists("/usr/bin/man")) {
    const ProcessResult result =
        runProcess("/usr/bin/man", {"--warnings", "-E", "UTF-8", "-l", page}, options);
    EXPECT_EQ(result.code, 0);
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_THAT(result.out, AllOf(HasSubstr("headlight export [OPTIONS] [FILE…]"), HasSubstr("--markdown")));
    looked = true;
  }
  if (fileExists("/usr/bin/mandoc")) {
    const ProcessResult result = runProcess("/usr/bin/mandoc", {"-Tlint", "-Wwarning", page}, options);
    EXPECT_THAT(result.out, IsEmpty());
    looked = true;
  }
  if (!looked) GTEST_SKIP() << "neither man nor mandoc is installed here";
}

TEST(Manual, SaysTheDayOfTheNewestRelease) {
  const std::string metainfo =
      readBytes(HEADLIGHT_SOURCE_DIR "/assets/desktop/org.headlight.headlight.metainfo.xml");
  const std::size_t first = metainfo.find("<release ");
  ASSERT_NE(first, std::string::npos);
  EXPECT_THAT(metainfo.substr(first, 80), AllOf(HasSubstr("version=\"" HEADLIGHT_VERSION "\""),
                                                HasSubstr(std::string("date=\"") + kReleaseDay + "\"")));
  EXPECT_THAT(readBytes(HEADLIGHT_SOURCE_DIR "/assets/desktop/changelog.Debian"),
              StartsWith("headlight (" HEADLIGHT_VERSION "-1) "));
}

}  // namespace
}  // namespace headlight::test
