#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/option_values.h"
#include "app/cli/subcommand.h"

namespace headlight {

/// An option as help, man page and completions tell it.
struct OptionSheet {
  std::string shortName;  ///< "-o", or empty
  std::string longName;   ///< "--output"
  std::string value;      ///< "F"; empty: the option takes none
  std::string help;
  std::string group;
  bool repeated = false;  ///< may be given several times
  OptionValues values;
};

/// What stands without an option.
struct OperandSheet {
  std::string name;  ///< "FILE"
  std::string help;
  bool many = false;
  OptionValues values;

  std::string text() const { return many ? name + "…" : name; }
};

/// A command as help, man page and completions tell it, read from what it declares.
struct CommandSheet {
  std::string name;  ///< "export"; empty: the window
  std::string help;
  std::string examples;
  std::vector<OperandSheet> operands;
  std::vector<OptionSheet> options;

  /// "headlight export"
  std::string call() const { return name.empty() ? "headlight" : "headlight " + name; }
};

/// Reads a parser's declarations; hidden options are left out.
CommandSheet sheetOf(const CLI::App& app, std::string_view command);

/// A subcommand and the parser that it declared its options to.
struct DeclaredCommand {
  std::unique_ptr<CLI::App> app;  ///< named as it is called
  std::unique_ptr<Subcommand> command;
  CommandSheet sheet;

  explicit DeclaredCommand(const SubcommandInfo& row);
  DeclaredCommand(const DeclaredCommand&) = delete;
  DeclaredCommand& operator=(const DeclaredCommand&) = delete;
  ~DeclaredCommand();
};

/// The sheets of all subcommands, in the order of their table.
std::vector<CommandSheet> commandSheets();

}  // namespace headlight
