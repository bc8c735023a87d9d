#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "core/attention/mask/mask.h"

namespace headlight {

/// Keys in both lists of sorted disjoint runs.
std::vector<KeyRun> intersection(std::span<const KeyRun> a, std::span<const KeyRun> b);
/// Keys of a that are not in b.
std::vector<KeyRun> difference(std::span<const KeyRun> a, std::span<const KeyRun> b);

/// The first run that ends behind `key`.
inline const KeyRun* runBehind(std::span<const KeyRun> runs, std::int64_t key) {
  return std::upper_bound(runs.data(), runs.data() + runs.size(), key,
                          [](std::int64_t k, const KeyRun& run) { return k < run.end; });
}

/// Calls visit(begin, end) for what the runs hold of [begin, end).
template <class Visit>
void forEachInside(std::span<const KeyRun> runs, std::int64_t begin, std::int64_t end, const Visit& visit) {
  const KeyRun* last = runs.data() + runs.size();
  for (const KeyRun* run = runBehind(runs, begin); run != last && run->begin < end; ++run) {
    visit(std::max(run->begin, begin), std::min(run->end, end));
  }
}

}  // namespace headlight
