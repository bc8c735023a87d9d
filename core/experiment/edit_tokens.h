#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

// Changes of the order and the number of tokens, made as `edit` makes them. A sequence is written as a text
// where splitting it gives the same tokens again, else as a list.

/// More tokens than this are not moved one by one.
inline constexpr std::int64_t kMostMoved = 4096;

/// Why the tokens cannot be put into another order or be padded, or nothing: "the file decides the rows".
std::string fixedTokens(const Experiment& experiment);
/// Takes token `from` out and puts it back in as token `to`. Positions, masks and pins stay where they are.
/// Errors (invalid): fixedTokens, or there is no such token.
Result<Experiment> withTokenMoved(const Experiment& experiment, std::int64_t from, std::int64_t to);

/// How many [PAD] stand at the end of the tokens, the whole of them never counted; 0 for other forms than a
/// list.
std::int64_t paddingOf(const TokenSpec& tokens);
/// The text that the tokens before the padding are the words of; nothing where there is none.
std::optional<std::string> unpaddedText(const TokenSpec& tokens);
/// So many [PAD] at the end, as there are in a batch beside a longer sentence, with a `padding` mask over
/// them as keys. 0 takes both away. Errors (invalid): fixedTokens.
Result<Experiment> withPadding(const Experiment& experiment, std::int64_t count);
/// Another text before the same padding. Errors (invalid): no token in it.
Result<Experiment> withPaddedText(const Experiment& experiment, const std::string& text);

}  // namespace headlight
