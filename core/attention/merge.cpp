#include "core/attention/merge.h"

#include <algorithm>

#include "core/attention/dense.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

void addBiasOf(const Linear& linear, std::int64_t c0, std::int64_t c1, std::int64_t rows, float* out,
               std::ptrdiff_t stride) {
  if (!linear.bias.empty()) addBias(linear.bias.data() + c0, rows, c1 - c0, out, stride);
}

}  // namespace

std::shared_ptr<const Outputs> merge(const std::shared_ptr<const Heads>& mixedHeads,
                                     const std::vector<bool>& ablated, const Caused<Linear>& wO,
                                     const Mistake& mistake, ThreadPool& pool, const Cancel& cancel) {
  const Heads& mixed = *mixedHeads;
  auto out = std::make_shared<Outputs>();
  out->headOutput = {mixedHeads, ablated, {}};
  if (std::find(ablated.begin(), ablated.end(), true) != ablated.end()) {
    out->headOutput.zeros = Matrix(mixed.front().rows(), mixed.front().cols());
  }
  if (!wO) return out;
  const std::int64_t rows = mixed.front().rows();
  const std::int64_t dV = mixed.front().cols();
  const std::int64_t width = wO->weight.cols();
  out->output = Matrix(rows, width);
  const std::int64_t blocks = (rows + kDenseRows - 1) / kDenseRows;
  const auto task = [&](std::int64_t index) {
    thread_local AlignedFloats packed;
    thread_local AlignedFloats beside;
    const std::int64_t c0 = index / blocks * kDenseColumns;
    const std::int64_t c1 = std::min(c0 + kDenseColumns, width);
    const std::int64_t first = index % blocks * kDenseRows;
    const std::int64_t count = std::min(kDenseRows, rows - first);
    const float factor = mergeRows(mistake, 0, static_cast<int>(mixed.size()), dV).factor;
    const PanelsView weight = packColumns(wO->weight, c0, c1, factor, packed);
    const PanelRows y(out->output.row(first) + c0, width, count, c1 - c0, beside);
    Into into = Into::empty;
    for (std::size_t h = 0; h < mixed.size(); ++h) {
      // 0 · NaN is NaN: a head that is switched off is left out, whatever W_O holds.
      if (ablated[h]) continue;
      const MergeRows part = mergeRows(mistake, static_cast<int>(h), static_cast<int>(mixed.size()), dV);
      PanelsView ofHead = weight;
      ofHead.data += part.first * kPanelWidth;
      multiply(mixed[h].row(first), dV, count, ofHead, (c1 - c0 + kPanelWidth - 1) / kPanelWidth, dV, 1, into,
               y.data(), y.stride());
      into = Into::sum;
    }
    // Without a head the sum is 0.
    if (into == Into::empty) return addBiasOf(*wO, c0, c1, count, out->output.row(first) + c0, width);
    addBiasOf(*wO, c0, c1, count, y.data(), y.stride());
    y.finish();
  };
  const double flop = 2.0 * static_cast<double>(rows) * static_cast<double>(wO->weight.size());
  const std::int64_t groups = (width + kDenseColumns - 1) / kDenseColumns;
  if (!forEachTask(pool, flop, groups * blocks, task, cancel)) return nullptr;
  return out;
}

MergeRows mergeRows(const Mistake& mistake, int head, int heads, std::int64_t dV) {
  if (mistake.meanMerge) return {1.0f / static_cast<float>(heads), 0};
  return {1, head * dV};
}

void contribution(const Matrix& headOutput, const Linear& wO, const MergeRows& rows, std::int64_t row,
                  std::int64_t c0, std::int64_t c1, float* out) {
  const float* z = headOutput.row(row);
  std::fill(out, out + (c1 - c0), 0.0f);
  for (std::int64_t e = 0; e < headOutput.cols(); ++e) {
    const float* w = wO.weight.row(rows.first + e) + c0;
    for (std::int64_t c = 0; c < c1 - c0; ++c) out[c] += rows.factor * z[e] * w[c];
  }
}

}  // namespace headlight
