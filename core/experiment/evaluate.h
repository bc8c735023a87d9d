#pragma once
#include <memory>
#include <string>

#include "core/experiment/inputs.h"

namespace headlight {

/// An experiment and its numbers, published together.
struct Evaluation {
  Experiment experiment;
  std::string folder;
  std::shared_ptr<const Prepared> prepared;
  std::shared_ptr<const Run> run;
};

/// Experiment (+ the evaluation before it, may be null) → numbers. Parts whose causes did not change are
/// shared. `upstream` is ∂L/∂output for the gradients, all ones where it is null (AttentionPlan).
Result<std::shared_ptr<const Evaluation>> evaluate(const Experiment& experiment, const std::string& folder,
                                                   const Evaluation* previous, ThreadPool& pool,
                                                   const AttendOptions& options = {},
                                                   const Caused<Matrix>& upstream = {});

}  // namespace headlight
