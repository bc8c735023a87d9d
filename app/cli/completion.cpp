#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/completion_scripts.h"
#include "app/cli/exit_codes.h"
#include "app/cli/open_window.h"
#include "app/cli/options.h"
#include "core/base/words.h"

namespace headlight {
namespace {

class Completion : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    app.add_option("SHELL", shell_, spaced(shellWords(), ", "))->type_name("");
  }

  int run(CommandContext&) override {
    Console console;
    if (shell_.empty()) {
      console.error({ErrorCode::usage, "needs a SHELL: " + orList(shellWords()), "completion", {}});
      return kExitUsage;
    }
    const auto row = std::find_if(shells().begin(), shells().end(),
                                  [&](const ShellInfo& shell) { return shell.id == shell_; });
    Status status = row == shells().end() ? Status(unknownWord("completion", shell_, shellWords()))
                                          : console.out(row->script({commandSheets(), windowSheet()}));
    if (status) return kExitDone;
    console.error(status.error());
    return exitCode(status.error().code);
  }

 private:
  std::string shell_;
};

}  // namespace

const std::vector<ShellInfo>& shells() {
  static const std::vector<ShellInfo> rows{
      {"bash", bashCompletion}, {"zsh", zshCompletion}, {"fish", fishCompletion}};
  return rows;
}

std::vector<std::string> shellWords() {
  std::vector<std::string> words;
  words.reserve(shells().size());
  for (const ShellInfo& shell : shells()) words.emplace_back(shell.id);
  return words;
}

std::string shellQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string spaced(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::string firstClause(std::string_view help) {
  std::size_t end = help.size();
  for (const std::string_view mark : {": ", "; ", ", ", " (", "."}) end = std::min(end, help.find(mark));
  return std::string(help.substr(0, end));
}

std::unique_ptr<Subcommand> makeCompletion() {
  return std::make_unique<Completion>();
}

}  // namespace headlight
