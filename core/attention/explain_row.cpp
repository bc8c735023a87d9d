#include "core/attention/explain_row.h"

#include <cmath>

#include "core/attention/field_blocks.h"
#include "core/attention/over_queries.h"

namespace headlight {

MapRow::MapRow(const Run& run, int head, std::int64_t row, std::int64_t col)
    : run_(run), head_(head), row_(row), col_(col) {
  rowNumbers(run, head, row, row + 1, &numbers_);
}

float MapRow::cell(Stage stage) const {
  float value = 0;
  mapBlock(run_, stage, head_, {row_, row_ + 1, col_, col_ + 1}, {&value, nullptr, 1});
  return value;
}

std::vector<float> MapRow::row(Stage stage) const {
  std::vector<float> values(static_cast<std::size_t>(run_.sizes.keys));
  mapBlock(run_, stage, head_, {row_, row_ + 1, 0, run_.sizes.keys},
           {values.data(), nullptr, run_.sizes.keys});
  return values;
}

bool MapRow::takesPart(std::int64_t key) const {
  if (givesWeights(run_) || run_.rules.mistake.maskAs != Mistake::MaskAs::minusInfinity) return true;
  return run_.mask->keeps(head_, row_, key);
}

float MapRow::undivided(std::int64_t key, float score) const {
  if (weighsOverQueries(run_)) {
    const HeadStatistics& head = run_.statistics->heads[static_cast<std::size_t>(head_)];
    const float maximum = head.columns[static_cast<std::size_t>(key)].maximum;
    return std::exp((score - maximum) / run_.rules.temperature);
  }
  RowNumbers undivided = numbers_;
  undivided.sum = 1;
  run_.rules.normalizer->weigh(&score, 1, setting(), undivided, &score);
  return score;
}

bool givesWeights(const Run& run) {
  return run.inputs.maps && run.inputs.maps->enters == Stage::weights;
}

}  // namespace headlight
