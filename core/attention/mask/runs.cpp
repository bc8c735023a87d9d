#include "core/attention/mask/runs.h"

namespace headlight {

std::vector<KeyRun> intersection(std::span<const KeyRun> a, std::span<const KeyRun> b) {
  std::vector<KeyRun> both;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::int64_t begin = std::max(a[i].begin, b[j].begin);
    const std::int64_t end = std::min(a[i].end, b[j].end);
    if (begin < end) both.push_back({begin, end});
    if (a[i].end < b[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
  return both;
}

std::vector<KeyRun> difference(std::span<const KeyRun> a, std::span<const KeyRun> b) {
  std::vector<KeyRun> left;
  std::size_t j = 0;
  for (const KeyRun& run : a) {
    std::int64_t begin = run.begin;
    while (j < b.size() && b[j].end <= begin) ++j;
    for (std::size_t k = j; k < b.size() && b[k].begin < run.end; ++k) {
      if (b[k].begin > begin) left.push_back({begin, b[k].begin});
      begin = std::max(begin, b[k].end);
    }
    if (begin < run.end) left.push_back({begin, run.end});
  }
  return left;
}

}  // namespace headlight
