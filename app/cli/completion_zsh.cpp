#include <string>

#include "app/cli/completion_scripts.h"
#include "app/cli/help_text.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

using Kind = OptionValues::Kind;

/// A description between brackets of _arguments: brackets and colons would end it.
std::string described(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string pattern(const std::vector<std::string>& endings) {
  std::vector<std::string> bare;
  bare.reserve(endings.size());
  for (const std::string& ending : endings) bare.push_back(ending.substr(1));
  return "*.(" + spaced(bare, "|") + ")";
}

/// "message:action" of _arguments.
std::string action(const OptionValues& values, const std::string& message) {
  const std::string told = described(message) + ":";
  switch (values.kind) {
    case Kind::free:
      return told + " ";
    case Kind::words:
      return told + "(" + spaced(values.words) + ")";
    case Kind::list:
      return told + "_values -s , " + message + " " + spaced(values.words);
    case Kind::files:
      return told + "_files -g \"" + pattern(values.endings) + "\"";
    case Kind::folder:
      return told + "_files -/";
    case Kind::settings:
      break;
  }
  return told + "_headlight_settings";
}

/// The value's name without what would need quoting: "A,B|none" → "value".
std::string message(const OptionSheet& option) {
  return option.longName.empty() ? "value" : option.longName.substr(2);
}

std::string optionSpec(const OptionSheet& option) {
  const bool takesValue = !option.value.empty();
  const std::string help = "[" + described(firstClause(option.help)) + "]";
  const std::string behind = takesValue ? ":" + action(option.values, message(option)) : "";
  const std::string both = option.shortName + " " + option.longName;
  std::string text;
  for (const std::string& name : {option.shortName, option.longName}) {
    if (name.empty()) continue;
    const bool isLong = name.starts_with("--");
    std::string spec = option.repeated                                       ? "*"
                       : option.shortName.empty() || option.longName.empty() ? ""
                                                                             : "(" + both + ")";
    spec.append(name).append(takesValue ? (isLong ? "=" : "+") : "").append(help).append(behind);
    text += "      " + shellQuoted(spec) + " \\\n";
  }
  return text;
}

std::string operandSpecs(const CommandSheet& sheet) {
  std::string text;
  for (const OperandSheet& operand : sheet.operands) {
    const std::string spec = (operand.many ? "*:" : "1:") + action(operand.values, operand.name);
    text += "      " + shellQuoted(spec) + " \\\n";
  }
  return text;
}

std::string argumentsOf(const CommandSheet& sheet) {
  std::string text = "    _arguments -s -S \\\n";
  for (const OptionSheet& option : sheet.options) text += optionSpec(option);
  text += operandSpecs(sheet);
  text.resize(text.size() - 3);  // the last " \" and its end of line
  return text + "\n";
}

std::string settings() {
  std::string text = "_headlight_settings() {\n  if compset -P '*='; then\n    case $IPREFIX in\n";
  for (const ParameterInfo& parameter : parameters()) {
    const std::vector<std::string> words = settingWords(parameter.id);
    if (words.empty()) continue;
    text += "      *" + std::string(parameter.id) + "=) compadd -- " + spaced(words) + " ;;\n";
  }
  text += "    esac\n  else\n    compadd -S = --";
  for (const ParameterInfo& parameter : parameters()) text += " " + std::string(parameter.id);
  return text + "\n  fi\n}\n";
}

}  // namespace

std::string zshCompletion(const CompletionInput& input) {
  std::string text =
      "#compdef headlight\n# zsh completion for headlight, printed by `headlight completion zsh`.\n\n" +
      settings() + "\n_headlight_first() {\n  local -a commands\n  commands=(\n";
  for (const CommandSheet& sheet : input.commands)
    text += "    " + shellQuoted(sheet.name + ":" + described(sheet.help)) + "\n";
  text += "  )\n  _describe -t commands command commands\n  _files -g \"" +
          pattern(input.window.operands.front().values.endings) +
          "\"\n}\n\n_headlight() {\n  local curcontext=$curcontext state line\n  typeset -A opt_args\n"
          "  _arguments -C \\\n";
  for (const OptionSheet& option : input.window.options) text += optionSpec(option);
  text +=
      "      '1: :_headlight_first' \\\n      '*:: :->rest'\n  [[ $state == rest ]] || return 0\n  case "
      "$line[1] in\n";
  for (const CommandSheet& sheet : input.commands)
    text += "  " + sheet.name + ")\n" + argumentsOf(sheet) + "    ;;\n";
  return text + "  *)\n    _files -g \"" + pattern(input.window.operands.front().values.endings) +
         "\"\n    ;;\n  esac\n}\n\nif [[ $funcstack[1] == _headlight ]]; then\n  _headlight \"$@\"\nelse\n"
         "  compdef _headlight headlight\nfi\n";
}

}  // namespace headlight
