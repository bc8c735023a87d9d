#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/console.h"
#include "core/base/result.h"

namespace CLI {
class App;
}

namespace headlight {

/// The groups of options that several commands share; others are a command's own, set for what is declared
/// next by `beginGroup`.
inline constexpr std::string_view kExperimentGroup = "Experiment";
inline constexpr std::string_view kCommonGroup = "Common";
void beginGroup(CLI::App& app, std::string_view group);

/// Adds --json, --threads, -q, -f and --no-color.
void addCommonOptions(CLI::App& app, CommonOptions& options);

/// An option that takes a word or words: "a,b" and repeated use both give a list.
void addWords(CLI::App& app, const std::string& name, std::vector<std::string>& words,
              const std::string& help, const std::string& placeholder);
/// An option with one value, empty when it was not given.
void addText(CLI::App& app, const std::string& name, std::optional<std::string>& text,
             const std::string& help, const std::string& placeholder);

/// A number from `low` to `high`. Errors (usage): what was found and what is accepted.
Result<double> readOptionNumber(std::string_view option, std::string_view text, double low, double high);
Result<std::int64_t> readOptionInteger(std::string_view option, std::string_view text, std::int64_t low,
                                       std::int64_t high);
/// The usage error of a word that is none of `accepted`, with the nearest of them.
Error unknownWord(std::string_view option, std::string_view word, const std::vector<std::string>& accepted);

}  // namespace headlight
