#include "core/files/safetensors_writer.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

#include "core/base/utf8.h"
#include "core/base/value.h"
#include "core/base/words.h"

namespace headlight {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

SafetensorsWriter::SafetensorsWriter(ByteSink& sink, std::vector<TensorPlan> tensors)
    : TensorWriter(sink), plan_(std::move(tensors)) {}

Status SafetensorsWriter::writeHeader() {
  constexpr std::size_t kLongestName = 4096;
  constexpr std::size_t kMostHeader = 100'000'000;
  Object header;
  std::set<std::string_view> names;
  std::int64_t at = 0;
  for (const TensorPlan& tensor : plan_) {
    const std::string& name = tensor.name;
    if (name.empty() || name.size() > kLongestName || firstInvalidUtf8(name) || name == "__metadata__") {
      return misuse(headlight::quoted(repairedUtf8(name)) + " is no name for a tensor of a .safetensors");
    }
    if (!names.insert(name).second) {
      return misuse("the tensor " + headlight::quoted(name) + " is planned twice");
    }
    const auto bytes = tensorBytes(tensor.shape, tensor.width);
    if (!bytes || *bytes > INT64_MAX - at) {
      return misuse("the tensor " + headlight::quoted(name) + " is too big");
    }
    List shape;
    for (const std::int64_t length : tensor.shape) shape.emplace_back(length);
    const std::int64_t end = at + *bytes;
    header.emplace_back(name, Object{{"dtype", tensor.width == FloatWidth::float64 ? "F64" : "F32"},
                                     {"shape", std::move(shape)},
                                     {"data_offsets", List{at, end}}});
    at = end;
  }
  constexpr std::size_t kAlignment = 8;
  std::string text = Value(std::move(header)).json();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  if (text.size() > kMostHeader) return misuse("the tensors are too many for the header of a .safetensors");
  std::string length;
  for (std::size_t i = 0; i < 8; ++i) {
    length += static_cast<char>(static_cast<unsigned char>(text.size() >> (8 * i) & 0xff));
  }
  headed_ = true;
  if (Status status = put(length); !status) return status;
  return put(text);
}

Status SafetensorsWriter::beginTensor(std::string_view name, std::span<const std::int64_t> shape,
                                      FloatWidth width, std::uint64_t) {
  if (!headed_) {
    if (Status status = writeHeader(); !status) return status;
  }
  if (next_ == plan_.size() || plan_[next_].name != name) {
    return misuse(headlight::quoted(name) + " was begun, the plan says " +
                  (next_ == plan_.size() ? "no more" : headlight::quoted(plan_[next_].name)));
  }
  const TensorPlan& planned = plan_[next_];
  if (planned.width != width ||
      !std::equal(shape.begin(), shape.end(), planned.shape.begin(), planned.shape.end())) {
    return misuse(headlight::quoted(name) + " has another shape or width than planned");
  }
  ++next_;
  return {};
}

Status SafetensorsWriter::putData(std::string_view bytes) {
  return put(bytes);
}

Status SafetensorsWriter::endTensor() {
  return {};
}

Status SafetensorsWriter::finishFile() {
  if (!headed_) {
    if (Status status = writeHeader(); !status) return status;
  }
  if (next_ == plan_.size()) return {};
  return misuse("the planned tensor " + headlight::quoted(plan_[next_].name) + " was not written");
}

}  // namespace headlight
