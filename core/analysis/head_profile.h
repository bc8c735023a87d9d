#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// One weight and where it stands: query `query` attends to key `key`.
struct HeavyPair {
  std::int64_t query = 0;
  std::int64_t key = 0;
  float weight = 0;
  bool operator==(const HeavyPair&) const = default;
};

/// Which rows of a map are read one by one. Maps of up to `cells` cells are read whole; of larger ones evenly
/// spaced rows, always the same.
struct ReadPlan {
  std::int64_t cells = std::int64_t{1} << 22;
};
/// The rows that are read of a map [queries, keys], in order.
std::vector<std::int64_t> rowsToRead(std::int64_t queries, std::int64_t keys, const ReadPlan& plan = {});

/// A key and the mean weight that it receives from the rows read.
struct KeyShare {
  std::int64_t key = 0;
  double share = 0;
  bool operator==(const KeyShare&) const = default;
};

/// The weight that goes to places told by where they stand, means over the rows read (of `previous` and
/// `next` over those that have such a key).
struct PlaceShares {
  double previous = 0;    ///< key i − 1
  double next = 0;        ///< key i + 1
  double itself = 0;      ///< key i
  double first = 0;       ///< key 0
  double neighbours = 0;  ///< keys at most 2 away, its own place included
  double repeats = 0;     ///< other keys of the query's own text; over rows whose mask keeps such a key
};

/// What the map of one head says in a few numbers. Rows without keys are left out of every mean; weights are
/// taken as they are, also where rows do not sum to 1.
struct HeadProfile {
  int head = 0;
  std::int64_t rows = 0;       ///< that keep a key
  std::int64_t emptyRows = 0;  ///< that keep none
  double entropy = 0;          ///< nats, mean over rows
  double effectiveKeys = 0;    ///< e^entropy of each row, mean over rows
  double keptKeys = 0;         ///< mean over rows
  /// Mean of entropy ÷ ln n over rows that keep n ≥ 2 keys, n counting what the mask keeps; nothing when no
  /// row does.
  std::optional<double> normalisedEntropy;

  // From the weights themselves; means over the rows read.
  std::int64_t rowsRead = 0;
  bool sampled = false;            ///< not every row was read
  double previousShare = 0;        ///< weight on key i − 1; rows from the second on
  double sameTokenShare = 0;       ///< weight on keys of the query's own text, its own place included
  double firstShare = 0;           ///< weight on key 0
  double distance = 0;             ///< Σ_j a_ij |i − j| (Vig and Belinkov 2019, section 4.2)
  std::vector<HeavyPair> largest;  ///< by weight, the heaviest first; equal weights by place

  PlaceShares shares;  ///< of the weights
  PlaceShares chance;  ///< what they would be with equal weights, 1 in all, on the keys the mask keeps
  std::int64_t repeatRows = 0;      ///< rows that `repeats` is the mean of
  double sameElsewhereShare = 0;    ///< sameTokenShare without its own place
  double weightSum = 0;             ///< of a row, mean over rows
  double strongest = 0;             ///< the largest weight of a row, mean over rows
  std::vector<KeyShare> receivers;  ///< the keys that receive most on average; equal ones by place
  /// Query i and key i are the same token, as far as the run can tell: there is no memory, and without extra
  /// keys both axes are equally long.
  bool samePlaces = false;
};

/// Mean weight of these queries on these keys over all pairs of them; nothing when there is none. Errors: as
/// profileHead.
Result<std::optional<double>> pairWeight(const std::shared_ptr<const Run>& run, int head,
                                         std::span<const std::int64_t> queries,
                                         std::span<const std::int64_t> keys);

/// What is wanted of `profileHead`.
struct ProfileOptions {
  int pairs = 3;                            ///< how many of the largest pairs
  int receivers = 2;                        ///< how many of the keys that receive most
  std::span<const std::string> queryTexts;  ///< [Tq]; empty: no same-token share
  std::span<const std::string> keyTexts;    ///< [Tk]
  ReadPlan read;
};

/// Reads the weights of query head `head` row by row; memory is that of two rows. Errors: the run has no
/// weights, the head does not exist.
Result<HeadProfile> profileHead(const std::shared_ptr<const Run>& run, int head,
                                const ProfileOptions& options = {});

}  // namespace headlight
