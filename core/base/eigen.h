#pragma once
// Eigen's view of our matrices. Include it in sources that do algebra, never in a header.
#include <Eigen/Core>

#include "core/base/matrix.h"

namespace headlight {

using EigenMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using EigenRow = Eigen::Matrix<float, 1, Eigen::Dynamic>;
using ConstMap = Eigen::Map<const EigenMatrix, 0, Eigen::OuterStride<>>;
using MutableMap = Eigen::Map<EigenMatrix, 0, Eigen::OuterStride<>>;

inline ConstMap asEigen(const MatrixView& m) {
  return ConstMap(m.data, m.rows, m.cols, Eigen::OuterStride<>(m.stride));
}
inline ConstMap asEigen(const Matrix& m) {
  return asEigen(m.view());
}
inline MutableMap asEigen(Matrix& m) {
  return MutableMap(m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.cols()));
}

}  // namespace headlight
