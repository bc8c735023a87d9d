#include <filesystem>
#include <utility>

#include "app/session/compare.h"
#include "app/session/open_file.h"
#include "app/session/state.h"
#include "core/base/words.h"
#include "core/describe/words.h"
#include "core/experiment/edit.h"

namespace headlight {
namespace {

std::string headWords(const Evaluation& evaluation, int head) {
  if (head == kMeanHead) return "mean of heads";
  return headName(evaluation, head);
}

std::string noHead(const Evaluation& evaluation, int head) {
  const std::int64_t heads = evaluation.run->sizes.heads;
  return "there is no H" + std::to_string(head) + " among " + countText(heads, "head", "heads");
}

}  // namespace

std::optional<Comparison> Session::State::comparison() const {
  return heldComparison ? heldComparison : readComparison(history.now().view.compare);
}

std::optional<Comparison> Session::comparison() const {
  return state_->comparison();
}

void Session::compare(const Comparison& with) {
  state_->compareWith(with);
}

void Session::State::compareWith(const Comparison& with) {
  using With = Comparison::With;
  if (with.with == With::snapshot && !snapshot) return;
  if (with.with == With::before) {
    const Experiment* before = history.before();
    if (before == nullptr) {
      notice = "There is no change to compare with";
      return;
    }
    beforeChange = *before;
  }
  Comparison kept = with;
  heldComparison.reset();
  ViewSpec view = history.now().view;
  if (with.with == With::file) {
    // A file names others as seen from its own place; without one, only this session knows.
    const std::filesystem::path file(with.file);
    const std::filesystem::path near =
        document.folder.empty() ? std::filesystem::path() : file.lexically_relative(document.folder);
    if (file.is_absolute() && document.path.empty()) {
      heldComparison = kept;
    } else if (file.is_absolute()) {
      kept.file = near.empty() ? with.file : near.string();
    }
  } else if (with.comesFirst()) {
    heldComparison = kept;
  }
  view.compare = heldComparison ? Value() : writeComparison(kept);
  history.setView(view);
  endComparison();
}

void Session::State::compareWithFile(const std::string& path) {
  Comparison with;
  with.with = Comparison::With::file;
  with.file = path;
  compareWith(with);
}

void Session::compareDeck(int at) {
  const auto& deck = state_->deck;
  if (at < 0 || at >= static_cast<int>(deck.size())) return;
  state_->compareWithFile(deck[static_cast<std::size_t>(at)].path);
}

void Session::compareAgain() {
  State& s = *state_;
  using With = Comparison::With;
  const auto now = evaluation();
  if (!now) return;
  Comparison with;
  if (s.lastComparison) {
    with = *s.lastComparison;
    const int heads = static_cast<int>(now->run->sizes.heads);
    if (with.with == With::head && with.head == view().head && heads > 1) with.head = (with.head + 1) % heads;
  } else if (s.snapshot) {
    with.with = With::snapshot;
  } else if (now->run->sizes.heads > 1 && info(view().stage).perHead) {
    with.head = (view().head + 1) % static_cast<int>(now->run->sizes.heads);
  } else if (s.history.canUndo()) {
    with.with = With::before;
  } else {
    s.notice = "There is one head and no change: choose what to compare with";
    return;
  }
  // The change that was looked at stays the one, however many followed.
  const std::optional<Experiment> before = s.beforeChange;
  s.compareWith(with);
  if (with.with == With::before && s.lastComparison && before) s.beforeChange = before;
}

void Session::leaveComparison() {
  State& s = *state_;
  s.heldComparison.reset();
  ViewSpec next = view();
  next.compare = Value();
  s.history.setView(next);
  s.endComparison();
}

void Session::askCompare() {
  DialogRequest request;
  request.title = "Compare with";
  request.filters = {{"Experiments, figures and arrays", {"*.json", "*.png", "*.svg", "*.pdf", "*.npz"}},
                     {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::compare, std::move(request));
}

void Session::State::endComparison() {
  compare.clear();
  comparing.reset();
  compareFailed.reset();
  differenceNamedOf = {};
}

void Session::State::evaluateOther(const Experiment& experiment, const std::string& folder) {
  Numbers& other = compare.other();
  Experiment looked = experiment;
  looked.view.stage = history.now().view.stage;  // gradients are made when they are looked at
  other.startFrom(numbers.evaluation());
  other.request(looked, folder, false, documentNumber);
}

void Session::State::beginComparison(const Comparison& with) {
  using With = Comparison::With;
  endComparison();
  comparing = lastComparison = with;
  if (with.with == With::snapshot) {
    if (snapshot) {
      evaluateOther(snapshot->experiment, snapshot->folder);
    } else {
      compareFailed = "no snapshot was taken";
    }
  } else if (with.with == With::before) {
    if (beforeChange) evaluateOther(*beforeChange, document.folder);
  } else if (with.with == With::file) {
    std::filesystem::path path(with.file);
    if (path.is_relative() && !document.folder.empty()) path = document.folder / path;
    files.append(
        [this, with, path = path.string(), cache = seams.folders.cache](ThreadPool&,
                                                                        const Cancel&) -> Worker::Home {
          auto opened = openDocument(path, cache);
          return [this, with, opened = std::move(opened)]() mutable {
            if (comparing != with) return;
            if (opened) {
              evaluateOther(opened->document.experiment, opened->document.folder);
            } else {
              compareFailed = fileNameOf(with.file) + " was not opened: " + opened.error().what;
            }
          };
        },
        [this, with] {
          if (comparing == with) compareFailed = "there is not enough memory for " + fileNameOf(with.file);
        });
  }
}

std::string Session::State::nameMaps(const Comparison& with, ComparedMap& shown, ComparedMap& beside) {
  using With = Comparison::With;
  const auto now = numbers.evaluation();
  if (!now) return "";
  if (with.with == With::head) {
    beside.head = with.head;
    if (!info(shown.stage).perHead)
      return std::string(info(shown.stage).title) +
             " is one for all heads: choose a stage that each head has";
    shown.words = headWords(*now, shown.head);
    beside.words = headWords(*now, beside.head);
    return with.head >= now->run->sizes.heads ? noHead(*now, with.head) : "";
  }
  if (with.with == With::stage) {
    beside.stage = with.stage;
    shown.markup = info(shown.stage).label;
    beside.markup = info(beside.stage).label;
    return now->run->has(with.stage) ? "" : absence(*now->run, with.stage);
  }
  shown.words = with.with == With::file ? document.name : "now";
  beside.words = with.with == With::file       ? nameOf(with.file)
                 : with.with == With::snapshot ? "snapshot"
                                               : "before";
  if (compareFailed) return *compareFailed;
  const auto& error = compare.other().error();
  if (error) return "the other experiment has no numbers: " + error->what;
  const auto then = compare.other().evaluation();
  if (!then) return "";
  if (with.with != With::file) {
    const std::array<std::shared_ptr<const Evaluation>, 2> pair{then, now};
    if (differenceNamedOf != pair) {
      differenceNamed = differenceName(*then, *now);
      differenceNamedOf = pair;
    }
    const DifferenceName& name = differenceNamed;
    const std::string more = name.more > 0 ? " and " + std::to_string(name.more) + " more" : "";
    if (!name.markup.empty()) {
      shown.markup = beside.markup = name.markup;
      beside.words = (name.a.empty() ? beside.words : name.a) + more;
      shown.words = (name.b.empty() ? shown.words : name.b) + more;
    }
  }
  if (beside.head >= then->run->sizes.heads) return "in the other experiment " + noHead(*then, beside.head);
  return then->run->has(beside.stage) ? "" : absence(*then->run, beside.stage);
}

Compare* Session::compared() {
  State& s = *state_;
  const auto with = s.comparison();
  if (!with) {
    if (s.comparing) s.endComparison();
    return nullptr;
  }
  if (s.comparing != with) s.beginComparison(*with);
  const ViewSpec& view = s.history.now().view;
  if (with->isOther() && isGradient(view.stage) && !s.compare.busy()) {
    const auto then = s.compare.other().evaluation();
    if (then && !then->run->gradients) s.evaluateOther(then->experiment, then->folder);
  }
  ComparedMap shown{&s.numbers, view.stage, view.head, "", "", true};
  ComparedMap beside{with->isOther() ? &s.compare.other() : &s.numbers, view.stage, view.head, "", "", false};
  std::string obstacle = s.nameMaps(*with, shown, beside);
  if (with->comesFirst()) std::swap(shown, beside);
  s.compare.show(std::move(shown), std::move(beside), std::move(obstacle));
  return &s.compare;
}

void Session::takeSnapshot() {
  State& s = *state_;
  s.closeStep();
  s.snapshot = State::Snapshot{s.history.now(), s.document.folder, s.documentNumber, std::nullopt};
  s.notice = "Snapshot A taken";
  if (s.comparing && s.comparing->with == Comparison::With::snapshot) s.endComparison();
}

bool Session::hasSnapshot() const {
  return state_->snapshot.has_value();
}

bool Session::showsSnapshot() const {
  const State& s = *state_;
  return s.snapshot && s.snapshot->document == s.documentNumber &&
         sameButView(s.snapshot->experiment, s.history.now());
}

void Session::flipSnapshot() {
  State& s = *state_;
  s.closeStep();
  if (!s.snapshot) return;
  if (s.snapshot->document != s.documentNumber) {
    s.notice = "Snapshot A is of another document: compare with it, or take a new one";
    return;
  }
  const bool back = showsSnapshot();
  if (back && !s.snapshot->away) {
    s.notice = "The document is still as in snapshot A";
    return;
  }
  Experiment next = back ? *s.snapshot->away : s.snapshot->experiment;
  if (!back) s.snapshot->away = s.history.now();
  next.view = view();
  // A head or a pin that the other has not is mended as after any change.
  if (auto mended = edit(next, "title", Value(next.title))) next = std::move(*mended);
  if (const Status applied = apply(std::move(next), back ? "Back from snapshot A" : "Show snapshot A");
      !applied) {
    s.notice = applied.error().what;
  }
}

}  // namespace headlight
