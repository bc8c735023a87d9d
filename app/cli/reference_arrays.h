#pragma once
#include <memory>

#include "app/cli/stage_arrays.h"
#include "core/attention/reference.h"

namespace headlight {

/// The slow computation in double, for `--float64`: takes the place of the numbers that a StageArray reads.
class ReferenceArrays {
 public:
  /// Errors: as referenceAttend.
  static Result<ReferenceArrays> make(const AttentionPlan& plan, bool gradients);
  /// The array keeps its name, shape and selection, and reads in double from here on.
  void serve(StageArray& array) const;

 private:
  std::shared_ptr<const ReferenceRun> run_;
};

}  // namespace headlight
