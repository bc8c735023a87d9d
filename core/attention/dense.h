#pragma once
#include <cstdint>

#include "core/attention/kernels/multiply.h"
#include "core/base/matrix.h"

namespace headlight {

/// Rows of one task of a dense layer, so many that packing the weights costs little beside them.
inline constexpr std::int64_t kDenseRows = 512;
/// And its columns: a register tile.
inline constexpr std::int64_t kDenseColumns = 64;

/// Columns [c0, c1) of W [in, out] × factor packed for the multiply kernel, [panels][in][kPanelWidth], the
/// last panel filled up with zeros. The memory is used again by the next call.
PanelsView packColumns(const Matrix& weight, std::int64_t c0, std::int64_t c1, float factor,
                       AlignedFloats& memory);

/// Adds bias[0 … columns) to each row.
void addBias(const float* bias, std::int64_t rows, std::int64_t columns, float* out, std::ptrdiff_t stride);

/// Where a product of whole panels is collected for `columns` columns of a matrix: there itself when they are
/// all of it and whole panels, else in memory beside it.
class PanelRows {
 public:
  PanelRows(float* out, std::ptrdiff_t stride, std::int64_t rows, std::int64_t columns,
            AlignedFloats& memory);
  float* data() const { return data_; }
  std::ptrdiff_t stride() const { return stride_; }
  /// Copies what was collected beside the matrix into it.
  void finish() const;

 private:
  float* out_;
  std::ptrdiff_t outStride_;
  std::int64_t rows_;
  std::int64_t columns_;
  float* data_;
  std::ptrdiff_t stride_;
};

}  // namespace headlight
