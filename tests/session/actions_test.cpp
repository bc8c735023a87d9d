#include "app/session/actions.h"

#include <set>

#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;
using testing::HasSubstr;

class Actions : public SessionTest {
 protected:
  void run(std::string_view id) {
    const Action* row = action(id);
    ASSERT_NE(row, nullptr) << id;
    EXPECT_TRUE(row->enabled(*session)) << id;
    row->run(*session);
  }
  bool enabled(std::string_view id) const { return action(id)->enabled(*session); }
};

TEST_F(Actions, EachHasItsOwnIdAndKeys) {
  std::set<std::string_view> ids;
  std::set<std::pair<int, int>> chords;
  for (const Action& row : actions()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_TRUE(chords.insert({row.chord.key, row.chord.modifiers}).second) << row.id;
    EXPECT_FALSE(row.label.empty());
    EXPECT_FALSE(row.group.empty());
    EXPECT_FALSE(row.chordText.empty());
    EXPECT_EQ(actionFor(row.chord), &row);
    EXPECT_EQ(action(row.id), &row);
  }
  for (const char* id :
       {"document.new",     "document.open", "document.save", "document.saveAs",  "document.export",
        "document.quit",    "edit.undo",     "edit.redo",     "view.theme",       "view.fit",
        "view.oneToOne",    "view.zoomIn",   "view.zoomOut",  "view.orientation", "go.nextStage",
        "go.previousStage", "head.0",        "head.9",        "pin.release",      "help.keys",
        "copy.explanation"}) {
    EXPECT_NE(action(id), nullptr) << id;
  }
  EXPECT_EQ(action("no.such.action"), nullptr);
  EXPECT_EQ(actionFor({'Y', kCtrl})->id, "edit.redo");
  EXPECT_EQ(actionFor({47, kShift})->id, "help.keys");
  EXPECT_EQ(actionFor({'W', kCtrl | kShift}), nullptr);
}

TEST_F(Actions, UndoAndRedoAreThereWhenThereIsSomething) {
  Session& s = open();
  EXPECT_FALSE(enabled("edit.undo"));
  s.change("shape.d_k", 16, Phase::done);
  s.change("shape.d_k", 24, Phase::done);
  run("edit.undo");
  EXPECT_EQ(integer("shape.d_k"), 16);
  run("edit.redo");
  EXPECT_EQ(integer("shape.d_k"), 24);
  EXPECT_FALSE(enabled("edit.redo"));
}

TEST_F(Actions, ArrowsStepThroughTheStrip) {
  Session& s = open();
  s.selectStage(Stage::weights);
  run("go.nextStage");
  EXPECT_EQ(s.view().stage, Stage::v);
  run("go.previousStage");
  run("go.previousStage");
  EXPECT_EQ(s.view().stage, Stage::masked);
  for (int i = 0; i < 20; ++i) run("go.previousStage");
  EXPECT_EQ(s.view().stage, Stage::input);
  for (int i = 0; i < 20; ++i) run("go.nextStage");
  EXPECT_EQ(s.view().stage, Stage::contribution);
}

TEST_F(Actions, DigitsPickHeadsThatThereAre) {
  Session& s = open();
  run("head.7");
  EXPECT_EQ(s.view().head, 7);
  EXPECT_FALSE(enabled("head.8"));
  EXPECT_EQ(actionFor({'3', kNoModifier})->id, "head.3");
}

TEST_F(Actions, LooksAreHandedToThePanels) {
  Session& s = open();
  EXPECT_EQ(s.takeViewRequest(), std::nullopt);
  run("view.fit");
  EXPECT_EQ(s.takeViewRequest(), ViewRequest::fit);
  EXPECT_EQ(s.takeViewRequest(), std::nullopt);
  run("view.zoomIn");
  run("view.oneToOne");
  EXPECT_EQ(s.takeViewRequest(), ViewRequest::oneToOne);
  run("view.orientation");
  EXPECT_TRUE(s.view().queryColumns);
  run("view.orientation");
  EXPECT_FALSE(s.view().queryColumns);
}

TEST_F(Actions, TheThemeTurnsRoundAndIsKept) {
  Session& s = open();
  EXPECT_EQ(s.theme(), Theme::dark);
  run("view.theme");
  EXPECT_EQ(s.theme(), Theme::light);
  run("view.theme");
  run("view.theme");
  session.reset();
  EXPECT_EQ(open().theme(), Theme::light);
}

