#include "app/session/session.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/session/state.h"
#include "core/base/words.h"
#include "core/experiment/carried_files.h"

namespace headlight {
namespace {

constexpr const char* kOpeningExample = "who-is-meant";

SessionSeams completed(SessionSeams seams) {
  if (!seams.seconds) {
    seams.seconds = [] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
  }
  return seams;
}

}  // namespace

Session::State::State(SessionSeams given)
    : seams(completed(std::move(given))),
      home(std::make_shared<HomeQueue>(seams.wake)),
      // Two small files, before there is a first frame to wait for them: theme and scale are needed for it.
      settings(loadSettings(seams.folders)),
      autosave(std::make_shared<Autosave>(seams.folders.state)),
      numbers(seams.threads, seams.seconds, home),
      compare(seams.threads, seams.seconds, home),
      files(seams.threads, home) {
  document.name = "untitled";
  numbers.onArrival = [this] { fitView(); };
}

Session::State::~State() {
  if (settingsDue) writeSettings();
  rememberSession();
  home->close();
}

/// What a run begins with: the documents that a crash left behind, else the session as it was left, else the
/// opening example.
void Session::State::begin() {
  ++opening;
  files.append(
      [this, keeper = autosave, folders = seams.folders](ThreadPool&, const Cancel&) -> Worker::Home {
        const Status kept = keeper->begin();
        Start first;
        if (auto left = keeper->leftover()) {
          first = {std::move(*left), Start::From::crash};
        } else if (auto last = keeper->session()) {
          first = lastSession(std::move(*last), folders.cache);
        } else if (auto opened = openExampleDocument(kOpeningExample, folders.cache)) {
          first.copy.document = std::move(opened->document);
        }
        std::vector<std::string> used{first.copy.document.folder};
        for (const auto& [at, other] : first.copy.others) used.push_back(other.folder);
        clearCarried(folders.cache, used);
        return [this, first = std::move(first), kept]() mutable {
          --opening;
          if (!kept) notice = kept.error().text();
          if (documentNumber > 0)
            return;  // another document was asked for: what was left waits for the next start
          if (opening > 0) {
            start = std::move(first);
          } else {
            openStart(std::move(first));
          }
        };
      });
  checkRecent();
  saveSettingsSoon();
}

void Session::State::openStart(Start first) {
  SafeCopy copy = std::move(first.copy);
  const bool isSaved = first.from == Start::From::crash ? !copy.unsaved : !first.fileIsGone;
  adopt(std::move(copy.document), isSaved);
  if (copy.deckAt >= 0) {
    for (std::string& path : copy.deck) deck.push_back({std::move(path), std::nullopt});
    deckAt = deckShows = std::min(copy.deckAt, static_cast<int>(deck.size()) - 1);
  }
  for (auto& [at, other] : copy.others) {
    if (at < 0 || at >= static_cast<int>(deck.size()) || at == deckAt) continue;
    History steps(other.experiment);
    Experiment same = other.experiment;
    deck[static_cast<std::size_t>(at)].kept =
        Kept{std::move(other), std::move(steps), std::move(same), true, true};
  }
  if (first.from == Start::From::example) return;
  const bool isLesson = deckAt >= 0 && deck[static_cast<std::size_t>(deckAt)].path.ends_with(kLessonEnding);
  if (isLesson && !copy.unsaved) {
    deckShows = -1;
    showDeck(deckAt);
  }
  if (first.from == Start::From::session) {
    notice = first.fileIsGone
                 ? "Restored " + document.name + " as it was left: its file is not there any more"
                 : "Restored " + document.name + " as you left it";
    return;
  }
  notice = "Restored " + document.name + ": Headlight did not end cleanly last time";
  const auto others =
      std::count_if(deck.begin(), deck.end(), [](const DeckEntry& entry) { return entry.kept.has_value(); });
  if (others > 0) notice += "; " + countText(others, "more document", "more documents") + " of the deck too";
  autosaved = true;
  files.append([keeper = autosave, safe = safeCopy()](ThreadPool&, const Cancel&) -> Worker::Home {
    if (keeper->write(safe)) keeper->takeOver();
    return nullptr;
  });
}

/// The session as it was left. A document that has a file is read again: it may have been changed since.
Session::State::Start Session::State::lastSession(SafeCopy last, const std::string& cacheFolder) {
  Start first{std::move(last), Start::From::session};
  Document& document = first.copy.document;
  if (document.path.empty()) return first;
  auto opened = openDocument(document.path, cacheFolder);
  if (!opened) {
    first.fileIsGone = true;
    document.path.clear();
    return first;
  }
  if (sameNumbers(opened->document.experiment, document.experiment))
    opened->document.experiment.view = document.experiment.view;
  document = std::move(opened->document);
  return first;
}

bool Session::State::keepTime() {
  const double now = seams.seconds();
  bool changed = false;
  if (typing && history.stepOpen() && now - lastTyping > kTypingPause) {
    closeStep();
    changed = true;
  }
  if (autosaveDue && now >= *autosaveDue) {
    autosaveDue.reset();
    if (anyUnsaved()) {
      autosaved = true;
      files.append([keeper = autosave, copy = safeCopy()](ThreadPool&, const Cancel&) -> Worker::Home {
        const Status ignored = keeper->write(copy);  // said once, when the run began
        static_cast<void>(ignored);
        return nullptr;
      });
    }
  }
  if (autosaved && !anyUnsaved()) {
    autosaved = false;
    files.append([keeper = autosave](ThreadPool&, const Cancel&) -> Worker::Home {
      keeper->clear();
      return nullptr;
    });
  }
  if (settingsDue && now >= *settingsDue) writeSettings();
  const double never = 1e300;
  const double due = std::min(autosaveDue.value_or(never), settingsDue.value_or(never));
  if (due < never) files.wakeIn(std::max(0.0, due - now) + 0.02);
  return changed;
}

Session::Session(SessionSeams seams) : state_(std::make_unique<State>(std::move(seams))) {
  state_->begin();
}

Session::~Session() = default;

bool Session::drain() {
  State& s = *state_;
  bool changed = false;
  for (auto& todo : s.home->take()) {
    todo();
    changed = true;
  }
  s.numbers.frame();
  s.compare.frame();
  if (s.importNumbers) s.importNumbers->frame();
  if (s.figures) s.figures->frame();
  if (s.lessons) s.lessons->frame(s.history.now(), s.revision);
  return s.keepTime() || changed;
}

void Session::settle() {
  State& s = *state_;
  while (true) {
    drain();
    // Asked before the queue is: a worker's results are there before it is idle.
    const bool idle = s.numbers.idle() && s.compare.idle() && s.files.idle() &&
                      (!s.importNumbers || s.importNumbers->idle()) && (!s.figures || s.figures->idle()) &&
                      (!s.lessons || s.lessons->idle()) && (!s.homeDesk || s.homeDesk->idle()) &&
                      (!s.patches || s.patches->idle()) && (!s.folderReader || s.folderReader->idle());
    if (drain()) continue;
    if (idle) return;
    s.home->wait(0.002);
  }
}

bool Session::busy() const {
  return state_->opening > 0 || state_->numbers.busy() || state_->compare.busy() ||
         (state_->importNumbers && state_->importNumbers->busy());
}
bool Session::preliminary() const {
  return state_->numbers.busy() && state_->numbers.current();
}
double Session::progress() const {
  return std::min(state_->numbers.progress(), state_->compare.progress());
}
double Session::busySeconds() const {
  return std::max(state_->numbers.busySeconds(), state_->compare.busySeconds());
}
std::optional<double> Session::secondsLeft() const {
  return state_->numbers.secondsLeft();
}
double Session::answerSeconds() const {
  return state_->numbers.answerSeconds();
}
bool Session::answersSmall() const {
  return state_->numbers.answersSmall();
}
void Session::cancelWork() {
  state_->numbers.cancel();
  state_->compare.cancel();
}
const SessionSeams& Session::seams() const {
  return state_->seams;
}

}  // namespace headlight
