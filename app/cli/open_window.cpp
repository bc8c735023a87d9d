#include "app/cli/open_window.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/console.h"
#include "app/cli/exit_codes.h"
#include "app/cli/help_text.h"
#include "app/cli/input_report.h"
#include "app/cli/manual.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "app/cli/usage.h"
#include "app/desktop/settings.h"
#include "core/base/words.h"
#include "core/experiment/scenario_code.h"

namespace headlight {
namespace {

/// A word that is no file: a misspelt subcommand, a missing file, a scenario code that cannot be read.
Status checkFile(const std::string& word, bool first) {
  if (isScenarioCode(word)) {
    const auto experiment = fromScenarioCode(word);
    return experiment ? Status() : placedIn(experiment.error(), word);
  }
  std::error_code ignored;
  const std::filesystem::file_status found = std::filesystem::status(word, ignored);
  if (std::filesystem::is_directory(found)) {
    return Error{ErrorCode::unreadable, "is a folder, accepted are experiments and figures", word, {}};
  }
  if (std::filesystem::exists(found)) return {};
  std::vector<std::string> names;
  for (const SubcommandInfo& row : subcommands()) names.emplace_back(row.name);
  if (subcommand(word) != nullptr) {
    return Error{ErrorCode::usage, "a command stands first, before its options", word,
                 "See headlight --help"};
  }
  if (first) {
    if (const std::string near = didYouMean(word, names, ""); !near.empty()) {
      return Error{ErrorCode::usage, "is neither a file nor a command", word, near};
    }
  }
  return Error{ErrorCode::unreadable, "no such file", word,
               first ? "headlight --help lists the commands" : ""};
}

struct WindowOptions {
  bool version = false;
  bool manual = false;
  std::optional<std::string> size;
  std::optional<std::string> scale;
  std::optional<std::string> theme;
  std::optional<std::string> idle;
  std::optional<std::string> screenshot;
};

Status readSize(const std::string& text, WindowRequest& request) {
  const std::size_t cross = text.find('x');
  const Error bad{
      ErrorCode::usage, "found \"" + text + "\", accepted is WIDTHxHEIGHT, such as 1280x720", "--size", {}};
  if (cross == std::string::npos) return bad;
  const Result<std::int64_t> width = readOptionInteger("--size", text.substr(0, cross), 100, 16384);
  const Result<std::int64_t> height = readOptionInteger("--size", text.substr(cross + 1), 100, 16384);
  if (!width || !height) return bad;
  request.width = static_cast<int>(*width);
  request.height = static_cast<int>(*height);
  return {};
}

Status readOptions(const WindowOptions& options, WindowRequest& request) {
  request.screenshot = options.screenshot.value_or("");
  if (options.size) {
    if (Status status = readSize(*options.size, request); !status) return status;
  }
  if (options.scale) {
    const Result<double> scale = readOptionNumber("--scale", *options.scale, 0.5, 4);
    if (!scale) return scale.error();
    request.scale = *scale;
  }
  if (options.idle) {
    const Result<double> idle = readOptionNumber("--idle", *options.idle, 0, 3600);
    if (!idle) return idle.error();
    request.idleSeconds = *idle;
  }
  request.theme = options.theme.value_or("");
  if (!request.theme.empty() && !isThemeWord(request.theme)) {
    std::vector<std::string> words;
    for (const std::string_view word : themeWords()) words.emplace_back(word);
    return unknownWord("--theme", request.theme, words);
  }
  return {};
}

void declare(CLI::App& app, WindowRequest& request, WindowOptions& options) {
  app.set_help_flag("-h,--help", "What there is, with examples");
  app.add_option("FILE", request.files, "Experiments, figures that carry one, scenario codes or lessons")
      ->type_name("…");
  app.add_flag("--version", options.version, "The version");
  app.add_flag("--present", request.present, "Begin in presentation mode");
  // For scripts that make pictures and measure, and for packages; no part of the promised command line.
  app.add_flag("--man", options.manual);
  addText(app, "--screenshot", options.screenshot, "", "F");
  addText(app, "--size", options.size, "", "WxH");
  addText(app, "--scale", options.scale, "", "X");
  addText(app, "--theme", options.theme, "", "WORD");
  addText(app, "--idle", options.idle, "", "S");
  app.add_option("--act", request.actions)->allow_extra_args(false);
  app.add_flag("--measure", request.measure);
  for (const char* hidden :
       {"--man", "--screenshot", "--size", "--scale", "--theme", "--idle", "--act", "--measure"}) {
    app.get_option(hidden)->group("");
  }
}

}  // namespace

CommandSheet windowSheet() {
  WindowRequest request;
  WindowOptions options;
  CLI::App app("", "headlight");
  declare(app, request, options);
  return sheetOf(app, "");
}

int openWindow(const std::vector<std::string>& words, const WindowDoor& window) {
  const Console console;
  WindowRequest request;
  WindowOptions options;
  bool help = false;
  CLI::App app("", "headlight");
  declare(app, request, options);
  // A misspelt command comes before the options that were meant for it.
  Status status;
  if (!words.empty() && !words.front().starts_with("-")) status = checkFile(words.front(), true);
  if (status) status = readArguments(app, words, help);
  if (status && (help || options.version || options.manual)) {
    Console out;
    status = out.out(help ? mainHelp() : options.manual ? manualPage() : "headlight " HEADLIGHT_VERSION "\n");
    if (status) return kExitDone;
  }
  for (std::size_t n = 0; status && n < request.files.size(); ++n)
    status = checkFile(request.files[n], n == 0);
  if (status) status = readOptions(options, request);
  if (!status) {
    console.error(status.error());
    return exitCode(status.error().code);
  }
  return window.open(request);
}

}  // namespace headlight
