#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/kinds.h"
#include "core/experiment/report.h"
#include "core/text/tokens.h"

namespace headlight {

/// What a constructed head looks at.
enum class Pattern : std::uint8_t { previous, next, sameToken, first, neighbours, self, random, links };

/// One end of a link: every token of that text, or the one at that index.
struct LinkEnd {
  std::string text;
  std::int64_t index = -1;  ///< ≥ 0: the index counts, not the text
  bool operator==(const LinkEnd&) const = default;

  bool matches(std::span<const Token> tokens, std::int64_t position) const;
  bool present(std::span<const Token> tokens) const;
  std::string name() const;
};
using Link = std::array<LinkEnd, 2>;  ///< query, key

struct PatternHead {
  Pattern pattern = Pattern::previous;
  std::string name;  ///< in words
  std::vector<Link> links;
  bool copy = false;  ///< W_V·W_O = identity
};

/// The `heads` of a source of kind patterns, without problems reported before.
std::vector<PatternHead> patternHeads(const Kinded& source);
/// Reports what the list of heads may not hold, and keeps unknown members.
void checkPatternHeads(const Kinded& source, const Place& place, Report& report);

/// The smallest d_k at which the largest weight of every row lies on the pattern, for T tokens without
/// repeats and a d_model that holds their codes:
///   previous, next, self, first   2 (one frequency of the position code; sharp from d_k = T on)
///   neighbours                    T (below about T/2 its two sides run into one)
///   same_token                    2 (one phase of the token code; a larger d_k separates the tokens better)
///   random                        1
///   links                         the number of different keys they lead to
std::int64_t smallestKeyWidth(const PatternHead& head, std::int64_t tokens);

}  // namespace headlight
