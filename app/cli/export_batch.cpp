#include "app/cli/export_batch.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

#include "app/cli/exit_codes.h"
#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// Takes what came of the inputs in any order, and tells it in theirs.
class Teller {
 public:
  Teller(const ExportBatch& batch, Console& console, std::size_t count)
      : batch_(batch), console_(console), outcomes_(count) {}

  /// From any thread; nothing for an input that was left out.
  void take(std::size_t n, std::optional<ExportOutcome> outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_[n] = Waiting{true, std::move(outcome)};
    while (next_ < outcomes_.size() && outcomes_[next_].ready) {
      if (outcomes_[next_].outcome) tell(*outcomes_[next_].outcome);
      outcomes_[next_].outcome.reset();
      ++next_;
    }
  }

  /// Whether nobody reads what is told any more.
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return console_.outClosed();
  }
  int code() const { return code_; }
  std::size_t told() const { return told_; }
  std::size_t failed() const { return failed_; }
  std::size_t written() const { return written_; }

 private:
  struct Waiting {
    bool ready = false;
    std::optional<ExportOutcome> outcome;
  };

  void tell(ExportOutcome& outcome) {
    written_ += outcome.report.outputs.size();
    if (!outcome.status && outcome.status.error().code == ErrorCode::cancelled) return;
    ++told_;
    if (console_.outClosed()) return;
    const std::string name = outcome.report.input == "-" ? "stdin" : outcome.report.input;
    for (const std::string& warning : outcome.report.warnings) console_.warning(name, warning);
    // A stdout that cannot be written is told at the end.
    if (!outcome.toStdout.empty()) static_cast<void>(console_.out(outcome.toStdout));
    if (!outcome.status) {
      ++failed_;
      console_.error(outcome.status.error());
      if (code_ == kExitDone) code_ = exitCode(outcome.status.error().code);
    }
    if (batch_.common.json) {
      tellJson(outcome);
    } else {
      tellText(outcome);
    }
  }

  void tellText(const ExportOutcome& outcome) {
    bool toStdout = false;
    for (const OutputRecord& output : outcome.report.outputs) {
      toStdout = toStdout || output.path == "-";
      if (batch_.common.quiet || output.path == "-") continue;
      static_cast<void>(console_.out(output.path + "\n"));
    }
    for (const std::string& caption : outcome.captions) {
      if (toStdout) {
        console_.note(caption);
      } else {
        static_cast<void>(console_.out(caption + "\n"));
      }
    }
  }

  void tellJson(ExportOutcome& outcome) {
    if (batch_.captions) {
      List captions;
      for (const std::string& caption : outcome.captions) captions.emplace_back(caption);
      outcome.report.more.emplace_back("captions", std::move(captions));
    }
    static_cast<void>(console_.out(reportLine(outcome.report, outcome.wallSeconds, outcome.status)));
  }

  const ExportBatch& batch_;
  Console& console_;
  mutable std::mutex mutex_;
  std::vector<Waiting> outcomes_;
  std::size_t next_ = 0;
  std::size_t told_ = 0;
  std::size_t failed_ = 0;
  std::size_t written_ = 0;
  int code_ = kExitDone;
};

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return countText(static_cast<std::int64_t>(n), one, many);
}

/// "200 experiments, 600 files, 8.1 s; 2 failed, 3 not tried"
std::string summary(const Teller& teller, std::size_t count, double seconds) {
  std::string text = counted(teller.told(), "experiment", "experiments") + ", " +
                     counted(teller.written(), "file", "files") + ", " + fixed(seconds, 1) + " s";
  std::string more;
  if (teller.failed() > 0) more = std::to_string(teller.failed()) + " failed";
  if (teller.told() < count) {
    more += (more.empty() ? "" : ", ") + std::to_string(count - teller.told()) + " not done";
  }
  return more.empty() ? text : text + "; " + more;
}

void exportSideBySide(const ExportBatch& batch, ThreadPool& pool, const Console& console,
                      const Cancel& cancel, Teller& teller) {
  const std::size_t count = batch.inputs.size();
  Progress progress(console, "exporting " + std::to_string(count) + " experiments");
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> firstFailure{count};
  const auto one = [&](std::int64_t at) {
    const auto n = static_cast<std::size_t>(at);
    // After a failure nothing new is begun; what came before it in order is finished.
    if (cancel.requested() || teller.closed() || (batch.failFast && n > firstFailure.load())) {
      teller.take(n, std::nullopt);
      return;
    }
    ExportOutcome outcome = batch.exporter.exportInput(batch.inputs[n], std::nullopt, nullptr);
    if (!outcome.status) {
      std::size_t before = firstFailure.load();
      while (n < before && !firstFailure.compare_exchange_weak(before, n)) {
      }
    }
    progress.share(static_cast<double>(++done) / static_cast<double>(count));
    teller.take(n, std::move(outcome));
  };
  // The pool leaves out what a cancelled one had not begun; those are simply not told.
  pool.run(static_cast<std::int64_t>(count), one);
}

}  // namespace

int exportAll(const ExportBatch& batch, ThreadPool& pool, Console& console, const Cancel& cancel) {
  const auto start = std::chrono::steady_clock::now();
  const bool alone = batch.inputs.size() == 1 || batch.twoFiles;
  Teller teller(batch, console, alone ? 1 : batch.inputs.size());
  if (alone) {
    std::optional<ExportOutcome> outcome;
    {
      Progress progress(console, "computing " + batch.inputs.front());
      const auto minus = batch.twoFiles ? std::optional(batch.inputs.back()) : std::nullopt;
      outcome = batch.exporter.exportInput(batch.inputs.front(), minus, &progress);
    }
    teller.take(0, std::move(outcome));
  } else {
    exportSideBySide(batch, pool, console, cancel, teller);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (console.outClosed()) return teller.code();
  if (cancel.requested()) {
    console.note(alone ? "interrupted" : "interrupted: " + summary(teller, batch.inputs.size(), seconds));
    return kExitInterrupted;
  }
  if (!alone) console.note(summary(teller, batch.inputs.size(), seconds));
  if (const Status& status = console.outStatus(); !status && teller.code() == kExitDone) {
    console.error(status.error());
    return exitCode(status.error().code);
  }
  return teller.code();
}

}  // namespace headlight
