#include <utility>

#include "app/session/state.h"
#include "core/experiment/edit.h"
#include "core/experiment/json.h"

namespace headlight {

/// After every change: the numbers are asked for, the copy that outlives a crash is due.
void Session::State::documentChanged(bool numbersToo, bool live) {
  ++revision;
  if (numbersToo) numbers.request(history.now(), document.folder, live, documentNumber);
  if (autosaveDue) return;
  autosaveDue = seams.seconds() + kAutosaveDelay;
  files.wakeIn(kAutosaveDelay + 0.02);
}

void Session::State::closeStep() {
  if (!history.stepOpen()) return;
  history.commit();
  typing = false;
  ++revision;
}

void Session::change(const std::string& id, const Value& value, Phase phase) {
  State& s = *state_;
  const bool live = phase == Phase::live;
  const double now = s.seams.seconds();
  if (s.typing && now - s.lastTyping > kTypingPause) s.closeStep();
  auto next = edit(s.history.now(), id, value);
  if (!next) {
    s.fieldErrors[id] = next.error();
    if (!live) s.closeStep();
    return;
  }
  s.fieldErrors.erase(id);
  if (sameButView(*next, s.history.now())) {
    const bool anotherElement = !sameNumbers(*next, s.history.now());
    s.history.setView(next->view);
    if (anotherElement) s.documentChanged(true, live);
    if (!live) s.closeStep();
    return;
  }
  const bool numbersToo = !sameNumbers(*next, s.history.now());
  // Text is typed, everything else is dragged: a hand that rests on a slider has not let it go.
  s.typing = live && value.isString();
  s.lastTyping = now;
  const std::string name = changeName(s.history.stepStart(id), *next, id);
  if (live && !s.history.stepOpen()) s.numbers.dragBegins();
  s.notice.clear();  // it spoke of what was done before
  s.history.change(id, name, std::move(*next), live);
  s.documentChanged(numbersToo, live);
}

void Session::commit() {
  state_->closeStep();
}

const Error* Session::fieldError(const std::string& id) const {
  const auto found = state_->fieldErrors.find(id);
  return found == state_->fieldErrors.end() ? nullptr : &found->second;
}

bool Session::canUndo() const {
  return state_->history.canUndo();
}
bool Session::canRedo() const {
  return state_->history.canRedo();
}
std::string Session::undoName() const {
  return state_->history.undoName();
}
std::string Session::redoName() const {
  return state_->history.redoName();
}

Status Session::apply(Experiment next, const std::string& name) {
  State& s = *state_;
  s.closeStep();
  // What a file of it would say is what is valid.
  if (const auto read = decode(encode(next)); !read) return read.error();
  if (sameButView(next, s.history.now())) return {};
  const bool numbersToo = !sameNumbers(next, s.history.now());
  s.notice.clear();
  s.history.change(name, name, std::move(next), false);
  s.fieldErrors.clear();
  s.documentChanged(numbersToo, false);
  return {};
}

std::vector<std::string> Session::steps() const {
  return state_->history.names();
}

std::size_t Session::stepsDone() const {
  return state_->history.done();
}

void Session::goToStep(std::size_t done) {
  State& s = *state_;
  s.closeStep();
  const Experiment before = s.history.now();
  while (s.history.done() > done && s.history.canUndo()) s.history.undo();
  while (s.history.done() < done && s.history.canRedo()) s.history.redo();
  s.fieldErrors.clear();
  s.documentChanged(!sameNumbers(before, s.history.now()), false);
}

void Session::undo() {
  State& s = *state_;
  s.closeStep();
  if (!s.history.canUndo()) return;
  const Experiment before = s.history.now();
  s.notice = "Undone: " + s.history.undoName();
  s.history.undo();
  s.fieldErrors.clear();
  s.documentChanged(!sameNumbers(before, s.history.now()), false);
}

void Session::redo() {
  State& s = *state_;
  s.closeStep();
  if (!s.history.canRedo()) return;
  const Experiment before = s.history.now();
  s.notice = "Done again: " + s.history.redoName();
  s.history.redo();
  s.fieldErrors.clear();
  s.documentChanged(!sameNumbers(before, s.history.now()), false);
}

}  // namespace headlight
