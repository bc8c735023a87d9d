#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "core/attention/run.h"
#include "core/base/index_span.h"

namespace headlight {

/// Which numbers of an evaluation are wanted.
struct StageSelection {
  std::vector<std::string> names;  ///< ids of stages and per-row quantities; empty: all there are
  std::vector<int> heads;          ///< query heads, kMeanHead alone for their mean; empty: all
  std::optional<IndexSpan> rows;   ///< of the queries × keys stages
  std::optional<IndexSpan> cols;
};

/// From the words of --stage, --head, --rows and --cols. Errors (usage): unknown words, with the nearest.
Result<StageSelection> readStageSelection(const std::vector<std::string>& stageWords,
                                          const std::vector<std::string>& headWords,
                                          const std::optional<std::string>& rows,
                                          const std::optional<std::string>& cols);
/// "0,3" or "mean", and "all" where `all` is not null (set when it was given). Errors (usage).
Result<std::vector<int>> readHeads(const std::vector<std::string>& words, bool* all = nullptr);

/// A tensor that is made piece by piece when asked for: nothing of it is kept.
struct StageArray {
  std::string name;
  std::optional<Stage> stage;       ///< none: a per-row quantity
  std::vector<std::int64_t> shape;  ///< contract §3, after the selection
  std::vector<int> heads;           ///< what the first axis counts, when it counts heads
  std::int64_t firstRow = 0;        ///< of a block: where it begins
  std::int64_t firstCol = 0;
  /// Rows [begin, end) of the tensor seen as [rowCount, rowLength], into end − begin rows of `out`. Float32
  /// numbers are exact in double. Safe to call from several threads.
  std::function<void(std::int64_t begin, std::int64_t end, double* out)> read;

  std::int64_t rowLength() const { return shape.back(); }
  std::int64_t rowCount() const;
  std::int64_t size() const { return rowCount() * rowLength(); }
};

/// Errors (usage): a head or a block that does not exist.
Status checkSelection(const Sizes& sizes, const StageSelection& selection);

/// The selected tensors, in the order of the stages. With `reference` (may be null) their numbers are those
/// of the slow computation in double. Errors: (invalid) a stage that the source cannot give, (usage) as
/// checkSelection.
class ReferenceArrays;
Result<std::vector<StageArray>> stageArrays(const std::shared_ptr<const Run>& run,
                                            const StageSelection& selection,
                                            const ReferenceArrays* reference);

/// The same tensors of several elements of a batch, joined along a first axis B.
std::vector<StageArray> batched(std::vector<std::vector<StageArray>> elements);

/// The bytes that the selected tensors will have, from the sizes alone (before anything is computed).
double selectedBytes(const Sizes& sizes, const StageSelection& selection, bool float64);

/// Goes through the tensor from front to back in pieces of bounded memory, `threads` at work on each. Stops
/// at the first error of `take`. Errors: those, (cancelled).
Status readPieces(const StageArray& array, ThreadPool& pool, const Cancel& cancel,
                  const std::function<Status(std::int64_t firstRow, std::span<const double> values)>& take);

}  // namespace headlight
