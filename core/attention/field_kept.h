#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// Which cells of a field are no masked cells, by the mask plan alone. `head` may be kMeanHead: then a cell
/// is kept where any head keeps it.
class KeptCells {
 public:
  KeptCells(const Run& run, Stage stage, int head, std::int64_t cols);

  /// True when no cell is masked.
  bool all() const { return mask_ == nullptr; }
  /// True for the mean over heads that differ in what they keep.
  bool joins() const { return joins_; }
  /// The kept columns of row i. `scratch` holds them where they stand nowhere else.
  std::span<const KeyRun> of(std::int64_t i, std::vector<KeyRun>& scratch) const;
  /// The columns that all heads keep; differs from `of` only where `joins`.
  std::span<const KeyRun> ofAllHeads(std::int64_t i, std::vector<KeyRun>& scratch) const;

 private:
  const Run& run_;
  const MaskPlan* mask_ = nullptr;
  KeyRun everything_;
  int head_ = 0;
  bool joins_ = false;
  bool emptyRowsKept_ = false;
};

/// Adds the lengths of what the runs hold of each pixel of `side` = 2^level columns, for pixels [first, first
/// + counts.size()). `steps` holds counts.size() + 1 differences that take part from the next `sumSteps` on.
void countInPixels(std::span<const KeyRun> runs, int level, std::int64_t first,
                   std::span<std::int64_t> counts, std::span<std::int64_t> steps);
/// Ends a counting: adds up the differences.
void sumSteps(std::span<std::int64_t> counts, std::span<const std::int64_t> steps);

}  // namespace headlight
