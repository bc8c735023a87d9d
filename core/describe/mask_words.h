#pragma once
#include <string>
#include <vector>

#include "core/base/kinds.h"

namespace headlight {

/// What one entry of the mask list keeps, as a sentence without its full stop: "each token attends to itself
/// and to the tokens before it".
std::string maskSentence(const Kinded& entry);
/// "causal mask", "causal and padding masks", "no mask".
std::string maskNames(const std::vector<Kinded>& entries);

}  // namespace headlight
