#include <filesystem>

#include "app/desktop/folder_listing.h"
#include "app/session/session_import.h"
#include "core/files/npz_writer.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;
using test::SessionTest;
using testing::ElementsAre;
using testing::HasSubstr;

std::string npz(const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& tensors) {
  StringSink sink;
  NpzWriter writer(sink);
  for (const auto& [name, shape] : tensors) {
    std::vector<float> values;
    std::int64_t count = 1;
    for (const std::int64_t n : shape) count *= n;
    values.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>((i * i + 3 * i) % 17) / 8 - 1);
    Tensor tensor;
    tensor.shape = shape;
    tensor.floats = std::move(values);
    EXPECT_TRUE(writer.add(name, tensor));
  }
  EXPECT_TRUE(writer.finish());
  return sink.text();
}

class SessionImport : public SessionTest {
 protected:
  ImportDesk& begin(const std::vector<std::string>& names) {
    open();
    std::vector<std::string> paths;
    paths.reserve(names.size());
    for (const std::string& name : names) paths.push_back(inHome(name));
    session->openFiles(paths);
    session->settle();
    EXPECT_NE(session->importing(), nullptr);
    return *session->importing();
  }
};

TEST_F(SessionImport, TheDeskShowsWhatItWouldMakeAndChangesNothing) {
  write("dump.npz", npz({{"q", {2, 5, 4}}, {"k", {2, 5, 4}}, {"v", {2, 5, 3}}}));
  ImportDesk& desk = begin({"dump.npz"});
  EXPECT_EQ(session->documentName(), "who-is-meant");
  EXPECT_EQ(desk.error(), nullptr);
  EXPECT_TRUE(desk.shown());
  EXPECT_EQ(desk.numbers().shape(Stage::weights, 0), (std::pair<std::int64_t, std::int64_t>{5, 5}));
  EXPECT_TRUE(desk.doubts().layout);
  desk.setLayout("thd");
  session->settle();
  EXPECT_FALSE(desk.doubts().layout) << "it was chosen";
  EXPECT_EQ(desk.numbers().shape(Stage::weights, 0), (std::pair<std::int64_t, std::int64_t>{2, 2}));
  session->cancelImport();
  EXPECT_EQ(session->importing(), nullptr);
  EXPECT_EQ(session->documentName(), "who-is-meant");
  EXPECT_FALSE(session->unsaved());
}

TEST_F(SessionImport, OpeningIsOneDocumentWithOneHistory) {
  write("dump.npz", npz({{"q", {2, 5, 4}}, {"k", {2, 5, 4}}, {"v", {2, 5, 3}}}));
  write("tokens.txt", "a\nb\nc\nd\ne\n");
  begin({"dump.npz"});
  session->acceptImport();
  session->settle();
  EXPECT_EQ(session->importing(), nullptr);
  EXPECT_EQ(session->documentName(), "dump");
  EXPECT_TRUE(session->unsaved());
  EXPECT_FALSE(session->canUndo());
  ASSERT_TRUE(session->evaluation());
  EXPECT_EQ(session->evaluation()->prepared->queryTokens[2].label, "c");
  EXPECT_THAT(session->notice(), HasSubstr("Imported dump"));
  EXPECT_EQ(session->settings().recentFiles.front(), inHome("dump.npz"));
  session->change("mask", "causal", Phase::done);
  EXPECT_EQ(session->steps().size(), 1U);
}

TEST_F(SessionImport, SeveralFilesAreTakenTogether) {
  write("query.npz", npz({{"x1", {2, 5, 4}}}));
  write("key.npz", npz({{"x2", {2, 5, 4}}}));
  ImportDesk& desk = begin({"query.npz", "key.npz"});
  EXPECT_EQ(desk.found().tensors.size(), 2U);
  EXPECT_EQ(desk.plan().as, ImportAs::qkv);
  EXPECT_EQ(desk.error(), nullptr);
  EXPECT_TRUE(session->deck().empty());
}

TEST_F(SessionImport, AnErrorIsToldAndNothingOpens) {
  write("keyless.npz", npz({{"q", {2, 5, 4}}, {"v", {2, 5, 3}}}));
  ImportDesk& desk = begin({"keyless.npz"});
  ASSERT_NE(desk.error(), nullptr);
  EXPECT_EQ(desk.error()->where, "source.k");
  session->acceptImport();
  session->settle();
  EXPECT_EQ(session->documentName(), "who-is-meant");
  desk.giveRole(0, ImportRole::k);  // q is without a tensor now
  EXPECT_EQ(desk.error()->where, "source.q");
}

