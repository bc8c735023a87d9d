#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/attention/field.h"
#include "core/lesson/quantity.h"

namespace headlight {

// What the quantities share: their keys, and reading maps row by row.

KeySpec headKey();
/// An index from 0 on.
KeySpec indexKey(std::string_view name, std::string_view help);
/// An index, or null for all of them.
KeySpec anyIndexKey(std::string_view name, std::string_view help);
/// A stage by its id.
KeySpec stageKey(std::string_view fallback);

/// The stage and head that the call names. Errors (invalid): no such stage or head here, with what there is.
Result<Field> fieldOf(const QuantityInput& input, Stage stage);
Result<Field> fieldOf(const QuantityInput& input);
Result<Field> fieldOf(const std::shared_ptr<const Evaluation>& state, Stage stage, int head);

/// The index of that key, checked against `count`. Errors (invalid): what there is.
Result<std::int64_t> indexOf(const QuantityInput& input, std::string_view key, std::int64_t count);

/// The row that the call names by `key`. Errors (invalid): no such row.
Result<std::vector<float>> rowOf(const QuantityInput& input, const Field& field, std::string_view key);

/// Row by row: values and what each cell is.
using RowReader = std::function<void(std::int64_t row, std::span<const float> values,
                                     std::span<const std::uint8_t> classes)>;
void readRows(const Field& field, const RowReader& read);

/// The row numbers of a head; those with at least `least` kept keys.
struct CountedRow {
  std::int64_t row = 0;
  RowNumbers numbers;
};
std::vector<CountedRow> countedRows(const Run& run, int head, std::int64_t least);

Error badQuantity(std::string what);

}  // namespace headlight
