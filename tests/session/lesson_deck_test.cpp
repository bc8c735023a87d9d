#include <algorithm>

#include "app/session/lesson_desk.h"
#include "core/experiment/scenario_code.h"
#include "tests/session/session_fixture.h"

namespace headlight::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A deck of an experiment, a lesson and another experiment.
class LessonDeck : public SessionTest {
 protected:
  void make(const std::string& name, int dK) const {
    Experiment experiment;
    experiment.title = name;
    experiment.shape.dK = dK;
    write(name + ".headlight.json", toText(experiment));
  }
  void makeLesson(const std::string& id) const {
    const auto& files = lessonFiles();
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const LessonFile& file) { return file.id == id; });
    ASSERT_NE(found, files.end());
    write(id + ".lesson.json", std::string(found->text));
  }
  void openDeck() {
    make("a", 8);
    make("c", 20);
    makeLesson("03-asking-answering");
    open();
    session->openFiles({inHome("a.headlight.json"), lesson(), inHome("c.headlight.json")});
    session->settle();
  }
  std::string lesson() const { return inHome("03-asking-answering.lesson.json"); }
  void step(int by) {
    session->stepDeck(by);
    session->settle();
  }
};

TEST_F(LessonDeck, MixesExperimentsAndLessons) {
  openDeck();
  EXPECT_EQ(session->documentName(), "a");
  step(1);
  ASSERT_FALSE(session->problem()) << session->problem()->error.text();
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_THAT(session->deck(),
              ElementsAre("a.headlight.json", "03-asking-answering.lesson.json", "c.headlight.json"));
  EXPECT_EQ(session->deckAt(), 1);
  EXPECT_THAT(session->notice(), HasSubstr("2 of 3"));
  step(1);
  EXPECT_EQ(session->documentName(), "c");
  EXPECT_FALSE(session->lessons().isOpen());
}

TEST_F(LessonDeck, ALessonIsFoundAgainWhereItWasLeft) {
  openDeck();
  step(1);
  session->goToLessonStep(2);
  session->change("shape.heads", Value(2), Phase::done);
  session->settle();
  const std::string tried = toText(session->experiment());
  const std::vector<std::string> steps = session->steps();
  step(1);
  step(-1);
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_EQ(session->lessons().at(), 2u);
  EXPECT_EQ(toText(session->experiment()), tried);
  EXPECT_EQ(session->steps(), steps);
  EXPECT_FALSE(session->unsaved()) << "what is tried in a lesson is no work to be saved";
  step(-1);
  EXPECT_EQ(session->documentName(), "a");
  EXPECT_FALSE(session->lessons().isOpen());
}

TEST_F(LessonDeck, LeavingItShowsAnotherFile) {
  openDeck();
  step(1);
  session->leaveLesson();
  session->settle();
  EXPECT_EQ(session->documentName(), "c");
  EXPECT_EQ(session->deckAt(), 2);

  session->openFiles({inHome("a.headlight.json"), lesson()});
  session->settle();
  step(1);
  ASSERT_TRUE(session->lessons().isOpen());
  session->leaveLesson();
  session->settle();
  EXPECT_EQ(session->documentName(), "a") << "the last file of a deck has none behind it";
}

TEST_F(LessonDeck, BeginsWithALesson) {
  makeLesson("03-asking-answering");
  make("c", 20);
  session = std::make_unique<Session>(seams());
  session->openFiles({lesson(), inHome("c.headlight.json")});
  session->settle();
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_EQ(session->deck().size(), 2u);
  EXPECT_EQ(session->deckAt(), 0);
  step(1);
  EXPECT_EQ(session->documentName(), "c");
}

TEST_F(LessonDeck, AnotherLessonGivesTheOneOfTheDeckBack) {
  openDeck();
  step(1);
  session->goToLessonStep(3);
  session->openLesson("05-why-divide");
  session->settle();
  EXPECT_EQ(session->lessons().lesson().id, "05-why-divide");
  EXPECT_TRUE(session->deck().empty()) << "the deck waits";
  session->leaveLesson();
  session->settle();
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_EQ(session->lessons().at(), 3u);
  EXPECT_EQ(session->deckAt(), 1);
  step(1);
  EXPECT_EQ(session->documentName(), "c");
}

TEST_F(LessonDeck, ChangesOfTheOthersAreStillAskedAbout) {
  openDeck();
  session->change("shape.d_k", 16, Phase::done);
  step(1);
  EXPECT_FALSE(session->mayLeave("document.quit"));
  EXPECT_THAT(session->notice(), HasSubstr("unsaved"));
  step(-1);
  EXPECT_EQ(integer("shape.d_k"), 16);
}

