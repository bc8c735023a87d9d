#include "app/cli/reference_arrays.h"

#include <algorithm>

#include "core/attention/field.h"

namespace headlight {
namespace {

const Tensor& tensorOf(const ReferenceRun& run, const StageArray& array) {
  if (array.stage) return run.stage(*array.stage);
  for (const RowQuantityInfo& info : rowQuantities()) {
    if (info.id == array.name) return run.row(info.quantity);
  }
  return run.rows.front();
}

/// Where the rows of a selected array lie in the whole tensor.
struct RowFinder {
  std::vector<int> heads;        ///< of the first axis; empty: it counts no heads
  std::int64_t rowsOfArray = 1;  ///< in one head
  std::int64_t rowsOfTensor = 1;
  std::int64_t firstRow = 0;

  std::int64_t place(std::int64_t head, std::int64_t row) const {
    return head * rowsOfTensor + firstRow + row;
  }
};

}  // namespace

Result<ReferenceArrays> ReferenceArrays::make(const AttentionPlan& plan, bool gradients) {
  Result<ReferenceRun> run = referenceAttend(plan, {.gradients = gradients});
  if (!run) return run.error();
  ReferenceArrays arrays;
  arrays.run_ = std::make_shared<const ReferenceRun>(std::move(*run));
  return arrays;
}

void ReferenceArrays::serve(StageArray& array) const {
  const Tensor& tensor = tensorOf(*run_, array);
  const bool quantity = !array.stage;
  const bool headed = quantity || array.shape.size() == 3;
  RowFinder finder;
  finder.firstRow = quantity ? 0 : array.firstRow;
  if (headed) finder.heads = array.heads;
  if (!quantity) {
    finder.rowsOfArray = array.shape[array.shape.size() - 2];
    finder.rowsOfTensor = tensor.shape[tensor.shape.size() - 2];
  }
  const std::int64_t allHeads = headed ? tensor.shape.front() : 1;
  const std::int64_t stride = tensor.shape.back();
  const std::int64_t firstCol = quantity ? 0 : array.firstCol;
  const std::int64_t cols = array.shape.back();
  array.read = [run = run_, &tensor, finder, allHeads, stride, firstCol, cols](
                   std::int64_t begin, std::int64_t end, double* out) {
    const auto rowAt = [&](std::int64_t place) { return tensor.doubles.data() + place * stride + firstCol; };
    for (std::int64_t at = begin; at < end; ++at, out += cols) {
      const std::int64_t row = at % finder.rowsOfArray;
      const std::int64_t nth = at / finder.rowsOfArray;
      const int head = finder.heads.empty() ? 0 : finder.heads[static_cast<std::size_t>(nth)];
      if (head != kMeanHead) {
        std::copy_n(rowAt(finder.place(head, row)), cols, out);
        continue;
      }
      std::fill_n(out, cols, 0.0);
      for (std::int64_t h = 0; h < allHeads; ++h) {
        const double* from = rowAt(finder.place(h, row));
        for (std::int64_t j = 0; j < cols; ++j) out[j] += from[j];
      }
      for (std::int64_t j = 0; j < cols; ++j) out[j] /= static_cast<double>(allHeads);
    }
  };
}

}  // namespace headlight
