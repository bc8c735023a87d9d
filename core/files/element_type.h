#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace headlight {

/// How one number lies in a file. kind: 'f' float (2, 4, 8 bytes), 'i' and 'u' integers (1, 2, 4, 8), 'b'
/// boolean (1), 'w' bfloat16 (2), 'e' float8_e4m3fn (1), 'm' float8_e5m2 (1).
struct ElementType {
  char kind = 'f';
  std::size_t bytes = 4;
  bool bigEndian = false;

  /// numpy's name: "float32", "bool", …; PyTorch's for what numpy has not: "bfloat16", "float8_e5m2".
  std::string name() const;
  /// Whether float32 cannot hold all its values (beyond 2^24 or with more digits).
  bool wide() const { return bytes == 8 || (bytes == 4 && kind != 'f'); }
  bool operator==(const ElementType&) const = default;
};

/// `count` elements to host numbers; a boolean byte other than 0 is 1. The bytes need no alignment.
void decodeElements(const ElementType& type, const char* bytes, std::size_t count, float* out);
void decodeElements(const ElementType& type, const char* bytes, std::size_t count, double* out);

/// IEEE 754 binary16, from its bits.
float halfToFloat(std::uint16_t bits);
/// bfloat16 from its bits: the upper half of a float32.
float bfloat16ToFloat(std::uint16_t bits);
/// 8-bit floats from their bits (Micikevicius et al. 2022, FP8 Formats for Deep Learning, table 1). E4M3 has
/// no infinity, and NaN only where all seven lower bits are set; E5M2 is the upper half of a binary16.
float float8E4m3ToFloat(std::uint8_t bits);
float float8E5m2ToFloat(std::uint8_t bits);

}  // namespace headlight
