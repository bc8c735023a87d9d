#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/kinds.h"
#include "core/base/value.h"
#include "core/text/tokens.h"

namespace headlight {

inline constexpr std::string_view kExperimentType = "headlight/experiment";
inline constexpr std::int64_t kExperimentVersion = 1;
inline constexpr std::size_t kDeepestJson = 64;
inline constexpr std::int64_t kMostHeads = 1024;
inline constexpr std::int64_t kWidest = 65536;
/// The largest scale, either way, and the largest softcap.
inline constexpr double kLargestScale = 1e30;

/// A family of kinds: sources, positions, masks, normalizers.
struct KindFamily {
  std::string_view what;               ///< "mask"
  std::vector<const KindSpec*> kinds;  ///< in the order of their table
  std::vector<KeySpec> common;         ///< keys that every kind has: temperature and empty_row of normalizers

  const KindSpec* find(std::string_view kind) const;
};
const KindFamily& sourceFamily();
const KindFamily& positionFamily();
const KindFamily& maskFamily();
const KindFamily& biasFamily();
const KindFamily& normalizerFamily();
/// The family whose kinds stand at the path: "source", "mask.0", "score.bias.0", …; null for none.
const KindFamily* familyAt(std::span<const std::string> steps);

/// The keys of the sections that have no kind.
std::span<const KeySpec> shapeKeys();
std::span<const KeySpec> scoreKeys();
std::span<const KeySpec> mistakeKeys();
std::span<const KeySpec> viewKeys();
KeySpec emptyRowKey();
KeySpec splitKey();
KeySpec temperatureKey();

/// The names that an object at this path may have; nothing where any name will do. `root` says which kinds
/// are there.
std::optional<std::vector<std::string_view>> memberNames(const Value& root,
                                                         std::span<const std::string> steps);

}  // namespace headlight
