#include "app/cli/cli.h"

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include "app/cli/command_sheet.h"
#include "app/cli/console.h"
#include "app/cli/exit_codes.h"
#include "app/cli/help_text.h"
#include "app/cli/interrupt.h"
#include "app/cli/open_window.h"
#include "app/cli/usage.h"
#include "core/attention/kernels/simd.h"

namespace headlight {
namespace {

/// A standard descriptor that was closed would be taken by the first file that is opened, and results written
/// into it.
void holdStandardDescriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    if (::open("/dev/null", O_RDWR) < 0) return;
  }
}

int runSubcommand(const SubcommandInfo& row, const std::vector<std::string>& words,
                  const WindowDoor& window) {
  CommandContext context{window, listenForInterrupt()};
  const DeclaredCommand declared(row);
  Console console;
  bool help = false;
  Status status = readArguments(*declared.app, words, help);
  if (status && help) {
    status = console.out(commandHelp(declared.sheet));
    if (status) return kExitDone;
  }
  if (status) status = useSimdLevelOfEnvironment();
  if (!status) {
    console.error(status.error());
    return exitCode(status.error().code);
  }
  return declared.command->run(context);
}

int dispatch(const std::vector<std::string>& words, const WindowDoor& window) {
  if (!words.empty() && words.front() == "help") {
    std::vector<std::string> rest(words.begin() + 1, words.end());
    rest.emplace_back("--help");
    return dispatch(rest, window);
  }
  const SubcommandInfo* row = words.empty() ? nullptr : subcommand(words.front());
  if (row != nullptr) return runSubcommand(*row, {words.begin() + 1, words.end()}, window);
  return openWindow(words, window);
}

}  // namespace

int runCommandLine(int argc, char** argv, const WindowDoor& window) {
  holdStandardDescriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, which ends quietly
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    return dispatch(words, window);
  } catch (const std::bad_alloc&) {
    Console().error({ErrorCode::failed, "not enough memory", {}, "Try a smaller sequence, or fewer heads"});
  } catch (const std::exception& problem) {
    Console().error({ErrorCode::failed, problem.what(), {}, {}});
  }
  return kExitFailed;
}

}  // namespace headlight
