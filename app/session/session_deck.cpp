#include <utility>

#include "app/session/state.h"
#include "core/experiment/scenario_code.h"

namespace headlight {

void Session::State::openDeck(const std::vector<std::string>& paths, int at) {
  leaveDeck();
  deck.reserve(paths.size());
  for (const std::string& path : paths) deck.push_back({path, std::nullopt});
  showDeck(at);
}

void Session::State::leaveDeck() {
  endLesson();
  deck.clear();
  deckAt = deckShows = -1;
}

Session::State::Kept Session::State::keepShown() {
  closeStep();
  const bool isUnsaved = unsaved();
  Kept kept{document, std::exchange(history, History(Experiment())), saved, savedNowhere, isUnsaved};
  if (inLesson()) {
    kept.lesson = lessons->held();
    kept.lessonAt = lessons->at();
    lessons->end();
  }
  return kept;
}

void Session::State::showKept(Kept kept) {
  if (kept.lesson) {
    lessonDesk().begin(std::move(kept.lesson));
    lessons->goTo(kept.lessonAt);
  }
  show(std::move(kept.document), std::move(kept.history), std::move(kept.saved), !kept.savedNowhere);
}

void Session::State::keepDeckDocument() {
  if (deckShows < 0 || deckShows >= static_cast<int>(deck.size())) return;
  deck[static_cast<std::size_t>(deckShows)].kept = keepShown();
}

void Session::State::showDeck(int at) {
  if (at < 0 || at >= static_cast<int>(deck.size())) return;
  deckAt = at;
  DeckEntry& entry = deck[static_cast<std::size_t>(at)];
  const std::string name = shownName(entry.path);
  const std::string place = std::to_string(at + 1) + " of " + std::to_string(deck.size());
  if (at == deckShows) return;
  if (entry.kept) {
    Kept kept = std::move(*entry.kept);
    keepDeckDocument();
    deck[static_cast<std::size_t>(at)].kept.reset();
    deckShows = at;
    showKept(std::move(kept));
    notice = place + ": " + document.name;
    autosaveDue = seams.seconds() + kAutosaveDelay;
    files.wakeIn(kAutosaveDelay + 0.02);
    return;
  }
  if (entry.path.ends_with(kLessonEnding)) return openLessonLater(entry.path, true, at);
  if (holdsTensors(entry.path)) return openTensors({entry.path}, at);
  const std::string path = entry.path;
  const auto read = [this, path, at, name, place, cache = seams.folders.cache](
                        ThreadPool&, const Cancel&) -> Worker::Home {
    return [this, opened = openDocument(path, cache), path, at, name, place]() mutable {
      --opening;
      // The deck has gone on meanwhile, or is another one.
      if (deckAt != at || at >= static_cast<int>(deck.size()) ||
          deck[static_cast<std::size_t>(at)].path != path)
        return;
      if (!opened) return openFailed(name, opened.error());
      const bool keeps = anyUnsaved();
      keepDeckDocument();
      deckShows = at;
      Document next = std::move(opened->document);
      History steps(next.experiment);
      Experiment same = next.experiment;
      show(std::move(next), std::move(steps), std::move(same), true);
      notice = place + ": " + document.name;
      if (!opened->warnings.empty()) notice += ": " + opened->warnings.front();
      if (!isScenarioCode(path)) remember(path);
      if (!keeps) return;
      autosaveDue = seams.seconds() + kAutosaveDelay;
      files.wakeIn(kAutosaveDelay + 0.02);
    };
  };
  openLater(read, name);
}

bool Session::State::anyUnsaved() const {
  if (unsaved() || (beforeLesson && beforeLesson->kept.unsaved)) return true;
  const std::vector<DeckEntry>& others = beforeLesson ? beforeLesson->deck : deck;
  const int shown = beforeLesson ? beforeLesson->deckShows : deckShows;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (static_cast<int>(i) != shown && others[i].kept && others[i].kept->unsaved) return true;
  }
  return false;
}

SafeCopy Session::State::safeCopy() const {
  // Of a lesson its answers are kept; what has to be safe is what it took the place of.
  SafeCopy copy{current()};
  copy.unsaved = unsaved();
  if (beforeLesson) {
    copy.document = beforeLesson->kept.document;
    copy.document.experiment = beforeLesson->kept.history.now();
    copy.unsaved = beforeLesson->kept.unsaved;
  }
  const std::vector<DeckEntry>& entries = beforeLesson ? beforeLesson->deck : deck;
  const int shown = beforeLesson ? beforeLesson->deckShows : deckShows;
  for (const DeckEntry& entry : entries) copy.deck.push_back(entry.path);
  copy.deckAt = shown;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& kept = entries[i].kept;
    if (static_cast<int>(i) == shown || !kept || !kept->unsaved) continue;
    Document other = kept->document;
    other.experiment = kept->history.now();
    copy.others.emplace_back(static_cast<int>(i), std::move(other));
  }
  return copy;
}

SafeCopy Session::State::sessionCopy() const {
  SafeCopy copy = safeCopy();
  copy.others.clear();
  copy.unsaved = false;
  const Experiment& now = beforeLesson ? beforeLesson->kept.history.now() : history.now();
  const Experiment& asSaved = beforeLesson ? beforeLesson->kept.saved : saved;
  // Changes that nobody saved were left behind on purpose; how the document is looked at was not.
  const ViewSpec view = copy.document.experiment.view;
  if (!(beforeLesson ? beforeLesson->kept.savedNowhere : savedNowhere)) copy.document.experiment = asSaved;
  if (sameNumbers(asSaved, now)) copy.document.experiment.view = view;
  return copy;
}

void Session::State::rememberSession() {
  if (documentNumber == 0) return;
  files.append([keeper = autosave, copy = sessionCopy()](ThreadPool&, const Cancel&) -> Worker::Home {
    const Status ignored = keeper->writeSession(copy);  // the next start begins with the example then
    static_cast<void>(ignored);
    return nullptr;
  });
}

std::vector<std::string> Session::deck() const {
  std::vector<std::string> names;
  names.reserve(state_->deck.size());
  for (const State::DeckEntry& entry : state_->deck) names.push_back(shownName(entry.path));
  return names;
}

int Session::deckAt() const {
  return state_->deckAt;
}

void Session::stepDeck(int by) {
  state_->showDeck(state_->deckAt + by);
}

}  // namespace headlight
