#pragma once
#include <string_view>

namespace headlight {

/// How well a command answers what was typed; 0: not at all. Every word of the query must be found: at the
/// label's beginning, at a word's, inside a word, in group or id, or as letters in their order, from best to
/// worst. An empty query finds everything.
int matchQuality(std::string_view label, std::string_view group, std::string_view id, std::string_view query);

}  // namespace headlight
