#include "app/cli/manual.h"

#include <algorithm>

#include "app/cli/command_sheet.h"
#include "app/cli/help_text.h"
#include "app/cli/open_window.h"
#include "app/cli/options.h"

namespace headlight {
namespace {

/// Text that troff prints as it is.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'' && out.empty()) {
      out += "\\(aq";
    } else if (c == '.' && out.empty()) {
      out += "\\&.";
    } else {
      out += c;
    }
  }
  return out;
}

std::string section(std::string_view name) {
  return ".SH " + std::string(name) + "\n";
}

/// Lines as they stand, without the blanks that help indents them by.
std::string exampleLines(std::string_view examples) {
  std::string text = ".nf\n.RS 4\n";
  while (!examples.empty()) {
    const std::size_t end = std::min(examples.find('\n'), examples.size());
    std::string_view line = examples.substr(0, end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    text += escaped(line) + "\n";
    examples.remove_prefix(std::min(end + 1, examples.size()));
  }
  return text + ".RE\n.fi\n";
}

std::string item(const std::string& bold, const std::string& italic, std::string_view help) {
  std::string text = ".TP\n\\fB" + escaped(bold) + "\\fR";
  if (!italic.empty()) text += " \\fI" + escaped(italic) + "\\fR";
  return text + "\n" + escaped(help) + "\n";
}

std::string optionItem(const OptionSheet& option) {
  std::string names = option.shortName;
  if (!names.empty() && !option.longName.empty()) names += ", ";
  names += option.longName;
  std::string help = option.help;
  const OptionValues& values = option.values;
  const bool listed = values.kind == OptionValues::Kind::words || values.kind == OptionValues::Kind::list;
  if (listed && help.find(values.words.front()) == std::string::npos) {
    if (!help.ends_with('.')) help += '.';
    help += " One of";
    for (const std::string& word : values.words) help += (&word == &values.words.front() ? " " : ", ") + word;
    help += '.';
  }
  return item(names, option.value, help);
}

std::string optionItems(const CommandSheet& sheet, std::string_view group) {
  std::string text;
  for (const OptionSheet& option : sheet.options) {
    if (option.group == group) text += optionItem(option);
  }
  return text;
}

std::string commandSection(const CommandSheet& sheet) {
  std::string text = ".SS " + escaped(synopsis(sheet)) + "\n" + escaped(sheet.help) + "\n";
  text += ".PP\n" + exampleLines(sheet.examples);
  for (const OperandSheet& operand : sheet.operands) text += item(operand.name, "", operand.help);
  for (const std::string& group : groupsOf(sheet)) {
    if (group != kExperimentGroup && group != kCommonGroup) text += optionItems(sheet, group);
  }
  const auto has = [&](std::string_view group) {
    return std::any_of(sheet.options.begin(), sheet.options.end(),
                       [&](const OptionSheet& option) { return option.group == group; });
  };
  if (has(kExperimentGroup)) text += ".PP\nTakes the options of EXPERIMENT too.\n";
  return text;
}

struct Row {
  const char* name;
  const char* text;
};

constexpr Row kExitCodes[] = {
    {"0", "done"},
    {"1", "failed while working; for the window: no display, or no OpenGL 3.3"},
    {"2", "the command line cannot be read; the nearest word is suggested"},
    {"3", "an input is missing, unreadable or invalid"},
    {"4", "an output exists or cannot be written"},
    {"5", "compute --against found a difference"},
    {"130", "interrupted"},
};

constexpr Row kEnvironment[] = {
    {"HEADLIGHT_SIMD", "scalar, sse4, avx2, avx512 or neon: the instruction set of the kernels"},
    {"NO_COLOR", "no colour in messages"},
    {"SOURCE_DATE_EPOCH", "the time that figures carry, in seconds since 1970"},
};

constexpr Row kFiles[] = {
    {"$XDG_CONFIG_HOME/headlight", "settings"},
    {"$XDG_STATE_HOME/headlight", "recent files and the autosaved document"},
    {"$XDG_CACHE_HOME/headlight",
     "unpacked examples, and for some weeks the files that figures brought along"},
};

template <std::size_t N>
std::string rows(const Row (&table)[N]) {
  std::string text;
  for (const Row& row : table) text += item(row.name, "", row.text);
  return text;
}

}  // namespace

std::string manualPage() {
  const std::vector<CommandSheet> sheets = commandSheets();
  std::string text = ".TH HEADLIGHT 1 \"" + std::string(kReleaseDay) +
                     "\" \"Headlight " HEADLIGHT_VERSION "\" \"User Commands\"\n";
  text += section("NAME") + "headlight \\- see multi\\-head attention\n";
  text += section("SYNOPSIS") +
          ".B headlight\n[\\fIOPTIONS\\fR] [\\fIFILE\\fR...]\n.br\n"
          ".B headlight\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIFILE\\fR...]\n";
  text +=
      section("DESCRIPTION") +
      "Headlight shows every step of multi\\-head attention as a heatmap: of a sentence with generated or "
      "constructed weights, of your own Q, K and V, or of a layer of PyTorch. Without a command it opens its "
      "window with the FILEs, several of them as a deck. The commands need no display.\n";
  text += section("EXAMPLES") + exampleLines(mainExamples());
  text += section("OPTIONS OF THE WINDOW");
  for (const OptionSheet& option : windowSheet().options) text += optionItem(option);
  text += section("COMMANDS");
  for (const CommandSheet& sheet : sheets) text += commandSection(sheet);
  for (const CommandSheet& sheet : sheets) {
    if (sheet.name != "new") continue;
    text +=
        section("EXPERIMENT") +
        "Every command that takes an experiment takes these, in the order given; with them FILE may be left "
        "out.\n" +
        optionItems(sheet, kExperimentGroup) + section("COMMON OPTIONS") + optionItems(sheet, kCommonGroup);
  }
  text += section("EXIT STATUS") + rows(kExitCodes);
  text += section("ENVIRONMENT") + rows(kEnvironment);
  text += section("FILES") + rows(kFiles);
  return text + section("SEE ALSO") +
         "The guide: README.md and guide.md in the folder of the package's documentation, usually "
         "/usr/share/doc/headlight.\n";
}

}  // namespace headlight
