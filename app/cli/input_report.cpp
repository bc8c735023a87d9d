#include "app/cli/input_report.h"

#include <chrono>

#include "app/cli/exit_codes.h"
#include "core/base/utf8.h"

namespace headlight {
std::string reportLine(const InputReport& report, double wallSeconds, const Status& status) {
  Value line{Object{}};
  line.set("input", report.input.empty() ? Value() : Value(repairedUtf8(report.input)));
  List outputs;
  for (const OutputRecord& output : report.outputs) {
    Value entry{Object{}};
    entry.set("path", repairedUtf8(output.path));
    entry.set("bytes", static_cast<std::int64_t>(output.bytes));
    entry.set("sha256", output.sha256);
    outputs.push_back(std::move(entry));
  }
  line.set("outputs", std::move(outputs));
  line.set("seconds", report.seconds);
  line.set("wall_seconds", wallSeconds);
  List warnings;
  for (const std::string& warning : report.warnings) warnings.push_back(repairedUtf8(warning));
  line.set("warnings", std::move(warnings));
  for (const Member& member : report.more) line.set(member.first, member.second);
  if (!status) {
    Value error{Object{}};
    error.set("exit", exitCode(status.error().code));
    error.set("text", repairedUtf8(status.error().text()));
    line.set("error", std::move(error));
  }
  return line.json() + "\n";
}

Error placedIn(Error error, const std::string& input) {
  const std::string name = input == "-" ? "stdin" : input;
  const bool about = error.code == ErrorCode::invalid || error.code == ErrorCode::unreadable;
  if (!about || name.empty() || error.where.find(name) != std::string::npos) return error;
  error.where = error.where.empty() ? name : name + ": " + error.where;
  return error;
}

void warn(InputReport& report, const Console& console, std::string text) {
  console.warning(report.input == "-" ? "stdin" : report.input, text);
  report.warnings.push_back(std::move(text));
}

int forEachInput(const std::vector<std::string>& inputs, const CommonOptions& common, Console& console,
                 const Cancel& cancel,
                 const std::function<Status(const std::string& input, InputReport&)>& work) {
  int code = kExitDone;
  for (const std::string& input : inputs) {
    const auto start = std::chrono::steady_clock::now();
    InputReport report;
    report.input = input;
    Status status = work(input, report);
    if (!status) status = placedIn(status.error(), input);
    if (console.outClosed()) return code;
    const bool interrupted = cancel.requested() || (!status && status.error().code == ErrorCode::cancelled);
    if (interrupted) {
      console.note("interrupted");
      return kExitInterrupted;
    }
    if (!status) {
      console.error(status.error());
      if (code == kExitDone) code = exitCode(status.error().code);
    }
    if (common.json) {
      const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
      // A stdout that cannot be written is told below, for every kind of output alike.
      static_cast<void>(console.out(reportLine(report, wall.count(), status)));
    }
  }
  if (const Status& status = console.outStatus(); !status && code == kExitDone) {
    console.error(status.error());
    code = exitCode(status.error().code);
  }
  return code;
}

}  // namespace headlight
