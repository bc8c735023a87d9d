#include <gtest/gtest.h>

#include "app/panels/present.h"
#include "app/widgets/keys.h"
#include "core/experiment/scenario_code.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

TEST(LessonExplore, ShowsTheStepAsItIsNowAndLeadsBackToIt) {
  Driver d;
  LessonDesk& desk = openLesson(d, "06-no-peeking", 3);
  d.session().selectHead(1);
  d.session().pin(Cell{2, 1});
  d.settle();
  const ViewSpec look = d.session().view();
  const std::string before = d.document();
  const std::size_t steps = d.session().stepsDone();
  EXPECT_FALSE(d.has("lesson.return"));
  press(d, "lesson.explore");
  EXPECT_TRUE(d.has("stage"));
  EXPECT_TRUE(d.has("tokens.text")) << "all controls are there";
  EXPECT_FALSE(d.has("lesson.next"));
  EXPECT_TRUE(d.drawn().shows("step 4 of "));
  EXPECT_EQ(d.document(), before);
  EXPECT_EQ(d.session().stepsDone(), steps) << "looking is no step";

  d.session().change("shape.d_k", Value(4), Phase::done);
  d.session().selectStage(Stage::q);
  d.session().selectHead(0);
  d.session().pin(std::nullopt);
  d.settle();
  const std::string changed = d.document();
  press(d, "lesson.return");
  EXPECT_TRUE(d.has("lesson.next"));
  EXPECT_EQ(desk.at(), 3u);
  EXPECT_EQ(d.session().view(), look) << "the step is looked at as it was";
  EXPECT_EQ(d.document(), changed) << "what was changed there was changed in the lesson";
  run(d, "edit.undo");
  EXPECT_EQ(d.document(), before);
  EXPECT_FALSE(d.session().unsaved());
}

TEST(LessonExplore, TheQuestionComesFirst) {
  Driver d;
  LessonDesk& desk = openLesson(d, "06-no-peeking", 1);
  EXPECT_FALSE(d.window().run("lesson.explore"));
  d.click("lesson.explore");
  d.settle();
  EXPECT_TRUE(d.has("lesson.lock"));
  ASSERT_TRUE(desk.answer(1, std::nullopt));
  d.settle();
  press(d, "lesson.explore");
  EXPECT_FALSE(d.has("lesson.card"));
  EXPECT_TRUE(d.has("lesson.return"));
}

TEST(LessonExplore, OfEveryTabThereIsAWayBackAndAfterTheLessonNone) {
  Driver d;
  openLesson(d, "03-asking-answering", 2);
  run(d, "tab.heads");
  EXPECT_TRUE(d.has("lesson.return"));
  run(d, "lesson.return");
  EXPECT_TRUE(d.has("lesson.back"));
  run(d, "tab.explore");
  run(d, "lesson.leave");
  EXPECT_FALSE(d.has("lesson.return"));
  EXPECT_FALSE(d.window().run("lesson.return"));
}

TEST(LessonMenu, OfTheCardAndOfTheListOffersThePaper) {
  Driver d;
  run(d, "tab.lessons");
  d.reveal("lesson.menu.02-which-way");
  press(d, "lesson.menu.02-which-way");
  press(d, "lesson.menu/lesson.handout.02-which-way");
  ASSERT_TRUE(d.session().pathQuestion());
  EXPECT_EQ(d.session().pathQuestion()->request.name, "02-which-way-handout.pdf");
  d.session().answerPath(std::nullopt);
  d.settle();
  EXPECT_FALSE(d.session().lessons().isOpen()) << "its paper needs no open lesson";

  openLesson(d, "03-asking-answering", 2);
  press(d, "lesson.menu");
  press(d, "lesson.menu/lesson.notes");
  ASSERT_TRUE(d.session().pathQuestion());
  EXPECT_EQ(d.session().pathQuestion()->request.name, "03-asking-answering-notes.pdf");
  const std::string path = d.folder() + "/paper.pdf";
  d.session().answerPath(path);
  d.settle();
  EXPECT_FALSE(d.session().problem());
  EXPECT_NE(d.session().notice().find("paper.pdf"), std::string::npos) << d.session().notice();
}

TEST(LessonMenu, LeavesTheLessonFromItsCard) {
  Driver d;
  const std::string before = d.document();
  openLesson(d, "03-asking-answering", 2);
  press(d, "lesson.menu");
  press(d, "lesson.menu/lesson.leave");
  EXPECT_FALSE(d.session().lessons().isOpen());
  EXPECT_EQ(d.document(), before);
}

