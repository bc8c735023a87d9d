#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/experiment/json.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

namespace fs = std::filesystem;

void answer(Driver& d, const std::string& path) {
  d.key(kKeyA, kCtrl);
  d.type(path);
  d.settle();
}
void save(Driver& d, const std::string& path) {
  d.key('S', kCtrl | kShift);
  d.settle();
  ASSERT_TRUE(d.has("path/field"));
  answer(d, path);
  d.click("path/done");
  d.settle();
}

TEST(PathDialog, SavesOpensAndComesBack) {
  Driver d;
  d.click("source.seed/resample");
  d.settle();
  EXPECT_TRUE(d.session().unsaved());
  save(d, d.folder() + "/mine");
  EXPECT_FALSE(d.has("path/field"));
  const std::string path = d.folder() + "/mine.headlight.json";
  ASSERT_TRUE(fs::exists(path));
  EXPECT_FALSE(d.session().unsaved());
  EXPECT_EQ(d.session().documentName(), "mine");
  EXPECT_TRUE(d.drawn().shows("Saved mine"));
  const std::string saved = d.document();
  d.window().run("document.new");
  d.settle();
  d.key('O', kCtrl);
  d.settle();
  ASSERT_TRUE(d.has("path/field"));
  answer(d, path);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.document(), saved);
  EXPECT_EQ(d.session().documentName(), "mine");
}

TEST(PathDialog, ARelativePathStartsInTheFolderThatItNames) {
  Driver d;
  d.session().settings().lastFolder = d.folder();
  save(d, "beside.headlight.json");
  EXPECT_TRUE(fs::exists(d.folder() + "/beside.headlight.json"));
}

TEST(PathDialog, EscapeCancelAndAClickBesideChangeNothing) {
  for (const int way : {0, 1, 2}) {
    Driver d;
    d.key('S', kCtrl | kShift);
    d.settle();
    ASSERT_TRUE(d.has("path/field"));
    if (way == 0) d.key(kKeyEscape), d.key(kKeyEscape);
    if (way == 1) d.click("path/cancel");
    if (way == 2) d.clickAt(1100, 650);
    d.settle();
    EXPECT_FALSE(d.has("path/field")) << way;
    EXPECT_FALSE(d.session().pathQuestion()) << way;
    EXPECT_FALSE(d.session().problem()) << way;
    EXPECT_TRUE(d.session().path().empty()) << way;
  }
}

/// A pin on a dimension of X is no cell of a map, and a file with it could not be opened again.
TEST(PathDialog, WhatIsSavedCanBeOpened) {
  Driver d;
  d.session().selectStage(Stage::input);
  d.session().pin(Cell{3, 40});
  d.settle();
  const std::string path = d.folder() + "/pinned.headlight.json";
  save(d, path);
  const auto read = readExperiment(path);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(sameNumbers(read->experiment, d.experiment()));
  EXPECT_EQ(d.session().pinned(), (Cell{3, 40}));
}

TEST(PathDialog, AnEmojiInANameIsTyped) {
  Driver d;
  save(d, d.folder() + "/who 👩‍👩‍👧 is it");
  EXPECT_TRUE(fs::exists(d.folder() + "/who 👩‍👩‍👧 is it.headlight.json"));
}

TEST(PathDialog, AnExistingFileIsReplacedOnlyWhenThatIsSaid) {
  Driver d;
  const std::string path = d.write("there.headlight.json", "precious");
  save(d, path);
  EXPECT_TRUE(d.drawn().shows("is there already. Replace it?"));
  EXPECT_EQ(fs::file_size(path), 8u);
  d.click("path/cancel");
  d.settle();
  EXPECT_EQ(fs::file_size(path), 8u);
  EXPECT_TRUE(d.session().path().empty());
  // The ending is added before it is looked whether the file is there.
  save(d, d.folder() + "/there");
  EXPECT_TRUE(d.drawn().shows("Replace it?"));
  d.click("path/done");
  d.settle();
  EXPECT_FALSE(d.session().problem());
  EXPECT_EQ(d.session().path(), path);
  EXPECT_GT(fs::file_size(path), 100u);
}

TEST(PathDialog, ItsOwnFileIsReplaced) {
  Driver d;
  const std::string path = d.folder() + "/mine.headlight.json";
  save(d, path);
  const auto size = fs::file_size(path);
  d.session().change("tokens.text", Value("short"), Phase::done);
  d.key('S', kCtrl);
  d.settle();
  EXPECT_FALSE(d.has("path/field")) << "it has a file already";
  EXPECT_LT(fs::file_size(path), size);
  EXPECT_FALSE(d.session().unsaved());
}

TEST(PathDialog, AFolderThatIsNotThereIsToldAndTheDocumentStays) {
  Driver d;
  const std::string before = d.document();
  save(d, d.folder() + "/no/such/place.headlight.json");
  ASSERT_TRUE(d.session().problem());
  EXPECT_TRUE(d.drawn().shows("was not saved"));
  EXPECT_EQ(d.document(), before);
}

struct Refused {
  const char* name;
  std::string bytes;
};
const Refused kRefused[] = {
    {"empty.headlight.json", ""},
    {"broken.headlight.json", "{\"type\": \"headlight/experiment\", \"version\": 1,"},
    {"newer.headlight.json", R"({"type": "headlight/experiment", "version": 99})"},
    {"invalid.headlight.json", R"({"type": "headlight/experiment", "version": 1, "shape": {"heads": 0}})"},
    {"truncated.npz", std::string("PK\x03\x04\x14\0\0\0", 8)},
    {"plain.png", "\x89PNG\r\n\x1a\n"},
    {"notes.txt", "just words"},
};