TEST_F(SessionImport, WhatCannotBeAnythingIsAProblem) {
  write("bias.npz", npz({{"bias", {64}}}));
  open();
  session->openFile(inHome("bias.npz"));
  session->settle();
  EXPECT_EQ(session->importing(), nullptr);
  ASSERT_TRUE(session->problem());
  EXPECT_THAT(session->problem()->error.what, HasSubstr("bias"));
}

TEST_F(SessionImport, UnsavedChangesAreAskedAboutBeforeTheyGo) {
  write("dump.npz", npz({{"q", {2, 5, 4}}, {"k", {2, 5, 4}}}));
  open();
  session->change("shape.d_k", 24, Phase::done);
  session->openFile(inHome("dump.npz"));
  session->settle();
  session->acceptImport();
  EXPECT_NE(session->importing(), nullptr);
  EXPECT_THAT(session->notice(), HasSubstr("unsaved changes"));
  session->acceptImport();
  session->settle();
  EXPECT_EQ(session->documentName(), "dump");
}

TEST_F(SessionImport, ATokenFileIsChosenByDialog) {
  write("dump.npz", npz({{"q", {2, 5, 4}}, {"k", {2, 5, 4}}}));
  write("words.json", R"(["a", "b", "c", "d", "e"])");
  write("short.json", R"(["a"])");
  ImportDesk& desk = begin({"dump.npz"});
  session->askImportTokens();
  ASSERT_EQ(dialogs.asked.size(), 1U);
  dialogs.answers[0](inHome("words.json"));
  session->settle();
  EXPECT_EQ(desk.plan().tokens, "words.json");
  EXPECT_EQ(desk.error(), nullptr);
  session->askImportTokens();
  dialogs.answers[1](inHome("short.json"));
  session->settle();
  ASSERT_NE(desk.error(), nullptr) << "one token for five";
  EXPECT_THAT(desk.error()->where, HasSubstr("tokens"));
  session->askImportTokens();
  dialogs.answers[2](inHome("dump.npz"));
  session->settle();
  EXPECT_THAT(session->notice(), HasSubstr("holds no tokens"));
}

TEST_F(SessionImport, AFileIsAddedToWhatIsThere) {
  write("q.npz", npz({{"q", {2, 5, 4}}}));
  write("k.npz", npz({{"k", {2, 5, 4}}}));
  begin({"q.npz"});
  session->askImportMore();
  dialogs.answers[0](inHome("k.npz"));
  session->settle();
  ASSERT_NE(session->importing(), nullptr);
  EXPECT_EQ(session->importing()->error(), nullptr);
  EXPECT_EQ(session->importing()->found().tensors.size(), 2U);
}

TEST_F(SessionImport, NumbersTooManyForAPictureAreNotRead) {
  // A header that promises 12 GiB in a file that has a hole in the place of the numbers.
  const std::string path = inHome("huge.npy");
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (12, 16384, 16384), }";
  header.resize(118, ' ');
  header.back() = '\n';
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
  bytes += std::string("\x76\x00", 2);
  write("huge.npy", bytes + header);
  fs::resize_file(path, 128 + std::uintmax_t{12} * 16384 * 16384 * 4);
  ImportDesk& desk = begin({"huge.npy"});
  EXPECT_TRUE(desk.tooLargeToShow());
  EXPECT_EQ(desk.error(), nullptr);
  EXPECT_FALSE(desk.shown());
  EXPECT_EQ(desk.numbers().evaluation(), nullptr);
}

class SessionDeck : public SessionTest {
 protected:
  void make(const std::string& name, int dK) const {
    Experiment experiment;
    experiment.title = name;
    experiment.shape.dK = dK;
    write(name + ".headlight.json", toText(experiment));
  }
  std::string pathOf(const std::string& name) const { return inHome(name + ".headlight.json"); }
  void openDeck() {
    for (const auto& [name, dK] : {std::pair{"a", 8}, {"b", 12}, {"c", 20}}) make(name, dK);
    open();
    session->openFiles({pathOf("a"), pathOf("b"), pathOf("c")});
    session->settle();
  }
};

