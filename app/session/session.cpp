#include "app/session/session.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/session/state.h"

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
      files(seams.threads, home) {
  document.name = "untitled";
  numbers.onArrival = [this] { fitView(); };
}

Session::State::~State() {
  if (settingsDue) writeSettings();
  home->close();
}

/// What a run begins with: the document that a crash left behind, else the opening example.
void Session::State::begin() {
  ++opening;
  files.append(
      [this, keeper = autosave, folders = seams.folders](ThreadPool&, const Cancel&) -> Worker::Home {
        const Status kept = keeper->begin();
        std::optional<Document> left = keeper->leftover();
        auto opened = openExampleDocument(kOpeningExample, folders.cache);
        return [this, left = std::move(left), opened = std::move(opened), kept]() mutable {
          --opening;
          if (!kept) notice = kept.error().text();
          Start first;
          first.isRestored = left.has_value();
          if (left) {
            first.document = std::move(*left);
          } else if (opened) {
            first.document = std::move(opened->document);
          }
          if (documentNumber > 0)
            return;  // another document was asked for: what was left waits for the next start
          if (opening > 0) {
            start = std::move(first);
          } else {
            openStart(std::move(first));
          }
        };
      });
  saveSettingsSoon();
}

void Session::State::openStart(Start first) {
  adopt(std::move(first.document), !first.isRestored);
  if (!first.isRestored) return;
  notice = "Restored " + document.name + ": Headlight did not end cleanly last time";
  autosaved = true;
  files.append([keeper = autosave, copy = current()](ThreadPool&, const Cancel&) -> Worker::Home {
    if (keeper->write(copy)) keeper->takeOver();
    return nullptr;
  });
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
    if (unsaved()) {
      autosaved = true;
      files.append([keeper = autosave, copy = current()](ThreadPool&, const Cancel&) -> Worker::Home {
        const Status ignored = keeper->write(copy);  // said once, when the run began
        static_cast<void>(ignored);
        return nullptr;
      });
    }
  }
  if (autosaved && !unsaved()) {
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
  return s.keepTime() || changed;
}

void Session::settle() {
  State& s = *state_;
  while (true) {
    drain();
    // Asked before the queue is: a worker's results are there before it is idle.
    const bool idle = s.numbers.idle() && s.files.idle();
    if (drain()) continue;
    if (idle) return;
    s.home->wait(0.002);
  }
}

bool Session::busy() const {
  return state_->opening > 0 || state_->numbers.busy();
}
bool Session::preliminary() const {
  return state_->numbers.busy() && state_->numbers.current();
}
double Session::progress() const {
  return state_->numbers.progress();
}
double Session::busySeconds() const {
  return state_->numbers.busySeconds();
}
void Session::cancelWork() {
  state_->numbers.cancel();
}
const SessionSeams& Session::seams() const {
  return state_->seams;
}

}  // namespace headlight
