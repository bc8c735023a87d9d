#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/lesson.h"

namespace headlight {

/// A lesson and what is only worth a word: unknown keys.
struct DecodedLesson {
  Lesson lesson;
  std::vector<std::string> warnings;
};

/// Text of a lesson file → Lesson. Every problem names its step and JSON path: `lessonProblems` gives all of
/// them, `readLesson` the first. `id` is the file's name without its ending.
Result<DecodedLesson> readLesson(std::string_view text, const std::string& id);
std::vector<Error> lessonProblems(std::string_view text, const std::string& id);

/// A lesson of the program by its id, by its number ("5") or by the end of its id ("why-divide"), or a file.
/// Errors: no such lesson, with the nearest; as above.
Result<DecodedLesson> openLesson(const std::string& name);

/// What measuring shows to be wrong in a lesson whose file can be read: a question without exactly one right
/// option, a right try that fails, a wrong one that passes, a text with an unknown name, the start that
/// already passes a try. Each names its step.
std::vector<Error> lessonFaults(const Lesson& lesson, Bench& bench);

}  // namespace headlight
