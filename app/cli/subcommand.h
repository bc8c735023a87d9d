#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "app/cli/cli.h"
#include "core/base/cancel.h"

namespace CLI {
class App;
}

namespace headlight {

/// What a subcommand works with besides its own options.
struct CommandContext {
  const WindowDoor& window;
  Cancel cancel;
};

/// One word of the command line: declares its options, then, when they were read, does its work.
class Subcommand {
 public:
  Subcommand() = default;
  Subcommand(const Subcommand&) = delete;
  Subcommand& operator=(const Subcommand&) = delete;
  virtual ~Subcommand() = default;

  virtual void declare(CLI::App& app) = 0;
  /// Returns the exit code.
  virtual int run(CommandContext& context) = 0;
};

/// A row of the table of subcommands.
struct SubcommandInfo {
  std::string_view name;
  std::string_view help;      ///< a sentence
  std::string_view examples;  ///< lines that --help begins with
  std::unique_ptr<Subcommand> (*make)();
};
std::span<const SubcommandInfo> subcommands();
const SubcommandInfo* subcommand(std::string_view name);

std::unique_ptr<Subcommand> makeCompute();
std::unique_ptr<Subcommand> makeExport();
std::unique_ptr<Subcommand> makeDescribe();
std::unique_ptr<Subcommand> makeHeads();
std::unique_ptr<Subcommand> makeCheck();
std::unique_ptr<Subcommand> makeInfo();
std::unique_ptr<Subcommand> makeNew();
std::unique_ptr<Subcommand> makeCode();
std::unique_ptr<Subcommand> makeLesson();
std::unique_ptr<Subcommand> makeDoctor();
std::unique_ptr<Subcommand> makeCompletion();

}  // namespace headlight
