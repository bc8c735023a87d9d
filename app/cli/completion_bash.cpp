#include <algorithm>

#include "app/cli/completion_scripts.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

using Kind = OptionValues::Kind;

/// What looks at the line, the same for every option. COMP_WORDS is not used: bash breaks it at = and :.
constexpr std::string_view kFunctions = R"(
# Offers those of the words that begin with what is typed; HL_PREFIX stands before them on the line.
_headlight_words() {
  local typed=$1 word
  shift
  for word in "$@"; do
    [[ $word == "$typed"* ]] && COMPREPLY+=("$HL_PREFIX$word")
  done
}

# The same for what stands behind the last comma.
_headlight_list() {
  local typed=$1
  local before=${typed%"${typed##*,}"}
  shift
  HL_PREFIX+=$before
  _headlight_words "${typed#"$before"}" "$@"
}

# Folders, and files that end in one of the endings; with no ending folders alone.
_headlight_files() {
  local typed=$1 name ending
  shift
  compopt -o filenames 2>/dev/null
  while IFS= read -r name; do
    if [[ -d $name ]]; then
      COMPREPLY+=("$HL_PREFIX$name")
      continue
    fi
    for ending in "$@"; do
      if [[ $name == *"$ending" ]]; then
        COMPREPLY+=("$HL_PREFIX$name")
        break
      fi
    done
  done < <(compgen -f -- "$typed")
}

# KEY=VALUE: the keys, then what a key takes.
_headlight_setting() {
  local typed=$1
  if [[ $typed != *=* ]]; then
    compopt -o nospace 2>/dev/null
    _headlight_words "$typed" "${HL_KEYS[@]/%/=}"
    return
  fi
  HL_PREFIX+=${typed%%=*}=
  case ${typed%%=*} in
)";

constexpr std::string_view kMain = R"(
_headlight() {
  local line=${COMP_LINE:0:COMP_POINT} option='' HL_PREFIX='' before typed
  local cur=${line##*[[:space:]]}
  local -a words
  before=${line%"$cur"}
  read -ra words <<< "$before"
  local command='' previous=${words[${#words[@]}-1]}
  ((${#words[@]} > 1)) && command=${words[1]}
  COMPREPLY=()
  if [[ $cur == --*=* ]]; then
    option=${cur%%=*}
    HL_PREFIX=$option=
  elif ((${#words[@]} > 1)) && [[ $previous == -?* ]]; then
    option=$previous
  fi
  typed=${cur#"$HL_PREFIX"}
  _headlight_answer
  # Bash puts in what stands behind the last = or : of the word.
  if [[ $COMP_WORDBREAKS == *=* && $cur == *[=:]* ]]; then
    before=${cur%"${cur##*[=:]}"}
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
  fi
}

complete -F _headlight headlight
)";

/// What answers for these values; empty where there is nothing to offer.
std::string action(const OptionValues& values) {
  switch (values.kind) {
    case Kind::free:
      return ":";
    case Kind::words:
      return "_headlight_words \"$typed\" " + spaced(values.words);
    case Kind::list:
      return "_headlight_list \"$typed\" " + spaced(values.words);
    case Kind::files:
      return "_headlight_files \"$typed\" " + spaced(values.endings);
    case Kind::folder:
      return "_headlight_files \"$typed\"";
    case Kind::settings:
      break;
  }
  return "_headlight_setting \"$typed\"";
}

/// A command with two operands has the first one right behind its name.
std::string operandAction(const CommandSheet& sheet) {
  if (sheet.operands.size() < 2) return action(sheet.operands.front().values);
  return "if ((${#words[@]} == 2)); then " + action(sheet.operands.front().values) + "; else " +
         action(sheet.operands.back().values) + "; fi";
}

std::string optionWords(const CommandSheet& sheet) {
  std::vector<std::string> words;
  for (const OptionSheet& option : sheet.options) {
    if (!option.shortName.empty()) words.push_back(option.shortName);
    if (!option.longName.empty()) words.push_back(option.longName);
  }
  return spaced(words);
}

std::string settingArms() {
  std::string text;
  for (const ParameterInfo& parameter : parameters()) {
    const std::vector<std::string> words = settingWords(parameter.id);
    if (words.empty()) continue;
    text +=
        "    " + std::string(parameter.id) + ") _headlight_words \"${typed#*=}\" " + spaced(words) + " ;;\n";
  }
  return text + "  esac\n}\n";
}

/// The options that take a value, those with equal values in one arm.
std::string valueArms(const CompletionInput& input) {
  std::vector<std::pair<std::string, std::string>> arms;  // action, patterns
  for (const CommandSheet& sheet : input.commands) {
    for (const OptionSheet& option : sheet.options) {
      if (option.value.empty()) continue;
      std::string pattern;
      for (const std::string& name : {option.shortName, option.longName}) {
        if (!name.empty()) pattern += (pattern.empty() ? "" : "|") + shellQuoted(sheet.name + " " + name);
      }
      const std::string answer = action(option.values);
      const auto arm =
          std::find_if(arms.begin(), arms.end(), [&](const auto& one) { return one.first == answer; });
      if (arm == arms.end()) {
        arms.emplace_back(answer, pattern);
      } else {
        arm->second += "|\\\n    " + pattern;
      }
    }
  }
  std::string text;
  for (const auto& [answer, patterns] : arms)
    text.append("    ").append(patterns).append(")\n      ").append(answer).append("; return ;;\n");
  return text;
}

}  // namespace

std::string bashCompletion(const CompletionInput& input) {
  std::vector<std::string> names;
  for (const CommandSheet& sheet : input.commands) names.push_back(sheet.name);
  std::vector<std::string> keys;
  for (const ParameterInfo& parameter : parameters()) keys.emplace_back(parameter.id);
  std::string text = "# bash completion for headlight, printed by `headlight completion bash`.\n\nHL_KEYS=(" +
                     spaced(keys) + ")\n" + std::string(kFunctions) + settingArms() +
                     "\n_headlight_answer() {\n  case \"$command $option\" in\n" + valueArms(input) +
                     "  esac\n  case $command in\n";
  for (const CommandSheet& sheet : input.commands) {
    text += "    " + sheet.name + ")\n      if [[ $cur == -* ]]; then _headlight_words \"$cur\" " +
            optionWords(sheet) + "\n      " +
            (sheet.operands.empty() ? "fi" : "else " + operandAction(sheet) + "; fi") + " ;;\n";
  }
  text += "    help)\n      _headlight_words \"$cur\" " + spaced(names) + " ;;\n";
  text += "    *)\n      if [[ $cur == -* ]]; then _headlight_words \"$cur\" " + optionWords(input.window) +
          "\n      else\n        [[ -z $command ]] && _headlight_words \"$cur\" " + spaced(names) +
          " help\n        " + operandAction(input.window) + "\n      fi ;;\n  esac\n}\n";
  return text + std::string(kMain);
}

}  // namespace headlight
