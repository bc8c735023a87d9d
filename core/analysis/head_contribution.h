#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// What one head writes into one row of the output.
struct HeadPart {
  int head = 0;
  bool ablated = false;             ///< then all of it is 0
  std::vector<float> headOutput;    ///< z_h [d_v]
  std::vector<float> contribution;  ///< c_h = z_h W_O^h [d_model]
  double headOutputLength = 0;      ///< ‖z_h‖
  double length = 0;                ///< ‖c_h‖
  /// (c_h · y) ÷ (y · y): how much of y it makes along y; below 0 where it works against it. Nothing where y
  /// is 0 or not finite.
  std::optional<double> share;
};

/// Row `query` of the output as the sum of what the heads write, y = Σ_h z_h W_O^h + b_O (Vaswani et al.
/// 2017, 3.2.2, multiplied out; Kobayashi et al. 2020, section 3). The shares, that of the bias among them,
/// add up to 1 but for rounding.
struct HeadContributions {
  std::int64_t query = 0;
  std::vector<HeadPart> heads;  ///< [H]
  std::vector<float> bias;      ///< b_O [d_model]; empty: there is none
  double biasLength = 0;
  std::optional<double> biasShare;  ///< where there is a bias and heads have shares
  std::vector<float> output;        ///< y [d_model]
  double outputLength = 0;
  double shareSum = 0;  ///< of all shares, 0 where there are none
  /// Largest |Σ_h c_h + b_O − y| over the columns, summed in double: glued or added, it is the same y. NaN
  /// where one of them is not finite.
  double largestDifference = 0;
};
/// Reads one row: H · d_model numbers. Errors: no output in the run (with the reason), no such query.
Result<HeadContributions> headContributions(const std::shared_ptr<const Run>& run, std::int64_t query);

/// How long what each head writes is, for a range of queries.
struct ContributionLengths {
  std::int64_t firstQuery = 0;
  std::int64_t queries = 0;
  std::vector<float> lengths;  ///< ‖z_h W_O^h‖ [H, queries], 0 for ablated heads
  float largest = 0;           ///< of the finite ones: a full bar

  float at(int head, std::int64_t query) const {
    return lengths[static_cast<std::size_t>(head * queries + query - firstQuery)];
  }
};
/// The most rows that are asked for at once.
inline constexpr std::int64_t kMostLengthRows = 4096;
/// For queries [begin, end), of which those that exist count. ‖z W‖² is taken as z (W Wᵀ) zᵀ, in double:
/// H · d_v² (d_model + queries) products. Errors: no contributions in the run (with the reason), more than
/// kMostLengthRows rows, cancelled.
Result<ContributionLengths> contributionLengths(const std::shared_ptr<const Run>& run, std::int64_t begin,
                                                std::int64_t end, ThreadPool& pool,
                                                const Cancel& cancel = {});

}  // namespace headlight
