#include "app/cli/evaluate_input.h"

namespace headlight {

Result<std::shared_ptr<const Evaluation>> evaluateInput(const LoadedExperiment& loaded,
                                                        const EvaluateOptions& options, ThreadPool& pool,
                                                        InputReport& report, const Console& console) {
  if (options.check) {
    const Result<Prepared> prepared = prepare(loaded.experiment, loaded.folder);
    if (!prepared) return prepared.error();
    if (Status status = options.check(prepared->plan.inputs.sizes); !status) return status.error();
  }
  AttendOptions attend;
  attend.outputs = options.outputs;
  attend.cancel = options.cancel;
  auto evaluation = evaluate(loaded.experiment, loaded.folder, nullptr, pool, attend);
  if (!evaluation) return evaluation.error();
  report.seconds += (*evaluation)->run->seconds;
  for (const std::string& warning : (*evaluation)->prepared->warnings) warn(report, console, warning);
  return evaluation;
}

}  // namespace headlight
