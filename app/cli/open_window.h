#pragma once
#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "app/cli/command_sheet.h"

namespace headlight {

/// `headlight [FILE…]`: reads the words and opens the window. A word that is no file but near a subcommand is
/// a usage error. Returns the exit code.
int openWindow(const std::vector<std::string>& words, const WindowDoor& window);

/// The options that stand without a command.
CommandSheet windowSheet();

}  // namespace headlight