TEST(RefusedFile, KeepsTheDocumentAndItsNumbers) {
  Driver d;
  d.click("source.seed/resample");
  d.settle();
  const std::string before = d.document();
  const auto evaluation = d.session().evaluation();
  for (const Refused& one : kRefused) {
    d.session().openFile(d.write(one.name, one.bytes));
    d.settle();
    ASSERT_TRUE(d.session().problem()) << one.name;
    EXPECT_EQ(d.session().problem()->title, std::string(one.name) + " was not opened");
    EXPECT_FALSE(d.session().problem()->error.what.empty()) << one.name;
    EXPECT_TRUE(d.document() == before) << one.name;
    EXPECT_EQ(d.session().evaluation(), evaluation) << one.name;
    EXPECT_TRUE(d.session().canUndo()) << one.name;
    EXPECT_TRUE(d.drawn().shows("is unchanged")) << one.name;
    EXPECT_FALSE(d.has("stage")) << one.name;
    d.click("problem/copy");
    d.settle();
    EXPECT_NE(d.clipboard().held.find(one.name), std::string::npos);
    d.key(kKeyEscape);
    d.settle();
    EXPECT_FALSE(d.session().problem()) << one.name;
    EXPECT_TRUE(d.has("stage")) << one.name;
  }
  for (const std::string& path : {d.folder(), d.folder() + "/missing.headlight.json"}) {
    d.session().openFile(path);
    d.settle();
    EXPECT_TRUE(d.session().problem()) << path;
    EXPECT_TRUE(d.document() == before) << path;
  }
}

TEST(NativeDialog, IsAskedInsteadOfThePathField) {
  Driver d;
  d.dialogs().isAvailable = true;
  d.key('S', kCtrl | kShift);
  d.settle();
  EXPECT_FALSE(d.has("path/field"));
  ASSERT_EQ(d.dialogs().asked.size(), 1u);
  EXPECT_TRUE(d.dialogs().asked[0].save);
  EXPECT_EQ(d.dialogs().asked[0].name, "who-is-meant.headlight.json");
  d.dialogs().answer(std::nullopt);
  d.settle();
  EXPECT_TRUE(d.session().path().empty());
  d.key('S', kCtrl);
  d.settle();
  d.dialogs().answer(d.folder() + "/chosen.headlight.json");
  d.settle();
  EXPECT_TRUE(fs::exists(d.folder() + "/chosen.headlight.json"));
  EXPECT_EQ(d.session().documentName(), "chosen");
}

TEST(Export, WritesTheFigureThatWasAskedFor) {
  Driver d;
  const struct {
    const char* format;
    const char* begin;
  } formats[] = {{"png", "\x89PNG"}, {"svg", "<"}, {"pdf", "%PDF"}};
  for (const auto& format : formats) {
    d.key('E', kCtrl);
    d.settle();
    ASSERT_TRUE(d.has("export.run"));
    d.click("export.layout=heads");
    d.click(std::string("export.format=") + format.format);
    d.click("export.path");
    answer(d, d.folder() + "/figure." + format.format);
    d.click("export.run");
    for (int i = 0; i < 500 && !fs::exists(d.folder() + "/figure." + format.format); ++i) d.settle();
    d.settle();
    EXPECT_FALSE(d.has("export.run"));
    std::string begin(4, 0);
    std::ifstream(d.folder() + "/figure." + format.format).read(begin.data(), 4);
    EXPECT_EQ(begin.find(format.begin), 0u) << format.format;
    EXPECT_TRUE(d.drawn().shows("Exported")) << format.format;
  }
  const auto carried = readExperiment(d.folder() + "/figure.png");
  ASSERT_TRUE(carried) << carried.error().text();
  EXPECT_TRUE(sameNumbers(carried->experiment, d.experiment()));
}

TEST(Export, AsksBeforeItReplaces) {
  Driver d;
  const std::string path = d.write("figure.svg", "precious");
  d.key('E', kCtrl);
  d.settle();
  d.click("export.format=svg");
  d.click("export.path");
  answer(d, path);
  d.click("export.run");
  for (int i = 0; i < 500 && !d.drawn().shows("Replace it"); ++i) d.settle();
  ASSERT_TRUE(d.drawn().shows("This file exists"));
  EXPECT_EQ(fs::file_size(path), 8u);
  d.click("export.cancel");
  d.settle();
  EXPECT_EQ(fs::file_size(path), 8u);
  d.key('E', kCtrl);
  d.settle();
  d.click("export.path");
  answer(d, path);
  d.click("export.run");
  for (int i = 0; i < 500 && !d.drawn().shows("Replace it"); ++i) d.settle();
  d.click("export.path");
  d.key(kKeyEnd, kCtrl);
  d.type("2.svg");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("Replace it")) << "another path is another question";
  answer(d, path);
  d.click("export.run");
  for (int i = 0; i < 500 && !d.drawn().shows("Replace it"); ++i) d.settle();
  d.click("export.run");
  for (int i = 0; i < 500 && fs::file_size(path) == 8u; ++i) d.settle();
  EXPECT_GT(fs::file_size(path), 1000u);
}

}  // namespace
}  // namespace headlight::test
