#pragma once
#include <functional>
#include <memory>

#include "app/cli/experiment_source.h"
#include "core/experiment/evaluate.h"

namespace headlight {

struct EvaluateOptions {
  bool outputs = true;
  Cancel cancel;
  /// Asked when the sizes are known and nothing was computed yet; may be empty.
  std::function<Status(const Sizes&)> check;
};

/// Evaluates what a subcommand loaded; warnings and the time it took go into the report. Errors: of the
/// experiment's files, of `check`, (cancelled).
Result<std::shared_ptr<const Evaluation>> evaluateInput(const LoadedExperiment& loaded,
                                                        const EvaluateOptions& options, ThreadPool& pool,
                                                        InputReport& report, const Console& console);

}  // namespace headlight
