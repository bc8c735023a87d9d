// What the tries of the lessons need is there, and what they measure is said in words.
#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

TEST(LessonAsk, SumsOfRowsAreShownAfterTheAnswer) {
  Driver d;
  LessonDesk& desk = openLesson(d, "02-which-way", 0);
  EXPECT_FALSE(d.drawn().shows("effective"));
  ASSERT_TRUE(desk.answer(0, std::nullopt));
  d.settle();
  EXPECT_TRUE(d.drawn().shows("effective"));
}

TEST(LessonTry, ALinkIsChosenByPlace) {
  Driver d;
  LessonDesk& desk = openLesson(d, "03-heads", 6);
  ASSERT_EQ(desk.step().id, "relink");
  EXPECT_FALSE(desk.isDone(6));
  press(d, "source.heads.4.links.1");
  press(d, "source.heads.4.links.1=4");
  EXPECT_TRUE(desk.isDone(6));
}

TEST(LessonTry, AListIsWalkedWithTheArrows) {
  Driver d;
  openLesson(d, "07-spend-the-budget", 3);
  press(d, "normalizer.kind");
  d.key(kKeyDown);
  d.key(kKeyDown);
  d.key(kKeyDown);
  d.key(kKeyUp);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.value("normalizer.kind"), "\"sink\"");
}

TEST(LessonTry, CellsAreGoneToWithTheArrows) {
  Driver d;
  LessonDesk& desk = openLesson(d, "08-weight-is-not-influence", 2);
  EXPECT_TRUE(d.drawn().shows("key with the largest weight"));
  EXPECT_TRUE(d.drawn().shows("“fire”")) << "not its number";
  d.reveal("lesson.tensor.memory");
  press(d, "lesson.tensor.memory");
  d.key(kKeyRight);
  d.key(kKeyEnter);
  d.type("4");
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(desk.isDone(2));
}

}  // namespace
}  // namespace headlight::test
