#include "app/session/history.h"

#include <utility>

#include "core/experiment/source/source.h"

namespace headlight {
namespace {

/// Steps kept; experiments are small, so this bounds memory without anybody meeting the bound.
constexpr std::size_t kMostSteps = 1000;

/// Another step is looked at like the newest, as far as it has such a head.
void lookAt(Experiment& experiment, const ViewSpec& view) {
  experiment.view = view;
  if (readsArrays(experiment.source)) return;
  const std::int64_t heads = experiment.shape.heads.value_or(4);
  if (experiment.view.head >= heads) experiment.view.head = static_cast<int>(heads) - 1;
}

}  // namespace

History::History(Experiment first) : now_(std::move(first)) {}

const Experiment& History::stepStart(const std::string& id) const {
  return !open_.empty() && open_ == id ? past_.back().experiment : now_;
}

void History::change(const std::string& id, const std::string& name, Experiment next, bool live) {
  if (open_ != id) commit();
  if (open_.empty()) {
    if (sameButView(next, now_)) {
      now_ = std::move(next);
      return;
    }
    past_.push_back({name, std::move(now_)});
    if (past_.size() > kMostSteps) past_.erase(past_.begin());
    heldFuture_ = std::exchange(future_, {});
    open_ = id;
  }
  past_.back().name = name;
  now_ = std::move(next);
  if (!live) commit();
}

void History::commit() {
  if (open_.empty()) return;
  open_.clear();
  if (sameButView(past_.back().experiment, now_)) {
    past_.pop_back();
    future_ = std::move(heldFuture_);
  }
  heldFuture_.clear();
}

std::string History::undoName() const {
  return past_.empty() ? "" : past_.back().name;
}

std::string History::redoName() const {
  return future_.empty() ? "" : future_.back().name;
}

std::vector<std::string> History::names() const {
  std::vector<std::string> list;
  list.reserve(past_.size() + future_.size());
  for (const Step& step : past_) list.push_back(step.name);
  for (auto step = future_.rbegin(); step != future_.rend(); ++step) list.push_back(step->name);
  return list;
}

void History::undo() {
  commit();
  if (past_.empty()) return;
  Step step = std::move(past_.back());
  past_.pop_back();
  lookAt(step.experiment, now_.view);
  future_.push_back({std::move(step.name), std::exchange(now_, std::move(step.experiment))});
}

void History::redo() {
  commit();
  if (future_.empty()) return;
  Step step = std::move(future_.back());
  future_.pop_back();
  lookAt(step.experiment, now_.view);
  past_.push_back({std::move(step.name), std::exchange(now_, std::move(step.experiment))});
}

}  // namespace headlight
