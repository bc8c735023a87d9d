#pragma once
#include <string>
#include <vector>

#include "core/base/result.h"

namespace CLI {
class App;
}

namespace headlight {

/// Reads the words behind the subcommand (or all of them, for the window). Errors (usage): an unknown option
/// with the nearest, a missing or second value. `helpAsked` is set instead when --help stands among them.
Status readArguments(CLI::App& app, std::vector<std::string> words, bool& helpAsked);

}  // namespace headlight
