#include "core/text/special.h"

#include <algorithm>

namespace headlight {

bool isSpecialToken(std::string_view label) {
  if (label.size() < 3) return false;
  const bool square = label.front() == '[' && label.back() == ']';
  const bool angle = label.front() == '<' && label.back() == '>';
  if (!square && !angle) return false;
  const std::string_view inside = label.substr(1, label.size() - 2);
  const bool oneWord = std::all_of(inside.begin(), inside.end(), [](char c) {
    return c != ' ' && c != '[' && c != ']' && c != '<' && c != '>';
  });
  const bool named = std::any_of(inside.begin(), inside.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return oneWord && named;
}

}  // namespace headlight
