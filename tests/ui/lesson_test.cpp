#include <algorithm>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/panels/lesson_parts.h"
#include "app/widgets/keys.h"
#include "core/base/thread_pool.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"
#include "core/lesson/lesson_file.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

ThreadPool& pool() {
  static ThreadPool shared(2);
  return shared;
}

/// By measuring, not by what the window says.
std::size_t rightOf(const LessonDesk& desk) {
  Bench bench = desk.lesson().bench("", pool());
  const auto right = rightOption(desk.step().ask, bench, &desk.opened().starts[desk.at()]);
  EXPECT_TRUE(right) << desk.step().id;
  return right ? *right : 0;
}

void choose(Driver& d, std::size_t option) {
  d.key(kKey0 + 1 + static_cast<int>(option));
  d.key(kKeyEnter);
  d.settle();
}

void make(Driver& d, const std::vector<Member>& changes) {
  const auto made = set(d.experiment(), changes);
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_TRUE(d.session().apply(*made, "try"));
  d.settle();
}

bool asks(const LessonStep& step) {
  return step.kind == LessonStep::Kind::predict || step.kind == LessonStep::Kind::explain;
}

/// How many corners of the last frame have this colour.
std::size_t corners(ImU32 colour) {
  std::size_t count = 0;
  const ImDrawData* data = ImGui::GetDrawData();
  for (int l = 0; l < data->CmdListsCount; ++l) {
    for (const ImDrawVert& corner : data->CmdLists[l]->VtxBuffer) {
      if ((corner.col | IM_COL32_A_MASK) == (colour | IM_COL32_A_MASK)) ++count;
    }
  }
  return count;
}

class LessonWalk : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Ui, LessonWalk, testing::ValuesIn([] {
                           std::vector<std::string> ids;
                           for (const LessonFile& file : lessonFiles()) ids.push_back(file.id);
                           for (const LessonFile& file : sceneFiles()) ids.push_back(file.id);
                           return ids;
                         }()),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return "of_" + name;
                         });

/// With the keyboard alone; what a try asks for is made by the lesson's own right changes.
TEST_P(LessonWalk, ByKeyboardToItsEnd) {
  Driver d;
  LessonDesk& desk = openLesson(d, GetParam());
  EXPECT_TRUE(d.drawn().shows(desk.placeWords()));
  std::size_t steps = 0;
  while (!desk.atEnd() && steps++ < 64) {
    SCOPED_TRACE(desk.step().id);
    const std::size_t at = desk.at();
    EXPECT_TRUE(d.has("lesson.back"));
    EXPECT_FALSE(d.drawn().shows("Not measured"));
    EXPECT_FALSE(d.drawn().shows("{"));
    if (asks(desk.step())) {
      d.key(kKeyPageDown);
      EXPECT_EQ(desk.at(), at) << "the question comes first";
      EXPECT_FALSE(d.drawn().shows("What happened"));
      const std::size_t right = rightOf(desk);
      choose(d, right);
      ASSERT_NE(desk.sheet().find(desk.step().id), nullptr);
      EXPECT_EQ(desk.sheet().find(desk.step().id)->option, right);
      EXPECT_TRUE(d.drawn().shows("measured"));
    } else if (desk.step().kind == LessonStep::Kind::attempt) {
      EXPECT_FALSE(desk.isDone(at));
      make(d, desk.step().right.front());
      EXPECT_TRUE(desk.isDone(at));
      EXPECT_TRUE(d.drawn().shows("check passed: "));
    }
    if (!desk.step().reveal.empty() && desk.step().kind != LessonStep::Kind::see) {
      EXPECT_TRUE(d.drawn().shows("What happened"));
    }
    d.key(kKeyPageDown);
    d.settle();
    ASSERT_EQ(desk.at(), at + 1);
  }
  ASSERT_TRUE(desk.score());
  EXPECT_EQ(desk.score()->first, desk.score()->second);
  EXPECT_EQ(desk.sheet().done.size(), desk.lesson().steps.size());
}

class LessonFailed : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Ui, LessonFailed, testing::Values("05-why-divide", "06-no-peeking"),
                         [](const auto& one) { return "of_" + one.param.substr(0, 2); });

/// Each wrong answer of each question: nothing is red, what was measured is marked, what was said stays.
TEST_P(LessonFailed, WithEachWrongAnswer) {
  Driver d;
  LessonDesk& desk = openLesson(d, GetParam());
  const Tokens& c = tokens(d.session().theme());
  std::size_t failed = 0;
  for (std::size_t n = 0; n < desk.lesson().steps.size(); ++n) {
    if (!asks(desk.lesson().steps[n])) continue;
    const std::size_t count = desk.lesson().steps[n].ask.options.size();
    for (std::size_t wrong = 0; wrong < count; ++wrong) {
      d.session().startLessonOver();
      d.session().goToLessonStep(n);
      d.settle();
      SCOPED_TRACE(desk.step().id + ", option " + std::to_string(wrong));
      const std::size_t right = rightOf(desk);
      if (wrong == right) continue;
      const std::size_t before = corners(c.err) + corners(c.errbg);
      choose(d, wrong);
      ++failed;
      EXPECT_EQ(corners(c.err) + corners(c.errbg), before);
      EXPECT_TRUE(d.drawn().shows("measured"));
      EXPECT_TRUE(
          d.drawn().shows(desk.step().kind == LessonStep::Kind::predict ? "your prediction" : "your answer"));
      // A second answer is refused, by key and by hand.
      choose(d, right);
      EXPECT_FALSE(d.has("lesson.option." + std::to_string(right)));
      EXPECT_FALSE(desk.answer(right, std::nullopt));
      EXPECT_EQ(desk.sheet().find(desk.step().id)->option, wrong);
    }
  }
  EXPECT_GE(failed, 5u);
}

