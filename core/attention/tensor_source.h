#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace headlight {

/// An array that lies in a file and is read when a part of it is needed. Reading from several threads is
/// safe.
class GivenTensor {
 public:
  virtual ~GivenTensor() = default;
  virtual const std::vector<std::int64_t>& shape() const = 0;
  /// Elements [first, first + count) in C order as float32; booleans are 0 and 1. False when the file can no
  /// longer be read: then they are NaN.
  virtual bool read(std::int64_t first, std::int64_t count, float* out) const = 0;
};

/// Opens the tensors that masks and biases name as "file" or "file:tensor".
class TensorSource {
 public:
  virtual ~TensorSource() = default;
  /// `path` is the JSON path of the address, for errors: missing, unreadable, no such tensor.
  virtual Result<std::shared_ptr<const GivenTensor>> open(const std::string& address,
                                                          const std::string& path) const = 0;
  /// A name for the bytes behind the address: equal stamps, equal numbers. 0 when there are none.
  virtual std::uint64_t stamp(const std::string& address) const = 0;
};

}  // namespace headlight
