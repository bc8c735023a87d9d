#pragma once
#include <cstddef>
#include <string_view>

namespace headlight {

/// Bytes that the character starting at byte `offset` (inside valid UTF-8) takes, as a reader counts
/// characters: a code point with its combining marks, variation selectors and skin tone, emoji joined by
/// U+200D, a flag's two letters, a Hangul syllable, CR LF. At least 1 before the end of the text. (A close
/// relative of UAX #29.)
std::size_t clusterLength(std::string_view utf8, std::size_t offset);

}  // namespace headlight
