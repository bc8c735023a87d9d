#include <filesystem>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/experiment/examples.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void pick(Driver& d, const std::string& id) {
  d.click("menu");
  d.settle();
  d.click("menu/" + id);
  d.settle();
}

TEST(Menus, OpenBeneathTheButtonAndCloseByAClickBeside) {
  Driver d;
  d.click("menu");
  d.settle();
  ASSERT_TRUE(d.has("menu/document.new"));
  EXPECT_GE(d.box("menu/document.new").y0, d.box("menu").y1);
  d.clickAt(1000, 600);
  d.settle();
  EXPECT_FALSE(d.has("menu/document.new"));
  EXPECT_TRUE(d.session().pinned()) << "that click pinned nothing else";
}

TEST(Menus, ExamplesOpen) {
  Driver d;
  for (const std::string& name : exampleNames()) {
    pick(d, "example." + name);
    EXPECT_EQ(d.session().documentName(), name);
    EXPECT_TRUE(d.session().evaluation()) << name;
    EXPECT_FALSE(d.session().unsaved()) << name;
    EXPECT_FALSE(d.session().problem()) << name;
  }
}

TEST(Menus, UnsavedChangesAreAskedForTwice) {
  Driver d;
  d.click("source.seed/resample");
  d.settle();
  ASSERT_TRUE(d.session().unsaved());
  for (const char* id : {"document.new", "example.padded", "document.quit", "document.open"}) {
    pick(d, id);
    EXPECT_EQ(d.value("source.seed"), "8") << id;
    EXPECT_FALSE(d.session().quitRequested());
    EXPECT_FALSE(d.session().pathQuestion()) << id;
    EXPECT_TRUE(d.drawn().shows("has unsaved changes")) << id;
  }
  pick(d, "document.new");
  EXPECT_EQ(d.value("source.seed"), "8") << "another action was asked for meanwhile";
  pick(d, "document.new");
  EXPECT_EQ(d.session().documentName(), "untitled");
}

TEST(Menus, ViewsMakeNoStepAndNoUnsavedDot) {
  Driver d;
  for (const char* id : {"view.orientation", "view.received", "view.strip", "view.rail", "view.rail",
                         "view.inspector", "view.inspector", "go.previousStage", "go.nextStage", "head.mean",
                         "pin.release", "view.oneToOne", "view.zoomIn", "view.fit", "view.theme"}) {
    pick(d, id);
  }
  EXPECT_TRUE(d.session().view().queryColumns);
  EXPECT_EQ(d.session().view().head, kMeanHead);
  EXPECT_FALSE(d.session().canUndo());
  EXPECT_FALSE(d.session().unsaved());
}

TEST(Menus, FoldsAreReversible) {
  Driver d;
  const float stage = d.box("stage").width();
  const struct {
    const char* id;
    const char* control;
  } folds[] = {{"view.rail", "tokens.text"}, {"view.inspector", "copy.explanation"}};
  for (const auto& fold : folds) {
    EXPECT_TRUE(d.has(fold.control));
    pick(d, fold.id);
    EXPECT_FALSE(d.has(fold.control)) << fold.id;
    pick(d, fold.id);
    EXPECT_TRUE(d.has(fold.control)) << fold.id;
  }
  d.key('B', kCtrl);
  d.settle();
  EXPECT_FALSE(d.has("tokens.text"));
  EXPECT_FALSE(d.has("copy.explanation"));
  d.key('B', kCtrl);
  d.settle();
  EXPECT_EQ(d.box("stage").width(), stage);
  d.type("[");
  d.settle();
  EXPECT_FALSE(d.has("tokens.text"));
  d.type("[]");
  d.settle();
  EXPECT_TRUE(d.has("tokens.text"));
  EXPECT_FALSE(d.has("copy.explanation"));
}

TEST(Menus, TheScaleIsKeptWithinItsLimits) {
  Driver d;
  for (int i = 0; i < 40; ++i) d.window().run("view.larger");
  EXPECT_EQ(d.session().settings().uiScale, 3.0);
  for (int i = 0; i < 60; ++i) d.window().run("view.smaller");
  EXPECT_EQ(d.session().settings().uiScale, 0.75);
  pick(d, "view.scale100");
  EXPECT_EQ(d.session().settings().uiScale, 1.0);
}

TEST(Menus, TheThemeIsSwitchedAndKept) {
  Driver d;
  const std::uint64_t dark = d.picture();
  d.key('T', kCtrl);
  d.settle();
  EXPECT_EQ(d.session().theme(), Theme::light);
  EXPECT_NE(d.picture(), dark);
  d.pass(1);
  d.settle();
  EXPECT_EQ(loadSettings(Folders::under(d.folder())).theme, "light");
  pick(d, "view.theme");
  EXPECT_EQ(d.session().theme(), Theme::dark);
}

TEST(Palette, FindsByLettersAndRunsByEnter) {
  Driver d;
  d.key('K', kCtrl);
  d.settle();
  ASSERT_TRUE(d.typing());
  d.type("light dark");
  d.settle();
  ASSERT_TRUE(d.has("palette/view.theme"));
  EXPECT_FALSE(d.has("palette/document.open"));
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.session().theme(), Theme::light);
  EXPECT_FALSE(d.has("palette/field"));
  EXPECT_FALSE(d.typing());
}

TEST(Palette, ArrowsChooseAndScroll) {
  Driver d;
  d.key('K', kCtrl);
  d.settle();
  d.type("head");
  d.settle();
  ASSERT_TRUE(d.has("palette/head.0"));
  for (int i = 0; i < 3; ++i) d.key(kKeyDown);
  d.key(kKeyUp);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.session().view().head, 2);
  d.key('K', kCtrl);
  d.settle();
  for (int i = 0; i < 30; ++i) d.key(kKeyDown);
  EXPECT_FALSE(d.has("palette/document.new")) << "the list did not follow";
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("palette/field"));
}

TEST(Palette, EveryCommandIsFoundByItsLabel) {
  Driver d;
  for (const Action& action : actions()) {
    if (action.id == "edit.redo" || action.id == "edit.undo") continue;
    d.key('K', kCtrl);
    d.settle();
    d.type(action.label);
    d.settle();
    EXPECT_TRUE(d.has("palette/" + std::string(action.id))) << action.label;
    d.key(kKeyEscape);
    d.settle();
  }
}

TEST(Palette, WithNothingFoundEnterDoesNothing) {
  Driver d;
  scene("palette, nothing found").set(d);
  EXPECT_TRUE(d.drawn().shows("No command has these letters"));
  const std::string before = d.document();
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.document(), before);
  EXPECT_TRUE(d.has("palette/field"));
}

TEST(Help, ShowsEveryKeyAndClosesThreeWays) {
  for (const int way : {0, 1, 2}) {
    Driver d;
    d.click("help.keys");
    d.settle();
    ASSERT_TRUE(d.has("keys/close"));
    for (const char* words : {"Ctrl O", "Ctrl S", "Ctrl E", "Ctrl Z", "Ctrl K", "Ctrl T", "Tab, Shift Tab"}) {
      EXPECT_TRUE(d.drawn().shows(words)) << words;
    }
    if (way == 0) d.key(kKeyEscape);
    if (way == 1) d.click("keys/close");
    if (way == 2) d.clickAt(3, 715);
    d.settle();
    EXPECT_FALSE(d.has("keys/close")) << way;
    EXPECT_FALSE(d.session().helpOpen()) << way;
    d.key(290);  // F1
    d.settle();
    EXPECT_TRUE(d.has("keys/close")) << way;
  }
}

}  // namespace
}  // namespace headlight::test
