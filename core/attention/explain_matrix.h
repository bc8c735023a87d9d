#pragma once
#include "core/attention/explain_steps.h"

namespace headlight {

/// Σ x · w and, where there is one, + b, which is called `bias`: ends at `value`.
void addLinear(Stage stage, const std::string& title, const std::string& bias, std::vector<ExplainTerm> terms,
               const Linear& linear, std::int64_t column, float value, Explanation& out);

/// q, k, v: x W + b, or as the source gives it; then the rotation and what was set by hand.
void explainProjection(const Run& run, Explanation& out);

}  // namespace headlight
