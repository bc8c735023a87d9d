#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/lesson.h"

namespace headlight {

inline constexpr std::string_view kSheetType = "headlight/answers";
inline constexpr std::int64_t kSheetVersion = 1;

/// What a learner answered to one step: an option, a number, or the experiment that was made. A prediction is
/// written once and stays.
struct LessonAnswer {
  std::string step;
  std::optional<std::size_t> option;
  std::optional<double> number;
  std::vector<Member> changes;  ///< of a try: what was changed since the step began
  bool operator==(const LessonAnswer&) const = default;
};

/// An answer sheet (`*.answers.json`): who answered what in which lesson.
struct AnswerSheet {
  std::string lesson;  ///< its id
  std::string name;    ///< of the learner, as typed; may be empty
  std::vector<LessonAnswer> answers;
  std::vector<std::string> done;  ///< steps that were seen to their end

  const LessonAnswer* find(std::string_view step) const;
  /// Records an answer. An answer that is there already stays when the step locks it: false.
  bool answer(LessonAnswer given, bool locks);
};

std::string sheetText(const AnswerSheet& sheet);
/// Errors (invalid): the place, what was found and what is accepted.
Result<AnswerSheet> readSheet(std::string_view text);

/// What came of one step that asks or checks.
struct GradedStep {
  std::string step;
  LessonStep::Kind kind = LessonStep::Kind::predict;
  bool answered = false;
  bool right = false;
  std::string given;     ///< the answer in words
  std::string expected;  ///< the right option, or the measured number
};
struct Grade {
  std::vector<GradedStep> steps;  ///< in the lesson's order
  int asked = 0;
  int right = 0;
};

/// Grades one answer as the lesson would. `learner` is the experiment at the beginning of the step. Errors:
/// the answer does not fit the step, or cannot be measured.
Result<GradedStep> gradeAnswer(const LessonStep& step, const LessonAnswer& answer, Bench& bench,
                               const Experiment& learner);
/// Grades the sheet by measuring. Errors: the sheet is of another lesson, or as above, naming the step.
Result<Grade> gradeSheet(const Lesson& lesson, const AnswerSheet& sheet, Bench& bench);

/// What leads from one experiment to another, all but how it is looked at, as changes by path: of sections
/// with the same keys each key, else the whole section.
std::vector<Member> changesBetween(const Experiment& before, const Experiment& after);

/// The experiment as it is when each step begins: the start with the `set` of all steps up to it.
Result<std::vector<Experiment>> stepStarts(const Lesson& lesson);

}  // namespace headlight
