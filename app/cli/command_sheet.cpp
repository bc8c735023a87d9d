#include "app/cli/command_sheet.h"

#include <CLI/CLI.hpp>

#include "app/cli/options.h"

namespace headlight {
namespace {

OptionSheet optionSheet(const CLI::Option& option, std::string_view command) {
  OptionSheet sheet;
  if (!option.get_snames().empty()) sheet.shortName = "-" + option.get_snames().front();
  if (!option.get_lnames().empty()) sheet.longName = "--" + option.get_lnames().front();
  const bool takesValue = option.get_items_expected_max() > 0 && option.get_type_size_max() > 0;
  if (takesValue) sheet.value = option.get_type_name();
  sheet.help = option.get_description();
  sheet.group = option.get_group();
  sheet.repeated = takesValue && option.get_items_expected_max() > 1;
  if (takesValue) sheet.values = optionValues(command, sheet.longName);
  return sheet;
}

}  // namespace

CommandSheet sheetOf(const CLI::App& app, std::string_view command) {
  CommandSheet sheet;
  sheet.name = command;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      // A type that ends in … says that there may be several.
      sheet.operands.push_back({option->get_name(), option->get_description(),
                                option->get_type_name().ends_with("…"),
                                operandValues(command, option->get_name())});
      continue;
    }
    sheet.options.push_back(optionSheet(*option, command));
  }
  return sheet;
}

DeclaredCommand::DeclaredCommand(const SubcommandInfo& row)
    : app(std::make_unique<CLI::App>("", "headlight " + std::string(row.name))), command(row.make()) {
  app->set_help_flag("-h,--help", "This text");
  command->declare(*app);
  app->get_help_ptr()->group(std::string(kCommonGroup));
  sheet = sheetOf(*app, row.name);
  sheet.help = row.help;
  sheet.examples = row.examples;
}

DeclaredCommand::~DeclaredCommand() = default;

std::vector<CommandSheet> commandSheets() {
  std::vector<CommandSheet> sheets;
  sheets.reserve(subcommands().size());
  for (const SubcommandInfo& row : subcommands()) sheets.push_back(DeclaredCommand(row).sheet);
  return sheets;
}

}  // namespace headlight
