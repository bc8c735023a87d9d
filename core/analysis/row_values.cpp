#include "core/analysis/row_values.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

bool isMasked(std::uint8_t kind) {
  return kind == static_cast<std::uint8_t>(CellClass::masked);
}

RowValues::Level paired(const RowValues::Level& from, bool isSigned) {
  RowValues::Level level;
  const std::size_t count = (from.values.size() + 1) / 2;
  level.values.reserve(count);
  level.classes.reserve(count);
  const auto outranks = [isSigned](float a, float b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a);
    return isSigned ? std::abs(a) > std::abs(b) : a > b;
  };
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t a = 2 * n;
    const std::size_t b = std::min(a + 1, from.values.size() - 1);
    const bool takesB =
        isMasked(from.classes[a]) || (!isMasked(from.classes[b]) && outranks(from.values[b], from.values[a]));
    level.values.push_back(from.values[takesB ? b : a]);
    level.classes.push_back(from.classes[a] == from.classes[b]
                                ? from.classes[a]
                                : static_cast<std::uint8_t>(CellClass::partlyMasked));
  }
  return level;
}

std::vector<std::int64_t> largestOf(const RowValues::Level& cells) {
  std::vector<std::int64_t> order;
  order.reserve(cells.values.size());
  for (std::size_t j = 0; j < cells.values.size(); ++j) {
    if (!isMasked(cells.classes[j]) && !std::isnan(cells.values[j]))
      order.push_back(static_cast<std::int64_t>(j));
  }
  const auto larger = [&cells](std::int64_t a, std::int64_t b) {
    const float left = cells.values[static_cast<std::size_t>(a)];
    const float right = cells.values[static_cast<std::size_t>(b)];
    return left != right ? left > right : a < b;
  };
  const auto count = std::min(order.size(), kLargestOfRow);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), larger);
  order.resize(count);
  order.shrink_to_fit();
  return order;
}

}  // namespace

RowValues::Level pooledLevel(const RowValues::Level& cells, std::int64_t first, std::int64_t end, int level,
                             bool isSigned) {
  RowValues::Level pooled{{cells.values.begin() + first, cells.values.begin() + end},
                          {cells.classes.begin() + first, cells.classes.begin() + end}};
  for (int n = 0; n < level; ++n) pooled = paired(pooled, isSigned);
  return pooled;
}

RowValues readRow(const Field& field, std::int64_t row) {
  RowValues made;
  made.row = row;
  RowValues::Level cells;
  cells.values.resize(static_cast<std::size_t>(field.cols()));
  cells.classes.resize(cells.values.size());
  field.row(row, cells.values.data(), cells.classes.data());
  bool any = false;
  for (std::size_t j = 0; j < cells.values.size(); ++j) {
    const float value = cells.values[j];
    if (isMasked(cells.classes[j])) continue;
    ++made.kept;
    if (!std::isfinite(value)) continue;
    made.sum += static_cast<double>(value);
    made.low = any ? std::min(made.low, value) : value;
    made.high = any ? std::max(made.high, value) : value;
    any = true;
  }
  made.largest = largestOf(cells);
  made.levels.push_back(std::move(cells));
  while (made.levels.back().values.size() > 1) {
    made.levels.push_back(paired(made.levels.back(), info(field.stage()).isSigned));
  }
  const auto& statistics = field.run().statistics;
  const auto head = static_cast<std::size_t>(std::max(field.head(), 0));
  if (isMap(field.stage()) && field.head() >= 0 && statistics && head < statistics->heads.size()) {
    const std::vector<RowNumbers>& rows = statistics->heads[head].rows;
    if (static_cast<std::size_t>(row) < rows.size()) made.numbers = rows[static_cast<std::size_t>(row)];
  }
  return made;
}

}  // namespace headlight
