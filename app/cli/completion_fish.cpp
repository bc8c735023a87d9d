#include "app/cli/completion_scripts.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

using Kind = OptionValues::Kind;

constexpr std::string_view kFunctions = R"(
# What is typed of the value of an option, whether it stands alone or behind its =.
function __headlight_typed
    commandline -ct | string replace -r '^--[a-z-]+=' ''
end

# The words behind the commas that are there already.
function __headlight_list
    set -l before (string match -r '^.*,' -- (__headlight_typed))
    for word in $argv
        echo "$before"$word
    end
end

# Files with these endings, and folders.
function __headlight_files
    set -l typed (__headlight_typed)
    set -l names "$typed"*
    for name in $names
        if test -d "$name"
            echo "$name/"
            continue
        end
        for ending in $argv
            if string match -q -- "*$ending" "$name"
                echo "$name"
                break
            end
        end
    end
end

# KEY=VALUE: the keys, then what a key takes.
function __headlight_settings
    set -l typed (__headlight_typed)
    switch "$typed"
)";

/// A string in single quotes of fish, where only \ and ' are escaped.
std::string fishQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// What follows the option's name in `complete`.
std::string values(const OptionValues& values) {
  switch (values.kind) {
    case Kind::free:
      return " -x";
    case Kind::words:
      return " -x -a " + fishQuoted(spaced(values.words));
    case Kind::list:
      return " -x -a " + fishQuoted("(__headlight_list " + spaced(values.words) + ")");
    case Kind::files:
      return " -x -a " + fishQuoted("(__headlight_files " + spaced(values.endings) + ")");
    case Kind::folder:
      return " -x -a '(__fish_complete_directories (__headlight_typed))'";
    case Kind::settings:
      break;
  }
  return " -x -a '(__headlight_settings)'";
}

std::string optionLine(const std::string& condition, const OptionSheet& option) {
  std::string text = "complete -c headlight -n " + fishQuoted(condition);
  if (!option.shortName.empty()) text += " -s " + option.shortName.substr(1);
  if (!option.longName.empty()) text += " -l " + option.longName.substr(2);
  if (!option.value.empty()) text += values(option.values);
  return text + " -d " + fishQuoted(firstClause(option.help)) + "\n";
}

std::string settingArms() {
  std::string text;
  std::string keys;
  for (const ParameterInfo& parameter : parameters()) {
    const std::string id(parameter.id);
    keys += " " + id + "=";
    const std::vector<std::string> words = settingWords(parameter.id);
    if (words.empty()) continue;
    text.append("        case ").append(fishQuoted(id + "=*")).append("\n            printf '%s\\n'");
    for (const std::string& word : words) text.append(" ").append(id).append("=").append(word);
    text += "\n";
  }
  return text + "        case '*'\n            printf '%s\\n'" + keys + "\n    end\nend\n";
}

}  // namespace

std::string fishCompletion(const CompletionInput& input) {
  std::string text = "# fish completion for headlight, printed by `headlight completion fish`.\n" +
                     std::string(kFunctions) + settingArms() + "\ncomplete -c headlight -f\n";
  const std::string first = "__fish_use_subcommand";
  for (const OptionSheet& option : input.window.options) text += optionLine(first, option);
  text += "complete -c headlight -n " + first + values(input.window.operands.front().values) + "\n";
  for (const CommandSheet& sheet : input.commands) {
    text +=
        "complete -c headlight -n " + first + " -a " + sheet.name + " -d " + fishQuoted(sheet.help) + "\n";
  }
  for (const CommandSheet& sheet : input.commands) {
    const std::string condition = "__fish_seen_subcommand_from " + sheet.name;
    text += "\n";
    for (const OptionSheet& option : sheet.options) text += optionLine(condition, option);
    for (const OperandSheet& operand : sheet.operands)
      text += "complete -c headlight -n " + fishQuoted(condition) + values(operand.values) + "\n";
  }
  return text;
}

}  // namespace headlight
