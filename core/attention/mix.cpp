#include "core/attention/mix.h"

#include "core/attention/mask/runs.h"
#include "core/base/eigen.h"

namespace headlight {
namespace {

/// The keys that all rows keep, rows without any left out.
std::vector<KeyRun> commonRuns(const std::vector<std::span<const KeyRun>>& runs) {
  std::vector<KeyRun> common;
  bool any = false;
  for (const auto& row : runs) {
    if (row.empty()) return {};
    common = any ? intersection(common, row) : std::vector<KeyRun>(row.begin(), row.end());
    any = true;
  }
  return common;
}

}  // namespace

void mix(const float* weights, std::int64_t stride, std::int64_t firstKey,
         const std::vector<std::span<const KeyRun>>& runs, const Matrix& values, Matrix& out,
         std::int64_t first) {
  const auto rows = static_cast<std::int64_t>(runs.size());
  const ConstMap V = asEigen(values);
  MutableMap Z = asEigen(out);
  // What every row keeps is one product of matrices, the ragged rest one of vectors a row.
  const std::vector<KeyRun> common = commonRuns(runs);
  for (const KeyRun& run : common) {
    const std::int64_t keys = run.end - run.begin;
    const ConstMap A(weights + run.begin - firstKey, rows, keys, Eigen::OuterStride<>(stride));
    Z.middleRows(first, rows).noalias() += A * V.middleRows(run.begin, keys);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    for (const KeyRun& run : difference(runs[static_cast<std::size_t>(r)], common)) {
      const std::int64_t keys = run.end - run.begin;
      const Eigen::Map<const EigenRow> a(weights + r * stride + run.begin - firstKey, keys);
      Z.row(first + r).noalias() += a * V.middleRows(run.begin, keys);
    }
  }
}

}  // namespace headlight
