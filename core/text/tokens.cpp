#include "core/text/tokens.h"

#include <utility>

#include <glib.h>

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/text/cluster.h"

namespace headlight {
namespace {

constexpr std::pair<Split, std::string_view> kSplits[] = {
    {Split::words, "words"}, {Split::characters, "characters"}, {Split::bytes, "bytes"}};

/// A code point where a word may begin or go on.
bool isWordCharacter(char32_t c) {
  return g_unichar_isalnum(c) || g_unichar_ismark(c);
}
/// A code point that belongs to a word only between its characters: apostrophes, and the joiners of Persian
/// and Indic writing.
bool isInner(char32_t c) {
  return c == '\'' || c == 0x2019 || c == 0x200c || c == 0x200d || c == 0xad;
}

std::size_t wordEnd(std::string_view text, std::size_t at) {
  while (const auto point = decodeUtf8(text, at)) {
    std::size_t next = at + point->length;
    if (!isWordCharacter(point->value)) {
      const auto after = decodeUtf8(text, next);
      if (!isInner(point->value) || !after || !isWordCharacter(after->value)) break;
      next += after->length;
    }
    at = next;
  }
  return at;
}

/// Calls take(piece) for each token's bytes.
template <class Take>
void eachPiece(std::string_view text, Split split, Take take) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    if (split != Split::bytes) {
      const char32_t c = decodeUtf8(text, at)->value;
      if (split == Split::words && g_unichar_isspace(c)) {
        at += decodeUtf8(text, at)->length;
        continue;
      }
      const bool word = split == Split::words && isWordCharacter(c);
      length = word ? wordEnd(text, at) - at : clusterLength(text, at);
    }
    take(text.substr(at, length));
    at += length;
  }
}

std::string byteLabel(char byte) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  if (value >= 0x20 && value < 0x7f) return std::string(1, byte);
  return {'0', 'x', kHex[value >> 4], kHex[value & 15]};
}

Error invalid(std::string what, std::string where = "") {
  return Error{ErrorCode::invalid, std::move(what), std::move(where), ""};
}

}  // namespace

std::string_view splitName(Split split) {
  for (const auto& [value, name] : kSplits) {
    if (value == split) return name;
  }
  return "";
}

std::optional<Split> splitByName(std::string_view name) {
  for (const auto& [value, word] : kSplits) {
    if (word == name) return value;
  }
  return std::nullopt;
}

Result<std::vector<Token>> splitText(std::string_view utf8, Split split) {
  if (utf8.size() > kMostTextBytes) {
    return invalid("found a text of " + bytesText(static_cast<double>(utf8.size())) +
                   ", accepted are at most " + bytesText(static_cast<double>(kMostTextBytes)));
  }
  if (const auto bad = firstInvalidUtf8(utf8)) {
    return invalid("found the byte " + byteLabel(utf8[*bad]) + " that is no UTF-8, accepted is text in UTF-8",
                   "byte " + std::to_string(*bad));
  }
  std::int64_t count = 0;
  std::vector<Token> tokens;
  eachPiece(utf8, split, [&](std::string_view piece) {
    if (++count > kMostTokens) return;
    tokens.push_back({std::string(piece), split == Split::bytes ? byteLabel(piece[0]) : std::string(piece)});
  });
  if (count > kMostTokens) {
    return invalid("found " + std::to_string(count) + " tokens (" + std::string(splitName(split)) +
                   "), accepted are at most " + std::to_string(kMostTokens));
  }
  if (count == 0) {
    return invalid(utf8.empty() ? "found an empty text, accepted is text with at least one token"
                                : "found nothing but white space, accepted is text with at least one token");
  }
  return tokens;
}

std::vector<TextRange> tokenRanges(std::string_view utf8, Split split) {
  std::vector<TextRange> ranges;
  if (utf8.size() > kMostTextBytes || firstInvalidUtf8(utf8)) return ranges;
  eachPiece(utf8, split, [&](std::string_view piece) {
    const auto begin = static_cast<std::size_t>(piece.data() - utf8.data());
    if (static_cast<std::int64_t>(ranges.size()) < kMostTokens)
      ranges.push_back({begin, begin + piece.size()});
  });
  return ranges;
}

std::vector<Token> tokensFromLabels(std::span<const std::string> labels) {
  std::vector<Token> tokens;
  tokens.reserve(labels.size());
  for (const std::string& label : labels) tokens.push_back({label, label});
  return tokens;
}

std::vector<Token> indexTokens(std::int64_t n) {
  std::vector<Token> tokens;
  tokens.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    const std::string label = std::to_string(i);
    tokens.push_back({label, label});
  }
  return tokens;
}

}  // namespace headlight
