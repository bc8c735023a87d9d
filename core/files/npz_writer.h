#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/files/atomic_save.h"
#include "core/files/npy_writer.h"

namespace headlight {

/// Writes an .npz (stored, not compressed) from front to back, a tensor block by block; nothing is ever
/// sought, so the sink may be a pipe. Same calls and SOURCE_DATE_EPOCH, same bytes. Members and files may
/// exceed 4 GiB.
class NpzWriter {
 public:
  explicit NpzWriter(ByteSink& sink);

  /// Opens the tensor `name` (no ".npy") of this shape. Errors (failed): one is open still, a name given
  /// twice.
  Status begin(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width);
  /// The next elements in C order, converted to the tensor's width.
  Status write(std::span<const float> values);
  Status write(std::span<const double> values);
  /// Error (failed): fewer or more elements were written than the shape has.
  Status end();
  /// All three for a tensor that is at hand.
  Status add(std::string_view name, const Tensor& tensor);
  /// Writes the directory. Nothing may follow.
  Status finish();

 private:
  struct Member {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
  };
  Status put(std::string_view bytes);
  Status putData(std::string_view bytes);
  template <class T>
  Status putElements(std::span<const T> values);

  ByteSink& sink_;
  std::uint64_t written_ = 0;
  std::uint32_t dosTime_ = 0;
  std::vector<Member> members_;
  bool open_ = false;
  FloatWidth width_ = FloatWidth::float32;
  std::uint64_t expected_ = 0;
  std::uint64_t dataWritten_ = 0;
  std::vector<char> buffer_;
};

}  // namespace headlight
