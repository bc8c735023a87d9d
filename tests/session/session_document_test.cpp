#include <filesystem>
#include <memory>

#include "core/experiment/json.h"
#include "core/files/npz_writer.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;
using testing::HasSubstr;

class SessionDocument : public SessionTest {
 protected:
  Tensor tensor(std::vector<std::int64_t> shape, float first) const {
    Tensor made;
    made.shape = std::move(shape);
    for (std::int64_t i = 0; i < made.size(); ++i) {
      made.floats.push_back(first + 0.01f * static_cast<float>((i * 7919) % 97));
    }
    return made;
  }
  std::string arrays() const {
    StringSink sink;
    NpzWriter writer(sink);
    EXPECT_TRUE(writer.add("q", tensor({2, 5, 4}, 0)));
    EXPECT_TRUE(writer.add("k", tensor({2, 5, 4}, -0.3f)));
    EXPECT_TRUE(writer.add("v", tensor({2, 5, 3}, 1)));
    EXPECT_TRUE(writer.finish());
    return sink.text();
  }
  /// Opens tensors and takes them as they were guessed.
  void importFile(const std::string& name) {
    session->openFile(inHome(name));
    session->settle();
    ASSERT_NE(session->importing(), nullptr);
    session->acceptImport();
    session->settle();
  }
  float weight(int head, std::int64_t i, std::int64_t j) const {
    return Field::make(session->evaluation()->run, Stage::weights, head)->cell(i, j);
  }
};

TEST_F(SessionDocument, TheFirstStartShowsTheOpeningExample) {
  session = std::make_unique<Session>(seams());
  EXPECT_TRUE(session->busy());
  session->settle();
  Session& s = *session;
  EXPECT_FALSE(s.busy());
  EXPECT_EQ(s.documentName(), "who-is-meant");
  EXPECT_EQ(s.path(), "");
  EXPECT_FALSE(s.unsaved());
  EXPECT_TRUE(s.settings().firstStart);
  ASSERT_TRUE(s.evaluation());
  EXPECT_EQ(s.evaluation()->run->sizes.queries, 11);
  EXPECT_GT(wakes, 0);
  session.reset();
  EXPECT_FALSE(open().settings().firstStart);
}

TEST_F(SessionDocument, AFileToOpenComesInsteadOfTheOpeningExample) {
  Experiment given;
  given.title = "given";
  write("given.headlight.json", toText(given));
  session = std::make_unique<Session>(seams());
  session->openFile(inHome("given.headlight.json"));
  session->settle();
  EXPECT_EQ(session->documentName(), "given");
  EXPECT_EQ(session->path(), inHome("given.headlight.json"));
  EXPECT_THAT(session->notice(), HasSubstr("Opened given.headlight.json"));
  EXPECT_EQ(session->settings().recentFiles.front(), inHome("given.headlight.json"));
  EXPECT_EQ(session->settings().lastFolder, home.path());
}

TEST_F(SessionDocument, ABadFileToOpenStillLeavesSomethingToSee) {
  session = std::make_unique<Session>(seams());
  session->openFile(inHome("missing.headlight.json"));
  session->settle();
  ASSERT_TRUE(session->problem());
  EXPECT_EQ(session->problem()->title, "missing.headlight.json was not opened");
  EXPECT_EQ(session->documentName(), "who-is-meant");
  EXPECT_TRUE(session->evaluation());
}

TEST_F(SessionDocument, ABadFileLeavesTheDocumentAsItWas) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  s.settle();
  const Experiment before = s.experiment();
  const auto numbers = s.evaluation();
  std::filesystem::create_directory(inHome("folder.json"));
  write("cut.headlight.json", "{\"type\": \"headlight/experiment\", \"vers");
  write("wrong.headlight.json", R"({"type": "headlight/experiment", "version": 1, "shape": {"heads": 0}})");
  write("newer.headlight.json", R"({"type": "headlight/experiment", "version": 99})");
  write("cut.npz", arrays().substr(0, 300));
  write("picture.png", "no picture");
  write("empty.json", "");
  for (const char* name : {"missing.json", "folder.json", "cut.headlight.json", "wrong.headlight.json",
                           "newer.headlight.json", "cut.npz", "picture.png", "empty.json"}) {
    s.openFile(inHome(name));
    s.settle();
    ASSERT_TRUE(s.problem()) << name;
    EXPECT_EQ(s.problem()->title, std::string(name) + " was not opened");
    EXPECT_FALSE(s.problem()->error.what.empty());
    EXPECT_EQ(s.experiment(), before) << name;
    EXPECT_EQ(s.evaluation(), numbers) << name;
    EXPECT_EQ(s.documentName(), "who-is-meant");
    EXPECT_TRUE(s.unsaved());
    EXPECT_TRUE(s.canUndo());
    s.closeProblem();
    EXPECT_FALSE(s.problem());
  }
  EXPECT_TRUE(s.settings().recentFiles.empty());
}

