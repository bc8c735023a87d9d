#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/session/state.h"
#include "core/experiment/json.h"
#include "core/experiment/scenario_code.h"
#include "core/files/atomic_save.h"

namespace headlight {
namespace {

std::string absolutePath(const std::string& path) {
  std::error_code failure;
  if (isScenarioCode(path)) return path;
  const auto absolute = std::filesystem::absolute(path, failure);
  return failure ? path : absolute.lexically_normal().string();
}

Error noMemory() {
  return {ErrorCode::failed, "there is not enough memory for it", "", ""};
}

/// Equal in what a file keeps of a document, however it is looked at.
bool sameDocument(const Experiment& a, const Experiment& b) {
  Experiment alike = a;
  alike.view = b.view;
  return sameNumbers(alike, b) && a.title == b.title && a.notes == b.notes;
}

}  // namespace

void Session::State::adopt(Document next, bool isSaved) {
  leaveDeck();
  History steps(next.experiment);
  Experiment same = next.experiment;
  show(std::move(next), std::move(steps), std::move(same), isSaved);
}

void Session::State::show(Document next, History steps, Experiment asSaved, bool isSaved) {
  ++documentNumber;
  ++revision;
  start.reset();
  history = std::move(steps);
  saved = std::move(asSaved);
  savedNowhere = !isSaved;
  document = std::move(next);
  fieldErrors.clear();
  problem.reset();
  closeDesk();
  hovered.reset();
  morePins.clear();
  otherKind = {};
  leaving.clear();
  autosaveDue.reset();
  heldComparison.reset();
  lastComparison.reset();
  beforeChange.reset();
  endComparison();
  numbers.request(history.now(), document.folder, false, documentNumber);
  rememberSession();
}

Document Session::State::current() const {
  Document copy = document;
  copy.experiment = history.now();
  // A pin on a dimension of X or Q is a look of this window; a file's pin is a query and a key.
  auto& pin = copy.experiment.view.pin;
  if (pin && numbers.evaluation()) {
    const Sizes& sizes = numbers.evaluation()->run->sizes;
    if ((*pin)[0] >= sizes.queries || (*pin)[1] >= sizes.keys) pin.reset();
  }
  return copy;
}

bool Session::State::unsaved() const {
  if (inLesson() && document.path.empty()) return false;  // what a learner tries is kept by the answers
  if (savedNowhere) return true;
  if (comparedRevision != revision) {
    comparedUnsaved = !sameDocument(history.now(), saved);
    comparedRevision = revision;
  }
  return comparedUnsaved;
}

void Session::State::openLater(Worker::Job job, const std::string& shown) {
  ++opening;
  files.append(std::move(job), openedHome(noMemory(), shown, ""));
}

Worker::Home Session::State::openedHome(Result<Opened> opened, const std::string& shown,
                                        const std::string& rememberAs) {
  return [this, opened = std::move(opened), shown, rememberAs]() mutable {
    --opening;
    if (!opened) return openFailed(shown, opened.error());
    const std::vector<std::string> warnings = std::move(opened->warnings);
    adopt(std::move(opened->document), true);
    notice = "Opened " + shown;
    if (!warnings.empty()) notice += ": " + warnings.front();
    if (warnings.size() > 1) notice += " (and " + std::to_string(warnings.size() - 1) + " more)";
    if (!rememberAs.empty()) remember(rememberAs);
  };
}

void Session::State::openFailed(const std::string& shown, const Error& error) {
  // The window opens with something, whatever became of the file that it was started for.
  if (documentNumber == 0 && opening == 0) {
    openStart(start ? std::move(*start) : Start{});
  }
  problem = Problem{shown + " was not opened", error};
}

const Experiment& Session::experiment() const {
  return state_->history.now();
}
const std::string& Session::path() const {
  return state_->document.path;
}
std::string Session::documentName() const {
  return state_->document.name;
}
bool Session::unsaved() const {
  return state_->unsaved();
}

void Session::newDocument() {
  state_->adopt({Experiment(), "", "", "untitled"}, true);
  state_->notice = "A fresh document";
}

void Session::openExample(const std::string& name) {
  State* s = state_.get();
  s->openLater(
      [s, name, cache = s->seams.folders.cache](ThreadPool&, const Cancel&) {
        return s->openedHome(openExampleDocument(name, cache), name, "");
      },
      name);
}

void Session::openFile(const std::string& path) {
  state_->openPath(absolutePath(path));
}

void Session::openFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> absolute;
  absolute.reserve(paths.size());
  for (const std::string& path : paths) absolute.push_back(absolutePath(path));
  if (absolute.empty()) return;
  if (absolute.size() == 1) return state_->openPath(absolute.front());
  if (std::all_of(absolute.begin(), absolute.end(), holdsTensors)) {
    return state_->openTensors(std::move(absolute), -1);
  }
  state_->openDeck(absolute, 0);
}

void Session::State::openPath(const std::string& path) {
  if (path.ends_with(kLessonEnding)) return openLessonLater(path, true);
  if (holdsTensors(path)) return openTensors({path}, -1);
  openLater(
      [this, path, cache = seams.folders.cache](ThreadPool&, const Cancel&) {
        return openedHome(openDocument(path, cache), shownName(path), isScenarioCode(path) ? "" : path);
      },
      shownName(path));
}

void Session::State::remember(const std::string& path) {
  rememberFile(settings, path);
  saveSettingsSoon();
  checkRecent();
}

Status Session::saveTo(const std::string& path) {
  if (path.empty()) {
    return Error{ErrorCode::usage, "the document has no file yet, a path is needed", "", ""};
  }
  state_->save(absolutePath(path), true);
  return {};
}

void Session::State::save(const std::string& path, bool mayReplace) {
  closeStep();
  const auto failed = [this, path](const Error& error) {
    problem = Problem{fileNameOf(path) + " was not saved", error};
  };
  const auto write = [this, path, mayReplace, failed, copy = current(), number = documentNumber](
                         ThreadPool&, const Cancel&) -> Worker::Home {
    const std::string text = toText(movedTo(folderOf(path), copy));
    const Status written = saveAtomically(path, text, mayReplace ? Overwrite::replace : Overwrite::refuse);
    if (!written) return [failed, error = written.error()] { failed(error); };
    return [this, path, experiment = copy.experiment, number] {
      notice = "Saved " + fileNameOf(path);
      remember(path);
      if (number != documentNumber) return;  // the window has gone on to another document
      document.path = path;
      document.name = nameOf(path);
      // Files without a folder were sought where the program was started; they are named from the file's
      // place on.
      if (document.folder.empty()) document.folder = folderOf(path);
      saved = experiment;
      savedNowhere = false;
      ++revision;
      if (deckShows >= 0 && !inLesson()) deck[static_cast<std::size_t>(deckShows)].path = path;
      rememberSession();
      if (unsaved()) autosaveDue = seams.seconds();  // the copy belongs to another file from here on
    };
  };
  files.append(write, [failed] { failed(noMemory()); });
}

}  // namespace headlight
