#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/panels/file_browser.h"
#include "app/widgets/keys.h"
#include "core/experiment/json.h"
#include "tests/ui/driver.h"

namespace headlight::test {
namespace {

namespace fs = std::filesystem;

std::string titled(const char* title) {
  Experiment experiment;
  experiment.title = title;
  return toText(experiment);
}

/// A folder with two experiments, a folder with a third, and a file of another kind.
void fillFolder(Driver& d) {
  fs::create_directories(d.folder() + "/data/deep");
  d.write("data/alpha.headlight.json", titled("alpha"));
  d.write("data/beta.headlight.json", titled("beta"));
  d.write("data/deep/gamma.headlight.json", titled("gamma"));
  d.write("data/notes.txt", "words");
  d.session().settings().lastFolder = d.folder() + "/data";
}

void open(Driver& d) {
  d.key('O', kCtrl);
  d.settle();
  ASSERT_TRUE(d.has("path/field"));
}

TEST(FileBrowser, ListsFoldersThenWhatCanBeOpened) {
  Driver d;
  fillFolder(d);
  open(d);
  EXPECT_TRUE(d.has("browse=deep"));
  EXPECT_TRUE(d.has("browse=alpha.headlight.json"));
  EXPECT_FALSE(d.has("browse=notes.txt"));
  EXPECT_LT(d.box("browse=deep").y0, d.box("browse=alpha.headlight.json").y0);
  EXPECT_TRUE(d.drawn().shows("deep/"));
  d.click("browse/all");
  d.settle();
  EXPECT_TRUE(d.has("browse=notes.txt"));
}

TEST(FileBrowser, IsWalkedByKeysAlone) {
  Driver d;
  fillFolder(d);
  open(d);
  EXPECT_EQ(d.window().focused(), "path/field");
  d.key(kKeyEnter);  // into deep, which stands first
  d.settle();
  ASSERT_TRUE(d.has("browse=gamma.headlight.json"));
  d.key(kKeyBackspace);
  d.settle();
  ASSERT_TRUE(d.has("browse=beta.headlight.json"));
  d.key(kKeyDown);
  d.key(kKeyDown);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_FALSE(d.has("path/field"));
  EXPECT_EQ(d.experiment().title, "beta");
}

TEST(FileBrowser, TypingFiltersAndEnterOpens) {
  Driver d;
  fillFolder(d);
  open(d);
  d.type("alp");
  d.settle();
  EXPECT_TRUE(d.has("browse=alpha.headlight.json"));
  EXPECT_FALSE(d.has("browse=beta.headlight.json"));
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.experiment().title, "alpha");
}

TEST(FileBrowser, ATypedPathIsFollowedAndCompleted) {
  Driver d;
  fillFolder(d);
  open(d);
  d.type("~/data/de");
  d.settle();
  ASSERT_TRUE(d.has("browse=deep"));
  d.key(kKeyTab);
  d.settle();
  ASSERT_TRUE(d.has("browse=gamma.headlight.json"));
  d.key(kKeyTab);
  d.settle();
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.experiment().title, "gamma");
}

TEST(FileBrowser, RowsAndPlacesArePressed) {
  Driver d;
  fillFolder(d);
  open(d);
  d.click("browse=deep");
  d.settle();
  EXPECT_TRUE(d.has("browse=gamma.headlight.json"));
  d.click("browse/up");
  d.settle();
  d.click("browse/place.0");  // home
  d.settle();
  ASSERT_TRUE(d.has("browse=data"));
  d.click("browse=data");
  d.settle();
  d.click("browse=beta.headlight.json");
  EXPECT_TRUE(d.has("path/field")) << "one press chooses";
  d.click("browse=beta.headlight.json");
  d.settle();
  EXPECT_EQ(d.experiment().title, "beta");
}

TEST(FileBrowser, SavesIntoTheFolderThatItShows) {
  Driver d;
  fillFolder(d);
  d.key('S', kCtrl | kShift);
  d.settle();
  ASSERT_TRUE(d.has("browse=deep"));
  d.click("browse=deep");
  d.settle();
  d.click("path/field");
  d.key(kKeyA, kCtrl);
  d.type("mine");
  d.key(kKeyEnter);
  d.settle();
  EXPECT_TRUE(fs::exists(d.folder() + "/data/deep/mine.headlight.json"));
  EXPECT_EQ(d.session().documentName(), "mine");
}

TEST(FileBrowser, AFolderThatCannotBeReadSaysSo) {
  Driver d;
  fillFolder(d);
  open(d);
  d.type("/no/such/folder/");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("the folder cannot be read"));
  d.key(kKeyEscape);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("path/field"));
  EXPECT_EQ(d.session().documentName(), "who-is-meant");
}

TEST(FileBrowser, ThousandsOfFilesDrawOnlyThoseInSight) {
  Driver d;
  fs::create_directories(d.folder() + "/many");
  for (int i = 0; i < 3000; ++i) d.write("many/" + std::to_string(10000 + i) + ".npy", "x");
  d.session().settings().lastFolder = d.folder() + "/many";
  open(d);
  std::size_t rows = 0;
  for (const Registry::Control& control : d.drawn().controls())
    rows += control.id.rfind("browse=", 0) == 0 ? 1 : 0;
  EXPECT_GT(rows, 5U);
  EXPECT_LT(rows, 40U);
  for (int i = 0; i < 30; ++i) d.key(kKeyPageDown);
  d.settle();
  EXPECT_TRUE(d.has("browse=10300.npy"));
}

TEST(TypedPath, IsReadFromTheFolderAndFromHome) {
  const auto read = [](const char* typed) {
    const TypedPath path = readTyped(typed, "/home/ann/data", "/home/ann");
    return path.folder + "|" + path.name + (path.isPath ? "|path" : "");
  };
  EXPECT_EQ(read(""), "/home/ann/data|");
  EXPECT_EQ(read("q.npy"), "/home/ann/data|q.npy");
  EXPECT_EQ(read("run/q.npy"), "/home/ann/data/run|q.npy|path");
  EXPECT_EQ(read("../q.npy"), "/home/ann|q.npy|path");
  EXPECT_EQ(read("~/q"), "/home/ann|q|path");
  EXPECT_EQ(read("/"), "/||path");
  EXPECT_EQ(read("/tmp/"), "/tmp||path");
  EXPECT_EQ(read("/etc"), "/|etc|path");
}

}  // namespace
}  // namespace headlight::test
