#pragma once
#include "core/attention/run.h"

namespace headlight {

/// What one pass of attention costs, from its sizes and its mask alone: numbers held and scalar
/// multiplications, additions not counted. Exact as long as below 2^53.
struct AttentionCost {
  double cells = 0;      ///< H · Tq · Tk
  double keptCells = 0;  ///< pairs of query and key that the mask keeps, of all heads
  /// keptCells · (d_k + d_v): QKᵀ and weights · V where only kept pairs are computed.
  double mapMultiplications = 0;
  /// X W_Q, X W_K, X W_V and concat · W_O, those that the source has.
  double projectionMultiplications = 0;
  /// Of linear attention in the place of the map: Hkv · Tk · d_k · d_v for the sums over keys and H · Tq ·
  /// (d_k · d_v + d_k) for reading them.
  double linearMultiplications = 0;
  /// Numbers that linear attention carries from row to row: Hkv · (d_k · d_v + d_k).
  double linearNumbers = 0;
};
AttentionCost attentionCost(const Run& run);

}  // namespace headlight
