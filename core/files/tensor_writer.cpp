#include "core/files/tensor_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/files/npy.h"
#include "core/files/npz_writer.h"
#include "core/files/safetensors_writer.h"

namespace headlight {
namespace {

constexpr std::size_t kBufferElements = std::size_t{1} << 14;

std::size_t bytesOf(FloatWidth width) {
  return width == FloatWidth::float64 ? sizeof(double) : sizeof(float);
}

}  // namespace

Error TensorWriter::misuse(std::string what) {
  return Error{ErrorCode::failed, std::move(what), "", ""};
}

Status TensorWriter::put(std::string_view bytes) {
  written_ += bytes.size();
  return sink_.write(bytes);
}

Status TensorWriter::begin(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width) {
  if (open_) return misuse("the tensor before " + headlight::quoted(name) + " was not ended");
  if (names_.contains(name)) return misuse("the tensor " + headlight::quoted(name) + " was written already");
  const auto bytes = tensorBytes(shape, width);
  if (!bytes) return misuse("the tensor " + headlight::quoted(name) + " is too big");
  if (Status status = beginTensor(name, shape, width, static_cast<std::uint64_t>(*bytes)); !status) {
    return status;
  }
  name_ = name;
  names_.insert(name_);
  open_ = true;
  width_ = width;
  expected_ = static_cast<std::uint64_t>(*bytes);
  dataWritten_ = 0;
  return {};
}

template <class T>
Status TensorWriter::putElements(std::span<const T> values) {
  if (!open_) return misuse("no tensor was begun");
  const std::size_t bytes = bytesOf(width_);
  if (values.size() > (expected_ - dataWritten_) / bytes) {
    return misuse("more elements were written to " + headlight::quoted(name_) + " than its shape has");
  }
  dataWritten_ += values.size() * bytes;
  if (bytes == sizeof(T))
    return putData({reinterpret_cast<const char*>(values.data()), values.size() * bytes});
  while (!values.empty()) {
    const std::span<const T> block = values.first(std::min(values.size(), kBufferElements));
    buffer_.resize(block.size() * bytes);
    char* out = buffer_.data();
    for (const T value : block) {
      if (width_ == FloatWidth::float64) {
        const auto wide = static_cast<double>(value);
        std::memcpy(out, &wide, sizeof wide);
      } else {
        const auto narrow = static_cast<float>(value);
        std::memcpy(out, &narrow, sizeof narrow);
      }
      out += bytes;
    }
    if (Status status = putData({buffer_.data(), buffer_.size()}); !status) return status;
    values = values.subspan(block.size());
  }
  return {};
}

Status TensorWriter::write(std::span<const float> values) {
  return putElements(values);
}
Status TensorWriter::write(std::span<const double> values) {
  return putElements(values);
}

Status TensorWriter::end() {
  if (!open_) return misuse("no tensor was begun");
  if (dataWritten_ != expected_) {
    return misuse(headlight::quoted(name_) + " got " + std::to_string(dataWritten_) + " of its " +
                  std::to_string(expected_) + " bytes");
  }
  open_ = false;
  return endTensor();
}

Status TensorWriter::add(std::string_view name, const Tensor& tensor) {
  const FloatWidth width = tensor.isDouble() ? FloatWidth::float64 : FloatWidth::float32;
  if (Status status = begin(name, tensor.shape, width); !status) return status;
  Status status = tensor.isDouble() ? write(std::span<const double>(tensor.doubles))
                                    : write(std::span<const float>(tensor.floats));
  if (!status) return status;
  return end();
}

Status TensorWriter::finish() {
  if (open_) return misuse("the last tensor was not ended");
  return finishFile();
}

std::optional<std::int64_t> tensorBytes(std::span<const std::int64_t> shape, FloatWidth width) {
  const auto count = elementCount({shape.begin(), shape.end()});
  const auto bytes = count ? checkedProduct(*count, static_cast<std::int64_t>(bytesOf(width))) : std::nullopt;
  return bytes && *bytes >= 0 ? bytes : std::nullopt;
}

std::optional<TensorFileKind> tensorFileKindOf(std::string_view path) {
  const std::string lower = lowered(path);
  if (lower.ends_with(".npz")) return TensorFileKind::npz;
  if (lower.ends_with(".safetensors")) return TensorFileKind::safetensors;
  return std::nullopt;
}

std::unique_ptr<TensorWriter> makeTensorWriter(TensorFileKind kind, ByteSink& sink,
                                               std::vector<TensorPlan> tensors) {
  if (kind == TensorFileKind::safetensors) {
    return std::make_unique<SafetensorsWriter>(sink, std::move(tensors));
  }
  return std::make_unique<NpzWriter>(sink);
}

}  // namespace headlight
