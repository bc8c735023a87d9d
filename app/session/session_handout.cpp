#include <utility>

#include "app/session/state.h"
#include "core/base/number.h"
#include "core/files/atomic_save.h"
#include "core/lesson/handout.h"
#include "core/lesson/lesson_file.h"

namespace headlight {
namespace {

constexpr const char* kPdf = ".pdf";

/// One of the program, read for its paper alone.
Result<OpenedLesson> ofProgram(const std::string& id) {
  auto read = openLesson(id);
  if (!read) return read.error();
  OpenedLesson opened;
  opened.lesson = std::move(read->lesson);
  return opened;
}

Result<std::string> paperOf(const OpenedLesson& opened, bool isHandout, ThreadPool& pool,
                            const Cancel& cancel) {
  Bench bench = opened.lesson.bench(opened.folder, pool, cancel);
  auto pdf = isHandout ? handoutPdf(opened.lesson, bench) : lecturerPdf(opened.lesson, bench);
  if (pdf && cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  return pdf;
}

}  // namespace

void Session::askHandout(const std::string& id) {
  state_->askLessonPaper(PathQuestion::Use::handout, id);
}

void Session::askLessonNotes(const std::string& id) {
  state_->askLessonPaper(PathQuestion::Use::notes, id);
}

void Session::State::askLessonPaper(PathQuestion::Use use, const std::string& id) {
  if (id.empty() && !inLesson()) return;
  askedLesson = id.empty() ? lessons->held() : nullptr;
  askedLessonId = id;
  Lesson named;
  named.id = askedLesson ? askedLesson->lesson.id : id;
  const bool isHandout = use == PathQuestion::Use::handout;
  DialogRequest request;
  request.save = true;
  request.title = isHandout ? "Save the handout" : "Save the lecturer's notes";
  request.name = handoutName(named, isHandout ? "handout" : "notes");
  request.filters = {{"PDF", {"*.pdf"}}, {"All files", {"*"}}};
  ask(use, std::move(request));
}

void Session::State::saveLessonPaper(PathQuestion::Use use, const std::string& path, bool mayReplace) {
  const std::string complete = endingOf(path) == "pdf" ? path : path + kPdf;
  const auto overwrite = mayReplace && complete == path ? Overwrite::replace : Overwrite::refuse;
  const bool isHandout = use == PathQuestion::Use::handout;
  const auto failed = [this, name = fileNameOf(complete)](const Error& error) -> Worker::Home {
    return [this, name, error] { problem = Problem{name + " was not saved", error}; };
  };
  const auto make = [this, complete, overwrite, isHandout, failed, opened = askedLesson, id = askedLessonId](
                        ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    Result<OpenedLesson> read = opened ? Result<OpenedLesson>(*opened) : ofProgram(id);
    if (!read) return failed(read.error());
    const auto pdf = paperOf(*read, isHandout, pool, cancel);
    if (!pdf) return failed(pdf.error());
    if (const Status written = saveAtomically(complete, *pdf, overwrite); !written)
      return failed(written.error());
    return [this, complete, size = bytesText(static_cast<double>(pdf->size()))] {
      notice = "Saved " + complete + " · " + size;
      settings.lastFolder = folderOf(complete);
      saveSettingsSoon();
    };
  };
  notice = "Making " + fileNameOf(complete);
  files.append(make, failed(Error{ErrorCode::failed, "there is not enough memory for the pages", "", ""}));
}

}  // namespace headlight
