#include "core/lesson/measure.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr std::size_t kMostKept = 64;
// A lesson's maps are looked at one by one; a larger one is a mistake in its file.
constexpr double kMostCells = 4.0e6;

bool isTooLarge(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  return static_cast<double>(sizes.heads) * static_cast<double>(sizes.queries) *
             static_cast<double>(sizes.keys) >
         kMostCells;
}

Error tooLarge() {
  return {ErrorCode::invalid, "the maps have more cells than the 4 million that a lesson may measure", "",
          ""};
}

}  // namespace

const Measure* findMeasure(const Measures& measures, std::string_view name) {
  const auto found =
      std::find_if(measures.begin(), measures.end(), [&](const auto& row) { return row.first == name; });
  return found == measures.end() ? nullptr : &found->second;
}

Bench::Bench(Experiment start, std::string folder, Measures measures, ThreadPool& pool, Cancel cancel)
    : start_(std::move(start)),
      folder_(std::move(folder)),
      measures_(std::move(measures)),
      pool_(pool),
      cancel_(std::move(cancel)) {}

Result<std::shared_ptr<const Evaluation>> Bench::evaluated(const Experiment& base,
                                                           const std::vector<Member>& changes, bool gradients,
                                                           bool anySize) {
  Result<Experiment> changed = changes.empty() ? Result<Experiment>(base) : set(base, changes);
  if (!changed) return changed.error();
  Experiment plain = std::move(*changed);
  const ViewSpec seen = plain.view;
  plain.view = {};
  plain.view.batch = seen.batch;
  plain.view.layer = seen.layer;
  const std::string key = toText(plain) + (gradients ? "g" : "");
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) {
      if (!anySize && isTooLarge(*found->second)) return tooLarge();
      return found->second;
    }
  }
  AttendOptions options;
  options.gradients = gradients;
  options.cancel = cancel_;
  options.mostCells = static_cast<std::int64_t>(kMostCells);
  auto made = evaluate(plain, folder_, nullptr, pool_, options);
  if (!made) return made.error();
  if (!anySize && isTooLarge(**made)) return tooLarge();
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.emplace(key, *made);
  return *made;
}

Result<double> Bench::number(std::string_view name, const Experiment* learner) {
  const Measure* measure = findMeasure(measures_, name);
  if (!measure) {
    std::vector<std::string> names;
    for (const auto& row : measures_) names.push_back(row.first);
    return Error{ErrorCode::invalid, "found measure " + quoted(name) + ", the lesson has none of that name",
                 "", didYouMean(name, names)};
  }
  return number(*measure, learner);
}

Result<double> Bench::number(const Measure& measure, const Experiment* learner) {
  if (measure.kind != Measure::Kind::quantity) {
    const auto first = number(measure.first, learner);
    if (!first) return first.error();
    const auto second = number(measure.second, learner);
    if (!second) return second.error();
    return measure.kind == Measure::Kind::ratio ? *first / *second : *first - *second;
  }
  const QuantityInfo& info = *quantity(measure.call.kind);
  const Experiment& base = measure.ofLearner && learner ? *learner : start_;
  std::shared_ptr<const Evaluation> state;
  std::shared_ptr<const Evaluation> other;
  if (info.states > 0) {
    auto made = evaluated(base, measure.with, info.gradients, info.anySize);
    if (!made) return made.error();
    state = std::move(*made);
  }
  if (info.states > 1) {
    auto made = evaluated(base, measure.against, info.gradients, info.anySize);
    if (!made) return made.error();
    other = std::move(*made);
  }
  return info.measure({state, other, measure.call, pool_, cancel_});
}

}  // namespace headlight