TEST_F(SessionDocument, SavedIsNotUnsavedAndComesBackTheSame) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  EXPECT_TRUE(s.unsaved());
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_FALSE(s.unsaved());
  EXPECT_EQ(s.documentName(), "mine");
  EXPECT_EQ(s.path(), inHome("mine.headlight.json"));
  EXPECT_EQ(s.notice(), "Saved mine.headlight.json");
  const Experiment saved = s.experiment();
  s.undo();
  EXPECT_TRUE(s.unsaved());
  s.openFile(inHome("mine.headlight.json"));
  s.settle();
  EXPECT_EQ(s.experiment(), saved);
  EXPECT_FALSE(s.canUndo());
}

TEST_F(SessionDocument, WhatChangedWhileSavingIsUnsaved) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.change("shape.d_k", 25, Phase::done);
  s.settle();
  EXPECT_TRUE(s.unsaved());
  s.undo();
  EXPECT_FALSE(s.unsaved());
}

TEST_F(SessionDocument, AnotherDocumentOpenedWhileSavingKeepsItsOwnName) {
  Session& s = open();
  s.change("shape.heads", Value(2), Phase::done);
  ASSERT_TRUE(s.saveTo(inHome("first.headlight.json")));
  s.newDocument();
  s.settle();
  EXPECT_EQ(s.path(), "");
  EXPECT_EQ(s.documentName(), "untitled");
  EXPECT_FALSE(s.unsaved());
  EXPECT_THAT(read("first.headlight.json"), testing::HasSubstr("\"heads\": 2"));
}

TEST_F(SessionDocument, WhatCannotBeSavedStaysUnsaved) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  ASSERT_TRUE(s.saveTo(inHome("no/such/folder/mine.headlight.json")));
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_EQ(s.problem()->title, "mine.headlight.json was not saved");
  EXPECT_TRUE(s.unsaved());
  EXPECT_EQ(s.path(), "");
  EXPECT_FALSE(s.saveTo(""));
}

TEST_F(SessionDocument, ArraysBecomeADocument) {
  write("dump.npz", arrays());
  Session& s = open();
  importFile("dump.npz");
  ASSERT_FALSE(s.problem()) << s.problem()->error.text();
  EXPECT_EQ(s.documentName(), "dump");
  EXPECT_TRUE(s.unsaved()) << "what was chosen stands nowhere else";
  EXPECT_EQ(s.path(), "");  // saving must not replace the arrays
  EXPECT_EQ(s.experiment().source.kind, "qkv");
  ASSERT_TRUE(s.evaluation());
  EXPECT_EQ(s.evaluation()->run->sizes.heads, 2);
  EXPECT_EQ(s.evaluation()->run->sizes.queries, 5);
  EXPECT_FALSE(s.evaluation()->run->has(Stage::input));
  EXPECT_EQ(s.view().stage, Stage::weights);
}

TEST_F(SessionDocument, ASavedDocumentFindsItsArraysFromItsNewPlace) {
  std::filesystem::create_directories(inHome("data/run 1"));
  std::filesystem::create_directories(inHome("papers"));
  write("data/run 1/dump.npz", arrays());
  Session& s = open();
  importFile("data/run 1/dump.npz");
  const float before = weight(1, 3, 2);
  s.change("mask", "causal", Phase::done);
  s.undo();
  ASSERT_TRUE(s.saveTo(inHome("papers/figure.headlight.json")));
  s.settle();
  EXPECT_THAT(read("papers/figure.headlight.json"), HasSubstr("../data/run 1/dump.npz"));
  EXPECT_THAT(read("papers/figure.headlight.json"), testing::Not(HasSubstr(home.path())));
  s.change("mask", "causal", Phase::done);  // still evaluated where the arrays are
  s.settle();
  EXPECT_EQ(s.evaluationError(), nullptr);
  EXPECT_EQ(weight(1, 0, 4), 0);
  s.openFile(inHome("papers/figure.headlight.json"));
  s.settle();
  ASSERT_EQ(s.evaluationError(), nullptr) << s.evaluationError()->text();
  EXPECT_EQ(weight(1, 3, 2), before);
}

