#include "core/lesson/quantity_parts.h"

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {

KeySpec headKey() {
  return {"head", KeyType::integer, 0, false, 0, 1023, {}, "the query head"};
}

KeySpec indexKey(std::string_view name, std::string_view help) {
  return {name, KeyType::integer, 0, false, 0, 1048575, {}, help};
}

KeySpec anyIndexKey(std::string_view name, std::string_view help) {
  return {name, KeyType::integer, nullptr, true, 0, 1048575, {}, help};
}

KeySpec stageKey(std::string_view fallback) {
  KeySpec key{"stage", KeyType::word, fallback, false, 0, 0, {}, "the stage that is read"};
  for (const StageInfo& stage : stages()) key.words.push_back(stage.id);
  return key;
}

Error badQuantity(std::string what) {
  return Error{ErrorCode::invalid, std::move(what), "", ""};
}

Result<Field> fieldOf(const std::shared_ptr<const Evaluation>& state, Stage stage, int head) {
  if (info(stage).perHead && head >= state->run->sizes.heads) {
    return badQuantity("found head " + std::to_string(head) + ", there are " +
                       countText(state->run->sizes.heads, "head", "heads"));
  }
  return Field::make(state->run, stage, head);
}

Result<Field> fieldOf(const QuantityInput& input, Stage stage) {
  return fieldOf(input.state, stage, input.head());
}

Result<Field> fieldOf(const QuantityInput& input) {
  return fieldOf(input, *stageById(input.key("stage").string()));
}

Result<std::int64_t> indexOf(const QuantityInput& input, std::string_view key, std::int64_t count) {
  const std::int64_t index = input.integer(key);
  if (index < count) return index;
  return badQuantity("found " + std::string(key) + " " + std::to_string(index) + ", accepted is 0 to " +
                     std::to_string(count - 1));
}

Result<std::vector<float>> rowOf(const QuantityInput& input, const Field& field, std::string_view key) {
  const auto index = indexOf(input, key, field.rows());
  if (!index) return index.error();
  std::vector<float> values(static_cast<std::size_t>(field.cols()));
  field.row(*index, values.data());
  return values;
}

void readRows(const Field& field, const RowReader& read) {
  const auto width = static_cast<std::size_t>(field.cols());
  std::vector<float> values(width);
  std::vector<std::uint8_t> classes(width);
  for (std::int64_t i = 0; i < field.rows(); ++i) {
    field.row(i, values.data(), classes.data());
    read(i, values, classes);
  }
}

std::vector<CountedRow> countedRows(const Run& run, int head, std::int64_t least) {
  std::vector<RowNumbers> all(static_cast<std::size_t>(run.sizes.queries));
  rowNumbers(run, head, 0, run.sizes.queries, all.data());
  std::vector<CountedRow> counted;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].keptKeys >= least) counted.push_back({static_cast<std::int64_t>(i), all[i]});
  }
  return counted;
}

}  // namespace headlight
