#include "app/cli/help_text.h"

#include <algorithm>

#include "app/cli/options.h"
#include "app/cli/text_table.h"

namespace headlight {
namespace {

constexpr std::size_t kNameColumns = 26;
constexpr std::size_t kCommandColumns = 14;

std::string padded(std::string text, std::size_t columns) {
  const std::size_t width = displayWidth(text);
  return text.append(width < columns ? columns - width : 1, ' ');
}

/// "  --width 88mm   Width of the figure", the help beside the name and under itself.
std::string optionLines(const std::string& name, const std::string& help) {
  const std::vector<std::string> lines = wrapped(help, kHelpColumns - kNameColumns);
  std::string text = "  " + name;
  const bool fits = displayWidth(text) + 2 <= kNameColumns;
  // A name that is too long for its column takes a little of a short help's.
  const bool beside =
      fits || (lines.size() == 1 && displayWidth(text) + 2 + displayWidth(help) <= kHelpColumns);
  if (lines.empty()) return text + "\n";
  if (beside) {
    text = padded(std::move(text) + (fits ? "" : " "), kNameColumns) + lines.front() + "\n";
  } else {
    text += "\n" + std::string(kNameColumns, ' ') + lines.front() + "\n";
  }
  for (std::size_t n = 1; n < lines.size(); ++n) text += std::string(kNameColumns, ' ') + lines[n] + "\n";
  return text;
}

/// Only the names, as many a line as fit.
std::string namesOnly(const CommandSheet& sheet, std::string_view group) {
  std::string text;
  std::string line = " ";
  for (const OptionSheet& option : sheet.options) {
    if (option.group != group) continue;
    const std::string name = " " + optionText(option) + " ";
    if (displayWidth(line + name) > kHelpColumns) {
      text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = " ";
    }
    line += name;
  }
  return text + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    const std::string word(text.substr(at, end - at));
    if (!line.empty() && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!word.empty()) line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string optionText(const OptionSheet& option) {
  std::string text = option.shortName;
  if (!text.empty() && !option.longName.empty()) text += ", ";
  text += option.longName;
  return option.value.empty() ? text : text + " " + option.value;
}

std::string synopsis(const CommandSheet& sheet) {
  std::string text = sheet.call() + (sheet.options.empty() ? "" : " [OPTIONS]");
  for (const OperandSheet& operand : sheet.operands) text += " [" + operand.text() + "]";
  return text;
}

std::vector<std::string> groupsOf(const CommandSheet& sheet) {
  std::vector<std::string> groups;
  for (const OptionSheet& option : sheet.options) {
    if (option.group == kExperimentGroup || option.group == kCommonGroup) continue;
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  for (const std::string_view last : {kExperimentGroup, kCommonGroup}) {
    const bool any = std::any_of(sheet.options.begin(), sheet.options.end(),
                                 [&](const OptionSheet& option) { return option.group == last; });
    if (any) groups.emplace_back(last);
  }
  return groups;
}

std::string commandHelp(const CommandSheet& sheet) {
  std::string text = sheet.help + "\n\n" + sheet.examples + "\n\n" + synopsis(sheet) + "\n";
  for (const OperandSheet& operand : sheet.operands) text += optionLines(operand.text(), operand.help);
  const std::vector<std::string> groups = groupsOf(sheet);
  const bool experiment =
      sheet.name != "new" && std::find(groups.begin(), groups.end(), kExperimentGroup) != groups.end();
  for (const std::string& group : groups) {
    const bool inShort = experiment && (group == kExperimentGroup || group == kCommonGroup);
    text += "\n" + group;
    if (inShort && group == kExperimentGroup)
      text += ", in the order given (headlight new --help explains them)";
    text += ":\n";
    if (inShort) {
      text += namesOnly(sheet, group);
      continue;
    }
    for (const OptionSheet& option : sheet.options) {
      if (option.group == group) text += optionLines(optionText(option), option.help);
    }
  }
  return text;
}

std::string_view mainExamples() {
  return "  headlight                              open the window\n"
         "  headlight who.headlight.json           open an experiment, or a figure of one\n"
         "  headlight --present one.json two.json  on a projector, several files as a deck\n"
         "  headlight export who.headlight.json --head 2 -o who.svg\n"
         "  headlight compute --text \"it was tired\" --heads 2\n"
         "  headlight new --qkv qkv.npz > mine.headlight.json";
}

std::string mainHelp() {
  std::string text = "Headlight shows attention: true maps of your sentence, or of your own Q, K, V.\n\n" +
                     std::string(mainExamples()) +
                     "\n\nCommands (headlight COMMAND --help lists the options of each):\n";
  for (const SubcommandInfo& row : subcommands())
    text += padded("  " + std::string(row.name), kCommandColumns) + std::string(row.help) + "\n";
  return text +
         "\nOptions: --present, --version, --help. Exit codes: 0 done, 1 failed,\n"
         "2 command line, 3 input, 4 output, 5 different, 130 interrupted.\n";
}

}  // namespace headlight
