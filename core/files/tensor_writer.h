#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/files/atomic_save.h"
#include "core/files/npy_writer.h"

namespace headlight {

/// A tensor that is going to be written.
struct TensorPlan {
  std::string name;
  std::vector<std::int64_t> shape;
  FloatWidth width = FloatWidth::float32;
};

/// Writes a file of tensors from front to back, each block by block: begin, write …, end for one after the
/// other, then finish. Nothing is ever sought, so the sink may be a pipe.
class TensorWriter {
 public:
  explicit TensorWriter(ByteSink& sink) : sink_(sink) {}
  TensorWriter(const TensorWriter&) = delete;
  TensorWriter& operator=(const TensorWriter&) = delete;
  virtual ~TensorWriter() = default;

  /// Opens the tensor `name` of this shape. Errors (failed): one is open still, a name given twice, more
  /// bytes than 2^63 − 1, or what the format refuses; those of the sink.
  Status begin(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width);
  /// The next elements in C order, converted to the tensor's width.
  Status write(std::span<const float> values);
  Status write(std::span<const double> values);
  /// Error (failed): fewer or more elements were written than the shape has.
  Status end();
  /// All three for a tensor that is at hand.
  Status add(std::string_view name, const Tensor& tensor);
  /// Writes what stands behind the tensors. Nothing may follow.
  Status finish();

 protected:
  virtual Status beginTensor(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width,
                             std::uint64_t bytes) = 0;
  virtual Status putData(std::string_view bytes) = 0;
  virtual Status endTensor() = 0;
  virtual Status finishFile() = 0;

  static Error misuse(std::string what);
  /// Sends bytes to the sink and counts them.
  Status put(std::string_view bytes);
  std::uint64_t written() const { return written_; }

 private:
  template <class T>
  Status putElements(std::span<const T> values);

  ByteSink& sink_;
  std::uint64_t written_ = 0;
  std::set<std::string, std::less<>> names_;
  std::string name_;
  bool open_ = false;
  FloatWidth width_ = FloatWidth::float32;
  std::uint64_t expected_ = 0;
  std::uint64_t dataWritten_ = 0;
  std::vector<char> buffer_;
};

/// Bytes of a tensor, or nothing when they are more than 2^63 − 1.
std::optional<std::int64_t> tensorBytes(std::span<const std::int64_t> shape, FloatWidth width);

enum class TensorFileKind { npz, safetensors };
/// By the ending of a path; nothing for another.
std::optional<TensorFileKind> tensorFileKindOf(std::string_view path);

/// A writer of that kind. `tensors` are all that will be written, in their order: the header of a
/// .safetensors, which comes first, is made of them. Writes nothing yet.
std::unique_ptr<TensorWriter> makeTensorWriter(TensorFileKind kind, ByteSink& sink,
                                               std::vector<TensorPlan> tensors);

}  // namespace headlight
