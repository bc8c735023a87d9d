#pragma once
#include <cstdint>
#include <vector>

#include "core/attention/field.h"

namespace headlight {

/// A key and what its query gives it.
struct KeyWeight {
  std::int64_t key = 0;
  float weight = 0;
  bool operator==(const KeyWeight&) const = default;
};

/// The keys that a few queries give most, and what the queries give in all.
struct StrongestKeys {
  /// A query's row.
  struct Row {
    std::vector<KeyWeight> keys;  ///< kept ones above 0, the heaviest first, equal ones by place
    double sum = 0;               ///< of all finite values of the row
    std::int64_t given = 0;       ///< how many keys get more than 0
  };
  std::int64_t first = 0;  ///< query of rows[0]
  std::vector<Row> rows;
};

/// Of rows [first, first + count) of a field of weights, as far as there are so many, the `most` strongest
/// keys each. Reads every row once; memory is that of a row a thread. Rows that were left out because
/// `cancel` was requested are empty.
StrongestKeys strongestKeys(const Field& field, std::int64_t first, std::int64_t count, int most,
                            ThreadPool& pool, const Cancel& cancel = {});

/// Which weights are drawn as lines from queries to keys.
struct LineRule {
  int most = 3;      ///< lines a query
  double least = 0;  ///< of at least this weight
};
struct AttentionLine {
  std::int64_t query = 0;
  std::int64_t key = 0;
  float weight = 0;
  bool operator==(const AttentionLine&) const = default;
};
/// The lines of some queries, and what part of what they give the lines are.
struct AttentionLines {
  std::vector<AttentionLine> lines;
  double shown = 0;  ///< sum of the lines
  double total = 0;  ///< sum of all weights of these queries

  /// The lines of a query whose strongest keys, at least `rule.most` of them, are known.
  void add(std::int64_t query, const StrongestKeys::Row& row, const LineRule& rule);
  /// Weak ones first, in which order they are drawn; equal ones stay as they came.
  void sort();
};

}  // namespace headlight
