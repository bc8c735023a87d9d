#pragma once
#include <string>
#include <vector>

#include "core/experiment/evaluate.h"

namespace headlight {

/// The experiment and its maps in plain sentences: origin of the numbers, sizes, mask, largest weights per
/// row, entropy, warnings. What a reader without the picture gets.
std::string describe(const Evaluation& evaluation);
/// One sentence or two on one map: what a figure stores as its alternative text.
std::string altText(const Evaluation& evaluation, Stage stage, int head);
/// "Self-attention of 11 tokens, 8 heads, d_k 16, causal mask."
std::string headline(const Evaluation& evaluation);

}  // namespace headlight
