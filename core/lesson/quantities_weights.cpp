#include <algorithm>
#include <cmath>
#include <limits>

#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Mean over the counted rows, or the one row that `query` names.
Result<double> meanOf(const QuantityInput& input, std::int64_t least,
                      const std::function<double(const CountedRow&)>& read) {
  const Run& run = input.run();
  if (input.head() >= run.sizes.heads) return fieldOf(input, Stage::weights).error();
  if (!run.has(Stage::weights)) return badQuantity(absence(run, Stage::weights));
  const bool one = !input.key("query").isNull();
  std::vector<CountedRow> rows = countedRows(run, input.head(), one ? 0 : least);
  if (one) {
    const auto query = indexOf(input, "query", run.sizes.queries);
    if (!query) return query.error();
    rows = {rows[static_cast<std::size_t>(*query)]};
  }
  if (rows.empty()) return kNone;
  double sum = 0;
  for (const CountedRow& row : rows) sum += read(row);
  return sum / static_cast<double>(rows.size());
}

// Sums of rows (that keep a key) or of columns, in double.
Result<std::vector<double>> sums(const QuantityInput& input, bool columns) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  std::vector<double> all(columns ? static_cast<std::size_t>(field->cols()) : 0);
  readRows(*field, [&](std::int64_t, std::span<const float> values, std::span<const std::uint8_t> classes) {
    double sum = 0;
    bool keeps = false;
    for (std::size_t j = 0; j < values.size(); ++j) {
      sum += values[j];
      keeps = keeps || classes[j] == static_cast<std::uint8_t>(CellClass::value);
      if (columns) all[j] += values[j];
    }
    if (!columns && keeps) all.push_back(sum);
  });
  return all;
}

template <bool kColumns>
Result<double> smallestSum(const QuantityInput& input) {
  const auto all = sums(input, kColumns);
  if (!all) return all.error();
  return all->empty() ? kNone : *std::min_element(all->begin(), all->end());
}

template <bool kColumns>
Result<double> largestSum(const QuantityInput& input) {
  const auto all = sums(input, kColumns);
  if (!all) return all.error();
  return all->empty() ? kNone : *std::max_element(all->begin(), all->end());
}

template <bool kColumns>
Result<double> sumError(const QuantityInput& input) {
  const auto all = sums(input, kColumns);
  if (!all) return all.error();
  double largest = 0;
  for (const double sum : *all) {
    if (std::isnan(sum)) return kNone;
    largest = std::max(largest, std::abs(sum - 1));
  }
  return largest;
}

Result<double> rowSum(const QuantityInput& input) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  const auto row = rowOf(input, *field, "query");
  if (!row) return row.error();
  double sum = 0;
  for (const float value : *row) sum += value;
  return sum;
}

Result<double> largestWeight(const QuantityInput& input) {
  return meanOf(input, 2, [](const CountedRow& row) { return row.numbers.largestWeight; });
}

Result<double> effectiveKeys(const QuantityInput& input) {
  return meanOf(input, 2, [](const CountedRow& row) { return row.numbers.effectiveKeys; });
}

Result<double> normalizedEntropy(const QuantityInput& input) {
  return meanOf(input, 2, [](const CountedRow& row) {
    return row.numbers.keptKeys < 2 ? 0.0 : row.numbers.entropy / std::log(row.numbers.keptKeys);
  });
}

Result<double> rowsCounted(const QuantityInput& input) {
  if (input.head() >= input.run().sizes.heads) return fieldOf(input, Stage::weights).error();
  return static_cast<double>(countedRows(input.run(), input.head(), 2).size());
}

Result<double> uniformError(const QuantityInput& input) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  const bool one = !input.key("query").isNull();
  if (one) {
    if (const auto query = indexOf(input, "query", field->rows()); !query) return query.error();
  }
  double largest = 0;
  readRows(*field, [&](std::int64_t i, std::span<const float> values, std::span<const std::uint8_t> classes) {
    if (one && i != input.integer("query")) return;
    const auto isKept = [&](std::size_t j) {
      return classes[j] == static_cast<std::uint8_t>(CellClass::value);
    };
    std::int64_t kept = 0;
    for (std::size_t j = 0; j < values.size(); ++j) kept += isKept(j) ? 1 : 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (!isKept(j)) continue;
      const double off = std::abs(values[j] - 1.0 / static_cast<double>(kept));
      largest = off <= largest ? largest : off;  // NaN stays
    }
  });
  return largest;
}

// Σ over cells that `counts`, of all rows.
Result<double> massWhere(const QuantityInput& input,
                         const std::function<bool(std::int64_t, std::int64_t)>& counts) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  double sum = 0;
  readRows(*field, [&](std::int64_t i, std::span<const float> values, std::span<const std::uint8_t>) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (counts(i, static_cast<std::int64_t>(j))) sum += values[j];
    }
  });
  return sum;
}

