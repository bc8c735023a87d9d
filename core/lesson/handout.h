#pragma once
#include <string>
#include <string_view>

#include "core/lesson/lesson.h"
#include "core/lesson/paper.h"

namespace headlight {

struct HandoutOptions {
  std::string paper = "a4";  ///< a row of paperSizes()
  bool answers = true;       ///< the answers at the end
};

/// A lesson on paper, complete without the program: a page a step with its figure, the matrices that it asks
/// about (T ≤ 8, two decimals), the question and room to answer it; then the answers as they were measured.
/// Errors: usage, an unknown paper; what the lesson measures cannot be measured; failed, drawing.
Result<PaperPages> handoutPages(const Lesson& lesson, Bench& bench, const HandoutOptions& options = {});
Result<std::string> handoutPdf(const Lesson& lesson, Bench& bench, const HandoutOptions& options = {});

/// What the lecturer holds: goal, minutes and notes, and for each step its question, the right answer, the
/// numbers that were measured, and what each wrong answer has against it. Errors: as above.
Result<PaperPages> lecturerPages(const Lesson& lesson, Bench& bench, const HandoutOptions& options = {});
Result<std::string> lecturerPdf(const Lesson& lesson, Bench& bench, const HandoutOptions& options = {});

/// What such a file is called: "05-why-divide-handout.pdf".
std::string handoutName(const Lesson& lesson, std::string_view what);

}  // namespace headlight
