#include "core/files/element_type.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

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

/// By a function of the bits.
template <class Bits, class Out>
void decodeBy(float (*number)(Bits), const char* bytes, std::size_t count, bool swap, Out* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<Out>(number(load<Bits>(bytes + i * sizeof(Bits), swap)));
  }
}

template <class Out>
void decode(const ElementType& type, const char* bytes, std::size_t count, Out* out) {
  const bool swap = type.bigEndian != (std::endian::native == std::endian::big);
  if (type.kind == 'b') {
    for (std::size_t i = 0; i < count; ++i) out[i] = bytes[i] != 0 ? Out{1} : Out{0};
  } else if (type.kind == 'f' && type.bytes == 2) {
    decodeBy<std::uint16_t>(halfToFloat, bytes, count, swap, out);
  } else if (type.kind == 'w') {
    decodeBy<std::uint16_t>(bfloat16ToFloat, bytes, count, swap, out);
  } else if (type.kind == 'e') {
    decodeBy<std::uint8_t>(float8E4m3ToFloat, bytes, count, swap, out);
  } else if (type.kind == 'm') {
    decodeBy<std::uint8_t>(float8E5m2ToFloat, bytes, count, swap, out);
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
  switch (kind) {
    case 'b':
      return "bool";
    case 'w':
      return "bfloat16";
    case 'e':
      return "float8_e4m3fn";
    case 'm':
      return "float8_e5m2";
    default:
      break;
  }
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

float bfloat16ToFloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

float float8E4m3ToFloat(std::uint8_t bits) {
  constexpr unsigned kNan = 0x7f;
  const unsigned magnitude = bits & 0x7fu;
  const unsigned exponent = magnitude >> 3;
  const auto fraction = static_cast<float>(magnitude & 7u);
  float value = fraction * 0x1p-9f;
  if (magnitude == kNan) {
    value = std::numeric_limits<float>::quiet_NaN();
  } else if (exponent > 0) {
    value = std::ldexp(8.0f + fraction, static_cast<int>(exponent) - 10);
  }
  return (bits & 0x80u) != 0 ? -value : value;
}

float float8E5m2ToFloat(std::uint8_t bits) {
  return halfToFloat(static_cast<std::uint16_t>(bits << 8));
}

void decodeElements(const ElementType& type, const char* bytes, std::size_t count, float* out) {
  decode(type, bytes, count, out);
}
void decodeElements(const ElementType& type, const char* bytes, std::size_t count, double* out) {
  decode(type, bytes, count, out);
}

}  // namespace headlight
