#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/session_import.h"
#include "app/widgets/keys.h"
#include "core/experiment/json.h"
#include "tests/ui/import_files.h"

namespace headlight::test {
namespace {

void open(Driver& d, const std::string& path) {
  d.session().openFiles({path});
  d.settle();
}

TEST(ImportPage, ShowsWhatWasFoundAndWhatItBecomes) {
  Driver d;
  open(d, writeQkv(d, {8, 12, 16}));
  ASSERT_TRUE(d.has("import/open"));
  EXPECT_FALSE(d.has("stage")) << "it stands in the place of the map";
  EXPECT_TRUE(d.drawn().shows("Import qkv.npz"));
  EXPECT_TRUE(d.drawn().shows("[8, 12, 16]"));
  EXPECT_TRUE(d.drawn().shows("float32"));
  EXPECT_TRUE(d.drawn().shows("8 heads · 12 tokens · 16 wide"));
  EXPECT_TRUE(d.drawn().shows("guess"));
  EXPECT_TRUE(d.drawn().shows("12 queries down × 12 keys across"));
  d.click("import.layout=thd");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("guess")) << "it was chosen";
  EXPECT_TRUE(d.drawn().shows("8 queries down × 8 keys across"));
}

TEST(ImportPage, EnterOpensAndEscapeLeaves) {
  Driver d;
  const std::string path = writeQkv(d, {2, 5, 4});
  open(d, path);
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("import/open"));
  EXPECT_EQ(d.session().documentName(), "who-is-meant");
  EXPECT_TRUE(d.has("stage"));
  open(d, path);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_FALSE(d.has("import/open"));
  EXPECT_EQ(d.session().documentName(), "qkv");
  EXPECT_EQ(d.value("source.kind"), "\"qkv\"");
  EXPECT_TRUE(d.has("stage"));
}

TEST(ImportPage, RolesAreGivenByHand) {
  Driver d;
  open(d, writeTensors(d, "two.npz", {{"first", {3, 6, 4}}, {"second", {3, 6, 4}}}));
  EXPECT_TRUE(d.drawn().shows("guess"));
  d.click("import.role.0");
  d.settle();
  d.click("import.role.0=k");
  d.settle();
  EXPECT_EQ(d.session().importing()->roleOf(0), ImportRole::k);
  EXPECT_EQ(d.session().importing()->roleOf(1), ImportRole::q) << "they change places";
  d.click("import.as=weights");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("weights"));
  EXPECT_EQ(d.session().importing()->plan().as, ImportAs::weights);
}

TEST(ImportPage, HeadsSideBySideAreChosenFromTheirDivisors) {
  Driver d;
  open(d, writeQkv(d, {6, 32}));
  EXPECT_TRUE(d.has("import.heads"));
  EXPECT_TRUE(d.drawn().shows("guess"));
  d.click("import.heads");
  d.settle();
  EXPECT_TRUE(d.has("import.heads=4"));
  EXPECT_FALSE(d.has("import.heads=3"));
  d.click("import.heads=4");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("4 heads · 6 tokens · 8 wide"));
  d.click("import/open");
  d.settle();
  EXPECT_EQ(d.value("shape.heads"), "4");
  ASSERT_TRUE(d.session().evaluation());
  EXPECT_EQ(d.session().evaluation()->run->sizes.dK, 8);
}

TEST(ImportPage, AnErrorStandsAtItsField) {
  Driver d;
  open(d, writeTensors(d, "odd.npz", {{"q", {2, 5, 4}}, {"k", {2, 5, 3}}}));
  EXPECT_TRUE(d.drawn().shows("these tensors do not fit each other"));
  EXPECT_TRUE(d.drawn().shows("no picture"));
  EXPECT_FALSE(d.drawn().find("import/open")->enabled);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.session().documentName(), "who-is-meant");
  EXPECT_TRUE(d.has("import/open"));
}

