#pragma once
#include <optional>
#include <string>

#include "app/cli/input_report.h"
#include "core/lesson/handout.h"

namespace headlight {

/// The two documents of a lesson that are printed.
enum class LessonPaper : std::uint8_t { handout, notes };

/// What the command line asks of them.
struct LessonPaperRequest {
  LessonPaper what = LessonPaper::handout;
  std::string name;                   ///< of the lesson
  std::string folder;                 ///< where its relative tensor files are sought
  std::optional<std::string> output;  ///< not given: named after the lesson, in the current folder
  HandoutOptions options;
  bool force = false;
};

/// Makes the PDF and writes it. Errors: as openLesson and handoutPages; of the output.
Status writeLessonPaper(const LessonPaperRequest& request, ThreadPool& pool, const Cancel& cancel,
                        InputReport& report, Console& console);

}  // namespace headlight
