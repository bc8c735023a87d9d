#include "app/cli/shared_range.h"

#include <algorithm>
#include <iterator>

namespace headlight {
namespace {

Stage shownStage(const FigureSpec& spec, const ViewSpec& view) {
  return spec.stage.value_or(view.stage);
}

}  // namespace

void SharedRange::add(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                      const Cancel& cancel) {
  const Stage stage = shownStage(spec, evaluation.experiment.view);
  std::vector<int> heads = spec.heads;
  const bool mean = std::find(heads.begin(), heads.end(), kMeanHead) != heads.end();
  if (heads.empty() || (evaluation.experiment.view.sharedRange && !mean)) {
    heads.clear();
    for (int h = 0; h < evaluation.run->sizes.heads; ++h) heads.push_back(h);
  }
  if (!info(stage).perHead) heads = {0};
  Taken& taken = stages_[stage];
  taken.keys = std::max(taken.keys, evaluation.run->sizes.keys);
  for (const int head : heads) {
    const Result<Field> field =
        Field::make(evaluation.run, rangeStage(stage, evaluation.run->has(Stage::dot)), head);
    if (!field || !taken.known.insert(field->key()).second) continue;
    taken.fields.push_back(field->statistics(pool, cancel));
  }
}

void SharedRange::add(SharedRange other) {
  for (auto& [stage, more] : other.stages_) {
    Taken& taken = stages_[stage];
    taken.keys = std::max(taken.keys, more.keys);
    std::move(more.fields.begin(), more.fields.end(), std::back_inserter(taken.fields));
    taken.known.merge(more.known);
  }
}

std::optional<Range> SharedRange::range(const FigureSpec& spec, const ViewSpec& view) const {
  const Stage stage = shownStage(spec, view);
  const auto taken = stages_.find(stage);
  if (taken == stages_.end() || taken->second.fields.empty()) return std::nullopt;
  std::vector<const FieldStatistics*> fields;
  for (const FieldStatistics& one : taken->second.fields) fields.push_back(&one);
  return resolveRange(defaultRangeMode(stage, taken->second.keys), stage, taken->second.keys, fields);
}

}  // namespace headlight
