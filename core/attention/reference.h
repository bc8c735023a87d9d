#pragma once
#include <array>

#include "core/attention/run.h"

namespace headlight {

/// Every stage in double, as plain tensors with the shapes of the stage table: [H, Tq, Tk] for maps,
/// [Hkv, Tk, d] for k and v, [T, d] where there is no head axis. An absent stage has an empty shape.
struct ReferenceRun {
  Sizes sizes;
  std::array<Tensor, kStageCount> stages;
  std::array<Tensor, kRowQuantityCount> rows;  ///< [H, Tq], indexed by RowQuantity; empty where absent

  const Tensor& stage(Stage stage) const { return stages[static_cast<std::size_t>(stage)]; }
  const Tensor& row(RowQuantity quantity) const { return rows[static_cast<std::size_t>(quantity)]; }
  bool has(Stage stage) const { return !this->stage(stage).shape.empty(); }
  bool has(RowQuantity quantity) const { return !row(quantity).shape.empty(); }
};

struct ReferenceOptions {
  bool gradients = false;  ///< grad_q … grad_scores and the norm of each row's Jacobian
};

/// The same mathematics as attend(), written once more as directly as possible: double, one loop after the
/// other, no kernels, no sharing, no threads. For tests and `--float64`. Errors: as attend(), and maps of
/// more than 2^26 cells in all, which it would have to store.
Result<ReferenceRun> referenceAttend(const AttentionPlan& plan, const ReferenceOptions& options = {});

}  // namespace headlight
