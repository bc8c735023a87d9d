#include "core/text/label.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <glib.h>

#include "core/base/utf8.h"
#include "core/text/cluster.h"

namespace headlight {
namespace {

/// A reader's character with more code points than this is a stack of marks; the rest is left out when
/// shortening.
constexpr std::size_t kMostMarks = 12;

bool between(char32_t c, char32_t low, char32_t high) {
  return c >= low && c <= high;
}

/// Joiners and selectors, which do something to their neighbours and are only seen when they stand alone.
bool isSilentJoiner(char32_t c) {
  return c == 0x200c || c == 0x200d || between(c, 0xfe00, 0xfe0f) || between(c, 0xe0100, 0xe01ef) ||
         between(c, 0xe0020, 0xe007f);
}

bool isUnseen(char32_t c) {
  if (c == ' ' || isSilentJoiner(c)) return false;
  switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
      return true;
    default:
      return between(c, 0x115f, 0x1160) || c == 0x3164 || c == 0x34f || c == 0xffa0;
  }
}

std::string escaped(char32_t c) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (c == '\n') return "⏎";
  if (c == '\t') return "→|";
  if (c == '\r') return "\\r";
  const int digits = c < 0x80 ? 2 : c < 0x10000 ? 4 : 6;
  std::string text = digits == 2 ? "\\x" : "\\u";
  for (int i = digits - 1; i >= 0; --i) text += kHex[(c >> (4 * i)) & 15];
  return text;
}

/// How one reader's character of `label` is shown; `edge` is whether a space there would not be seen.
std::string shownCluster(std::string_view cluster, bool edge) {
  std::string shown;
  std::size_t marks = 0;
  for (std::size_t at = 0; at < cluster.size();) {
    const auto point = decodeUtf8(cluster, at);
    const char32_t c = point ? point->value : 0xfffd;
    const std::size_t length = point ? point->length : 1;
    if (c == ' ') {
      shown += edge ? "␣" : " ";
    } else if (isUnseen(c) ||
               (isSilentJoiner(c) && (at == 0 || (c == 0x200d && at + length == cluster.size())))) {
      shown += escaped(c);
    } else {
      appendUtf8(shown, c);
    }
    at += length;
    if (++marks == kMostMarks) break;
  }
  return shown;
}

/// The shown characters, at most `most` of them, and whether more would follow.
struct Shown {
  std::vector<std::string> characters;
  bool more = false;
};
Shown shownCharacters(std::string_view label, std::size_t most) {
  Shown shown;
  for (std::size_t at = 0; at < label.size();) {
    if (shown.characters.size() == most) {
      shown.more = true;
      break;
    }
    const std::size_t length = clusterLength(label, at);
    const std::size_t next = at + length;
    const bool edge = at == 0 || next == label.size() || label[at - 1] == ' ' || label[next] == ' ';
    shown.characters.push_back(shownCluster(label.substr(at, length), edge));
    at = next;
  }
  return shown;
}

}  // namespace

std::string visibleLabel(std::string_view label) {
  if (label.empty()) return "∅";
  std::string text;
  for (const std::string& character : shownCharacters(label, label.size()).characters) text += character;
  return text;
}

std::string shortLabel(std::string_view label, std::size_t longest) {
  if (label.empty()) return "∅";
  longest = std::max<std::size_t>(longest, 1);
  Shown shown = shownCharacters(label, longest);
  if (shown.more) shown.characters.back() = "…";
  std::string text;
  for (const std::string& character : shown.characters) text += character;
  return text;
}

std::vector<std::int64_t> occurrences(std::span<const Token> tokens) {
  std::unordered_map<std::string_view, std::int64_t> counts;
  for (const Token& token : tokens) ++counts[token.label];
  std::unordered_map<std::string_view, std::int64_t> seen;
  std::vector<std::int64_t> numbers;
  numbers.reserve(tokens.size());
  for (const Token& token : tokens) {
    numbers.push_back(counts[token.label] > 1 ? ++seen[token.label] : 0);
  }
  return numbers;
}

std::vector<std::string> shownLabels(std::span<const Token> tokens, const LabelStyle& style) {
  std::vector<std::string> labels;
  labels.reserve(tokens.size());
  for (const Token& token : tokens) labels.push_back(shortLabel(token.label, style.longest));
  if (style.numberRepeats) {
    const std::vector<std::int64_t> numbers = occurrences(tokens);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (numbers[i] > 0) labels[i] += " (" + std::to_string(numbers[i]) + ")";
    }
  }
  return labels;
}

}  // namespace headlight
