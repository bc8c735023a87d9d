#pragma once
#include <string>
#include <vector>

#include "core/experiment/evaluate.h"

namespace headlight {

/// The causes in sentences: what is deliberately wrong, where the numbers come from, tokens, batch, extra
/// keys, sizes, positions, scores, biases, masks, normalizer, what was set by hand, ablated heads. A line
/// each.
std::string causeSentences(const Evaluation& evaluation);

/// What was changed by hand, a short line each: what is deliberately wrong, numbers that were set, heads that
/// are ablated. A figure says it beside the origin of its numbers.
std::vector<std::string> handNotes(const Evaluation& evaluation);

}  // namespace headlight
