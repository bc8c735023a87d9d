#include "app/panels/present_tools.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/panels/present.h"
#include "app/session/lesson_desk.h"
#include "core/lesson/lesson.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

constexpr int kF5 = 294;

void present(Driver& d) {
  d.session().pin(Cell{7, 1});
  d.key(kF5);
  d.settle();
}

/// Upright rectangles of one colour in the last frame, column by column from the top.
std::vector<Box> filled(ImU32 colour) {
  std::vector<Box> found;
  const ImDrawData* data = ImGui::GetDrawData();
  for (int l = 0; l < data->CmdListsCount; ++l) {
    const ImDrawList& list = *data->CmdLists[l];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      for (unsigned int i = 0; i + 5 < command.ElemCount; i += 3) {
        const auto vertex = [&](unsigned int k) -> const ImDrawVert& {
          const auto index = list.IdxBuffer[static_cast<int>(command.IdxOffset + i + k)];
          return list.VtxBuffer[static_cast<int>(command.VtxOffset + index)];
        };
        const ImDrawVert& a = vertex(0);
        const ImDrawVert& c = vertex(2);
        const bool pair = vertex(3).pos.x == a.pos.x && vertex(3).pos.y == a.pos.y &&
                          vertex(4).pos.x == c.pos.x && vertex(4).pos.y == c.pos.y;
        if (pair && a.col == colour && c.col == colour && a.uv.x == c.uv.x && a.uv.y == c.uv.y)
          found.push_back({a.pos.x, a.pos.y, c.pos.x, c.pos.y});
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Box& a, const Box& b) { return a.x0 == b.x0 ? a.y0 < b.y0 : a.x0 < b.x0; });
  return found;
}

TEST(Spotlight, IsLitFollowsThePointerAndGoesOut) {
  Driver d;
  present(d);
  d.moveTo(900, 300);
  d.settle();
  const std::uint64_t before = d.picture();
  const auto words = d.drawn().words().size();
  d.key('L');
  d.settle();
  const std::uint64_t lit = d.picture();
  EXPECT_NE(lit, before);
  EXPECT_EQ(d.drawn().words().size(), words) << "everything is still there";
  d.moveTo(400, 400);
  d.settle();
  EXPECT_NE(d.picture(), lit);
  d.moveTo(900, 300);
  d.settle();
  EXPECT_EQ(d.picture(), lit);
  d.wheelAt(900, 300, 2);
  d.settle();
  EXPECT_NE(d.picture(), lit) << "the wheel changes its size";
  d.key('L', kShift);
  d.key('L');
  d.settle();
  EXPECT_EQ(d.picture(), before);
}

TEST(Spotlight, FollowsThePinnedCellOfTheKeyboard) {
  Driver d;
  present(d);
  d.moveTo(900, 300);
  d.key('L');
  d.settle();
  const std::uint64_t atPointer = d.picture();
  d.key(kKeyUp);
  d.settle();
  d.key(kKeyDown);
  d.settle();
  EXPECT_NE(d.picture(), atPointer) << "it stands at the pin now";
}

TEST(Spotlight, ItsSizesGoRound) {
  Spotlight spot;
  const float first = spot.radius;
  std::vector<float> sizes;
  for (int i = 0; i < 4; ++i) {
    nextSpotlightSize(spot);
    sizes.push_back(spot.radius);
  }
  EXPECT_EQ(sizes.back(), first);
  EXPECT_GE(*std::min_element(sizes.begin(), sizes.end()), kSmallestSpot);
  EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), kLargestSpot);
}

void count(Driver& d) {
  d.key('N');
  for (const char* number : {"6", "24", "3"}) {
    for (const char* digit = number; *digit != 0; ++digit) d.key(*digit);
    d.key(kKeyTab);
  }
  d.key('9');
  d.key(kKeyBackspace);
  d.settle();
}

TEST(Hands, TheirBarsAreAsLongAsTheNumbers) {
  Driver d;
  present(d);
  count(d);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("show of hands, 33 in all"));
  for (const char* words : {"A", "B", "C", "D", "24"}) EXPECT_TRUE(d.drawn().shows(words)) << words;
  EXPECT_FALSE(d.has("hands.A")) << "the numbers are closed";
  std::vector<float> widths;
  for (const Box& box : filled(tokens(Theme::projectorDark).t2)) {
    if (box.height() > 8 && box.x0 > 640) widths.push_back(box.width());
  }
  ASSERT_GE(widths.size(), 3u);
  EXPECT_NEAR(widths[0] / widths[1], 6.0 / 24, 0.01);
  EXPECT_NEAR(widths[2] / widths[1], 3.0 / 24, 0.01);
}

TEST(Hands, LastAsLongAsTheDocument) {
  Driver d;
  const char* text = R"({"type": "headlight/experiment", "version": 1})";
  d.session().openFiles({d.write("one.headlight.json", text), d.write("two.headlight.json", text)});
  d.settle();
  d.session().selectStage(Stage::v);
  d.key(kF5);
  d.settle();
  count(d);
  d.key(kKeyPageDown);
  d.settle();
  EXPECT_EQ(d.session().view().stage, Stage::headOutput) << "a step ends the counting";
  EXPECT_FALSE(d.has("hands.A"));
  EXPECT_TRUE(d.drawn().shows("show of hands"));
  d.key(kKeyPageDown);
  d.settle();
  d.settle();
  ASSERT_EQ(d.session().documentName(), "two");
  EXPECT_FALSE(d.drawn().shows("show of hands"));
}