TEST_F(SessionDeck, StepsThroughItsDocumentsAndStopsAtItsEnds) {
  openDeck();
  EXPECT_THAT(session->deck(), ElementsAre("a.headlight.json", "b.headlight.json", "c.headlight.json"));
  EXPECT_EQ(session->deckAt(), 0);
  EXPECT_EQ(session->documentName(), "a");
  session->stepDeck(-1);
  session->settle();
  EXPECT_EQ(session->documentName(), "a");
  session->stepDeck(1);
  session->settle();
  EXPECT_EQ(session->documentName(), "b");
  EXPECT_THAT(session->notice(), HasSubstr("2 of 3"));
  session->stepDeck(1);
  session->stepDeck(1);
  session->settle();
  EXPECT_EQ(session->documentName(), "c");
  EXPECT_EQ(session->deckAt(), 2);
  session->newDocument();
  EXPECT_TRUE(session->deck().empty());
  EXPECT_EQ(session->deckAt(), -1);
}

TEST_F(SessionDeck, ChangesOfADocumentWaitForItsTurn) {
  openDeck();
  session->change("shape.d_k", 16, Phase::done);
  session->selectHead(2);
  session->stepDeck(1);
  session->settle();
  EXPECT_FALSE(session->unsaved());
  EXPECT_FALSE(session->mayLeave("document.quit")) << "a's change would be lost";
  EXPECT_THAT(session->notice(), HasSubstr("unsaved"));
  session->stepDeck(-1);
  session->settle();
  EXPECT_EQ(session->documentName(), "a");
  EXPECT_TRUE(session->unsaved());
  EXPECT_EQ(integer("shape.d_k"), 16);
  EXPECT_EQ(session->view().head, 2);
  session->undo();
  EXPECT_EQ(integer("shape.d_k"), 8);
  EXPECT_FALSE(session->unsaved());
}

TEST_F(SessionDeck, AFileThatCannotBeReadKeepsItsPlace) {
  for (const auto& [name, dK] : {std::pair{"a", 8}, {"c", 20}}) make(name, dK);
  open();
  session->openFiles({pathOf("a"), pathOf("gone"), pathOf("c")});
  session->settle();
  session->stepDeck(1);
  session->settle();
  ASSERT_TRUE(session->problem());
  EXPECT_EQ(session->deckAt(), 1);
  EXPECT_EQ(session->documentName(), "a");
  session->change("shape.d_k", 16, Phase::done);
  session->stepDeck(1);
  session->settle();
  EXPECT_EQ(session->documentName(), "c");
  session->stepDeck(-2);
  session->settle();
  EXPECT_EQ(integer("shape.d_k"), 16) << "the change went with a, not with the file that is gone";
}

