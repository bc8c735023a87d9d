#pragma once
#include <string>
#include <vector>

#include "core/lesson/lesson.h"

namespace headlight {

/// The answer to a step, found by measuring: for the sheet with the answers and for the lecturer.
struct StepAnswer {
  struct Wrong {
    std::string text;
    std::string why;  ///< what was measured against it
  };
  std::string right;                  ///< the option, the number, or changes that pass
  std::vector<std::string> measured;  ///< what shows that it is right
  std::vector<Wrong> wrong;           ///< in the lesson's order
  std::string reveal;                 ///< with its numbers
};
/// `learner`: the experiment as it is when the step begins. Errors: as rightOption.
Result<StepAnswer> stepAnswer(const Lesson& lesson, const LessonStep& step, const Experiment& learner,
                              Bench& bench);

/// "d_k = 256 and scale = none"; cells that are set as "X[0, 1] = 5".
std::string changesWords(const std::vector<Member>& changes);
/// "effective keys, mean over rows, with d_k = 256".
std::string measureWords(const Measure& measure, const Measures& measures);

}  // namespace headlight
