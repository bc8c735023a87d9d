#include "app/cli/lesson_handout.h"

#include "core/lesson/lesson_file.h"

namespace headlight {

Status writeLessonPaper(const LessonPaperRequest& request, ThreadPool& pool, const Cancel& cancel,
                        InputReport& report, Console& console) {
  const auto read = openLesson(request.name);
  if (!read) return read.error();
  for (const std::string& warning : read->warnings) warn(report, console, warning);
  const Lesson& lesson = read->lesson;
  const bool isHandout = request.what == LessonPaper::handout;
  const std::string path = request.output.value_or(handoutName(lesson, isHandout ? "handout" : "notes"));
  if (Status status = checkOutput(path, request.force); !status) return status;
  Bench bench = lesson.bench(request.folder, pool, cancel);
  const auto pdf =
      isHandout ? handoutPdf(lesson, bench, request.options) : lecturerPdf(lesson, bench, request.options);
  if (!pdf) return pdf.error();
  if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  const auto saved = saveOutput(path, *pdf, request.force, console);
  if (!saved) return saved.error();
  report.outputs.push_back(*saved);
  if (path != "-") console.note("wrote " + printable(path));
  return {};
}

}  // namespace headlight