TEST(LessonMenu, HasAGroupInTheMenu) {
  Driver d;
  openLesson(d, "03-asking-answering", 2);
  press(d, "menu");
  for (const char* id : {"lesson.next", "lesson.back", "lesson.explore", "lesson.handout", "lesson.notes",
                         "lesson.sheet", "lesson.leave", "lesson.file"})
    EXPECT_TRUE(d.has(std::string("menu/") + id)) << id;
  EXPECT_FALSE(d.has("menu/lesson.open.03-asking-answering")) << "the tab lists them";
  press(d, "menu/lesson.next");
  EXPECT_EQ(d.session().lessons().at(), 3u);
}

TEST(LessonDeck, PageDownWalksTheStepsAndThenTheFiles) {
  Driver d;
  std::string_view text;
  for (const LessonFile& file : lessonFiles()) {
    if (file.id == "03-asking-answering") text = file.text;
  }
  const char* kOne = R"({"type": "headlight/experiment", "version": 1})";
  d.session().openFiles({d.write("one.headlight.json", kOne), d.write("ask.lesson.json", text),
                         d.write("two.headlight.json", kOne)});
  d.settle();
  d.session().selectStage(Stage::headOutput);
  run(d, "view.present");
  d.key(kKeyPageDown);
  d.settle();
  LessonDesk& desk = d.session().lessons();
  ASSERT_TRUE(desk.isOpen());
  EXPECT_EQ(desk.at(), 0u);
  EXPECT_TRUE(d.drawn().shows("step 1 of "));
  for (int presses = 0; presses < 60 && d.session().deckAt() == 1; ++presses) {
    d.key(kKeyPageDown);
    d.settle();
  }
  EXPECT_EQ(d.session().documentName(), "two");
  EXPECT_FALSE(desk.isOpen());
  EXPECT_EQ(d.session().view().stage, Stage::q) << "a document begins at its first step";
  d.key(kKeyPageUp);
  d.settle();
  ASSERT_TRUE(desk.isOpen());
  EXPECT_EQ(desk.at() + 1, desk.lesson().steps.size()) << "and a lesson is come back to at its last";
  for (int presses = 0; presses < 60 && d.session().deckAt() == 1; ++presses) {
    d.key(kKeyPageUp);
    d.settle();
  }
  EXPECT_EQ(d.session().documentName(), "one");
  EXPECT_EQ(d.session().view().stage, Stage::headOutput);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.has("tokens.text")) << "an experiment is shown in Explore";
}

TEST(PresentLesson, ShowsThePlaneAndItsQueryIsDragged) {
  Driver d;
  openLesson(d, "01-weighted-average", 2);
  run(d, "view.present");
  ASSERT_TRUE(d.has("lesson.plane"));
  EXPECT_FALSE(d.has("lesson.query.0")) << "no fields on a slide";
  EXPECT_FALSE(d.drawn().shows("drag the query, or arrow keys"));
  const std::string before = d.document();
  d.drag("lesson.plane", 0.6f, 0.8f);
  d.settle();
  EXPECT_NE(d.document(), before);
  d.key(kKeyRight);
  d.settle();
  EXPECT_GT(d.session().lessons().at() + static_cast<std::size_t>(d.session().lessons().atEnd()), 1u);
}

TEST(PresentLesson, AQuestionAboutThePlaneShowsItAfterTheAnswer) {
  Driver d;
  LessonDesk& desk = openLesson(d, "01-weighted-average", 1);
  run(d, "view.present");
  EXPECT_FALSE(d.has("lesson.plane"));
  d.key(kKeyPageDown);
  d.key(kKeyPageDown);
  d.settle();
  EXPECT_EQ(desk.at(), 1u);
  EXPECT_TRUE(d.has("lesson.plane"));
}

TEST(ShareKey, PastesACodeWhereNoFieldIsTypedIn) {
  Driver d;
  Experiment coded;
  coded.shape.dK = 12;
  d.clipboard().held = *scenarioCode(coded);
  d.key(kKeyV, kCtrl);
  d.settle();
  EXPECT_EQ(d.experiment(), coded);
}

TEST(ShareKey, ACodeIsOpenedFromThePathFieldAndFromHome) {
  Experiment coded;
  coded.shape.dK = 12;
  const std::string code = *scenarioCode(coded);
  {
    Driver d;
    run(d, "document.open");
    d.enter("path/field", code);
    d.settle();
    EXPECT_EQ(d.experiment(), coded);
  }
  {
    Driver d;
    run(d, "home");
    d.enter("home/sentence", code);
    d.settle();
    EXPECT_EQ(d.experiment(), coded);
    EXPECT_FALSE(d.has("home/sentence"));
  }
}

}  // namespace
}  // namespace headlight::test
