#include "app/cli/evaluate_input.h"

#include <algorithm>

#include "app/cli/upstream.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// One element of the batch that the experiment's view names.
Result<std::shared_ptr<const Evaluation>> evaluateOne(const LoadedExperiment& loaded,
                                                      const Evaluation* previous,
                                                      const EvaluateOptions& options, ThreadPool& pool,
                                                      InputReport& report, const Console& console) {
  AttendOptions attend;
  attend.outputs = options.outputs;
  attend.gradients = options.gradients;
  attend.statistics = options.statistics;
  attend.cancel = options.cancel;
  if (options.progress != nullptr) attend.progress = options.progress->sharer();
  Caused<Matrix> upstream;
  Evaluation known;
  if (options.check || options.upstream) {
    // What is read to look at it is shared with the evaluation.
    Result<Prepared> prepared =
        prepare(loaded.experiment, loaded.folder, previous ? previous->prepared.get() : nullptr, &pool);
    if (!prepared) return prepared.error();
    known = {loaded.experiment, loaded.folder, std::make_shared<const Prepared>(std::move(*prepared)),
             previous ? previous->run : nullptr};
    previous = &known;
  }
  if (options.check) {
    Status status = options.check(known.prepared->plan.inputs.sizes, known.prepared->batches);
    if (!status) return status.error();
  }
  if (options.upstream) {
    std::vector<std::string> warnings;
    Result<Caused<Matrix>> read = readUpstream(*options.upstream, *known.prepared, warnings);
    if (!read) return read.error();
    for (std::string& warning : warnings) warn(report, console, std::move(warning));
    upstream = std::move(*read);
  }
  auto evaluation = evaluate(loaded.experiment, loaded.folder, previous, pool, attend, upstream);
  if (!evaluation) return evaluation.error();
  report.seconds += (*evaluation)->run->seconds;
  for (const std::string& warning : (*evaluation)->prepared->warnings) {
    const bool told =
        std::find(report.warnings.begin(), report.warnings.end(), warning) != report.warnings.end();
    if (!told) warn(report, console, warning);
  }
  return evaluation;
}

}  // namespace

Result<std::shared_ptr<const Evaluation>> evaluateInput(const LoadedExperiment& loaded,
                                                        const EvaluateOptions& options, ThreadPool& pool,
                                                        InputReport& report, const Console& console) {
  return evaluateOne(loaded, nullptr, options, pool, report, console);
}

Result<std::vector<std::shared_ptr<const Evaluation>>> evaluateBatch(const LoadedExperiment& loaded,
                                                                     const EvaluateOptions& options,
                                                                     ThreadPool& pool, InputReport& report,
                                                                     const Console& console) {
  LoadedExperiment element = loaded;
  if (options.batches || element.experiment.view.batch < 0) element.experiment.view.batch = 0;
  auto first = evaluateInput(element, options, pool, report, console);
  if (!first) return first.error();
  const int batches = (*first)->prepared->batches;
  std::vector<int> wanted;
  for (int b = 0; b < std::max(batches, 1); ++b) wanted.push_back(b);
  if (options.batches) wanted = *options.batches;
  std::vector<std::shared_ptr<const Evaluation>> evaluations;
  for (const int b : wanted) {
    if (b >= std::max(batches, 1)) {
      const std::string accepted =
          batches == 0 ? "0: the experiment is no batch" : "0 to " + std::to_string(batches - 1);
      return Error{
          ErrorCode::usage, "found " + std::to_string(b) + ", accepted is " + accepted, "--batch", {}};
    }
    if (b == element.experiment.view.batch) {
      evaluations.push_back(*first);
      continue;
    }
    if (options.progress != nullptr)
      options.progress->now("computing element " + std::to_string(b) + " of " + std::to_string(batches));
    LoadedExperiment next = loaded;
    next.experiment.view.batch = b;
    auto evaluation = evaluateOne(next, first->get(), options, pool, report, console);
    if (!evaluation) return evaluation.error();
    evaluations.push_back(std::move(*evaluation));
  }
  return evaluations;
}

Result<std::optional<std::vector<int>>> readBatches(const std::vector<std::string>& words) {
  if (words.empty()) return std::optional<std::vector<int>>();
  std::vector<int> batches;
  for (const std::string& word : words) {
    if (word == "all" && words.size() == 1) return std::optional<std::vector<int>>();
    const auto number = parseInteger(word);
    if (!number || *number < 0 || *number >= 1 << 20) {
      return Error{ErrorCode::usage,
                   "found \"" + word + "\", accepted are the numbers of elements, counted from 0, or all",
                   "--batch",
                   {}};
    }
    batches.push_back(static_cast<int>(*number));
  }
  return std::optional(std::move(batches));
}

}  // namespace headlight
