#include "app/session/lesson_desk.h"

#include "core/lesson/lesson_file.h"
#include "tests/session/session_fixture.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;

class LessonDeskTest : public SessionTest {
 protected:
  LessonDesk& opened(const std::string& id) {
    session->openLesson(id);
    session->settle();
    return session->lessons();
  }
};

TEST_F(LessonDeskTest, ListsAllLessonsWithTheirProgress) {
  open();
  session->lessons().entries();
  session->settle();
  const auto* entries = session->lessons().entries();
  ASSERT_NE(entries, nullptr);
  EXPECT_EQ(entries->size(), lessonFiles().size() + sceneFiles().size());
  EXPECT_EQ(entries->front().id, "01-weighted-average");
  EXPECT_EQ(entries->front().steps, 6u);
  EXPECT_EQ(session->lessons().stepsDone("01-weighted-average"), 0u);
}

TEST_F(LessonDeskTest, GivesBackTheDocumentThatItTookThePlaceOf) {
  open();
  session->change("shape.heads", Value(2), Phase::done);
  session->settle();
  const std::string before = toText(session->experiment());
  const std::vector<std::string> steps = session->steps();
  ASSERT_TRUE(session->unsaved());
  opened("05-why-divide");
  EXPECT_NE(toText(session->experiment()), before);
  EXPECT_FALSE(session->unsaved()) << "what is tried in a lesson is no work to be saved";
  EXPECT_FALSE(session->mayLeave("quit")) << "what it took the place of is";
  session->leaveLesson();
  session->settle();
  EXPECT_EQ(toText(session->experiment()), before);
  EXPECT_EQ(session->steps(), steps);
  EXPECT_TRUE(session->unsaved());
  session->undo();
  EXPECT_NE(toText(session->experiment()), before);
}

TEST_F(LessonDeskTest, AnotherLessonStillGivesBackTheFirstDocument) {
  open();
  const std::string before = toText(session->experiment());
  opened("03-asking-answering");
  opened("04-shift-and-stretch");
  session->leaveLesson();
  session->settle();
  EXPECT_EQ(toText(session->experiment()), before);
}

TEST_F(LessonDeskTest, EndsWhenAnotherDocumentIsOpened) {
  open();
  opened("03-asking-answering");
  session->newDocument();
  session->settle();
  EXPECT_FALSE(session->lessons().isOpen());
  session->leaveLesson();
  EXPECT_EQ(session->documentName(), "untitled");
}

TEST_F(LessonDeskTest, EachStepIsOneNamedStepOfTheHistory) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  const std::size_t steps = session->stepsDone();
  session->goToLessonStep(4);
  session->settle();
  EXPECT_EQ(session->stepsDone(), steps + 1);
  EXPECT_EQ(session->undoName(), "step 5 of the lesson");
  EXPECT_EQ(session->experiment().shape.dK, 256);
  EXPECT_TRUE(sameNumbers(session->experiment(), desk.opened().starts[4]));
}

TEST_F(LessonDeskTest, AnAnswerIsLocked) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  EXPECT_FALSE(desk.answer(7, std::nullopt)) << "there is no such option";
  EXPECT_FALSE(desk.answer(std::nullopt, 2.0)) << "it asks for an option";
  EXPECT_TRUE(desk.answer(2, std::nullopt));
  EXPECT_FALSE(desk.answer(1, std::nullopt));
  EXPECT_EQ(desk.sheet().find("spread")->option, 2u);
}

TEST_F(LessonDeskTest, MeasuresTheAnswerOnItsThread) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  EXPECT_EQ(desk.measured(0), nullptr);
  session->settle();
  const auto found = desk.measured(0);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->right, 1u);
  EXPECT_THAT(found->say, HasSubstr("2000 queries"));
}

