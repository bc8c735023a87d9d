#include "core/analysis/head_pattern.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headlight {
namespace {

/// From 0.5 on: Clark et al. 2019, section 3.1.
constexpr double kMostOfTheRow = 0.5;
constexpr double kNearby = 0.7;
constexpr double kDiffuse = 0.9;
constexpr double kOneKey = 1.2;
/// How many times what equal weights would give.
constexpr double kOverChance = 2;
constexpr std::size_t kMostTags = 2;

/// The share of a row's weight, where it is large and no matter of course.
std::optional<double> large(const HeadProfile& profile, double share, double chance, double threshold) {
  if (!(profile.weightSum > 0) || !std::isfinite(profile.weightSum)) return {};
  share /= profile.weightSum;
  if (!(share >= threshold) || share < kOverChance * chance) return {};
  return std::min(share, 1.0);
}

std::optional<double> previous(const HeadProfile& p, double threshold) {
  if (!p.samePlaces) return {};
  return large(p, p.shares.previous, p.chance.previous, threshold);
}
std::optional<double> next(const HeadProfile& p, double threshold) {
  if (!p.samePlaces) return {};
  return large(p, p.shares.next, p.chance.next, threshold);
}
std::optional<double> itself(const HeadProfile& p, double threshold) {
  if (!p.samePlaces) return {};
  return large(p, p.shares.itself, p.chance.itself, threshold);
}
std::optional<double> first(const HeadProfile& p, double threshold) {
  return large(p, p.shares.first, p.chance.first, threshold);
}
std::optional<double> sameToken(const HeadProfile& p, double threshold) {
  if (p.repeatRows == 0) return {};
  return large(p, p.shares.repeats, p.chance.repeats, threshold);
}
std::optional<double> neighbours(const HeadProfile& p, double threshold) {
  if (!p.samePlaces) return {};
  for (const auto narrower : {previous, next, itself}) {
    if (narrower(p, kMostOfTheRow)) return {};
  }
  return large(p, p.shares.neighbours, p.chance.neighbours, threshold);
}
std::optional<double> oneKey(const HeadProfile& p, double threshold) {
  if (p.rows == 0 || p.keptKeys < 2 || !(p.effectiveKeys < threshold) || !(p.strongest > 0)) return {};
  if (!(p.weightSum > 0)) return {};
  return std::min(p.strongest / p.weightSum, 1.0);
}
std::optional<double> diffuse(const HeadProfile& p, double threshold) {
  if (!p.normalisedEntropy || !(*p.normalisedEntropy > threshold)) return {};
  return std::min(*p.normalisedEntropy, 1.0);
}

constexpr std::array kKinds{
    PatternKind{"previous", "weight on the key before the query's own place", kMostOfTheRow, previous, 0},
    PatternKind{"next", "weight on the key after the query's own place", kMostOfTheRow, next, 0},
    PatternKind{"itself", "weight on the query's own place", kMostOfTheRow, itself, 0},
    PatternKind{"first", "weight on the first key", kMostOfTheRow, first, 0},
    PatternKind{"same token", "weight on other places of the query's own text, where there are any",
                kMostOfTheRow, sameToken, 0},
    PatternKind{"neighbours", "weight on keys at most 2 places away", kNearby, neighbours, 0},
    PatternKind{"one key", "effective keys; the share is the mean of each row's largest weight", kOneKey,
                oneKey, 1},
    PatternKind{"diffuse", "entropy ÷ the largest it could be", kDiffuse, diffuse, 1},
};

}  // namespace

std::span<const PatternKind> patternKinds() {
  return kKinds;
}

std::vector<PatternTag> patternsOf(const HeadProfile& profile) {
  struct Found {
    PatternTag tag;
    int rank;
  };
  std::vector<Found> found;
  for (const PatternKind& kind : kKinds) {
    if (const auto share = kind.support(profile, kind.threshold)) {
      found.push_back({{kind.name, *share}, kind.rank});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.tag.share > b.tag.share;
  });
  std::vector<PatternTag> tags;
  for (std::size_t n = 0; n < std::min(found.size(), kMostTags); ++n) tags.push_back(found[n].tag);
  return tags;
}

std::vector<WeightDestination> whereWeightGoes(const HeadProfile& profile,
                                               std::span<const std::string> keyTexts) {
  using To = WeightDestination::To;
  std::vector<WeightDestination> lines;
  if (profile.rowsRead == 0) return lines;
  const PlaceShares& shares = profile.shares;
  if (profile.samePlaces) {
    lines.push_back({To::itself, "to itself", -1, shares.itself});
    lines.push_back({To::previous, "previous token", -1, shares.previous});
    lines.push_back({To::next, "next token", -1, shares.next});
  }
  lines.push_back({To::first, "first token", 0, shares.first});
  if (profile.repeatRows > 0) {
    lines.push_back({To::sameElsewhere, "same token elsewhere", -1, profile.sameElsewhereShare});
  }
  for (const KeyShare& receiver : profile.receivers) {
    const auto j = static_cast<std::size_t>(receiver.key);
    const bool named = j < keyTexts.size() && !keyTexts[j].empty();
    lines.push_back({To::key, named ? "“" + keyTexts[j] + "”" : "key " + std::to_string(receiver.key),
                     receiver.key, receiver.share});
  }
  return lines;
}

}  // namespace headlight
