#include "app/session/history.h"

#include <utility>

#include "core/experiment/source/source.h"

namespace headlight {
namespace {

/// Another step is looked at like the newest, as far as it has such a head.
void keepHead(Experiment& experiment) {
  if (readsArrays(experiment.source)) return;
  const std::int64_t heads = experiment.shape.heads.value_or(4);
  if (experiment.view.head >= heads) experiment.view.head = static_cast<int>(heads) - 1;
}

}  // namespace

History::History(Experiment first) : now_(std::move(first)) {}

const Experiment& History::stepStart(const std::string& id) const {
  return !open_.empty() && open_ == id ? opened_ : now_;
}

const Experiment* History::before() {
  if (!open_.empty()) return &opened_;
  if (past_.empty()) return nullptr;
  if (!before_) {
    before_ = now_;
    HistoryChange& last = past_.back().change;
    last.turn(*before_);
    Experiment back = *before_;
    last.turn(back);
  }
  return &*before_;
}

void History::change(const std::string& id, const std::string& name, Experiment next, bool live) {
  if (open_ != id) commit();
  if (open_.empty()) {
    if (sameButView(next, now_)) {
      now_ = std::move(next);
      return;
    }
    opened_ = std::move(now_);
    past_.push_back({});
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
  Step step = std::move(past_.back());
  past_.pop_back();
  if (sameButView(opened_, now_)) {
    future_ = std::move(heldFuture_);
  } else {
    step.change = HistoryChange(now_, opened_);
    keep(std::move(step));
    before_ = std::move(opened_);
  }
  opened_ = Experiment();
  heldFuture_.clear();
}

void History::keep(Step step) {
  step.bytes = sizeof step + step.name.capacity() + step.change.bytes();
  pastBytes_ += step.bytes;
  past_.push_back(std::move(step));
  while (pastBytes_ > kMostBytes && past_.size() > 1) {
    pastBytes_ -= past_.front().bytes;
    past_.pop_front();
  }
}

void History::turn(Step& step) {
  step.change.turn(now_);
  keepHead(now_);
  before_.reset();
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
  pastBytes_ -= step.bytes;
  turn(step);
  future_.push_back(std::move(step));
}

void History::redo() {
  commit();
  if (future_.empty()) return;
  Step step = std::move(future_.back());
  future_.pop_back();
  turn(step);
  keep(std::move(step));
}

}  // namespace headlight
