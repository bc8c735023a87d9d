#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace headlight {

/// How one number lies in a file. kind: 'f' float (2, 4, 8 bytes), 'i' and 'u' integers (1, 2, 4, 8), 'b'
/// boolean (1).
struct ElementType {
  char kind = 'f';
  std::size_t bytes = 4;
  bool bigEndian = false;

  /// numpy's name: "float32", "bool", …
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

}  // namespace headlight
