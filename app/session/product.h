#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "core/attention/explain.h"
#include "core/attention/field.h"

namespace headlight {

/// Something made from a run that a panel looks at.
struct Wanted {
  enum class What : std::uint8_t { tile, statistics, received, explanation };
  What what = What::tile;
  Stage stage = Stage::weights;
  int head = 0;  ///< by fieldHead
  int level = 0;
  std::int64_t r = 0;  ///< tile; row of an explained cell
  std::int64_t c = 0;

  bool operator==(const Wanted&) const = default;
  bool operator<(const Wanted& other) const { return place() < other.place(); }

 private:
  std::tuple<What, Stage, int, int, std::int64_t, std::int64_t> place() const {
    return {what, stage, head, level, r, c};
  }
};

/// What the keys receive: the column sums of a head's weights.
struct Received {
  std::vector<double> sums;   ///< [Tk]
  std::vector<double> means;  ///< sum ÷ the queries that may see the key, 0 where none may
  double largestMean = 0;     ///< of the finite ones
  bool sampled = false;       ///< from block means
};

/// What became of it: one of the pointers is set, none when it cannot be made.
struct Product {
  std::uint64_t key = 0;
  std::shared_ptr<const Tile> tile{};
  std::shared_ptr<const FieldStatistics> statistics{};
  std::shared_ptr<const Received> received{};
  std::shared_ptr<const Explanation> explanation{};
};

/// Equal keys, equal products.
std::uint64_t productKey(const Field& field, const Wanted& wanted);
/// True when the field has that tile or cell.
bool exists(const Field& field, const Wanted& wanted);
/// How many cells have to be computed for it, about.
double cellsFor(const Field& field, const Wanted& wanted);
/// True when it can be made in good time: without statistics, long sequences give only what needs few rows.
bool inReach(const Field& field, const Wanted& wanted);
/// Products of more cells may take longer than anybody waits.
inline constexpr double kLongCells = 6e7;
/// What a picture beside the one that is looked at may cost.
inline constexpr double kThumbnailCells = 2e9;
/// Makes it. What was cancelled meanwhile is not to be used.
Product makeProduct(const std::shared_ptr<const Run>& run, const Field& field, const Wanted& wanted,
                    ThreadPool& pool, const Cancel& cancel);

/// The first head that has the same numbers at this stage: of k and v the first of those that share a
/// key-value head, 0 where a stage has no heads. The mean and what does not exist stay as they are.
int fieldHead(const Sizes& sizes, Stage stage, int head);
/// How far apart the heads with numbers of their own are: heads 0, step, 2·step, …
int headStep(const Sizes& sizes, Stage stage);

}  // namespace headlight
