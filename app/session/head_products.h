#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/head_contribution.h"
#include "core/analysis/head_distance.h"
#include "core/analysis/head_pattern.h"
#include "core/attention/field.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// What a head's map says, in numbers and in words.
struct HeadReading {
  HeadProfile profile;
  std::vector<PatternTag> tags;
  std::vector<WeightDestination> destinations;
};

/// One cell of a stage in every head; NaN where it is masked.
struct CellOfHeads {
  std::vector<float> values;  ///< [H]
};

/// How far apart the heads' maps are.
struct AlikeHeads {
  HeadDistances distances;
  std::vector<int> order;  ///< alike ones side by side
  float largest = 0;       ///< of the distances
  /// [H, H] as pixels, where one tile holds them; the diagonal is no value. Else null.
  std::shared_ptr<const Tile> tile;
};

/// The rows of W_O that belong to one head, [d_v, d_model], pooled to 2^level × 2^level numbers a pixel: of
/// each the one farthest from 0.
struct ProjectionSlice {
  std::shared_ptr<const Tile> tile;  ///< null where it is larger than one tile
  std::int64_t rows = 0;             ///< d_v
  std::int64_t cols = 0;             ///< d_model
  double spread = 0;                 ///< root mean square of all of W_O
  double largest = 0;                ///< of its finite |numbers|
};

/// What is made for all heads at once: one of the pointers is set.
struct HeadProduct {
  std::shared_ptr<const std::vector<HeadReading>> readings{};  ///< [H]
  std::shared_ptr<const std::vector<double>> effectiveKeys{};  ///< [H], mean over the rows that keep a key
  std::shared_ptr<const CellOfHeads> cell{};
  std::shared_ptr<const ProjectionSlice> projection{};
  std::shared_ptr<const ContributionLengths> lengths{};
  std::shared_ptr<const HeadContributions> contributions{};
  std::shared_ptr<const AlikeHeads> alike{};
};

/// Names the texts that the readings compare and call keys by.
std::uint64_t textsKey(const Prepared& prepared);
/// Lengths are made for so many rows at once: block 0, 1, …
inline constexpr std::int64_t kLengthRows = kMostLengthRows;

struct Wanted;
/// Makes it; null where it cannot be made or was cancelled.
std::shared_ptr<const HeadProduct> makeHeadProduct(const Evaluation& evaluation, const Field& field,
                                                   const Wanted& wanted, ThreadPool& pool,
                                                   const Cancel& cancel);
/// How many cells have to be computed for it, about.
double cellsForHeads(const Field& field, const Wanted& wanted);
std::size_t bytesOf(const HeadProduct& product);

}  // namespace headlight
