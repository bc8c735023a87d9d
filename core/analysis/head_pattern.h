#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/head_profile.h"

namespace headlight {

/// A pattern that a head's map may show: a row of the table of patterns, and a new pattern is a new row.
struct PatternKind {
  std::string_view name;  ///< "previous"
  std::string_view what;  ///< what is measured: "weight on the key before the query's own place"
  double threshold = 0;   ///< from which on the measure makes a pattern; "one key": up to which
  /// What speaks for the pattern, in [0, 1]; nothing where the head does not show it.
  std::optional<double> (*support)(const HeadProfile& profile, double threshold) = nullptr;
  int rank = 0;  ///< 0: says where the weight goes; 1: how it is spread
};
/// "previous", "next", "itself", "first", "same token", "neighbours", "one key", "diffuse".
///
/// A share counts as a pattern from 0.5 on, as Clark et al. (2019, section 3.1) count heads that put more
/// than half of their weight on one place; "neighbours" (keys at most 2 away) from 0.7 on. Shares are of the
/// row's weight, so rows that do not sum to 1 are divided by their mean sum, and each has to be at least
/// twice what equal weights on the kept keys would give. "diffuse": normalised entropy above 0.9; "one key":
/// less than 1.2 effective keys while the mask keeps at least 2 on average.
std::span<const PatternKind> patternKinds();

/// A pattern of a head and the mean share (of diffuse heads the normalised entropy, of one-key heads the mean
/// largest weight) that speaks for it.
struct PatternTag {
  std::string_view name;
  double share = 0;
  bool operator==(const PatternTag&) const = default;
};
/// At most two tags: where the weight goes before how it is spread, and the better supported before the
/// other. "neighbours" only where none of previous, next and itself is there. Positions are compared only
/// where query i and key i are the same token (HeadProfile::samePlaces).
std::vector<PatternTag> patternsOf(const HeadProfile& profile);

/// A line of "Where its weight goes".
struct WeightDestination {
  enum class To : std::uint8_t { itself, previous, next, first, sameElsewhere, key };
  To to = To::key;
  std::string label;      ///< "to itself", "previous token", …; of a key its text between “ and ”
  std::int64_t key = -1;  ///< of To::first and To::key
  double share = 0;       ///< mean weight, as they are
};
/// The lines of a head: to itself, to the previous, the next and the first token, to the same token
/// elsewhere, then the keys that receive most on average (HeadProfile::receivers). A line is left out where
/// it means nothing: positions where queries and keys are not the same tokens, the same token where no texts
/// were given or none is repeated. Shares may overlap, they need not add to 1. `keyTexts` [Tk] name the keys;
/// a key without text is named by its index.
std::vector<WeightDestination> whereWeightGoes(const HeadProfile& profile,
                                               std::span<const std::string> keyTexts = {});

}  // namespace headlight
