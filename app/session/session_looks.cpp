#include <algorithm>
#include <array>
#include <utility>

#include "app/session/state.h"

namespace headlight {

/// Puts a view that the newest numbers do not have any more onto what they have.
void Session::State::fitView() {
  if (!numbers.current()) return;
  const Run& run = *numbers.evaluation()->run;
  ViewSpec view = history.now().view;
  view.head = std::clamp(view.head, kMeanHead, run.sizes.heads - 1);
  if (!run.has(view.stage)) view.stage = Stage::weights;
  const auto shape = numbers.shape(view.stage, view.head);
  if (view.pin && shape) {
    const bool inside = (*view.pin)[0] < std::max(shape->first, run.sizes.queries) &&
                        (*view.pin)[1] < std::max(shape->second, run.sizes.keys);
    if (!inside) view.pin.reset();
  }
  if (!view.pin) morePins.clear();
  if (shape) {
    std::erase_if(morePins,
                  [&](const Cell& cell) { return cell.row >= shape->first || cell.col >= shape->second; });
  }
  if (hovered && shape && (hovered->row >= shape->first || hovered->col >= shape->second)) hovered.reset();
  if (!(view == history.now().view)) history.setView(view);
}

const ViewSpec& Session::view() const {
  return state_->history.now().view;
}

void Session::setView(const ViewSpec& view) {
  State& s = *state_;
  ViewSpec next = view;
  // Ends that no mode reads are not kept in a file either.
  if (next.range != "custom") next.customRange = ViewSpec{}.customRange;
  s.history.setView(next);
  s.fitView();
  // Gradients are made when they are looked at.
  const auto& now = s.numbers.evaluation();
  if (isGradient(s.history.now().view.stage) && now && !now->run->gradients && !s.numbers.busy())
    s.numbers.request(s.history.now(), s.document.folder, false, s.documentNumber);
}

void Session::selectStage(Stage stage) {
  if (const auto now = evaluation(); now && !now->run->has(stage)) return;
  ViewSpec next = view();
  if (next.stage == stage) return;
  // What spans weights from 0 to 1 says nothing of signed numbers: each kind keeps its own.
  if (info(next.stage).isSigned != info(stage).isSigned) {
    State::KindLook& other = state_->otherKind;
    std::swap(next.range, other.range);
    std::swap(next.customRange, other.customRange);
    std::swap(next.colormap, other.colormap);
  }
  next.stage = stage;
  state_->hovered.reset();
  setView(next);
}

void Session::selectHead(int head) {
  const auto now = evaluation();
  if (head < kMeanHead || (now && head >= now->run->sizes.heads)) return;
  // The numbers on screen may be older than the experiment, and have more heads.
  if (const auto heads = experiment().shape.heads; heads && head >= *heads) return;
  ViewSpec next = view();
  next.head = head;
  setView(next);
}

void Session::hover(std::optional<Cell> cell) {
  state_->hovered = cell;
}
std::optional<Cell> Session::hovered() const {
  return state_->hovered;
}

void Session::pin(std::optional<Cell> cell) {
  ViewSpec next = view();
  next.pin.reset();
  state_->morePins.clear();
  if (cell && cell->row >= 0 && cell->col >= 0) next.pin = std::array{cell->row, cell->col};
  setView(next);
}

std::optional<Cell> Session::pinned() const {
  const auto& pin = view().pin;
  if (!pin) return std::nullopt;
  return Cell{(*pin)[0], (*pin)[1]};
}

std::vector<Cell> Session::pins() const {
  std::vector<Cell> cells;
  if (const auto first = pinned()) {
    cells.push_back(*first);
    cells.insert(cells.end(), state_->morePins.begin(), state_->morePins.end());
  }
  return cells;
}

void Session::togglePin(Cell cell) {
  std::vector<Cell> cells = pins();
  const auto found = std::find(cells.begin(), cells.end(), cell);
  if (found == cells.end()) {
    cells.push_back(cell);
  } else {
    cells.erase(found);
  }
  pin(cells.empty() ? std::nullopt : std::optional(cells.front()));
  if (!cells.empty()) state_->morePins.assign(cells.begin() + 1, cells.end());
}

std::optional<Cell> Session::focusCell() const {
  const auto pinnedCell = pinned();
  const auto shape = state_->numbers.shape(view().stage, view().head);
  // A pin belongs to the stage it was set in; in another one it may lie outside.
  if (pinnedCell && (!shape || (pinnedCell->row < shape->first && pinnedCell->col < shape->second))) {
    return pinnedCell;
  }
  return state_->hovered;
}

void Session::requestView(ViewRequest request) {
  state_->viewRequest = request;
}

std::optional<ViewRequest> Session::takeViewRequest() {
  return std::exchange(state_->viewRequest, std::nullopt);
}

}  // namespace headlight
