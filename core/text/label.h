#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/tokens.h"

namespace headlight {

/// A label with nothing in it that cannot be seen: ␣ for a space at either end or beside another, ⏎ for a
/// line feed, →| for a tab, \x07 or \u202e for control characters, bidi marks, invisible and unusual blanks.
/// An empty label is "∅"; bytes that are no UTF-8 are U+FFFD; of a stack of marks the first twelve code
/// points stay.
std::string visibleLabel(std::string_view label);

/// visibleLabel of at most `longest` (≥ 1) characters as a reader counts them; the last is "…" where
/// something was cut. Costs no more for a label of any length.
std::string shortLabel(std::string_view label, std::size_t longest);

/// For each token, which of its repeats it is, from 1; 0 when its label stands there only once.
std::vector<std::int64_t> occurrences(std::span<const Token> tokens);

/// How a row of tokens is shown.
struct LabelStyle {
  std::size_t longest = 16;
  bool numberRepeats = false;  ///< "the (2)" for the second of several
};
std::vector<std::string> shownLabels(std::span<const Token> tokens, const LabelStyle& style);

}  // namespace headlight
