#pragma once
#include <string_view>

namespace headlight {

/// Whether a label names what tokenizers add to a text, not a piece of it: one word in brackets, as [CLS],
/// [PAD], <s>, </s>, <|endoftext|>, and the extra keys [bias] and [zero].
bool isSpecialToken(std::string_view label);

}  // namespace headlight
