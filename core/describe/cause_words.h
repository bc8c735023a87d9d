#pragma once
#include <string>

#include "core/experiment/evaluate.h"

namespace headlight {

/// The causes in sentences: where the numbers come from, tokens, sizes, positions, scores, masks, normalizer,
/// what was set by hand, ablated heads. A line each.
std::string causeSentences(const Evaluation& evaluation);

}  // namespace headlight
