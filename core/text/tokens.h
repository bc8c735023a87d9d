#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace headlight {

/// One position of the sequence. `text` is its raw bytes (of a byte token: that byte, which need not be
/// UTF-8) and is what the generator embeds; `label` is UTF-8 and what people read, not yet shortened or
/// escaped (label.h).
struct Token {
  std::string text;
  std::string label;
  bool operator==(const Token&) const = default;
};

enum class Split { words, characters, bytes };
std::string_view splitName(Split split);
std::optional<Split> splitByName(std::string_view name);

inline constexpr std::int64_t kMostTokens = std::int64_t{1} << 20;
inline constexpr std::size_t kMostTextBytes = std::size_t{64} << 20;

/// Splits a text. words: runs of letters, digits, marks and the apostrophes inside them; any other character
/// alone; white space dropped. characters: what a reader takes for one character, with its marks and joined
/// emoji; white space is kept. bytes: each byte. Errors (invalid): not UTF-8 (says at which byte), no token
/// at all, more than kMostTextBytes or kMostTokens.
Result<std::vector<Token>> splitText(std::string_view utf8, Split split);

/// A part of a text in bytes.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const TextRange&) const = default;
};
/// Where each token of splitText stands in the text; of a text that it refuses nothing, or what it has.
std::vector<TextRange> tokenRanges(std::string_view utf8, Split split);

/// Tokens whose text is their label.
std::vector<Token> tokensFromLabels(std::span<const std::string> labels);
/// n tokens "0" … "n − 1".
std::vector<Token> indexTokens(std::int64_t n);

}  // namespace headlight
