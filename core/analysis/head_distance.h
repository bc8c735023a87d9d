#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// How far apart the maps of the heads are.
///
/// The distance of two rows is the square root of their Jensen–Shannon divergence to base 2, a metric: 0 the
/// same, 1 disjoint (Endres and Schindelin 2003). Rows are divided by their sum, so heads whose rows do not
/// sum to 1 are compared by their shapes. Two heads are as far apart as their rows on average, over the rows
/// in which both have weights: rows without a weight, or with one below 0 or not finite, are left out.
struct HeadDistances {
  int heads = 0;
  std::vector<float> distances;  ///< [H, H], symmetric, 0 on the diagonal; NaN where no row counts
  std::vector<int> nearest;      ///< [H], of equally near ones the first; −1 where there is none
  std::vector<int> farthest;     ///< [H]
  std::int64_t rowsRead = 0;
  bool sampled = false;  ///< not every row was read
  /// Neighbouring keys that were taken together as one: 1 where each counts. Of joined keys a distance is
  /// never larger than the true one.
  std::int64_t keysTogether = 1;

  float at(int a, int b) const {
    return distances[static_cast<std::size_t>(a) * static_cast<std::size_t>(heads) +
                     static_cast<std::size_t>(b)];
  }
};

struct DistanceOptions {
  /// The most pairs of numbers that are compared, H (H − 1) ÷ 2 for each key of each row that is read; a few
  /// nanoseconds each. Where the whole maps have more, evenly spaced rows are read; where even 4 rows have
  /// more, neighbouring keys are joined.
  double work = static_cast<double>(std::int64_t{1} << 28);
  Cancel cancel = {};
};

/// Memory is that of the rows read together, at most about 64 MiB, and [H, H]. Errors: the run has no
/// weights, cancelled.
Result<HeadDistances> headDistances(const std::shared_ptr<const Run>& run, ThreadPool& pool,
                                    const DistanceOptions& options = {});

/// All heads so that alike ones stand side by side: from `first` on always the nearest of those that are
/// left, of equally near ones the first.
std::vector<int> likenessOrder(const HeadDistances& distances, int first = 0);

}  // namespace headlight