TEST_F(Actions, EscapeClosesWhatLiesOnTop) {
  Session& s = open();
  s.pin(Cell{1, 1});
  s.openFile(inHome("missing.json"));
  s.settle();
  dialogs.isAvailable = false;
  s.askOpen();
  run("help.keys");
  EXPECT_TRUE(s.helpOpen());
  run("pin.release");
  EXPECT_FALSE(s.helpOpen());
  EXPECT_TRUE(s.pathQuestion());
  run("pin.release");
  EXPECT_FALSE(s.pathQuestion());
  EXPECT_TRUE(s.problem());
  run("pin.release");
  EXPECT_FALSE(s.problem());
  EXPECT_TRUE(s.pinned());
  run("pin.release");
  EXPECT_FALSE(s.pinned());
}

TEST_F(Actions, EscapeStopsLongWork) {
  Session& s = open();
  std::string text = "a";
  for (int i = 0; i < 4000; ++i) text += " b";
  s.change("tokens.text", text, Phase::done);
  clock = clock + 1.5;
  ASSERT_TRUE(s.busy());
  run("pin.release");
  EXPECT_FALSE(s.busy());
}

TEST_F(Actions, UnsavedChangesAreLeftOnlyOnPurpose) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  run("document.quit");
  EXPECT_FALSE(s.quitRequested());
  EXPECT_THAT(s.notice(), HasSubstr("unsaved"));
  run("document.new");  // another way of leaving is another question
  EXPECT_EQ(s.documentName(), "who-is-meant");
  clock = clock + 6;
  run("document.new");  // too late for a second time
  EXPECT_EQ(s.documentName(), "who-is-meant");
  run("document.new");
  EXPECT_EQ(s.documentName(), "untitled");
  run("document.quit");
  EXPECT_TRUE(s.quitRequested());
}

TEST_F(Actions, FilesAreAskedFor) {
  open();
  run("document.open");
  run("document.save");
  run("document.saveAs");
  run("document.export");
  ASSERT_EQ(dialogs.asked.size(), 4u);
  EXPECT_FALSE(dialogs.asked[0].save);
  EXPECT_TRUE(dialogs.asked[3].save);
}

TEST_F(Actions, TheExplanationIsCopiedAsText) {
  Session& s = open();
  s.pin(std::nullopt);
  EXPECT_FALSE(enabled("copy.explanation"));
  s.pin(Cell{7, 1});
  s.explanation(s.view().stage, s.view().head, {7, 1});
  s.settle();
  run("copy.explanation");
  EXPECT_THAT(clipboard.content, HasSubstr("it"));
  EXPECT_THAT(clipboard.content, HasSubstr("animal"));
  EXPECT_EQ(s.notice(), "Copied");
}

TEST_F(Actions, AnyOrderOfThemLeavesAWorkingWindow) {
  Session& s = open();
  unsigned state = 1;
  for (int i = 0; i < 400; ++i) {
    state = state * 1664525u + 1013904223u;
    const Action& row = actions()[(state >> 8) % actions().size()];
    if (row.id == "document.quit" || !row.enabled(s)) continue;
    row.run(s);
    if (i % 7 == 0) s.change("shape.d_k", static_cast<int>(1 + (state >> 12) % 40), Phase::done);
    if (i % 5 == 0) s.drain();
  }
  s.settle();
  EXPECT_EQ(s.evaluationError(), nullptr);
  EXPECT_TRUE(s.evaluation());
}

TEST_F(Actions, TheDesktopDecidesTheThemeUntilOneIsChosen) {
  SessionSeams light = seams();
  std::optional<bool> dark = false;
  light.desktopDark = [&] { return dark; };
  Session s(light);
  EXPECT_EQ(s.theme(), Theme::light);
  dark = true;
  EXPECT_EQ(s.theme(), Theme::dark);
  s.setTheme("light");
  EXPECT_EQ(s.theme(), Theme::light);
  s.setTheme("pink");
  EXPECT_EQ(s.settings().theme, "light");
}

TEST_F(Actions, SettingsAreWrittenOnceAfterManyChanges) {
  Session& s = open();
  clock = clock + 1;
  s.settle();
  const std::string path = inHome("home/config/settings.conf");
  ASSERT_TRUE(std::filesystem::remove(path));
  for (int i = 0; i < 50; ++i) {
    s.settings().uiScale = 1 + 0.01 * i;
    s.saveSettingsSoon();
    s.drain();
  }
  s.settle();
  EXPECT_FALSE(std::filesystem::exists(path));
  clock = clock + 0.6;
  s.settle();
  EXPECT_THAT(read("home/config/settings.conf"), HasSubstr("ui_scale = 1.49"));
}

}  // namespace
}  // namespace headlight
