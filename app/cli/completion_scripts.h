#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_sheet.h"

namespace headlight {

/// Everything that a completion script is made from: the commands, and the window's own options.
struct CompletionInput {
  std::vector<CommandSheet> commands;
  CommandSheet window;
};

std::string bashCompletion(const CompletionInput& input);
std::string zshCompletion(const CompletionInput& input);
std::string fishCompletion(const CompletionInput& input);

/// A row of the table of shells.
struct ShellInfo {
  std::string_view id;  ///< "bash"
  std::string (*script)(const CompletionInput& input);
};
const std::vector<ShellInfo>& shells();
std::vector<std::string> shellWords();

// What the scripts share.

/// Words in single quotes of a POSIX shell: it's → 'it'\''s'.
std::string shellQuoted(std::string_view text);
/// "a b c"
std::string spaced(const std::vector<std::string>& words, std::string_view between = " ");
/// The first clause of a help text, for the line beside a candidate.
std::string firstClause(std::string_view help);

}  // namespace headlight
