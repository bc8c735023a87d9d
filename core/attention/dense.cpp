#include "core/attention/dense.h"

#include <algorithm>

namespace headlight {
namespace {

std::int64_t wholePanels(std::int64_t columns) {
  return (columns + kPanelWidth - 1) / kPanelWidth;
}

/// Makes room without touching what is there already.
float* room(AlignedFloats& memory, std::int64_t size) {
  memory.resize(std::max(memory.size(), static_cast<std::size_t>(size)));
  return memory.data();
}

}  // namespace

PanelsView packColumns(const Matrix& weight, std::int64_t c0, std::int64_t c1, float factor,
                       AlignedFloats& memory) {
  const std::int64_t depth = weight.rows();
  const std::int64_t whole = (c1 - c0) / kPanelWidth;
  const std::int64_t rest = (c1 - c0) % kPanelWidth;
  const std::int64_t panelStep = depth * kPanelWidth;
  float* packed = room(memory, wholePanels(c1 - c0) * panelStep);
  // The rows lie far apart: a processor does not foresee where the next ones are.
  constexpr std::int64_t kAhead = 12;
  for (std::int64_t k = 0; k < depth; ++k, packed += kPanelWidth) {
    const float* from = weight.row(k) + c0;
    if (k + kAhead < depth) {
      const float* next = weight.row(k + kAhead) + c0;
      for (std::int64_t c = 0; c < c1 - c0; c += kPanelWidth) __builtin_prefetch(next + c);
    }
    float* into = packed;
    for (std::int64_t panel = 0; panel < whole; ++panel, from += kPanelWidth, into += panelStep) {
      for (int c = 0; c < kPanelWidth; ++c) into[c] = from[c] * factor;
    }
    if (rest == 0) continue;
    for (std::int64_t c = 0; c < rest; ++c) into[c] = from[c] * factor;
    std::fill(into + rest, into + kPanelWidth, 0.0f);
  }
  return {memory.data(), panelStep, kPanelWidth};
}

void addBias(const float* bias, std::int64_t rows, std::int64_t columns, float* out, std::ptrdiff_t stride) {
  const std::int64_t whole = columns / kPanelWidth * kPanelWidth;
  for (std::int64_t r = 0; r < rows; ++r, out += stride) {
    for (std::int64_t first = 0; first < whole; first += kPanelWidth) {
      for (int c = 0; c < kPanelWidth; ++c) out[first + c] += bias[first + c];
    }
    for (std::int64_t c = whole; c < columns; ++c) out[c] += bias[c];
  }
}

PanelRows::PanelRows(float* out, std::ptrdiff_t stride, std::int64_t rows, std::int64_t columns,
                     AlignedFloats& memory)
    : out_(out), outStride_(stride), rows_(rows), columns_(columns), data_(out), stride_(stride) {
  // Rows that are added to again and again lie side by side: at the matrix's own distance they may share a
  // few sets of the caches.
  if (columns % kPanelWidth == 0 && stride == columns) return;
  stride_ = static_cast<std::ptrdiff_t>(wholePanels(columns) * kPanelWidth);
  data_ = room(memory, rows * stride_);
}

void PanelRows::finish() const {
  if (data_ == out_) return;
  for (std::int64_t r = 0; r < rows_; ++r) std::copy_n(data_ + r * stride_, columns_, out_ + r * outStride_);
}

}  // namespace headlight