TEST_F(LessonDeck, IsThereAgainAtTheNextStart) {
  openDeck();
  step(1);
  session.reset();
  open();
  ASSERT_TRUE(session->lessons().isOpen());
  EXPECT_EQ(session->deckAt(), 1);
  step(1);
  EXPECT_EQ(session->documentName(), "c");
}

TEST_F(LessonDeck, AFaultyLessonKeepsItsPlace) {
  make("a", 8);
  make("c", 20);
  write("bad.lesson.json", R"({"type": "headlight/lesson", "version": 1, "title": "t"})");
  open();
  session->openFiles({inHome("a.headlight.json"), inHome("bad.lesson.json"), inHome("c.headlight.json")});
  session->settle();
  step(1);
  ASSERT_TRUE(session->problem());
  EXPECT_THAT(session->problem()->title, HasSubstr("bad.lesson.json"));
  EXPECT_EQ(session->documentName(), "a");
  step(1);
  EXPECT_EQ(session->documentName(), "c");
}

TEST_F(LessonDeck, HoldsScenarioCodesToo) {
  make("a", 8);
  Experiment coded;
  coded.shape.dK = 12;
  open();
  session->openFiles({inHome("a.headlight.json"), *scenarioCode(coded)});
  session->settle();
  EXPECT_THAT(session->deck(), ElementsAre("a.headlight.json", "Scenario code"));
  step(1);
  EXPECT_EQ(session->experiment(), coded);
}

TEST_F(LessonDeck, ACodeIsOpenedInThePlaceOfAFile) {
  Experiment coded;
  coded.shape.dK = 12;
  session = std::make_unique<Session>(seams());
  session->openFiles({*scenarioCode(coded)});
  session->settle();
  EXPECT_EQ(session->experiment(), coded);
  EXPECT_EQ(session->documentName(), "from a code");
  EXPECT_TRUE(session->settings().recentFiles.empty()) << "a code is no file";
  session->openFile("headlight:1:eJyrrgUAAXUA-Q.00000000");
  session->settle();
  ASSERT_TRUE(session->problem());
  EXPECT_EQ(session->problem()->title, "Scenario code was not opened");
  EXPECT_EQ(session->experiment(), coded);
}

class LessonPaperTest : public SessionTest {};

TEST_F(LessonPaperTest, AHandoutIsMadeOnTheWorkerOfALessonThatIsNotOpen) {
  open();
  session->askHandout("03-asking-answering");
  ASSERT_EQ(dialogs.asked.size(), 1u);
  EXPECT_TRUE(dialogs.asked[0].save);
  EXPECT_EQ(dialogs.asked[0].name, "03-asking-answering-handout.pdf");
  dialogs.answers[0](inHome("for-the-room"));
  session->settle();
  ASSERT_FALSE(session->problem()) << session->problem()->error.text();
  EXPECT_THAT(read("for-the-room.pdf"), StartsWith("%PDF"));
  EXPECT_THAT(session->notice(), HasSubstr("Saved " + inHome("for-the-room.pdf")));
}

TEST_F(LessonPaperTest, TheNotesOfTheOpenLessonOutliveIt) {
  open();
  session->openLesson("03-asking-answering");
  session->settle();
  session->askLessonNotes();
  ASSERT_EQ(dialogs.asked.size(), 1u);
  EXPECT_EQ(dialogs.asked[0].name, "03-asking-answering-notes.pdf");
  session->leaveLesson();
  dialogs.answers[0](inHome("notes.pdf"));
  session->settle();
  EXPECT_THAT(read("notes.pdf"), StartsWith("%PDF"));
}

TEST_F(LessonPaperTest, WithoutALessonNothingIsAskedAndAFileThatIsThereStays) {
  open();
  session->askHandout();
  EXPECT_TRUE(dialogs.asked.empty());
  dialogs.isAvailable = false;
  write("mine.pdf", "mine");
  session->askHandout("03-asking-answering");
  ASSERT_TRUE(session->pathQuestion());
  session->answerPath(inHome("mine.pdf"));
  session->settle();
  ASSERT_TRUE(session->problem());
  EXPECT_EQ(session->problem()->title, "mine.pdf was not saved");
  EXPECT_EQ(read("mine.pdf"), "mine");
}

TEST_F(LessonPaperTest, OfAnUnknownLessonIsRefused) {
  open();
  session->askHandout("99-nothing");
  ASSERT_EQ(dialogs.answers.size(), 1u);
  dialogs.answers[0](inHome("x.pdf"));
  session->settle();
  EXPECT_TRUE(session->problem());
}

}  // namespace
}  // namespace headlight::test