Result<double> futureWeight(const QuantityInput& input) {
  return massWhere(input, [](std::int64_t i, std::int64_t j) { return j > i; });
}

Result<double> keyReceives(const QuantityInput& input) {
  const auto key = indexOf(input, "key", input.run().sizes.keys);
  if (!key) return key.error();
  const auto mass = massWhere(input, [&](std::int64_t, std::int64_t j) { return j == *key; });
  if (!mass) return mass.error();
  return *mass / static_cast<double>(input.run().sizes.queries);
}

Result<double> offsetWeight(const QuantityInput& input) {
  const auto field = fieldOf(input, Stage::weights);
  if (!field) return field.error();
  const std::int64_t offset = input.integer("offset");
  double sum = 0;
  std::int64_t rows = 0;
  for (std::int64_t i = 0; i < field->rows(); ++i) {
    if (i + offset < 0 || i + offset >= field->cols()) continue;
    sum += field->cell(i, i + offset);
    ++rows;
  }
  return rows == 0 ? kNone : sum / static_cast<double>(rows);
}

Result<double> nanRows(const QuantityInput& input) {
  const auto field = fieldOf(input);
  if (!field) return field.error();
  std::int64_t rows = 0;
  readRows(*field, [&](std::int64_t, std::span<const float> values, std::span<const std::uint8_t>) {
    rows += std::any_of(values.begin(), values.end(), [](float value) { return std::isnan(value); }) ? 1 : 0;
  });
  return static_cast<double>(rows);
}

KeySpec queryOrMean() {
  return anyIndexKey("query", "the query; null is the mean over the rows that keep at least two keys");
}

}  // namespace

std::vector<QuantityInfo> weightQuantities() {
  return {
      {{"row_sum", "sum of a row of weights", "Σ_j A_ij", {headKey(), indexKey("query", "the query i")}},
       1,
       false,
       rowSum},
      {{"row_sum_error",
        "row sums: largest distance from 1",
        "max_i |Σ_j A_ij − 1| over rows that keep a key",
        {headKey()}},
       1,
       false,
       sumError<false>},
      {{"column_sum_error", "column sums: largest distance from 1", "max_j |Σ_i A_ij − 1|", {headKey()}},
       1,
       false,
       sumError<true>},
      {{"smallest_row_sum", "smallest row sum", "min_i Σ_j A_ij over rows that keep a key", {headKey()}},
       1,
       false,
       smallestSum<false>},
      {{"largest_row_sum", "largest row sum", "max_i Σ_j A_ij", {headKey()}}, 1, false, largestSum<false>},
      {{"smallest_column_sum", "smallest column sum", "min_j Σ_i A_ij", {headKey()}},
       1,
       false,
       smallestSum<true>},
      {{"largest_column_sum", "largest column sum", "max_j Σ_i A_ij", {headKey()}},
       1,
       false,
       largestSum<true>},
      {{"largest_weight", "largest weight of a row", "max_j A_ij", {headKey(), queryOrMean()}},
       1,
       false,
       largestWeight},
      {{"effective_keys",
        "effective keys",
        "exp of the entropy of a row, in nats",
        {headKey(), queryOrMean()}},
       1,
       false,
       effectiveKeys},
      {{"normalized_entropy",
        "entropy as a share of the largest possible",
        "entropy ÷ ln of the kept keys",
        {headKey(), queryOrMean()}},
       1,
       false,
       normalizedEntropy},
      {{"rows_counted", "rows that means are taken over", "rows that keep at least two keys", {headKey()}},
       1,
       false,
       rowsCounted},
      {{"uniform_error",
        "largest distance from equal weights",
        "max_j |A_ij − 1 ÷ kept keys| over kept keys",
        {headKey(), anyIndexKey("query", "the query; null is all")}},
       1,
       false,
       uniformError},
      {{"future_weight", "weight on later keys", "Σ_i Σ_{j > i} A_ij", {headKey()}}, 1, false, futureWeight},
      {{"key_receives",
        "mean weight that a key receives",
        "(1 ÷ Tq) Σ_i A_ij",
        {headKey(), indexKey("key", "the key j")}},
       1,
       false,
       keyReceives},
      {{"offset_weight",
        "mean weight at a distance",
        "mean over i of A_{i, i + offset}, where there is that key",
        {headKey(), {"offset", KeyType::integer, -1, false, -1048575, 1048575, {}, "key minus query"}}},
       1,
       false,
       offsetWeight},
      {{"nan_rows", "rows with NaN", "how many rows hold a NaN", {stageKey("weights"), headKey()}},
       1,
       false,
       nanRows},
  };
}

}  // namespace headlight
