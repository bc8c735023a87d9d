#include "app/panels/commands.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "app/panels/palette_match.h"
#include "app/panels/present.h"
#include "app/render/null_renderer.h"
#include "core/base/words.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// The table as a window has it that shows the driver's session.
struct Table {
  explicit Table(Driver& d)
      : ui([] {}), renderer(makeNullRenderer()), panel{d.session(), ui, *renderer, state, {}} {}
  Ui ui;
  PanelState state;
  std::unique_ptr<MapRenderer> renderer;
  Panel panel;
};

std::string keyName(int key) {
  const std::map<int, std::string> names = {
      {32, "Space"},   {256, "Esc"},     {257, "Enter"},     {258, "Tab"},  {259, "Backspace"},
      {260, "Insert"}, {261, "Delete"},  {262, "→"},         {263, "←"},    {264, "↓"},
      {265, "↑"},      {266, "Page Up"}, {267, "Page Down"}, {268, "Home"}, {269, "End"},
      {'=', "+"},      {'-', "−"},       {333, "−"},         {334, "+"}};
  if (const auto known = names.find(key); known != names.end()) return known->second;
  if (key >= 290 && key < 302) return "F" + std::to_string(key - 289);
  return std::string(1, static_cast<char>(key));
}

std::string textOf(Chord chord) {
  std::string text;
  if ((chord.modifiers & kCtrl) != 0) text += "Ctrl ";
  if ((chord.modifiers & kAlt) != 0) text += "Alt ";
  if ((chord.modifiers & kShift) != 0) text += "Shift ";
  return text + keyName(chord.key);
}

TEST(Commands, NoTwoShareAKey) {
  Driver d;
  Table table(d);
  for (const bool on : {false, true}) {
    table.state.part<Presentation>().on = on;
    std::map<std::pair<int, int>, std::string> chords;
    std::map<unsigned int, std::string> characters;
    std::map<std::string, int> ids;
    for (const Command& command : commands(table.panel)) {
      EXPECT_EQ(++ids[command.id], 1) << command.id;
      if (command.chord.key != 0) {
        const auto [at, fresh] = chords.try_emplace({command.chord.key, command.chord.modifiers}, command.id);
        EXPECT_TRUE(fresh) << command.id << " and " << at->second << ": " << command.chordText;
      }
      if (command.character != 0) {
        const auto [at, fresh] = characters.try_emplace(command.character, command.id);
        EXPECT_TRUE(fresh) << command.id << " and " << at->second;
      }
    }
  }
}

TEST(Commands, TheirKeysAreCalledWhatTheyAre) {
  Driver d;
  Table table(d);
  for (const Command& command : commands(table.panel)) {
    if (command.character != 0) {
      EXPECT_EQ(command.chordText, std::string(1, static_cast<char>(command.character))) << command.id;
    } else if (command.chord.key != 0) {
      EXPECT_EQ(command.chordText, textOf(command.chord)) << command.id;
    } else {
      EXPECT_EQ(command.chordText, "") << command.id;
    }
    EXPECT_FALSE(command.label.empty()) << command.id;
    EXPECT_TRUE(command.run) << command.id;
    EXPECT_TRUE(command.enabled || !whyDisabled(table.panel, command).empty()) << command.id;
  }
}

/// Every scene with a few commands picked by chance: nothing stops, and all of it is undone.
TEST(Commands, RunInEveryScene) {
  std::vector<std::string> ids;
  {
    Driver d;
    Table table(d);
    for (const Command& command : commands(table.panel)) ids.push_back(command.id);
  }
  std::mt19937 random(20260101);
  for (const Scene& one : scenes()) {
    SCOPED_TRACE(one.name);
    Driver d;
    one.set(d);
    for (int i = 0; i < 5; ++i) {
      const std::string& id = ids[random() % ids.size()];
      SCOPED_TRACE(id);
      d.window().run(id);
      d.settle();
      if (d.session().quitRequested()) break;
    }
    d.undoAll();
  }
}

TEST(Commands, EveryOneRuns) {
  std::vector<std::string> ids;
  {
    Driver d;
    Table table(d);
    for (const Command& command : commands(table.panel)) ids.push_back(command.id);
  }
  EXPECT_GT(ids.size(), 60u);
  for (const std::string& id : ids) {
    SCOPED_TRACE(id);
    Driver d;
    d.window().run(id);
    d.settle();
    d.window().run(id);
    d.settle();
  }
}

