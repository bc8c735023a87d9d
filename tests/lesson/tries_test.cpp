// What a try asks for can be done with the controls that its lesson leaves in the window.
#include <algorithm>

#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

/// The control is the path's own, of a part of it or of what it is a part of.
bool speaksOf(const std::string& control, const std::string& path) {
  return control == path || control.starts_with(path + ".") || path.starts_with(control + ".");
}

/// Cells, weights and links have a control of their own wherever a right answer sets them.
bool hasItsOwn(const std::string& path) {
  return path == "edits" || path.starts_with("source.w_") || path.ends_with(".links");
}

bool canBeDone(const Lesson& lesson, const std::vector<Member>& changes) {
  return std::all_of(changes.begin(), changes.end(), [&](const Member& change) {
    const auto& controls = lesson.controls;
    return hasItsOwn(change.first) || std::any_of(controls.begin(), controls.end(), [&](const auto& control) {
             return speaksOf(control, change.first);
           });
  });
}

void expectTriesThatCanBeDone(const std::vector<LessonFile>& files) {
  int tries = 0;
  for (const LessonFile& file : files) {
    const Lesson lesson = lessonOf(file.id);
    for (const LessonStep& step : lesson.steps) {
      if (step.kind != LessonStep::Kind::attempt) continue;
      ++tries;
      EXPECT_TRUE(std::any_of(step.right.begin(), step.right.end(),
                              [&](const auto& changes) { return canBeDone(lesson, changes); }))
          << file.id << ", " << step.id;
    }
  }
  EXPECT_GE(tries, 6);
}

TEST(Tries, OfLessonsCanBeDoneInTheWindow) {
  expectTriesThatCanBeDone(lessonFiles());
}

TEST(Tries, OfScenesCanBeDoneInTheWindow) {
  expectTriesThatCanBeDone(sceneFiles());
}

}  // namespace
}  // namespace headlight::test
