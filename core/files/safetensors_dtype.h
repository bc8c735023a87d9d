#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/files/element_type.h"

namespace headlight {

/// A dtype of the safetensors format. Those that are no plain real numbers, or share bytes, can be listed and
/// not be read.
struct SafetensorsDtype {
  std::string_view name;  ///< "BF16"
  std::int64_t bits = 0;
  ElementType type = {};
  bool decoded = false;
};

std::span<const SafetensorsDtype> safetensorsDtypes();
/// "BOOL, U8, …": all, or those that are decoded.
std::string safetensorsDtypeNames(bool decodedOnly);

}  // namespace headlight