TEST(Hands, DeleteForgetsThemAndEscapeKeepsThem) {
  Driver d;
  present(d);
  count(d);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("33 in all"));
  EXPECT_FALSE(d.has("menu")) << "still presenting";
  d.key('N');
  d.key(kKeyDelete);
  d.key('N');
  d.settle();
  EXPECT_FALSE(d.drawn().shows("show of hands"));
}

TEST(Hands, NumbersAreChosenByThePointerToo) {
  Driver d;
  present(d);
  d.key('N');
  d.settle();
  d.click("hands.C");
  d.key('8');
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("8 in all"));
}

TEST(Clock, CountsTheStepAndBeginsAnew) {
  Driver d;
  present(d);
  EXPECT_FALSE(d.drawn().shows("on this step"));
  d.key('W');
  d.settle();
  EXPECT_TRUE(d.drawn().shows("on this step"));
  d.pass(65);
  d.frames();
  EXPECT_TRUE(d.drawn().shows("1:05") || d.drawn().shows("1:06"));
  d.key(kKeyPageDown);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("0:00") || d.drawn().shows("0:01"));
  d.key('W');
  d.settle();
  EXPECT_FALSE(d.drawn().shows("on this step"));
  EXPECT_EQ(clockText(0), "0:00");
  EXPECT_EQ(clockText(59.99), "0:59");
  EXPECT_EQ(clockText(3725), "62:05");
}

TEST(PresentKeys, ClickersBlankWithAPeriod) {
  Driver d;
  present(d);
  d.key('.');
  d.settle();
  EXPECT_TRUE(d.drawn().words().empty());
  d.key('.');
  d.settle();
  EXPECT_FALSE(d.drawn().words().empty());
}

/// Lessons with every kind of step, led by one key.
TEST(PresentLesson, GoesFromStartToEndByPageDownAlone) {
  for (const char* id : {"06-no-peeking", "03-asking-answering"}) {
    SCOPED_TRACE(id);
    Driver d;
    d.session().openLesson(id);
    d.settle();
    ASSERT_TRUE(d.session().lessonsIfAny() != nullptr && d.session().lessonsIfAny()->isOpen());
    run(d, "tab.lessons");
    d.key(kF5);
    d.settle();
    LessonDesk& desk = d.session().lessons();
    const Lesson lesson = desk.lesson();
    for (const char* gone : {"menu", "palette", "tab.explore"}) EXPECT_FALSE(d.has(gone)) << gone;
    std::size_t asked = 0;
    int presses = 0;
    std::size_t seen = lesson.steps.size();
    while (!desk.atEnd() && presses < 100) {
      const LessonStep& step = lesson.steps[desk.at()];
      EXPECT_TRUE(d.drawn().shows("step " + std::to_string(desk.at() + 1) + " of "));
      if (desk.at() != seen) {
        seen = desk.at();
        for (std::size_t i = 0; i < step.ask.options.size(); ++i)
          EXPECT_TRUE(d.drawn().shows(std::string(1, static_cast<char>('A' + static_cast<int>(i)))));
        asked += step.ask.text.empty() ? 0 : 1;
      }
      EXPECT_FALSE(!lesson.notes.empty() && d.drawn().shows(lesson.notes.substr(0, 24)))
          << "notes are for the lecturer";
      d.key(kKeyPageDown);
      d.settle();
      ++presses;
    }
    EXPECT_TRUE(desk.atEnd());
    EXPECT_GT(asked, 0u);
    EXPECT_GT(presses, static_cast<int>(lesson.steps.size())) << "answers take a press of their own";
    d.key(kKeyPageUp);
    d.settle();
    EXPECT_EQ(desk.at() + 1, lesson.steps.size());
    d.key(kKeyEscape);
    d.settle();
    EXPECT_TRUE(d.has("menu"));
  }
}

TEST(PresentLesson, TheAnswerIsNotThereBeforeItIsAsked) {
  Driver d;
  d.session().openLesson("06-no-peeking");
  d.settle();
  run(d, "tab.lessons");
  LessonDesk& desk = d.session().lessons();
  std::size_t at = 0;
  while (at < desk.lesson().steps.size() && desk.lesson().steps[at].ask.options.empty()) ++at;
  ASSERT_LT(at, desk.lesson().steps.size());
  d.session().goToLessonStep(at);
  d.key(kF5);
  d.settle();
  const auto measured = desk.measured(at);
  ASSERT_TRUE(measured);
  ASSERT_TRUE(measured->right);
  const std::string last = measured->reveal.substr(measured->reveal.rfind(' ') + 1);
  EXPECT_FALSE(d.drawn().shows(last)) << last;
  const std::uint64_t open = d.picture();
  d.key('N');
  d.key('5');
  d.key(kKeyEscape);
  d.key(kKeyPageDown);
  d.settle();
  EXPECT_NE(d.picture(), open);
  EXPECT_TRUE(d.drawn().shows(last)) << last;
  EXPECT_TRUE(d.drawn().shows("5")) << "what was counted stays beside the answer";
  EXPECT_EQ(desk.sheet().find(desk.lesson().steps[at].id), nullptr) << "nobody's answer is recorded";
  d.key(kKeyRight);
  d.settle();
  EXPECT_EQ(desk.at(), at + 1) << "clickers that send arrows";
}

}  // namespace
}  // namespace headlight::test
