#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

/// a_j = e^{z_j − max z} ÷ (e^{sink − max z} + Σ e^{z − max z}), z = scores ÷ τ: softmax where the sink is
/// −∞, else with a logit of its own beside the scores, whose share of the sum no key gets.
///
/// A NaN or +∞ among the kept scores makes the whole row NaN, as the formula says. −∞ for all of them gives
/// NaN without a sink and 0 with one. A sink of +∞ leaves nothing to the keys.
class SoftmaxFamily : public Normalizer {
 public:
  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const final;
  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers& row,
             float* weights) const final;
  /// diag(a) − a aᵀ, with a sink too (attention.md B.4).
  Jacobian jacobian(std::span<const double> weights) const final;
  std::vector<ExplainStep> explain(const WeightCause& cause) const final;
  std::optional<float> sinkLogit(int head) const final { return sink(head); }

 protected:
  /// Not divided by τ; −∞: there is none.
  virtual float sink(int head) const = 0;
};

}  // namespace headlight
