#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "app/session/head_products.h"
#include "core/analysis/row_values.h"
#include "core/analysis/strongest_keys.h"
#include "core/attention/explain.h"
#include "core/attention/field.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// Something made from a run that a panel looks at.
struct Wanted {
  enum class What : std::uint8_t {
    tile,
    statistics,
    extremes,  ///< of statistics the least and the largest alone
    received,
    explanation,
    row,
    strongest,    ///< of kStrongestRows queries, those of block r
    description,  ///< of a stage and, with level 1, of one of its cells
    // Of all heads (head_products.h), looked for at head 0.
    readings,
    effectiveKeys,
    cellOfHeads,
    projection,  ///< of one head, at a level
    lengths,     ///< block r
    contributions,
    alike
  };
  What what = What::tile;
  Stage stage = Stage::weights;
  int head = 0;  ///< by fieldHead
  int level = 0;
  std::int64_t r = 0;  ///< tile; row of a cell
  std::int64_t c = 0;
  std::uint64_t texts = 0;               ///< of readings: by which texts (textsKey)
  std::vector<std::int64_t> leaveOut{};  ///< of statistics: keys whose cells do not count

  bool ofHeads() const { return what >= What::readings; }
  bool operator==(const Wanted&) const = default;
  bool operator<(const Wanted& other) const {
    const auto place = [](const Wanted& w) {
      return std::tie(w.what, w.stage, w.head, w.level, w.r, w.c, w.texts, w.leaveOut);
    };
    return place(*this) < place(other);
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
  std::shared_ptr<const RowValues> row{};
  std::shared_ptr<const StrongestKeys> strongest{};
  std::shared_ptr<const std::string> description{};
  std::shared_ptr<const HeadProduct> ofHeads{};
};
/// Queries whose strongest keys are found together, and how many of each.
inline constexpr std::int64_t kStrongestRows = 64;
inline constexpr int kStrongestKeys = 16;

/// Equal keys, equal products; of descriptions only within one evaluation.
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
Product makeProduct(const Evaluation& evaluation, const Field& field, const Wanted& wanted, ThreadPool& pool,
                    const Cancel& cancel);

/// The first head that has the same numbers at this stage: of k and v the first of those that share a
/// key-value head, 0 where a stage has no heads. The mean and what does not exist stay as they are.
int fieldHead(const Sizes& sizes, Stage stage, int head);
/// How far apart the heads with numbers of their own are: heads 0, step, 2·step, …
int headStep(const Sizes& sizes, Stage stage);

}  // namespace headlight
