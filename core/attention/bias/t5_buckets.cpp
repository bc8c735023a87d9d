#include "core/attention/bias/t5_buckets.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

/// ln x to the nearest float, on every platform.
float logarithm(float x) {
  return static_cast<float>(std::log(static_cast<double>(x)));
}

}  // namespace

std::int64_t T5Buckets::of(std::int64_t r) const {
  const std::int64_t half = bidirectional ? count / 2 : count;
  const std::int64_t base = bidirectional && r > 0 ? half : 0;
  const std::int64_t distance = bidirectional ? std::abs(r) : std::max<std::int64_t>(-r, 0);
  const std::int64_t first = exact();
  if (distance < first) return base + distance;
  if (distance >= maxDistance) return base + half - 1;
  const float growth = logarithm(static_cast<float>(distance) / static_cast<float>(first));
  const auto whole =
      static_cast<float>(std::log(static_cast<double>(maxDistance) / static_cast<double>(first)));
  const auto more = static_cast<std::int64_t>(growth / whole * static_cast<float>(half - first));
  return base + std::min(half - 1, first + more);
}

}  // namespace headlight
