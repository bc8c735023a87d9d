#include <algorithm>
#include <cmath>

#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

struct Moments {
  double sum = 0;
  double squares = 0;
  double count = 0;
};

// Of the finite kept cells, around 0 shifted by the first of them.
Result<double> spread(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  Moments all;
  readRows(*field, [&](std::int64_t, std::span<const float> values, std::span<const std::uint8_t> classes) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (classes[j] != static_cast<std::uint8_t>(CellClass::value) || !std::isfinite(values[j])) continue;
      all.sum += values[j];
      all.squares += static_cast<double>(values[j]) * values[j];
      all.count += 1;
    }
  });
  if (all.count == 0) return badQuantity("there is no finite number to measure");
  const double mean = all.sum / all.count;
  return std::sqrt(std::max(0.0, all.squares / all.count - mean * mean));
}

Result<double> asymmetry(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  if (field->rows() != field->cols()) {
    return badQuantity("a map of " + std::to_string(field->rows()) + " × " + std::to_string(field->cols()) +
                       " cells has no mirror image");
  }
  const std::int64_t n = field->rows();
  constexpr std::int64_t kSide = 128;
  std::vector<float> block(kSide * kSide);
  std::vector<float> mirrored(kSide * kSide);
  double difference = 0;
  double size = 0;
  for (std::int64_t top = 0; top < n; top += kSide) {
    for (std::int64_t left = 0; left < n; left += kSide) {
      const std::int64_t rows = std::min(kSide, n - top);
      const std::int64_t cols = std::min(kSide, n - left);
      field->block(top, top + rows, left, left + cols, block.data(), nullptr, kSide);
      field->block(left, left + cols, top, top + rows, mirrored.data(), nullptr, kSide);
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < cols; ++j) {
          const double value = block[static_cast<std::size_t>(i * kSide + j)];
          const double off = value - mirrored[static_cast<std::size_t>(j * kSide + i)];
          difference += off * off;
          size += value * value;
        }
      }
    }
  }
  return size == 0 ? 0.0 : std::sqrt(difference / size);
}

Result<double> cell(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  const auto row = indexOf(input, "row", field->rows());
  if (!row) return row.error();
  const auto column = indexOf(input, "column", field->cols());
  if (!column) return column.error();
  return static_cast<double>(field->cell(*row, *column));
}

Result<double> rowLength(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  const auto row = rowOf(input, *field, "row");
  if (!row) return row.error();
  double squares = 0;
  for (const float value : *row) squares += static_cast<double>(value) * value;
  return std::sqrt(squares);
}

Result<double> strongestColumn(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  const auto row = rowOf(input, *field, "row");
  if (!row) return row.error();
  return static_cast<double>(std::max_element(row->begin(), row->end()) - row->begin());
}

Result<double> notFinite(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  std::int64_t count = 0;
  readRows(*field, [&](std::int64_t, std::span<const float> values, std::span<const std::uint8_t> classes) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      const bool isKept = classes[j] == static_cast<std::uint8_t>(CellClass::value);
      count += isKept && !std::isfinite(values[j]) ? 1 : 0;
    }
  });
  return static_cast<double>(count);
}

KeySpec rowKey() {
  return indexKey("row", "the row");
}

}  // namespace

std::vector<QuantityInfo> scoreQuantities() {
  return {
      {{"spread",
        "standard deviation",
        "of the finite numbers that the mask keeps",
        {stageKey("dot"), headKey()}},
       1,
       false,
       spread},
      {{"asymmetry",
        "asymmetry",
        "‖S − Sᵀ‖ ÷ ‖S‖ (Frobenius), 0 for a symmetric map",
        {stageKey("dot"), headKey()}},
       1,
       false,
       asymmetry},
      {{"cell",
        "a number",
        "the number of a stage at [row, column]",
        {stageKey("weights"), headKey(), rowKey(), indexKey("column", "the column")}},
       1,
       false,
       cell},
      {{"row_length",
        "length of a row",
        "square root of the sum of squares",
        {stageKey("output"), headKey(), rowKey()}},
       1,
       false,
       rowLength},
      {{"strongest_column",
        "column of the largest number",
        "the first, where several are equal",
        {stageKey("weights"), headKey(), rowKey()}},
       1,
       false,
       strongestColumn},
      {{"not_finite",
        "kept cells without a finite number",
        "∞, −∞ and NaN among the cells that the mask keeps",
        {stageKey("weights"), headKey()}},
       1,
       false,
       notFinite},
  };
}

}  // namespace headlight
