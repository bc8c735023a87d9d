#include "core/attention/normalize/empty_row.h"

#include <limits>

namespace headlight {

float emptyRowWeight(EmptyRow policy, std::int64_t keys) {
  switch (policy) {
    case EmptyRow::zeros:
      return 0;
    case EmptyRow::nan:
      return std::numeric_limits<float>::quiet_NaN();
    case EmptyRow::uniform:
      return 1.0f / static_cast<float>(keys);
  }
  return 0;
}

RowNumbers emptyRowNumbers(EmptyRow policy, std::int64_t keys) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float weight = emptyRowWeight(policy, keys);
  return {.maximum = -kInfinity,
          .minimum = kInfinity,
          .sum = 0,
          .lse = -kInfinity,
          .entropy = 0,
          .effectiveKeys = 0,
          .largestWeight = weight,
          .weightSum = weight * static_cast<float>(keys),
          .threshold = 0,
          .keptKeys = 0};
}

}  // namespace headlight
