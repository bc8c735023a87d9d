#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

// Cells set or dropped by hand: changes of `edits` and of the mask of the kind `cells`, made as `edit` makes
// them.

/// What a cell of a tensor was set to, or nothing.
std::optional<double> editedValue(const Experiment& experiment, std::string_view stage,
                                  const std::vector<std::int64_t>& at);
/// Sets a cell, or takes the edit of it back where `value` is nothing. Errors (invalid): there is no such
/// tensor or cell.
Result<Experiment> withCell(const Experiment& experiment, const std::string& stage,
                            const std::vector<std::int64_t>& at, std::optional<double> value);

/// Queries [query0, query1) × keys [key0, key1).
struct CellBlock {
  std::int64_t query0 = 0;
  std::int64_t query1 = 0;
  std::int64_t key0 = 0;
  std::int64_t key1 = 0;

  std::int64_t cells() const { return (query1 - query0) * (key1 - key0); }
  bool operator==(const CellBlock&) const = default;
};
/// A document that lists more of them is slow to open, to save and to change.
inline constexpr std::int64_t kMostDropped = 16384;

/// Whether a `cells` mask of the document drops this pair.
bool isDroppedByHand(const Experiment& experiment, std::int64_t query, std::int64_t key);
/// Drops the pairs of a block in the `cells` mask (a new one where there is none), or takes them out of it;
/// a mask that lists nothing any more goes, pairs beyond the sequence count for nothing. Errors (invalid): it
/// would list more than kMostDropped pairs.
Result<Experiment> withBlock(const Experiment& experiment, const CellBlock& block, bool drop);

}  // namespace headlight
