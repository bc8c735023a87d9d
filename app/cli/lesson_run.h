#pragma once
#include "app/cli/console.h"
#include "core/base/cancel.h"
#include "core/lesson/sheet.h"

namespace headlight {

/// Walks a lesson on the terminal: questions on stdout, answers from stdin, a line each. A prediction is
/// written into the sheet before its answer is shown. The end of stdin, and q, end the lesson; what was
/// answered stays in the sheet. Errors: a number cannot be measured, interrupted.
Status runLesson(const Lesson& lesson, Bench& bench, AnswerSheet& sheet, Console& console,
                 const Cancel& cancel);

}  // namespace headlight
