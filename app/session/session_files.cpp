#include <cmath>
#include <filesystem>
#include <utility>

#include "app/session/state.h"
#include "core/base/number.h"
#include "core/experiment/scenario_code.h"
#include "core/files/atomic_save.h"

namespace headlight {
namespace {

constexpr const char* kEnding = ".headlight.json";

/// A path as typed: "~/" is the home folder, what is relative starts at `folder`. A scenario code is none.
std::string typedPath(const std::string& typed, const std::string& folder, const std::string& home) {
  if (isScenarioCode(typed)) return typed;
  if (typed.rfind("~/", 0) == 0) return home + typed.substr(1);
  if (typed.empty() || typed.front() == '/' || folder.empty()) return typed;
  return (std::filesystem::path(folder) / typed).lexically_normal().string();
}

/// "who-is-meant-weights-heads".
std::string figureName(const std::string& document, const FigureSpec& spec, const ViewSpec& view) {
  std::string name = document;
  if (spec.layout != "pipeline") name += "-" + std::string(info(spec.stage.value_or(view.stage)).id);
  if (spec.layout != "single") name += "-" + spec.layout;
  return name;
}

std::string millimetres(double length) {
  return fixed(length, std::abs(length - std::round(length)) < 0.05 ? 0 : 1);
}

}  // namespace

void Session::State::ask(PathQuestion::Use use, DialogRequest request) {
  request.folder = settings.lastFolder.empty() ? seams.folders.home : settings.lastFolder;
  if (seams.dialogs == nullptr || !seams.dialogs->available()) {
    pathQuestion = PathQuestion{use, std::move(request)};
    return;
  }
  // The answer may come when the session is gone.
  const std::weak_ptr<HomeQueue> queue = home;
  seams.dialogs->ask(request, [this, use, queue](std::optional<std::string> path) {
    const auto alive = queue.lock();
    if (!alive || !path) return;
    alive->post([this, use, path = std::move(*path)] { answer(use, path, true); });
  });
}

/// `confirmed`: a dialog has asked whether the file may be replaced, under the name that it was given there.
void Session::State::answer(PathQuestion::Use use, const std::string& path, bool confirmed) {
  if (use == PathQuestion::Use::open) return openPath(path);
  if (use == PathQuestion::Use::importTokens) return addImportTokens(path);
  if (use == PathQuestion::Use::importMore) return addImportFile(path);
  if (use == PathQuestion::Use::compare) return compareWithFile(path);
  if (use == PathQuestion::Use::locate) {
    if (const auto missing = missingFile()) locate(path, *missing);
    return;
  }
  if (use == PathQuestion::Use::biasTable) return addBiasTable(path);
  if (use == PathQuestion::Use::lesson) return openLessonLater(path, true);
  if (use == PathQuestion::Use::answers) return saveAnswers(path, confirmed);
  if (use == PathQuestion::Use::handout || use == PathQuestion::Use::notes)
    return saveLessonPaper(use, path, confirmed);
  std::string complete = path;
  if (use == PathQuestion::Use::save) {
    if (endingOf(path) != "json") complete += kEnding;
    save(complete, (confirmed && complete == path) || complete == document.path);
    return;
  }
  auto format = figureFormat(endingOf(path));
  if (!format) {
    format = askedFigure.format;
    complete += "." + std::string(formatWord(*format));
  }
  FigureSpec spec = askedFigure;
  spec.format = *format;
  exportLater(spec, complete, confirmed && complete == path, askedBeside);
}

void Session::askOpen() {
  DialogRequest request;
  request.title = "Open";
  request.filters = {{"Experiments, figures and tensors",
                      {"*.json", "*.png", "*.svg", "*.pdf", "*.npy", "*.npz", "*.safetensors", "*.csv"}},
                     {"All files", {"*"}}};
  state_->ask(PathQuestion::Use::open, std::move(request));
}

void Session::askSave(bool as) {
  State& s = *state_;
  if (!as && !s.document.path.empty()) return s.save(s.document.path, true);
  DialogRequest request;
  request.save = true;
  request.title = "Save";
  request.name = s.document.name + kEnding;
  request.filters = {{"Headlight experiments", {"*.headlight.json"}}, {"All files", {"*"}}};
  s.ask(PathQuestion::Use::save, std::move(request));
}

void Session::askExport(const FigureSpec& spec, const std::vector<SidecarKind>& beside) {
  State& s = *state_;
  s.askedFigure = spec;
  s.askedBeside = beside;
  DialogRequest request;
  request.save = true;
  request.title = "Export figure";
  request.name =
      figureName(s.document.name, spec, s.history.now().view) + "." + std::string(formatWord(spec.format));
  request.filters = {{"Figures: PNG, SVG, PDF", {"*.png", "*.svg", "*.pdf"}}};
  s.ask(PathQuestion::Use::exportFigure, std::move(request));
}

const std::optional<PathQuestion>& Session::pathQuestion() const {
  return state_->pathQuestion;
}

void Session::answerPath(const std::optional<std::string>& path, bool mayReplace) {
  State& s = *state_;
  if (!s.pathQuestion) return;
  const PathQuestion question = *std::exchange(s.pathQuestion, std::nullopt);
  if (!path || path->empty()) return;
  s.answer(question.use, typedPath(*path, question.request.folder, s.seams.folders.home), mayReplace);
}

void Session::exportFigure(const FigureSpec& spec, const std::string& path,
                           const std::vector<SidecarKind>& beside) {
  state_->exportLater(spec, path, true, beside);
}

void Session::State::exportLater(const FigureSpec& spec, const std::string& path, bool mayReplace,
                                 const std::vector<SidecarKind>& beside) {
  const auto failed = [this, path](const Error& error) -> Worker::Home {
    return [this, name = fileNameOf(path), error] { problem = Problem{name + " was not exported", error}; };
  };
  const auto draw = [this, path, mayReplace, failed, beside, what = order(spec, folderOf(path))](
                        ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    const auto figure = drawOrder(what, pool, cancel);
    if (!figure) return failed(figure.error());
    const auto written = writeOrder(**figure);
    if (!written) return failed(written.error());
    const auto overwrite = mayReplace ? Overwrite::replace : Overwrite::refuse;
    if (const Status kept = saveAtomically(path, written->bytes, overwrite); !kept) {
      return failed(kept.error());
    }
    if (const Status kept = saveSidecars(**figure, path, beside, overwrite, cancel); !kept) {
      return failed(kept.error());
    }
    std::string told = "Exported " + path + " · " + millimetres(written->widthMm) + " × " +
                       millimetres(written->heightMm) + " mm · " +
                       bytesText(static_cast<double>(written->bytes.size()));
    if (!written->warnings.empty()) told += " · " + written->warnings.front();
    return [this, told, path] {
      notice = told;
      settings.lastFolder = folderOf(path);
      saveSettingsSoon();
    };
  };
  files.append(draw, failed(Error{ErrorCode::failed, "there is not enough memory for the figure", "", ""}));
}

}  // namespace headlight
