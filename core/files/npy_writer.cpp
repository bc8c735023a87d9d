#include "core/files/npy_writer.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace headlight {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

std::string npyHeader(std::span<const std::int64_t> shape, FloatWidth width) {
  std::string text = "{'descr': '<";
  text += width == FloatWidth::float64 ? "f8" : "f4";
  text += "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  text += shape.size() == 1 ? ",), }" : "), }";

  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kMostShort = 65535;
  const auto padded = [&](std::size_t prelude) {
    return (prelude + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment - prelude;
  };
  const bool isLong = padded(10) > kMostShort;
  const std::size_t length = padded(isLong ? 12 : 10);
  std::string header = "\x93NUMPY";
  header += isLong ? '\2' : '\1';
  header += '\0';
  for (std::size_t i = 0; i < (isLong ? 4u : 2u); ++i) {
    header += static_cast<char>(static_cast<unsigned char>(length >> (8 * i) & 0xff));
  }
  text.resize(length - 1, ' ');
  return header + text + '\n';
}

Status writeNpy(ByteSink& sink, const Tensor& tensor) {
  const FloatWidth width = tensor.isDouble() ? FloatWidth::float64 : FloatWidth::float32;
  if (Status status = sink.write(npyHeader(tensor.shape, width)); !status) return status;
  if (tensor.isDouble()) {
    return sink.write(
        {reinterpret_cast<const char*>(tensor.doubles.data()), tensor.doubles.size() * sizeof(double)});
  }
  return sink.write(
      {reinterpret_cast<const char*>(tensor.floats.data()), tensor.floats.size() * sizeof(float)});
}

}  // namespace headlight
