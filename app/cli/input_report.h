#pragma once
#include <functional>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/outputs.h"
#include "core/base/cancel.h"
#include "core/base/value.h"

namespace headlight {

/// What came of one input: the object that `--json` prints for it.
struct InputReport {
  std::string input;  ///< path, "-" for stdin, empty when no FILE was given
  std::vector<OutputRecord> outputs;
  double seconds = 0;  ///< evaluation alone
  std::vector<std::string> warnings;
  Object more;  ///< what a subcommand adds
};

/// Reports a warning: on stderr and in the object of `--json`.
void warn(InputReport& report, const Console& console, std::string text);

/// The object of `--json`, one line. `status` is what came of the input in the end.
std::string reportLine(const InputReport& report, double wallSeconds, const Status& status);
/// The error with the input's name in front of places inside it.
Error placedIn(Error error, const std::string& input);

/// Does `work` for every input. All are tried; a failure is told on stderr (and under "error" with `--json`),
/// an interruption ends the loop. Returns the exit code of the first that failed.
int forEachInput(const std::vector<std::string>& inputs, const CommonOptions& common, Console& console,
                 const Cancel& cancel,
                 const std::function<Status(const std::string& input, InputReport&)>& work);

}  // namespace headlight
