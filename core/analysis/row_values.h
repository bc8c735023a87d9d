#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/attention/field.h"

namespace headlight {

/// One row of a field with what a picture of it needs.
struct RowValues {
  /// The row, or what 2^level neighbours are together: the largest (of signed stages the one farthest from
  /// 0).
  struct Level {
    std::vector<float> values;
    std::vector<std::uint8_t> classes;  ///< of CellClass

    bool isMasked(std::size_t at) const {
      return classes[at] == static_cast<std::uint8_t>(CellClass::masked);
    }
  };
  std::int64_t row = 0;
  std::vector<Level> levels;          ///< the first: [cols], each as the one before in pairs, the last [1]
  std::vector<std::int64_t> largest;  ///< kept columns, by value, at most kLargestOfRow
  double sum = 0;                     ///< of the kept finite values
  float low = 0;                      ///< of those the smallest and the largest; 0 when there is none
  float high = 0;
  std::int64_t kept = 0;              ///< columns that are not masked
  std::optional<RowNumbers> numbers;  ///< of maps of one head, once they are known

  const Level& cells() const { return levels.front(); }
};
inline constexpr std::size_t kLargestOfRow = 20;

/// Row `row` of the field, which there must be.
RowValues readRow(const Field& field, std::int64_t row);

/// Columns [first, end) of such cells, 2^level neighbours together, counted from `first`.
RowValues::Level pooledLevel(const RowValues::Level& cells, std::int64_t first, std::int64_t end, int level,
                             bool isSigned);

}  // namespace headlight
