#include "core/files/safetensors_dtype.h"

#include <array>

namespace headlight {

std::span<const SafetensorsDtype> safetensorsDtypes() {
  static constexpr std::array<SafetensorsDtype, 22> kDtypes{{
      {"BOOL", 8, {'b', 1}, true},   {"U8", 8, {'u', 1}, true},      {"I8", 8, {'i', 1}, true},
      {"U16", 16, {'u', 2}, true},   {"I16", 16, {'i', 2}, true},    {"U32", 32, {'u', 4}, true},
      {"I32", 32, {'i', 4}, true},   {"U64", 64, {'u', 8}, true},    {"I64", 64, {'i', 8}, true},
      {"F16", 16, {'f', 2}, true},   {"BF16", 16, {'w', 2}, true},   {"F32", 32, {'f', 4}, true},
      {"F64", 64, {'f', 8}, true},   {"F8_E4M3", 8, {'e', 1}, true}, {"F8_E5M2", 8, {'m', 1}, true},
      {"C64", 64, {}, false},        {"F8_E8M0", 8, {}, false},      {"F8_E4M3FNUZ", 8, {}, false},
      {"F8_E5M2FNUZ", 8, {}, false}, {"F4", 4, {}, false},           {"F6_E2M3", 6, {}, false},
      {"F6_E3M2", 6, {}, false},
  }};
  return kDtypes;
}

std::string safetensorsDtypeNames(bool decodedOnly) {
  std::string text;
  for (const SafetensorsDtype& dtype : safetensorsDtypes()) {
    if (dtype.decoded || !decodedOnly) text += (text.empty() ? "" : ", ") + std::string(dtype.name);
  }
  return text;
}

}  // namespace headlight
