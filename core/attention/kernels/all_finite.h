#pragma once
#include <cstdint>

namespace headlight {

/// Whether none of the numbers is NaN or infinite.
bool allFinite(const float* numbers, std::int64_t count);

}  // namespace headlight
