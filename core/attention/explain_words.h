#pragma once
#include <string>
#include <vector>

#include "core/attention/explain.h"

namespace headlight {

/// Which cell it is and what it holds: "Attention weights, head 0: query 7 “it”, key 2 “animal”: 0.551 (0.551
/// of its weight)".
std::string cellWords(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                      const std::vector<std::string>& keyLabels);
/// "dropped by mask 0, causal (each token …): key 9 > query 7"
std::string droppedWords(const ExplainMask& mask);

}  // namespace headlight
