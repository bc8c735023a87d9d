#pragma once
#include <string>

#include "app/cli/stage_arrays.h"
#include "core/base/value.h"

namespace headlight {

/// How one tensor differs from the dump's.
struct StageDifference {
  std::string name;
  double largest = 0;  ///< |here − there|; NaN beside a number, or unequal infinities, is infinite
  std::vector<std::int64_t> place;  ///< of the largest; empty when there is none
  double here = 0;
  double there = 0;
};

/// Compares with a file of tensors of the same names. Tensors that only one side has are named in `warnings`.
/// Errors: (unreadable, invalid) of the dump, another shape, none of the names; (cancelled).
Result<std::vector<StageDifference>> compareWithDump(const std::vector<StageArray>& arrays,
                                                     const std::string& dump, bool named, ThreadPool& pool,
                                                     const Cancel& cancel,
                                                     std::vector<std::string>& warnings);

/// The differences as an aligned table, and as JSON.
std::string differenceTable(const std::vector<StageDifference>& differences, double tolerance);
Value differenceJson(const std::vector<StageDifference>& differences);

}  // namespace headlight
