#include <cmath>

#include "core/attention/merge.h"
#include "core/attention/run.h"
#include "core/base/eigen.h"

namespace headlight {
namespace {

/// ‖v W‖² = v (W Wᵀ) vᵀ: of the size of a head, not of the model.
AlignedFloats lengthsOf(const Matrix& values, const Linear* wO, const MergeRows& rows) {
  using Square = Eigen::MatrixXd;
  const Square V = asEigen(values).cast<double>();
  AlignedFloats lengths;
  if (wO == nullptr) {
    for (Eigen::Index j = 0; j < V.rows(); ++j) lengths.push_back(static_cast<float>(V.row(j).norm()));
    return lengths;
  }
  const Square W =
      asEigen(wO->weight).middleRows(rows.first, V.cols()).cast<double>() * static_cast<double>(rows.factor);
  const Square gram = W * W.transpose();
  for (Eigen::Index j = 0; j < V.rows(); ++j) {
    const double square = V.row(j) * gram * V.row(j).transpose();
    lengths.push_back(static_cast<float>(std::sqrt(square < 0 ? 0 : square)));
  }
  return lengths;
}

}  // namespace

const std::vector<AlignedFloats>& ValueLengths::of(const Run& run) const {
  std::call_once(once_, [&] {
    const Linear* wO = run.inputs.wO ? run.inputs.wO.value.get() : nullptr;
    for (int h = 0; h < run.sizes.heads; ++h) {
      const Matrix& values = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(h))];
      lengths_.push_back(
          lengthsOf(values, wO, mergeRows(run.rules.mistake, h, run.sizes.heads, run.sizes.dV)));
    }
  });
  return lengths_;
}

}  // namespace headlight