TEST(Commands, TheMenuHoldsThemAtEverySize) {
  for (const auto& [width, height] : {std::pair{960, 600}, std::pair{1280, 720}, std::pair{1920, 1080}}) {
    Driver d(width, height, 1);
    Table table(d);
    d.click("menu");
    d.settle();
    for (const Command& command : commands(table.panel)) {
      const bool listed = command.group == "File" || command.group == "Edit" || command.group == "View" ||
                          command.group == "Help" || command.id == "view.present";
      if (!listed) continue;
      const Registry::Control* row = d.drawn().find("menu/" + command.id);
      ASSERT_NE(row, nullptr) << command.id << " at " << width;
      EXPECT_LE(row->box.y1, static_cast<float>(height)) << command.id;
      EXPECT_LE(row->box.x1, static_cast<float>(width)) << command.id;
    }
  }
}

TEST(Commands, TheHelpSaysEveryKey) {
  for (const auto& [width, height] : {std::pair{960, 600}, std::pair{1920, 1080}}) {
    Driver d(width, height, 1);
    Table table(d);
    d.key(290);
    d.settle();
    for (const Command& command : commands(table.panel)) {
      const bool ofAHead = !command.chordText.empty() && command.id.back() >= '0' && command.id.back() <= '9';
      if (command.chordText.empty() || ofAHead) continue;
      EXPECT_TRUE(d.drawn().shows(command.chordText)) << command.id;
    }
    // What is below the edge is reached by keys.
    const auto top = [&d] {
      float y = 1e9f;
      for (const auto& words : d.drawn().words())
        if (words.layer == 1 && words.scrolls) y = std::min(y, words.box.y0);
      return y;
    };
    const float before = top();
    d.key(kKeyEnd);
    d.settle();
    EXPECT_TRUE(top() < before || height > 600);
    d.key(kKeyHome);
    d.settle();
    EXPECT_EQ(top(), before);
  }
}

TEST(PaletteMatch, RanksBeginningsBeforeTheRest) {
  const auto quality = [](const char* label, const char* query) {
    return matchQuality(label, "View", "view.x", query);
  };
  EXPECT_GT(quality("Open…", "op"), quality("Copy the map", "op"));
  EXPECT_GT(quality("Fit the map", "map"), quality("Bitmap", "map"));
  EXPECT_GT(quality("Copy the map as an image", "copy the map"), quality("Map: the copy", "copy the map"));
  EXPECT_GT(quality("Zoom in", "zoom"), quality("Larger interface", "zoom") + 1);
  EXPECT_GT(quality("Zoom in", "zmi"), 0) << "letters in their order";
  EXPECT_EQ(quality("Zoom in", "xyz"), 0);
  EXPECT_GT(quality("Larger interface", "view"), 0) << "by its group";
  EXPECT_GT(quality("Larger interface", ""), 0);
}

TEST(Palette, SaysWhyACommandIsDisabled) {
  Driver d;
  d.key('K', kCtrl);
  d.settle();
  d.type("undo");
  d.settle();
  EXPECT_TRUE(d.has("palette/edit.undo"));
  EXPECT_TRUE(d.drawn().shows("nothing to undo"));
}

TEST(CopyMap, OffersAPngOfTheMap) {
  Driver d;
  ASSERT_TRUE(d.window().run("copy.map"));
  d.settle();
  EXPECT_EQ(d.clipboard().picture.substr(1, 3), "PNG");
  EXPECT_EQ(d.session().notice().rfind("Copied the map as an image, ", 0), 0u) << d.session().notice();
}

TEST(CopyMap, EveryPinIsMarked) {
  Driver d;
  const auto copied = [&d] {
    EXPECT_TRUE(d.window().run("copy.map"));
    d.settle();
    return d.clipboard().picture;
  };
  d.session().pin(std::nullopt);
  const std::string plain = copied();
  d.session().pin(Cell{7, 1});
  const std::string one = copied();
  d.session().togglePin(Cell{10, 4});
  ASSERT_EQ(d.session().pins().size(), 2u);
  const std::string two = copied();
  EXPECT_NE(plain, one);
  EXPECT_NE(one, two);
  d.session().togglePin(Cell{10, 4});
  EXPECT_EQ(copied(), one);
}

TEST(CopyMap, WhereNobodyTakesItItIsSaved) {
  Driver d;
  d.clipboard().takesPictures = false;
  for (const char* name : {"weights-H2.png", "weights-H2-2.png"}) {
    d.session().selectHead(2);
    d.settle();
    ASSERT_TRUE(d.window().run("copy.map"));
    d.settle();
    d.settle();
    EXPECT_NE(d.session().notice().find(name), std::string::npos) << d.session().notice();
    EXPECT_NE(d.session().notice().find("takes no pictures"), std::string::npos);
  }
}

TEST(CopyMap, SaysWhyItCannot) {
  Driver d;
  scene("refused file").set(d);
  EXPECT_FALSE(d.window().run("copy.map"));
}

}  // namespace
}  // namespace headlight::test
