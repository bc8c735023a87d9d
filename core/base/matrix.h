#pragma once
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "core/base/block_cache.h"

namespace headlight {

/// Hands out memory on cache-line borders, which every vector load of the kernels may rely on.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(takeBlock(n * sizeof(T))); }
  void deallocate(T* p, std::size_t n) { giveBlock(p, n * sizeof(T)); }
  bool operator==(const AlignedAllocator&) const { return true; }
};
using AlignedFloats = std::vector<float, AlignedAllocator<float>>;

/// rows × cols float32, row-major, read only, owned elsewhere. `stride` is the distance of two rows in
/// floats.
struct MatrixView {
  const float* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t stride = 0;

  const float* row(std::int64_t i) const { return data + i * stride; }
  float operator()(std::int64_t i, std::int64_t j) const { return data[i * stride + j]; }
};

/// rows × cols float32, row-major, dense, 64-byte aligned, zero at first.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::int64_t rows, std::int64_t cols)
      : rows_(rows), cols_(cols), values_(static_cast<std::size_t>(rows * cols), 0.0f) {}

  std::int64_t rows() const { return rows_; }
  std::int64_t cols() const { return cols_; }
  std::int64_t size() const { return rows_ * cols_; }
  bool empty() const { return values_.empty(); }
  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }
  float* row(std::int64_t i) { return values_.data() + i * cols_; }
  const float* row(std::int64_t i) const { return values_.data() + i * cols_; }
  float& operator()(std::int64_t i, std::int64_t j) {
    return values_[static_cast<std::size_t>(i * cols_ + j)];
  }
  float operator()(std::int64_t i, std::int64_t j) const {
    return values_[static_cast<std::size_t>(i * cols_ + j)];
  }
  MatrixView view() const { return {values_.data(), rows_, cols_, cols_}; }
  bool operator==(const Matrix&) const = default;

 private:
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  AlignedFloats values_;
};

/// An array of any rank in C order. Exactly one of the two vectors is filled; files say which they hold.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> floats;
  std::vector<double> doubles;

  bool isDouble() const { return !doubles.empty(); }
  std::int64_t size() const {
    std::int64_t n = 1;
    for (std::int64_t length : shape) n *= length;
    return n;
  }
};

}  // namespace headlight
