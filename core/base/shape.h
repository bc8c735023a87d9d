#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace headlight {

/// "[8, 128, 64]".
std::string shapeText(std::span<const std::int64_t> shape);

}  // namespace headlight