TEST_F(SessionDeck, ACrashLosesNoneOfItsChanges) {
  openDeck();
  session->change("shape.d_k", 16, Phase::done);
  session->stepDeck(1);
  session->settle();
  session->change("shape.d_k", 28, Phase::done);
  clock = clock + 6;
  session->settle();
  fs::create_directories(inHome("after/state"));
  fs::copy(inHome("home/state"), inHome("after/state"),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  SessionSeams after = seams();
  after.folders = Folders::under(inHome("after"));
  Session next(after);
  next.settle();
  EXPECT_EQ(next.documentName(), "b");
  EXPECT_EQ(get(next.experiment(), "shape.d_k")->integer(), 28);
  EXPECT_EQ(next.deckAt(), 1);
  EXPECT_THAT(next.notice(), HasSubstr("1 more document of the deck"));
  next.stepDeck(-1);
  next.settle();
  EXPECT_EQ(next.documentName(), "a");
  EXPECT_EQ(get(next.experiment(), "shape.d_k")->integer(), 16);
  EXPECT_TRUE(next.unsaved());
  next.stepDeck(2);
  next.settle();
  EXPECT_EQ(next.documentName(), "c");
}

TEST_F(SessionDeck, TensorsInADeckAreImportedInTheirPlace) {
  make("a", 8);
  write("dump.npz", npz({{"q", {2, 5, 4}}, {"k", {2, 5, 4}}}));
  open();
  session->openFiles({pathOf("a"), inHome("dump.npz")});
  session->settle();
  session->stepDeck(1);
  session->settle();
  ASSERT_NE(session->importing(), nullptr);
  session->acceptImport();
  session->settle();
  EXPECT_EQ(session->documentName(), "dump");
  EXPECT_EQ(session->deck().size(), 2U);
  session->stepDeck(-1);
  session->settle();
  EXPECT_EQ(session->documentName(), "a");
  session->stepDeck(1);
  session->settle();
  EXPECT_EQ(session->documentName(), "dump");
  EXPECT_EQ(session->importing(), nullptr) << "it was imported already";
}

using SessionRestore = SessionDeck;

TEST_F(SessionRestore, ACleanEndComesBackAsItWasLeft) {
  make("a", 8);
  open();
  session->openFile(pathOf("a"));
  session->settle();
  session->selectStage(Stage::scaled);
  session->selectHead(1);
  session->pin(Cell{3, 2});
  session.reset();
  open();
  EXPECT_EQ(session->documentName(), "a");
  EXPECT_EQ(session->path(), pathOf("a"));
  EXPECT_FALSE(session->unsaved());
  EXPECT_EQ(session->view().stage, Stage::scaled);
  EXPECT_EQ(session->view().head, 1);
  EXPECT_EQ(session->pinned(), (Cell{3, 2}));
  EXPECT_THAT(session->notice(), HasSubstr("Restored a as you left it"));
}

TEST_F(SessionRestore, AFileThatWasChangedMeanwhileIsReadAnew) {
  make("a", 8);
  open();
  session->openFile(pathOf("a"));
  session->settle();
  session.reset();
  make("a", 20);
  open();
  EXPECT_EQ(integer("shape.d_k"), 20);
}

TEST_F(SessionRestore, AFileThatIsGoneLeavesItsLastState) {
  make("a", 8);
  open();
  session->openFile(pathOf("a"));
  session->settle();
  session.reset();
  fs::remove(pathOf("a"));
  open();
  EXPECT_EQ(session->documentName(), "a");
  EXPECT_EQ(integer("shape.d_k"), 8);
  EXPECT_EQ(session->path(), "");
  EXPECT_TRUE(session->unsaved());
  EXPECT_THAT(session->notice(), HasSubstr("not there any more"));
}

TEST_F(SessionRestore, ChangesThatWereLeftOnPurposeDoNotComeBack) {
  open();
  session->change("shape.d_k", 24, Phase::done);
  session.reset();
  open();
  EXPECT_EQ(session->documentName(), "who-is-meant");
  EXPECT_FALSE(session->unsaved());
  EXPECT_NE(get(session->experiment(), "shape.d_k")->json(), "24");
}

TEST_F(SessionRestore, AFileThatIsNamedComesInstead) {
  make("a", 8);
  make("b", 12);
  open();
  session->openFile(pathOf("a"));
  session->settle();
  session.reset();
  session = std::make_unique<Session>(seams());
  session->openFiles({pathOf("b")});
  session->settle();
  EXPECT_EQ(session->documentName(), "b");
}

TEST_F(SessionRestore, ADeckIsThereAgain) {
  openDeck();
  session->stepDeck(1);
  session->settle();
  session.reset();
  open();
  EXPECT_EQ(session->documentName(), "b");
  EXPECT_EQ(session->deckAt(), 1);
  session->stepDeck(1);
  session->settle();
  EXPECT_EQ(session->documentName(), "c");
}

TEST_F(SessionRestore, RecentFilesThatAreGoneAreKnown) {
  make("a", 8);
  make("b", 12);
  open();
  for (const char* name : {"a", "b"}) {
    session->openFile(pathOf(name));
    session->settle();
  }
  EXPECT_FALSE(session->recentMissing(pathOf("a")));
  session.reset();
  fs::remove(pathOf("a"));
  open();
  EXPECT_TRUE(session->recentMissing(pathOf("a")));
  EXPECT_FALSE(session->recentMissing(pathOf("b")));
}

TEST_F(SessionRestore, FoldersAreReadElsewhere) {
  make("a", 8);
  fs::create_directory(inHome("sub"));
  open();
  EXPECT_EQ(session->folder(home.path()), nullptr);
  session->settle();
  const FolderListing* listing = session->folder(home.path());
  ASSERT_NE(listing, nullptr);
  ASSERT_NE(listing->find("a.headlight.json"), nullptr);
  EXPECT_GT(listing->find("a.headlight.json")->bytes, 100U);
  EXPECT_TRUE(listing->find("sub")->isFolder);
  EXPECT_TRUE(listing->entries.front().isFolder) << "folders stand first";
  EXPECT_EQ(session->folder(inHome("nowhere")), nullptr);
  session->settle();
  ASSERT_TRUE(session->folder(inHome("nowhere"))->error);
}

}  // namespace
}  // namespace headlight
