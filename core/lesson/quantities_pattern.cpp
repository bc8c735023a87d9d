#include "core/analysis/pattern_loss.h"
#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

Result<double> massOutsidePattern(const QuantityInput& input) {
  const auto found = massOutside(input.run(), input.other->run, input.head(), input.cancel);
  if (!found) return found.error();
  return found->number;
}

Result<double> patternOutputError(const QuantityInput& input) {
  const auto found = outputError(input.state->run, input.other->run, *stageById(input.key("stage").string()),
                                 input.head(), input.cancel);
  if (!found) return found.error();
  return found->number;
}

Result<double> linearError(const QuantityInput& input) {
  const auto found = linearOutputError(input.state->run, input.head(), input.cancel);
  if (!found) return found.error();
  return found->number;
}

Result<double> linearChange(const QuantityInput& input) {
  const auto found = linearWeightChange(input.state->run, input.head(), input.cancel);
  if (!found) return found.error();
  return found->number;
}

}  // namespace

std::vector<QuantityInfo> patternQuantities() {
  return {
      {{"mass_outside",
        "weight outside the pattern",
        "Σ of the weights of `against` on keys that the mask drops, mean over the rows of `against` that "
        "keep "
        "at least two keys",
        {headKey()}},
       2,
       false,
       massOutsidePattern},
      {{"output_error",
        "error of the output",
        "√(Σ ‖o_i − o′_i‖² ÷ Σ ‖o′_i‖²), o′ of `against`, over its rows that keep at least two keys",
        {stageKey("head_output"), headKey()}},
       2,
       false,
       patternOutputError},
      {{"linear_output_error",
        "error of linear attention",
        "the same with o_i = φ(q_i) Σ_j φ(k_j) v_jᵀ ÷ φ(q_i) Σ_j φ(k_j), φ(x) = elu(x) + 1, against the "
        "head's "
        "output (Katharopoulos et al. 2020)",
        {headKey()}},
       1,
       false,
       linearError},
      {{"linear_weight_change",
        "weight that linear attention puts elsewhere",
        "½ Σ_j |φ(q_i) · φ(k_j) ÷ Σ − A_ij|, mean over the rows that keep at least two keys",
        {headKey()}},
       1,
       false,
       linearChange},
  };
}

}  // namespace headlight
