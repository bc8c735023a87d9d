#include "core/files/element_type.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace headlight {
namespace {

template <class T>
T load(const char* bytes, bool swap) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), bytes, sizeof(T));
  if (swap) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

template <class T, class Out>
void decodeAs(const char* bytes, std::size_t count, bool swap, Out* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<Out>(load<T>(bytes + i * sizeof(T), swap));
}

template <class Out>
void decode(const ElementType& type, const char* bytes, std::size_t count, Out* out) {
  const bool swap = type.bigEndian != (std::endian::native == std::endian::big);
  if (type.kind == 'b') {
    for (std::size_t i = 0; i < count; ++i) out[i] = bytes[i] != 0 ? Out{1} : Out{0};
  } else if (type.kind == 'f' && type.bytes == 2) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = static_cast<Out>(halfToFloat(load<std::uint16_t>(bytes + 2 * i, swap)));
    }
  } else if (type.kind == 'f') {
    type.bytes == 4 ? decodeAs<float>(bytes, count, swap, out) : decodeAs<double>(bytes, count, swap, out);
  } else {
    const bool isSigned = type.kind == 'i';
    switch (type.bytes) {
      case 1:
        isSigned ? decodeAs<std::int8_t>(bytes, count, swap, out)
                 : decodeAs<std::uint8_t>(bytes, count, swap, out);
        break;
      case 2:
        isSigned ? decodeAs<std::int16_t>(bytes, count, swap, out)
                 : decodeAs<std::uint16_t>(bytes, count, swap, out);
        break;
      case 4:
        isSigned ? decodeAs<std::int32_t>(bytes, count, swap, out)
                 : decodeAs<std::uint32_t>(bytes, count, swap, out);
        break;
      default:
        isSigned ? decodeAs<std::int64_t>(bytes, count, swap, out)
                 : decodeAs<std::uint64_t>(bytes, count, swap, out);
        break;
    }
  }
}

}  // namespace

std::string ElementType::name() const {
  if (kind == 'b') return "bool";
  return (kind == 'f' ? "float" : kind == 'i' ? "int" : "uint") + std::to_string(8 * bytes);
}

float halfToFloat(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wideExponent = exponent == 31 ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wideExponent << 23 | fraction << 13);
}

void decodeElements(const ElementType& type, const char* bytes, std::size_t count, float* out) {
  decode(type, bytes, count, out);
}
void decodeElements(const ElementType& type, const char* bytes, std::size_t count, double* out) {
  decode(type, bytes, count, out);
}

}  // namespace headlight
