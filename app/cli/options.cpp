#include "app/cli/options.h"

#include <CLI/CLI.hpp>

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

Error unreadable(std::string_view option, std::string_view text, const std::string& accepted) {
  return {ErrorCode::usage,
          "found \"" + std::string(text) + "\", accepted is " + accepted,
          std::string(option),
          {}};
}

}  // namespace

void beginGroup(CLI::App& app, std::string_view group) {
  app.option_defaults()->group(std::string(group));
}

void addCommonOptions(CLI::App& app, CommonOptions& options) {
  beginGroup(app, kCommonGroup);
  app.add_flag("--json", options.json, "One JSON object per input on stdout, one a line");
  app.add_option_function<std::string>(
         "--threads",
         [&options](const std::string& text) {
           const Result<std::int64_t> threads = readOptionInteger("--threads", text, 0, 4096);
           if (!threads) throw CLI::ValidationError("--threads", threads.error().what);
           options.threads = static_cast<int>(*threads);
         },
         "Threads to compute on (default: all; results do not depend on it)")
      ->type_name("N");
  app.add_flag("-q,--quiet", options.quiet, "No warnings, notes or progress");
  app.add_flag("-f,--force", options.force, "Overwrite existing outputs");
  app.add_flag("--no-color", options.noColor, "No colour in messages");
}

void addWords(CLI::App& app, const std::string& name, std::vector<std::string>& words,
              const std::string& help, const std::string& placeholder) {
  // Without allow_extra_args(false) the option would swallow the FILE behind it.
  app.add_option(name, words, help)->delimiter(',')->allow_extra_args(false)->type_name(placeholder);
}

void addText(CLI::App& app, const std::string& name, std::optional<std::string>& text,
             const std::string& help, const std::string& placeholder) {
  app.add_option_function<std::string>(
         name, [&text](const std::string& given) { text = given; }, help)
      ->type_name(placeholder);
}

Result<double> readOptionNumber(std::string_view option, std::string_view text, double low, double high) {
  const std::optional<double> value = parseNumber(text);
  if (!value || !(*value >= low && *value <= high)) {
    return unreadable(option, text, "a number from " + shortest(low) + " to " + shortest(high));
  }
  return *value;
}

Result<std::int64_t> readOptionInteger(std::string_view option, std::string_view text, std::int64_t low,
                                       std::int64_t high) {
  const std::optional<std::int64_t> value = parseInteger(text);
  if (!value || *value < low || *value > high) {
    return unreadable(option, text,
                      "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return *value;
}

Error unknownWord(std::string_view option, std::string_view word, const std::vector<std::string>& accepted) {
  std::string list;
  for (const std::string& one : accepted) list += (list.empty() ? "" : ", ") + one;
  Error error = unreadable(option, word, list);
  error.hint = didYouMean(word, accepted, "");
  return error;
}

}  // namespace headlight