TEST(Lesson, OfAClickIsOpenedAndLeft) {
  Driver d;
  d.session().change("shape.heads", Value(2), Phase::done);
  d.settle();
  const std::string before = d.document();
  const std::string name = d.session().documentName();
  ASSERT_TRUE(d.window().run("tab.lessons"));
  d.settle();
  d.reveal("lesson.open.03-asking-answering");
  d.click("lesson.open.03-asking-answering");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Lesson 3 of 12"));
  EXPECT_NE(d.document(), before);
  d.click("lesson.leave");
  d.settle();
  EXPECT_EQ(d.document(), before);
  EXPECT_EQ(d.session().documentName(), name);
  EXPECT_TRUE(d.session().unsaved());
  EXPECT_EQ(d.session().undoName(), d.session().undoName());
  d.undoAll();
  d.settle();
  EXPECT_NE(d.document(), before);
  EXPECT_TRUE(d.has("lesson.open.03-asking-answering"));
}

TEST(Lesson, TheQueryIsDraggedNudgedAndTyped) {
  Driver d;
  LessonDesk& desk = openLesson(d, "01-weighted-average");
  d.session().goToLessonStep(2);
  d.settle();
  ASSERT_TRUE(d.has("lesson.plane"));
  const std::size_t steps = d.session().stepsDone();
  d.drag("lesson.plane", 0.6f, 0.8f);
  d.settle();
  EXPECT_EQ(d.session().stepsDone(), steps + 1) << "one drag is one step";
  ASSERT_EQ(d.experiment().edits.size(), 2u);
  const double x = d.experiment().edits[0].value;
  d.key(kKeyRight);
  d.settle();
  EXPECT_NEAR(d.experiment().edits[0].value, x + 0.1, 1e-9);
  d.enter("lesson.query.1", "2");
  d.settle();
  d.enter("lesson.query.0", "0");
  d.settle();
  EXPECT_FALSE(desk.isDone(2));
  d.enter("lesson.query.1", "0");
  d.settle();
  EXPECT_TRUE(desk.isDone(2));
  EXPECT_TRUE(d.drawn().shows("0.333"));
}

TEST(Lesson, ThePlaneStandsStillWhileItIsAskedAbout) {
  Driver d;
  openLesson(d, "01-weighted-average");
  d.session().goToLessonStep(1);
  d.settle();
  EXPECT_FALSE(d.has("lesson.plane"));
  choose(d, 1);
  EXPECT_TRUE(d.has("lesson.plane"));
}

/// The controls that the lesson leaves, and no other.
TEST(Lesson, ATryIsDoneWithItsControls) {
  Driver d;
  LessonDesk& desk = openLesson(d, "05-why-divide");
  EXPECT_FALSE(d.has("shape.d_k")) << "while it is asked about";
  d.session().goToLessonStep(4);
  d.settle();
  EXPECT_TRUE(d.has("shape.d_k"));
  EXPECT_FALSE(d.has("shape.heads"));
  EXPECT_FALSE(desk.isDone(4));
  d.click("score.scale=inverse_sqrt_d_k");
  d.settle();
  EXPECT_TRUE(desk.isDone(4));
  EXPECT_TRUE(d.drawn().shows("check passed: "));
}

TEST(Lesson, AFactorGivesWayToTheScaleOfTheFormula) {
  Driver d;
  LessonDesk& desk = openLesson(d, "05-why-divide");
  d.session().goToLessonStep(4);
  d.settle();
  d.click("score.scale=factor");
  d.settle();
  EXPECT_TRUE(d.has("score.scale/factor"));
  EXPECT_FALSE(desk.isDone(4));
  d.click("score.scale=none");
  d.settle();
  EXPECT_FALSE(d.has("score.scale/factor"));
  EXPECT_EQ(d.value("score.scale"), "\"none\"");
}

TEST(Lesson, AMatrixIsTypedInTheTab) {
  Driver d;
  LessonDesk& desk = openLesson(d, "12-build-a-head");
  d.session().goToLessonStep(1);
  d.settle();
  ASSERT_EQ(desk.step().id, "shift");
  d.reveal("lesson.tensor.w_q");
  d.click("lesson.tensor.w_q");
  d.settle();
  EXPECT_TRUE(d.has("lesson.back")) << "the card stays";
  EXPECT_TRUE(d.has("matrix"));
}

TEST(Lesson, ThePredictionLiesOnThePlot) {
  Driver d;
  LessonDesk& desk = openLesson(d, "05-why-divide");
  choose(d, 2);
  d.session().goToLessonStep(3);
  d.settle();
  EXPECT_EQ(desk.step().id, "table");
  EXPECT_TRUE(d.drawn().shows("your prediction 31.9")) << "4 times the spread at d_k = 64";
}

TEST(Lesson, AFileWithErrorsNamesItsSteps) {
  Driver d;
  const std::string path =
      d.write("mine.lesson.json", R"({"type": "headlight/lesson", "version": 1, "title": "t", "goal": "g",
    "start": {"tokens": {"count": 4}},
    "steps": [{"id": "first", "kind": "predict", "say": "s"}, {"id": "second", "kind": "sea", "say": "s"}]})");
  d.session().openFile(path);
  d.settle();
  ASSERT_TRUE(d.session().problem());
  EXPECT_NE(d.session().problem()->error.what.find("first"), std::string::npos);
  EXPECT_NE(d.session().problem()->error.what.find("second"), std::string::npos);
  EXPECT_FALSE(d.session().lessons().isOpen());
}

}  // namespace
}  // namespace headlight::test
