#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headlight {

// How words, counts and lists are put into messages and sentences.

/// The text between straight quotation marks.
std::string quoted(std::string_view text);
/// "1 token", "11 tokens".
std::string countText(std::int64_t n, std::string_view one, std::string_view many);
/// "a", "a and b", "a, b and c".
std::string listText(std::span<const std::string> words);
/// "a", "a or b", "a, b or c".
std::string orList(std::span<const std::string> words);
/// Did you mean "causal"? With the candidate nearest to `word` (kinds.h) between `marks`, none around what is
/// typed on a command line; empty when no candidate is near enough.
std::string didYouMean(std::string_view word, std::span<const std::string> candidates,
                       std::string_view marks = "\"");
/// The text with the letters A–Z made small; other bytes stay.
std::string lowered(std::string_view text);

}  // namespace headlight
