#include "core/analysis/attention_cost.h"
#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

Result<double> keptCells(const QuantityInput& input) {
  return attentionCost(input.run()).keptCells;
}

Result<double> multiplications(const QuantityInput& input) {
  const AttentionCost cost = attentionCost(input.run());
  const std::string& part = input.key("part").string();
  if (part == "map") return cost.mapMultiplications;
  if (part == "projections") return cost.projectionMultiplications;
  return cost.mapMultiplications + cost.projectionMultiplications;
}

Result<double> linearMultiplications(const QuantityInput& input) {
  return attentionCost(input.run()).linearMultiplications;
}

Result<double> linearBytes(const QuantityInput& input) {
  return attentionCost(input.run()).linearNumbers * 4;
}

}  // namespace

std::vector<QuantityInfo> costQuantities() {
  std::vector<QuantityInfo> rows{
      {{"kept_cells", "pairs that the mask keeps", "pairs of query and key, of all heads", {}},
       1,
       false,
       keptCells},
      {{"multiplications",
        "multiplications",
        "map: kept pairs · (d_k + d_v), for QKᵀ and weights · V; projections: X W_Q, X W_K, X W_V and concat "
        "· W_O; all: both",
        {{"part", KeyType::word, "map", false, 0, 0, {"map", "projections", "all"}, "what is counted"}}},
       1,
       false,
       multiplications},
      {{"linear_multiplications",
        "multiplications of linear attention",
        "Hkv · Tk · d_k · d_v + H · Tq · (d_k · d_v + d_k), in the place of the map",
        {}},
       1,
       false,
       linearMultiplications},
      {{"linear_bytes",
        "bytes that linear attention carries from row to row",
        "4 · Hkv · (d_k · d_v + d_k), in float32",
        {}},
       1,
       false,
       linearBytes},
  };
  for (QuantityInfo& row : rows) row.anySize = true;
  return rows;
}

}  // namespace headlight
