#include <gmock/gmock.h>

#include "app/cli/command_sheet.h"
#include "app/cli/completion_scripts.h"
#include "core/experiment/parameters.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

using Kind = OptionValues::Kind;

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

ProcessOptions shellOptions(const std::string& folder) {
  ProcessOptions options;
  options.environment = {
      "PATH=/usr/bin:/bin",        "LC_ALL=C.UTF-8",          "HOME=" + folder,          "TERM=dumb",
      "XDG_CONFIG_HOME=" + folder, "XDG_DATA_HOME=" + folder, "XDG_CACHE_HOME=" + folder};
  options.folder = folder;
  return options;
}

/// What bash offers for a line, by the function that the script installs.
class Bash : public testing::Test {
 protected:
  Bash() {
    files_.put("who.headlight.json", "{}");
    files_.put("maps.npz", "");
    files_.put("notes.txt", "");
    script_ = scripts_.put("headlight.bash", headlight({"completion", "bash"}).out);
  }

  std::vector<std::string> offers(const std::string& line) const {
    const std::string program = "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'; source '" + script_ +
                                "' || exit 9; COMP_LINE=$1 COMP_POINT=${#1}; _headlight; printf '%s\\n' "
                                "\"${COMPREPLY[@]}\"";
    const ProcessResult result =
        runProcess("/bin/bash", {"--norc", "-c", program, "bash", line}, shellOptions(files_.path()));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty()) << line;
    return linesOf(result.out);
  }

  TemporaryFolder files_;
  TemporaryFolder scripts_;
  std::string script_;
};

TEST_F(Bash, CommandsAndOptions) {
  EXPECT_THAT(offers("headlight exp"), ElementsAre("export"));
  EXPECT_THAT(offers("headlight he"), ElementsAre("heads", "help"));
  EXPECT_THAT(offers("headlight help de"), ElementsAre("describe"));
  EXPECT_THAT(offers("headlight --pre"), ElementsAre("--present"));
  EXPECT_THAT(offers("headlight export --lay"), ElementsAre("--layout"));
  EXPECT_THAT(offers("headlight completion z"), ElementsAre("zsh"));
}

TEST_F(Bash, WordsListsAndSettings) {
  EXPECT_THAT(offers("headlight export --layout hea"), ElementsAre("heads"));
  EXPECT_THAT(offers("headlight export a.json --stage wei"), ElementsAre("weights"));
  EXPECT_THAT(offers("headlight export --stage weights,dot,mas"), ElementsAre("weights,dot,masked"));
  // Bash takes a word apart at =, and puts in what stands behind it.
  EXPECT_THAT(offers("headlight export --stage=weights,mas"), ElementsAre("weights,masked"));
  EXPECT_THAT(offers("headlight new --mask causal,padd"), ElementsAre("causal,padding"));
  EXPECT_THAT(offers("headlight compute --head m"), ElementsAre("mean"));
  EXPECT_THAT(offers("headlight new --set shape.d_"),
              UnorderedElementsAre("shape.d_model=", "shape.d_k=", "shape.d_v="));
  EXPECT_THAT(offers("headlight export --title "), IsEmpty());
}

TEST_F(Bash, FilesByTheirEnding) {
  EXPECT_THAT(offers("headlight describe "), ElementsAre("who.headlight.json"));
  EXPECT_THAT(offers("headlight info "), ElementsAre("maps.npz"));
  EXPECT_THAT(offers("headlight new --qkv "), ElementsAre("maps.npz"));
  EXPECT_THAT(offers("headlight wh"), ElementsAre("who.headlight.json"));
}

TEST_F(Bash, EveryOptionOfEveryCommand) {
  for (const CommandSheet& sheet : commandSheets()) {
    std::vector<std::string> names;
    for (const OptionSheet& option : sheet.options) names.push_back(option.longName);
    EXPECT_THAT(offers("headlight " + sheet.name + " --"), IsSupersetOf(names)) << sheet.name;
  }
}

