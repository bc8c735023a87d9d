#include <utility>

#include "app/session/state.h"
#include "core/experiment/parameters.h"
#include "core/files/atomic_save.h"

namespace headlight {
namespace {

constexpr const char* kSheetEnding = ".answers.json";

}  // namespace

LessonDesk& Session::State::lessonDesk() {
  if (!lessons) lessons = std::make_unique<LessonDesk>(seams.threads, seams.folders.state, home);
  return *lessons;
}

void Session::State::openLessonLater(const std::string& name, bool file, int deckPlace) {
  const std::string shown = file ? fileNameOf(name) : name;
  openLater(
      [this, name, file, shown, deckPlace, folder = seams.folders.state](
          ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
        auto read = readOpenedLesson(name, file, folder, pool, cancel);
        if (!read) {
          return [this, shown, error = read.error()] {
            --opening;
            openFailed(shown, error);
          };
        }
        return [this, name, deckPlace, made = std::make_shared<OpenedLesson>(std::move(*read))] {
          --opening;
          // The deck has gone on meanwhile, or is another one.
          if (deckPlace >= 0 && (deckAt != deckPlace || deckPlace >= static_cast<int>(deck.size()) ||
                                 deck[static_cast<std::size_t>(deckPlace)].path != name))
            return;
          lessonOpened(made, deckPlace);
        };
      },
      shown);
}

void Session::State::lessonOpened(std::shared_ptr<OpenedLesson> lesson, int deckPlace) {
  if (deckPlace >= 0) {
    keepDeckDocument();
    deckShows = deckPlace;
  } else if (documentNumber == 0) {
    openStart(start ? std::move(*start) : Start{});
  }
  closeStep();
  if (deckPlace < 0 && !beforeLesson) {
    BeforeLesson before;
    before.kept = keepShown();
    before.deck = std::exchange(deck, {});
    before.deckAt = std::exchange(deckAt, -1);
    before.deckShows = std::exchange(deckShows, -1);
    beforeLesson = std::move(before);
  }
  LessonDesk& teaching = lessonDesk();
  const std::string folder = lesson->folder;
  teaching.begin(std::move(lesson));
  teaching.goTo(teaching.at());
  Experiment first = lessonStart();
  History steps(first);
  Experiment same = first;
  show({std::move(first), "", folder, teaching.placeWords()}, std::move(steps), std::move(same), true);
  notice = deckPlace < 0 ? ""
                         : std::to_string(deckPlace + 1) + " of " + std::to_string(deck.size()) + ": " +
                               teaching.lesson().title;
  autosaveDue = seams.seconds() + kAutosaveDelay;
  files.wakeIn(kAutosaveDelay + 0.02);
}

Experiment Session::State::lessonStart() const {
  const OpenedLesson& opened = lessons->opened();
  const std::size_t at = std::min(lessons->at(), opened.starts.size() - 1);
  const Experiment& begin = opened.starts[at];
  const LessonAnswer* answer = opened.sheet.find(opened.lesson.steps[at].id);
  if (answer == nullptr || answer->changes.empty()) return begin;
  const auto made = set(begin, answer->changes);
  return made ? *made : begin;
}

void Session::State::endLesson() {
  beforeLesson.reset();
  if (lessons) lessons->end();
}

LessonDesk& Session::lessons() {
  return state_->lessonDesk();
}

const LessonDesk* Session::lessonsIfAny() const {
  return state_->lessons.get();
}

void Session::openLesson(const std::string& name, bool file) {
  state_->openLessonLater(name, file);
}

void Session::askLesson() {
  DialogRequest request;
  request.title = "Open a lesson";
  request.filters = {{"Lessons", {"*.lesson.json"}}, {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::lesson, std::move(request));
}

void Session::leaveLesson() {
  State& s = *state_;
  if (s.inLesson() && !s.beforeLesson)
    return s.showDeck(s.deckAt + (s.deckAt + 1 < static_cast<int>(s.deck.size()) ? 1 : -1));
  if (!s.beforeLesson) return;
  s.closeStep();
  State::BeforeLesson before = std::move(*s.beforeLesson);
  s.endLesson();
  s.deck = std::move(before.deck);
  s.deckAt = before.deckShows;
  s.deckShows = before.deckShows;
  s.showKept(std::move(before.kept));
  s.notice = "Back to " + s.document.name;
  if (!s.anyUnsaved()) return;
  s.autosaveDue = s.seams.seconds() + kAutosaveDelay;
  s.files.wakeIn(kAutosaveDelay + 0.02);
}

void Session::goToLessonStep(std::size_t step) {
  State& s = *state_;
  if (!s.inLesson()) return;
  s.lessons->goTo(step);
  if (s.lessons->atEnd()) return;
  Experiment begin = s.lessonStart();
  begin.view.colormap = view().colormap;
  const std::string name = "step " + std::to_string(s.lessons->at() + 1) + " of the lesson";
  if (!sameButView(begin, s.history.now())) {
    static_cast<void>(apply(begin, name));
  }
  pin(std::nullopt);
  setView(begin.view);
}

void Session::startLessonOver() {
  if (!state_->inLesson()) return;
  state_->lessons->startOver();
  goToLessonStep(0);
}

void Session::askAnswerSheet() {
  State& s = *state_;
  if (!s.inLesson()) return;
  DialogRequest request;
  request.save = true;
  request.title = "Save the answer sheet";
  request.name = s.lessons->lesson().id + kSheetEnding;
  request.filters = {{"Answer sheets", {"*.answers.json"}}, {"All files", {"*"}}};
  s.ask(PathQuestion::Use::answers, std::move(request));
}

void Session::State::saveAnswers(const std::string& path, bool mayReplace) {
  if (!inLesson()) return;
  const std::string complete = endingOf(path) == "json" ? path : path + kSheetEnding;
  const bool replace = mayReplace && complete == path;
  const auto write = [this, complete, replace, text = sheetText(lessons->sheet())](
                         ThreadPool&, const Cancel&) -> Worker::Home {
    const Status written = saveAtomically(complete, text, replace ? Overwrite::replace : Overwrite::refuse);
    return [this, written, name = fileNameOf(complete)] {
      if (written) {
        notice = "Saved " + name;
      } else {
        problem = Problem{name + " was not saved", written.error()};
      }
    };
  };
  files.append(write);
}

}  // namespace headlight
