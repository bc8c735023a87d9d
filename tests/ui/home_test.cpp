#include "app/panels/home.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "app/session/home_desk.h"
#include "app/session/lesson_desk.h"
#include "core/experiment/examples.h"
#include "core/experiment/json.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

constexpr const char* kOpening = "home/example.who-is-meant";

TEST(Home, OpensByItsKeyAndTheMarkAndCloses) {
  Driver d;
  EXPECT_FALSE(d.has(kOpening));
  const std::string before = d.reading();
  d.key(kKeyHome, kAlt);
  d.settle();
  EXPECT_TRUE(d.has(kOpening));
  EXPECT_FALSE(d.has("strip"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_EQ(d.reading(), before);
  press(d, "home");
  EXPECT_TRUE(d.has(kOpening));
  press(d, "home");
  EXPECT_EQ(d.reading(), before);
}

TEST(Home, EveryExampleOpens) {
  for (const std::string& name : exampleNames()) {
    SCOPED_TRACE(name);
    Driver d;
    run(d, "home");
    const std::string id = "home/example." + name;
    d.reveal(id);
    d.click(id);
    d.settle();
    EXPECT_EQ(d.session().documentName(), name);
    EXPECT_FALSE(d.has(id));
    EXPECT_TRUE(d.has("stage"));
  }
}

TEST(Home, DigitsOpenTheExamplesAndPickNoHead) {
  Driver d;
  const int head = d.session().view().head;
  run(d, "home");
  d.key('0');
  d.settle();
  EXPECT_TRUE(d.has(kOpening));
  EXPECT_EQ(d.session().view().head, head);
  d.key('2');
  d.settle();
  EXPECT_EQ(d.session().documentName(), exampleNames().at(1));
  EXPECT_FALSE(d.has(kOpening));
}

TEST(Home, IsWalkedByKeyboardAlone) {
  Driver d;
  d.key(kKeyHome, kAlt);
  d.settle();
  std::vector<std::string> walked;
  for (int i = 0; i < 60 && d.window().focused() != "home/example.translation"; ++i) {
    d.key(i % 2 == 0 && !d.typing() ? kKeyDown : kKeyTab);
    d.settle();
    walked.push_back(d.window().focused());
  }
  ASSERT_EQ(d.window().focused(), "home/example.translation") << testing::PrintToString(walked);
  d.key(kKeyLeft);
  d.settle();
  EXPECT_NE(d.window().focused(), "home/example.translation");
  d.key(kKeyRight);
  d.settle();
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.session().documentName(), "translation");
}

TEST(Home, ASentenceBecomesADocument) {
  Driver d;
  run(d, "home");
  d.click("home/sentence");
  d.type("Light falls");
  d.settle();
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.value("tokens.text"), "\"Light falls\"");
  EXPECT_FALSE(d.has("home/sentence"));
  EXPECT_EQ(d.session().evaluation()->run->sizes.queries, 2);
}

TEST(Home, HoldsBackWhatIsUnsaved) {
  Driver d;
  d.session().change("shape.heads", Value(4), Phase::done);
  d.settle();
  const std::string before = d.document();
  run(d, "home");
  press(d, "home/example.padded");
  EXPECT_TRUE(d.has(kOpening));
  EXPECT_EQ(d.document(), before);
  EXPECT_TRUE(d.drawn().shows("unsaved changes")) << "the status line says why";
  press(d, "home/example.padded");
  EXPECT_EQ(d.session().documentName(), "padded");
}

TEST(Home, FilesThatAreGoneSaySo) {
  Driver d;
  scene("home with recent files").set(d);
  ASSERT_TRUE(d.has("home/recent.1"));
  EXPECT_FALSE(d.drawn().find("home/recent.1")->enabled);
  EXPECT_TRUE(d.drawn().shows("missing"));
  d.reveal("home/recent.0");
  press(d, "home/recent.0");
  EXPECT_EQ(d.session().documentName(), "a document with a name that is long");
  EXPECT_FALSE(d.has("home/recent.0"));
}

TEST(Home, CloseLeadsThere) {
  Driver d;
  d.openExample("padded");
  d.key('W', kCtrl);
  d.settle();
  EXPECT_TRUE(d.has(kOpening));
  EXPECT_NE(d.session().documentName(), "padded");
}

TEST(Home, WhatShowsSomethingElseLeavesIt) {
  for (const char* id : {"tab.heads", "view.lines", "stage.q", "head.3", "view.present", "edit.history"}) {
    Driver d;
    run(d, "home");
    if (!d.window().run(id)) continue;
    d.settle();
    EXPECT_FALSE(d.has(kOpening)) << id;
  }
  for (const char* id : {"view.theme", "palette", "settings.open"}) {
    Driver d;
    run(d, "home");
    run(d, id);
    EXPECT_TRUE(d.has(kOpening)) << id;
  }
}

TEST(Home, LessonsOpenInTheirTab) {
  Driver d;
  run(d, "home");
  d.reveal("home/lesson.06-no-peeking");
  press(d, "home/lesson.06-no-peeking");
  ASSERT_NE(d.session().lessonsIfAny(), nullptr);
  ASSERT_TRUE(d.session().lessonsIfAny()->isOpen());
  EXPECT_EQ(d.session().lessonsIfAny()->lesson().id, "06-no-peeking");
  EXPECT_FALSE(d.has(kOpening));
}

TEST(Home, AProblemIsToldAndLeadsBack) {
  Driver d;
  run(d, "home");
  d.session().openFile("/nowhere/at-all.json");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("was not opened"));
  EXPECT_FALSE(d.has(kOpening));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.has(kOpening));
}

TEST(Home, ShowsTheNumbersOfEveryMap) {
  Driver d(1280, 2400);
  run(d, "home");
  for (const HomeCard& card : d.session().homeDesk().cards()) {
    EXPECT_TRUE(card.map) << card.name;
    if (card.kind == HomeCard::Kind::example) {
      EXPECT_TRUE(d.drawn().shows(card.facts)) << card.facts;
      EXPECT_TRUE(d.drawn().shows(card.origin.substr(0, 12))) << card.origin;
    }
  }
}

}  // namespace
}  // namespace headlight::test
