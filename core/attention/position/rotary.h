#pragma once
#include <cstdint>

#include "core/base/matrix.h"
#include "core/base/result.h"

namespace headlight {

/// Rotary position embedding (Su et al. 2021, equation 34): pairs of features turn by the position times
/// base^{−2k/R}, R = fraction × d_k the first features of a head; the others stay as they are.
struct Rotary {
  double base = 10000;
  bool interleaved = false;  ///< pairs (2k, 2k + 1) as GPT-J has them, else (k, k + R/2) as Llama has them
  double fraction = 1;
  std::int64_t offset = 0;  ///< position of the first row
  bool operator==(const Rotary&) const = default;
};

/// R for heads of width d_k, rounded down. Errors (invalid, at "position.fraction" or "shape.d_k"): R is odd
/// or 0, or the fraction is outside (0, 1].
Result<std::int64_t> rotatedWidth(const Rotary& rotary, std::int64_t width);

/// Turns row p of `rows` [T, d_k] by position offset + p; angles in double, and a row's bits depend on its
/// position alone, not on the rows beside it. With `backwards` by the negative
/// angle, which is its gradient.
void rotate(const Rotary& rotary, Matrix& rows, bool backwards = false);

}  // namespace headlight