TEST(CompletionScripts, PassTheirShellsSyntaxCheck) {
  TemporaryFolder folder;
  int looked = 0;
  for (const ShellInfo& shell : shells()) {
    const std::string script = folder.put("script", headlight({"completion", std::string(shell.id)}).out);
    EXPECT_THAT(readBytes(script), HasSubstr("headlight completion " + std::string(shell.id)));
    const std::string program = "/usr/bin/" + std::string(shell.id);
    if (!fileExists(program)) continue;
    const ProcessResult result = runProcess(program, {"-n", script}, shellOptions(folder.path()));
    EXPECT_EQ(result.code, 0) << shell.id << ": " << result.err;
    EXPECT_THAT(result.err, IsEmpty()) << shell.id;
    ++looked;
  }
  EXPECT_GE(looked, 1);
}

TEST(CompletionScripts, FishOffersTheSame) {
  if (!fileExists("/usr/bin/fish")) GTEST_SKIP() << "fish is not installed here";
  TemporaryFolder folder;
  TemporaryFolder files;
  files.put("who.headlight.json", "{}");
  files.put("maps.npz", "");
  const std::string script = folder.put("headlight.fish", headlight({"completion", "fish"}).out);
  ProcessOptions options = shellOptions(folder.path());
  options.folder = files.path();
  const auto offers = [&](const std::string& line) {
    const ProcessResult result = runProcess(
        "/usr/bin/fish", {"--no-config", "-c", "source " + script + "; complete -C '" + line + "'"}, options);
    EXPECT_EQ(result.code, 0) << result.err;
    std::vector<std::string> words = linesOf(result.out);
    for (std::string& word : words) word = word.substr(0, word.find('\t'));
    return words;
  };
  EXPECT_THAT(offers("headlight exp"), Contains("export"));
  EXPECT_THAT(offers("headlight export --lay"), ElementsAre("--layout"));
  EXPECT_THAT(offers("headlight export --stage weights,mas"), ElementsAre("weights,masked"));
  EXPECT_THAT(offers("headlight new --set shape.d_"),
              UnorderedElementsAre("shape.d_model=", "shape.d_k=", "shape.d_v="));
  EXPECT_THAT(offers("headlight info "), AllOf(Contains("maps.npz"), Not(Contains("who.headlight.json"))));
}

TEST(CompletionScripts, NeedAShell) {
  EXPECT_EQ(headlight({"completion"}).code, 2);
  EXPECT_THAT(headlight({"completion"}).err, HasSubstr("bash, zsh or fish"));
}

TEST(OptionValues, OptionsThatTakeAWordHaveWords) {
  for (const CommandSheet& sheet : commandSheets()) {
    for (const OptionSheet& option : sheet.options) {
      const bool words = option.values.kind == Kind::words || option.values.kind == Kind::list;
      if (option.value.find("WORD") != std::string::npos) {
        EXPECT_TRUE(words) << sheet.name << " " << option.longName;
      }
      EXPECT_EQ(words, !option.values.words.empty() && option.values.kind != Kind::settings)
          << sheet.name << " " << option.longName;
    }
  }
}

/// A word that is offered and then refused would be worse than none.
TEST(OptionValues, EveryWordThatIsOfferedIsAccepted) {
  TemporaryFolder folder;
  ProcessOptions options;
  options.folder = folder.path();
  for (const CommandSheet& sheet : commandSheets()) {
    if (sheet.name != "export" && sheet.name != "compute" && sheet.name != "new") continue;
    for (const OptionSheet& option : sheet.options) {
      if (option.values.kind != Kind::words && option.values.kind != Kind::list) continue;
      if (option.group == "Experiment" && sheet.name != "new") continue;
      for (const std::string& word : option.values.words) {
        const ProcessResult result = headlight(
            {sheet.name, "--text", "a b c", "--heads", "2", option.longName, word, "--force"}, options);
        EXPECT_THAT(result.err, Not(HasSubstr("found \"" + word + "\", accepted")))
            << sheet.name << " " << option.longName;
        EXPECT_THAT(result.err, Not(HasSubstr("is no option"))) << option.longName;
      }
    }
  }
}

TEST(OptionValues, SettingsAreTheParameterTable) {
  const OptionValues values = optionValues("describe", "--set");
  EXPECT_EQ(values.words.size(), parameters().size());
  EXPECT_THAT(settingWords("shape.heads"), IsEmpty());
}

}  // namespace
}  // namespace headlight::test
