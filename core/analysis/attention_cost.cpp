#include "core/analysis/attention_cost.h"

namespace headlight {
namespace {

double product(const Caused<Linear>& projection, std::int64_t rows) {
  return projection ? static_cast<double>(projection->weight.size()) * static_cast<double>(rows) : 0;
}

}  // namespace

AttentionCost attentionCost(const Run& run) {
  const Sizes& sizes = run.sizes;
  const double heads = sizes.heads;
  const double kvHeads = sizes.kvHeads;
  const auto queries = static_cast<double>(sizes.queries);
  const auto keys = static_cast<double>(sizes.keys);
  const auto dK = static_cast<double>(sizes.dK);
  const auto dV = static_cast<double>(sizes.dV);
  AttentionCost cost;
  cost.cells = heads * queries * keys;
  cost.keptCells = static_cast<double>(run.mask->keptCells());
  cost.mapMultiplications = cost.keptCells * (dK + dV);
  cost.projectionMultiplications =
      product(run.inputs.wQ, sizes.queries) + product(run.inputs.wK, sizes.tokenKeys()) +
      product(run.inputs.wV, sizes.tokenKeys()) + product(run.inputs.wO, sizes.queries);
  cost.linearMultiplications = kvHeads * keys * dK * dV + heads * queries * (dK * dV + dK);
  cost.linearNumbers = kvHeads * (dK * dV + dK);
  return cost;
}

}  // namespace headlight
