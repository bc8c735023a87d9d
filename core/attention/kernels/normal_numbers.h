#pragma once
#include <cstdint>

#include "core/base/random.h"

namespace headlight {

/// numbers[i] = normalFromBits(bits[i]) (core/base/random.h), the same bits at every level. Both are [count].
void normalNumbers(const std::uint64_t* bits, std::int64_t count, double* numbers);
/// numbers[n] = normalFromBits(from.then(first + n).bits()), the same bits at every level. [count]
void normalNumbersAt(const RandomAddress& from, std::uint64_t first, std::int64_t count, double* numbers);

/// out[n] = numbers[n] · scale as a float. [count]
void scaledFloats(const double* numbers, std::int64_t count, double scale, float* out);

}  // namespace headlight