TEST_F(SessionDocument, AMissingArrayIsToldAndTheDocumentIsThere) {
  write("dump.npz", arrays());
  Session& s = open();
  importFile("dump.npz");
  ASSERT_TRUE(s.saveTo(inHome("figure.headlight.json")));
  s.settle();
  std::filesystem::remove(inHome("dump.npz"));
  s.openFile(inHome("figure.headlight.json"));
  s.settle();
  EXPECT_EQ(s.documentName(), "figure");
  ASSERT_NE(s.evaluationError(), nullptr);
  EXPECT_THAT(s.evaluationError()->text(), HasSubstr("dump.npz"));
  // It can be saved all the same.
  ASSERT_TRUE(s.saveTo(inHome("copy.headlight.json")));
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_THAT(read("copy.headlight.json"), HasSubstr("dump.npz"));
}

TEST_F(SessionDocument, AFigureCarriesItsDocument) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  s.selectHead(3);
  const Experiment drawn = s.experiment();
  for (const auto& [name, format] :
       {std::pair{"a.png", FigureFormat::png}, {"a.svg", FigureFormat::svg}, {"a.pdf", FigureFormat::pdf}}) {
    FigureSpec spec;
    spec.format = format;
    s.exportFigure(spec, inHome(name));
    s.settle();
    ASSERT_FALSE(s.problem()) << s.problem()->error.text();
    EXPECT_THAT(s.notice(), HasSubstr(std::string("Exported ") + inHome(name)));
    EXPECT_THAT(s.notice(), HasSubstr("mm"));
    s.newDocument();
    s.openFile(inHome(name));
    s.settle();
    ASSERT_FALSE(s.problem()) << s.problem()->error.text();
    EXPECT_TRUE(sameNumbers(s.experiment(), drawn));
    EXPECT_EQ(s.view().head, 3);
    EXPECT_EQ(s.path(), "");  // saving must not replace the figure
    EXPECT_EQ(s.documentName(), "a");
  }
}

TEST_F(SessionDocument, AFigureWithItsArraysInsideNeedsNoOtherFile) {
  std::filesystem::create_directories(inHome("data"));
  write("data/dump.npz", arrays());
  Session& s = open();
  importFile("data/dump.npz");
  const float before = weight(1, 3, 2);
  FigureSpec spec;
  spec.embedData = true;
  for (const auto& [name, format] : {std::pair{"a.png", FigureFormat::png}, {"a.pdf", FigureFormat::pdf}}) {
    spec.format = format;
    s.exportFigure(spec, inHome(name));
    s.settle();
    ASSERT_FALSE(s.problem()) << s.problem()->error.text();
  }
  std::filesystem::remove_all(inHome("data"));
  for (const char* name : {"a.png", "a.pdf"}) {
    s.openFile(inHome(name));
    s.settle();
    ASSERT_FALSE(s.problem()) << s.problem()->error.text();
    ASSERT_EQ(s.evaluationError(), nullptr) << s.evaluationError()->text();
    EXPECT_EQ(weight(1, 3, 2), before);
    EXPECT_THAT(toText(s.experiment()), HasSubstr("\"data/dump.npz\""));
  }
}

TEST_F(SessionDocument, AFigureThatCannotBeWrittenIsAProblem) {
  Session& s = open();
  s.exportFigure({}, inHome("no/such/folder/a.png"));
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_EQ(s.problem()->title, "a.png was not exported");
  FigureSpec spec;
  spec.layout = "no such layout";
  s.exportFigure(spec, inHome("a.png"));
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_FALSE(std::filesystem::exists(inHome("a.png")));
}

TEST_F(SessionDocument, NewAndExamples) {
  Session& s = open();
  s.change("shape.d_k", 24, Phase::done);
  s.newDocument();
  EXPECT_EQ(s.documentName(), "untitled");
  EXPECT_FALSE(s.unsaved());
  EXPECT_FALSE(s.canUndo());
  s.settle();
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, Experiment()));
  s.openExample("who-is-meant");
  s.settle();
  EXPECT_EQ(s.documentName(), "who-is-meant");
  s.openExample("no-such-example");
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_THAT(s.problem()->error.what, HasSubstr("who-is-meant"));
  EXPECT_EQ(s.documentName(), "who-is-meant");
}

