#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_sheet.h"

namespace headlight {

/// What help pages are broken to: the narrowest terminal in use.
inline constexpr std::size_t kHelpColumns = 80;

/// What `headlight --help` prints: examples first, at most 24 lines.
std::string mainHelp();
/// The examples that it begins with, a line each.
std::string_view mainExamples();
/// What `headlight COMMAND --help` prints: examples, then the options by group. Where a
/// command takes an experiment, the options that it shares with the others are only named; `new` explains
/// them.
std::string commandHelp(const CommandSheet& sheet);

/// "headlight export [OPTIONS] [FILE…]"
std::string synopsis(const CommandSheet& sheet);
/// "-o, --output F"
std::string optionText(const OptionSheet& option);
/// The groups of the options in the order in which they are told: the command's own as declared, then the
/// experiment's, then the common ones.
std::vector<std::string> groupsOf(const CommandSheet& sheet);
/// The text in lines of at most `width` columns, broken at spaces.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace headlight
