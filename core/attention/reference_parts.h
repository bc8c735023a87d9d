#pragma once
#include <cstdint>
#include <vector>

#include "core/attention/reference.h"

namespace headlight {

/// What the parts of the reference read, and the run that they fill.
struct ReferenceWork {
  const AttentionPlan& plan;
  const MaskPlan& mask;
  const BiasPlan& biases;
  const Normalizer& normalizer;
  ReferenceRun& out;

  const Inputs& inputs() const { return plan.inputs; }
  const Sizes& sizes() const { return plan.inputs.sizes; }
  Tensor& stage(Stage stage) const { return out.stages[static_cast<std::size_t>(stage)]; }
  Tensor& row(RowQuantity quantity) const { return out.rows[static_cast<std::size_t>(quantity)]; }
  bool givesWeights() const { return inputs().maps && inputs().maps->enters == Stage::weights; }
  bool ablated(int head) const;
  /// Whether the pair has a part in the row's normalizer.
  bool counts(int head, std::int64_t query, std::int64_t key) const {
    return plan.mistake.maskAs != Mistake::MaskAs::minusInfinity || mask.keeps(head, query, key);
  }
  /// Whether the key's value has a part in the row: it counts, or the row is empty and has weights all the
  /// same, or the weights are given, which no mask touches.
  bool mixes(int head, std::int64_t query, std::int64_t key) const;
  /// W_O^h as it enters the output: row e of head h, column c.
  double merging(int head, std::int64_t e, std::int64_t c) const;
};

/// Zeros, in double.
Tensor doubles(std::vector<std::int64_t> shape);
/// [head, i, j], or [i, j] where the tensor has no head axis and `head` is 0.
double& at(Tensor& t, std::int64_t head, std::int64_t i, std::int64_t j);

/// input, memory, q, k, v.
void referenceProject(const ReferenceWork& work);
/// dot … masked.
void referenceScores(const ReferenceWork& work);
/// weights and the numbers beside the rows.
void referenceWeights(const ReferenceWork& work);
/// value_weighted … output; there must be values.
void referenceOutputs(const ReferenceWork& work);
/// grad_q … grad_scores and the norms of the Jacobians, where they have a meaning.
void referenceGradients(const ReferenceWork& work);

}  // namespace headlight
