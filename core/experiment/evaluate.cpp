#include "core/experiment/evaluate.h"

namespace headlight {

Result<std::shared_ptr<const Evaluation>> evaluate(const Experiment& experiment, const std::string& folder,
                                                   const Evaluation* previous, ThreadPool& pool,
                                                   const AttendOptions& options,
                                                   const Caused<Matrix>& upstream) {
  const Prepared* before = previous && previous->prepared ? previous->prepared.get() : nullptr;
  Result<Prepared> prepared = prepare(experiment, folder, before, &pool);
  if (!prepared) return prepared.error();
  prepared->plan.upstream = upstream;
  auto run = attend(prepared->plan, previous ? previous->run.get() : nullptr, pool, options);
  if (!run) return run.error();
  return std::make_shared<const Evaluation>(Evaluation{
      experiment, folder, std::make_shared<const Prepared>(std::move(*prepared)), std::move(*run)});
}

}  // namespace headlight
