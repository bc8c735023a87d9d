#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/mask/mask.h"
#include "core/attention/tensor_source.h"

namespace headlight {

/// A tensor of a file, read as a number for every (head, query, key) of one element of the batch. Axes are
/// told by the rank — k, qk, hqk where the first length is the number of heads or 1, else nqk with n = batch
/// · heads + head, bhqk — or by letters of the document: some of b, h, q in this order, or n and q, then k.
/// Axes b, h and q may have the length 1, and are repeated.
class GivenRows {
 public:
  /// Opens `address`; nothing where context.tensors is null. `path` is the JSON path of the entry with keys
  /// "tensor" and "axes" (null: by rank).
  /// Errors: what cannot be opened, axes that are none, lengths that are not those of the maps (both shapes).
  static Result<std::optional<GivenRows>> open(const std::string& address, const Value& axes,
                                               const MaskContext& context, const std::string& path);
  /// The keys "tensor" and "axes" of masks and biases.
  static KeySpec tensorKey(std::string_view help);
  static KeySpec axesKey();

  /// Whether heads may differ.
  bool perHead() const { return headStride_ != 0; }
  /// Numbers of keys [begin, begin + count) of a row. False when the file can no longer be read: then they
  /// are NaN.
  bool read(int head, std::int64_t query, std::int64_t begin, std::int64_t count, float* out) const;
  /// Rows of equal numbers here are the same numbers.
  std::int64_t row(int head, std::int64_t query) const {
    return first_ + head * headStride_ + query * queryStride_;
  }
  std::int64_t keys() const { return keys_; }
  const std::string& address() const { return address_; }
  /// The indices of a cell along the file's own axes: "[2, 0, 7]".
  std::string place(int head, std::int64_t query, std::int64_t key) const;

 private:
  std::shared_ptr<const GivenTensor> tensor_;
  std::string address_;
  std::string axes_;
  int batch_ = 0;
  int heads_ = 1;
  std::int64_t keys_ = 0;
  std::int64_t first_ = 0;
  std::int64_t headStride_ = 0;  ///< in elements; 0: repeated
  std::int64_t queryStride_ = 0;
};

}  // namespace headlight