TEST_F(SessionDocument, EveryExampleOpensWithNumbers) {
  Session& s = open();
  for (const std::string& name : exampleNames()) {
    s.openExample(name);
    s.settle();
    EXPECT_FALSE(s.problem()) << name;
    EXPECT_EQ(s.evaluationError(), nullptr) << name << ": " << s.evaluationError()->text();
    EXPECT_EQ(s.documentName(), name);
  }
}

TEST_F(SessionDocument, DialogsAreAskedAndAnsweredFromAnyThread) {
  Session& s = open();
  s.askSave(false);  // no path yet: ask
  ASSERT_EQ(dialogs.asked.size(), 1u);
  EXPECT_TRUE(dialogs.asked[0].save);
  EXPECT_EQ(dialogs.asked[0].name, "who-is-meant.headlight.json");
  std::thread([&] { dialogs.answers[0](inHome("plain")); }).join();
  s.settle();
  EXPECT_EQ(s.path(), inHome("plain.headlight.json"));

  s.change("shape.d_k", 24, Phase::done);
  s.askSave(false);
  s.settle();
  EXPECT_EQ(dialogs.asked.size(), 1u);  // its place is known
  EXPECT_FALSE(s.unsaved());

  s.askOpen();
  EXPECT_EQ(dialogs.asked[1].folder, home.path());
  dialogs.answers[1](std::nullopt);
  s.settle();
  EXPECT_EQ(s.path(), inHome("plain.headlight.json"));

  s.askExport();
  EXPECT_EQ(dialogs.asked[2].name, "plain-weights.png");
  dialogs.answers[2](inHome("figure.svg"));
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_THAT(read("figure.svg"), HasSubstr("<svg"));
}

TEST_F(SessionDocument, ANameThatWasCompletedReplacesNothingUnasked) {
  write("old.headlight.json", "precious");
  Session& s = open();
  s.askSave(true);
  dialogs.answers[0](inHome("old"));  // the dialog saw no file of this name
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_EQ(s.problem()->error.code, ErrorCode::exists);
  EXPECT_EQ(read("old.headlight.json"), "precious");
  s.closeProblem();
  s.askSave(true);
  dialogs.answers[1](inHome("old.headlight.json"));  // this one it asked about
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_NE(read("old.headlight.json"), "precious");
}

TEST_F(SessionDocument, WithoutDialogsAPathIsTyped) {
  dialogs.isAvailable = false;
  Session& s = open();
  EXPECT_FALSE(s.pathQuestion());
  s.settings().lastFolder = home.path();
  s.askSave(true);
  ASSERT_TRUE(s.pathQuestion());
  EXPECT_EQ(s.pathQuestion()->use, PathQuestion::Use::save);
  s.answerPath("typed");
  EXPECT_FALSE(s.pathQuestion());
  s.settle();
  EXPECT_EQ(s.path(), inHome("typed.headlight.json"));

  s.askExport();
  s.answerPath("typed.headlight.json.png");
  s.settle();
  EXPECT_TRUE(std::filesystem::exists(inHome("typed.headlight.json.png")));
  s.askExport();  // typed names replace nothing
  s.answerPath("typed.headlight.json.png");
  s.settle();
  ASSERT_TRUE(s.problem());
  EXPECT_EQ(s.problem()->error.code, ErrorCode::exists);

  s.askOpen();
  s.answerPath(std::nullopt);
  EXPECT_FALSE(s.pathQuestion());
  s.askOpen();
  s.answerPath("~/../typed.headlight.json");  // the home folder of this test
  s.settle();
  EXPECT_THAT(s.notice(), HasSubstr("Opened typed.headlight.json"));
}

TEST_F(SessionDocument, ADialogMayOutliveTheWindow) {
  open().askOpen();
  session.reset();
  dialogs.answers[0](inHome("late.json"));
}

TEST_F(SessionDocument, NothingIsWrittenOutsideTheFoldersOfTheUser) {
  write("dump.npz", arrays());
  {
    Session& s = open();
    importFile("dump.npz");
    for (const std::string& name : exampleNames()) s.openExample(name);
    s.change("shape.d_k", 24, Phase::done);
    s.setTheme("light");
    clock = clock + 60;
    s.settle();
    session.reset();
  }
  for (const std::string& file : home.files()) {
    if (file == "dump.npz") continue;
    const bool ours = file.rfind("home/config/", 0) == 0 || file.rfind("home/state/", 0) == 0 ||
                      file.rfind("home/cache/", 0) == 0;
    EXPECT_TRUE(ours) << file;
    EXPECT_EQ(file.find(".running"), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace headlight
