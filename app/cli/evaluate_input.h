#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/experiment_source.h"
#include "app/cli/progress.h"
#include "core/experiment/evaluate.h"

namespace headlight {

struct EvaluateOptions {
  bool outputs = true;
  bool gradients = false;
  bool statistics = true;  ///< false where few rows are read: their numbers are computed on the way
  std::optional<std::string> upstream;      ///< "FILE[:tensor]", ∂L/∂output
  std::optional<std::vector<int>> batches;  ///< which elements of a batch; nothing: all
  Cancel cancel;
  Progress* progress = nullptr;  ///< told the share that is done and the element of a batch; may be null
  /// Asked when the sizes are known and nothing was computed yet; may be empty.
  std::function<Status(const Sizes&, int batches)> check;
};

/// Evaluates what a subcommand loaded; warnings and the time it took go into the report. Errors: of the
/// experiment's files, of `check`, (cancelled).
Result<std::shared_ptr<const Evaluation>> evaluateInput(const LoadedExperiment& loaded,
                                                        const EvaluateOptions& options, ThreadPool& pool,
                                                        InputReport& report, const Console& console);

/// The elements of its batch that are wanted, one evaluation each; the only one where there is no batch.
/// Error (usage): an element that does not exist.
Result<std::vector<std::shared_ptr<const Evaluation>>> evaluateBatch(const LoadedExperiment& loaded,
                                                                     const EvaluateOptions& options,
                                                                     ThreadPool& pool, InputReport& report,
                                                                     const Console& console);

/// "0,3", or nothing for "all". Errors (usage).
Result<std::optional<std::vector<int>>> readBatches(const std::vector<std::string>& words);

}  // namespace headlight