TEST(ImportPage, BatchesLayersAndMasksHaveTheirFields) {
  Driver d;
  open(d, writeTensors(d, "all.npz", {{"q", {3, 2, 4, 6, 8}}, {"k", {3, 2, 4, 6, 8}}, {"mask", {6, 6}}}));
  ASSERT_TRUE(d.has("import.layer"));
  ASSERT_TRUE(d.has("import.batch"));
  ASSERT_TRUE(d.has("import.mask=drop"));
  d.click("import.mask=additive");
  d.settle();
  EXPECT_EQ(d.session().importing()->plan().maskMeaning, "additive");
  d.session().importing()->setLayer(2);
  d.session().importing()->setBatch(1);
  d.settle();
  d.click("import/open");
  d.settle();
  EXPECT_EQ(d.value("source.layer"), "2");
  EXPECT_EQ(d.session().view().batch, 1);
  EXPECT_EQ(d.value("mask.0.meaning"), "\"additive\"");
}

TEST(ImportPage, TokensAreChosenFromWhatLiesBeside) {
  Driver d;
  d.write("tokens.json", R"(["a", "b", "c", "d", "e"])");
  open(d, writeQkv(d, {2, 5, 4}));
  EXPECT_TRUE(d.drawn().shows("tokens.json"));
  d.click("import.tokens");
  d.settle();
  d.click("import.tokens=");
  d.settle();
  EXPECT_TRUE(d.session().importing()->plan().tokens.empty());
  d.click("import/tokens");
  d.settle();
  EXPECT_TRUE(d.has("path/field")) << "the window's own dialog";
}

TEST(Deck, IsWalkedByKeysAndShowsItsPlace) {
  Driver d;
  std::vector<std::string> paths;
  for (const char* name : {"one", "two", "three"}) {
    Experiment experiment;
    experiment.title = name;
    paths.push_back(d.write(std::string(name) + ".headlight.json", toText(experiment)));
  }
  d.session().openFiles(paths);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("1 of 3"));
  d.key(kKeyRight, kAlt);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("2 of 3"));
  EXPECT_EQ(d.experiment().title, "two");
  d.click("deck/next");
  d.settle();
  EXPECT_EQ(d.experiment().title, "three");
  EXPECT_FALSE(d.window().run("deck.next"));
  EXPECT_TRUE(d.window().run("deck.previous"));
  d.settle();
  EXPECT_EQ(d.experiment().title, "two");
}

TEST(ImportPage, StripAndRailAreQuietUntilItIsLeft) {
  Driver d;
  ASSERT_TRUE(d.has("presets"));
  d.session().openFile(writeQkv(d, {8, 12, 16}));
  d.settle();
  ASSERT_TRUE(d.has("import/open"));
  for (const char* control : {"presets", "shape.heads", "stage"}) EXPECT_FALSE(d.has(control)) << control;
  EXPECT_TRUE(d.drawn().shows("The stages stand here once the tensors are opened"));
  d.key(kKeyEscape);
  d.settle();
  EXPECT_TRUE(d.has("presets"));
}

TEST(Recent, FilesAreCommandsAndTheMissingOnesSaySo) {
  Driver d;
  const std::string here = d.write("here.headlight.json", toText(Experiment()));
  const std::string gone = d.write("gone.headlight.json", toText(Experiment()));
  for (const std::string& path : {gone, here}) {
    d.session().openFile(path);
    d.settle();
  }
  std::remove(gone.c_str());
  d.session().openFile(here);
  d.settle();
  d.session().newDocument();
  d.settle();
  d.click("menu");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Open recent: here"));
  EXPECT_TRUE(d.drawn().shows("missing"));
  EXPECT_FALSE(d.window().run("recent.1"));
  EXPECT_TRUE(d.window().run("recent.0"));
  d.settle();
  EXPECT_EQ(d.session().documentName(), "here");
}

}  // namespace
}  // namespace headlight::test
