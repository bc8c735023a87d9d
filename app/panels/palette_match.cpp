#include "app/panels/palette_match.h"

#include <algorithm>
#include <string>

#include "core/base/words.h"

namespace headlight {
namespace {

bool wordBegins(std::string_view text, std::size_t at) {
  const auto isLetter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
  };
  return at == 0 || !isLetter(text[at - 1]);
}

/// How well a word stands in a text: at its beginning, at a word's, inside; 0 not at all.
int standsIn(std::string_view text, std::string_view word) {
  int best = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    best = std::max(best, at == 0 ? 100 : wordBegins(text, at) ? 80 : 40);
  }
  return best;
}

/// Whether the letters stand in the text in their order, the first at a word's beginning.
bool lettersOf(std::string_view text, std::string_view word) {
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (text[begin] != word.front() || !wordBegins(text, begin)) continue;
    std::size_t at = begin;
    std::size_t found = 0;
    for (; at < text.size() && found < word.size(); ++at) {
      if (text[at] == word[found]) ++found;
    }
    // Letters strewn over a whole sentence mean nothing.
    if (found == word.size() && at - begin <= 4 * word.size()) return true;
  }
  return false;
}

}  // namespace

int matchQuality(std::string_view label, std::string_view group, std::string_view id,
                 std::string_view query) {
  const std::string name = lowered(label);
  const std::string around = lowered(std::string(group) + " " + std::string(id));
  const std::string wanted = lowered(query);
  int quality = 1;
  std::size_t words = 0;
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at), wanted.size());
    const std::string_view word = std::string_view(wanted).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    ++words;
    int best = standsIn(name, word);
    if (const int beside = standsIn(around, word); beside > 0) best = std::max(best, beside >= 80 ? 30 : 15);
    if (best == 0 && word.size() > 1 && lettersOf(name, word)) best = 10;
    if (best == 0) return 0;
    quality += best;
  }
  // The words as they stand, one after the other, are what was meant.
  if (words > 1 && name.find(wanted) != std::string::npos) quality += 100;
  return quality;
}

}  // namespace headlight