TEST_F(LessonDeskTest, ATryIsPassedByTheLearnersExperiment) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  session->goToLessonStep(1);
  session->settle();
  ASSERT_NE(desk.verdict(), nullptr);
  EXPECT_FALSE(desk.verdict()->passed);
  EXPECT_FALSE(desk.isDone(1));
  session->change("shape.d_k", Value(512), Phase::done);
  session->settle();
  EXPECT_TRUE(desk.verdict()->passed);
  EXPECT_TRUE(desk.isDone(1));
  const LessonAnswer* answer = desk.sheet().find("few");
  ASSERT_NE(answer, nullptr);
  ASSERT_EQ(answer->changes.size(), 1u);
  EXPECT_EQ(answer->changes[0].first, "shape.d_k");
  // What was made of it is there again when the learner comes back.
  session->goToLessonStep(2);
  EXPECT_EQ(session->experiment().shape.dK, 64);
  session->goToLessonStep(1);
  EXPECT_EQ(session->experiment().shape.dK, 512);
}

TEST_F(LessonDeskTest, ProgressSurvivesARestart) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  ASSERT_TRUE(desk.answer(2, std::nullopt));
  session->goToLessonStep(1);
  session->settle();
  session.reset();
  open();
  session->lessons().entries();
  session->settle();
  EXPECT_EQ(session->lessons().stepsDone("05-why-divide"), 1u);
  LessonDesk& again = opened("05-why-divide");
  EXPECT_EQ(again.at(), 1u) << "it goes on where it was left";
  EXPECT_EQ(again.sheet().find("spread")->option, 2u);
  session->goToLessonStep(0);
  EXPECT_FALSE(again.answer(1, std::nullopt)) << "the lock survives as well";
}

TEST_F(LessonDeskTest, ACrashInALessonKeepsWhatItTookThePlaceOf) {
  open();
  session->change("shape.heads", Value(2), Phase::done);
  session->settle();
  const std::string before = toText(session->experiment());
  opened("05-why-divide");
  clock = clock + 30;
  session->settle();
  session.reset();
  open();
  EXPECT_THAT(session->documentName(), testing::Not(HasSubstr("Lesson")));
  static_cast<void>(before);
}

TEST_F(LessonDeskTest, TheAnswerSheetIsSavedWhereTheDialogSays) {
  open();
  LessonDesk& desk = opened("05-why-divide");
  ASSERT_TRUE(desk.answer(1, std::nullopt));
  desk.setName("Ada");
  session->askAnswerSheet();
  ASSERT_EQ(dialogs.asked.size(), 1u);
  EXPECT_EQ(dialogs.asked[0].name, "05-why-divide.answers.json");
  dialogs.answers[0](inHome("ada.answers.json"));
  session->settle();
  const auto sheet = readSheet(read("ada.answers.json"));
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->name, "Ada");
  EXPECT_EQ(sheet->lesson, "05-why-divide");
  EXPECT_EQ(sheet->find("spread")->option, 1u);
}

TEST_F(LessonDeskTest, ATeachersFileOpensAndAFaultyOneNamesItsSteps) {
  open();
  const auto lesson = [](const std::string& steps) {
    return R"({"type": "headlight/lesson", "version": 1, "title": "mine", "goal": "g", "minutes": 3,
      "start": {"tokens": {"count": 4}}, "measures": {"off": {"quantity": "row_sum_error"}}, "steps": [)" +
           steps + "]}";
  };
  const std::string step =
      R"({"id": "ask", "kind": "predict", "say": "s", "ask": {"question": "q", "options": [
      {"text": "a", "when": {"measure": "off", "op": "<", "value": 0.1}},
      {"text": "b", "when": {"measure": "off", "op": "%", "value": 0.1}}]}})";
  const auto with = [&](const std::string& op) {
    std::string text = step;
    text.replace(text.find('%'), 1, op);
    return lesson(text);
  };
  write("good.lesson.json", with(">"));
  session->openFile(inHome("good.lesson.json"));
  session->settle();
  ASSERT_FALSE(session->problem()) << session->problem()->error.text();
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_EQ(session->lessons().lesson().title, "mine");
  EXPECT_EQ(session->lessons().placeWords(), "Lesson from a file");
  // Two options that are both right: found by measuring.
  write("bad.lesson.json", with("<"));
  session->openFile(inHome("bad.lesson.json"));
  session->settle();
  ASSERT_TRUE(session->problem());
  EXPECT_THAT(session->problem()->error.what, HasSubstr("ask"));
  EXPECT_EQ(session->problem()->title, "bad.lesson.json was not opened");
}

}  // namespace
}  // namespace headlight::test
