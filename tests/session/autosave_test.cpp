#include "app/session/autosave.h"

#include <filesystem>

#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;
using test::SessionTest;
using test::TemporaryFolder;
using testing::HasSubstr;

Document titled(const std::string& title) {
  Document document;
  document.experiment.title = title;
  document.path = "/home/ann/" + title + "\n.json";
  document.folder = "/home/ann";
  document.name = title;
  return document;
}

/// What a run leaves behind when its power fails: its files, held by nobody.
void crash(const std::string& from, const std::string& to) {
  fs::create_directories(to);
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

TEST(Autosave, ACleanEndLeavesNothing) {
  const TemporaryFolder folder;
  {
    Autosave run(folder.path() + "/state");
    ASSERT_TRUE(run.begin());
    ASSERT_TRUE(run.write(titled("a")));
    EXPECT_EQ(folder.files().size(), 2u);
  }
  EXPECT_TRUE(folder.files().empty());
}

TEST(Autosave, ARunThatStillGoesOnIsNotTakenOver) {
  const TemporaryFolder folder;
  Autosave first(folder.path());
  ASSERT_TRUE(first.begin());
  ASSERT_TRUE(first.write(titled("a")));
  Autosave second(folder.path());
  ASSERT_TRUE(second.begin());
  EXPECT_FALSE(second.leftover());
}

TEST(Autosave, TheNewestOfTheDeadIsFoundAndTakenOverOnce) {
  const TemporaryFolder alive;
  const TemporaryFolder folder;
  for (const char* title : {"old", "young"}) {
    Autosave run(alive.path());
    ASSERT_TRUE(run.begin());
    ASSERT_TRUE(run.write(titled(title)));
    crash(alive.path(), folder.path());
    for (const std::string& file : folder.files()) {
      const bool isOld = std::string(title) == "old";
      if (isOld)
        fs::last_write_time(folder.path() + "/" + file,
                            fs::file_time_type::clock::now() - std::chrono::hours(1));
    }
  }
  ASSERT_EQ(folder.files().size(), 4u);
  {
    Autosave next(folder.path());
    ASSERT_TRUE(next.begin());
    const auto found = next.leftover();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->document.name, "young");
    EXPECT_EQ(found->document.path, "/home/ann/young\n.json");
    EXPECT_EQ(found->document.folder, "/home/ann");
    EXPECT_EQ(found->document.experiment, titled("young").experiment);
    // Another start at the same time does not get it too.
    Autosave rival(folder.path());
    ASSERT_TRUE(rival.begin());
    const auto other = rival.leftover();
    ASSERT_TRUE(other);
    EXPECT_EQ(other->document.name, "old");
    next.takeOver();
    rival.takeOver();
  }
  EXPECT_TRUE(folder.files().empty());
}

TEST(Autosave, ADamagedOneIsPassedOver) {
  const TemporaryFolder alive;
  const TemporaryFolder folder;
  Autosave run(alive.path());
  ASSERT_TRUE(run.begin());
  ASSERT_TRUE(run.write(titled("a")));
  for (const char* damage :
       {"", "# Headlight autosave 1\n", "# Headlight autosave 1\npath = x\n\n{\"type\":", "\xff\xfe"}) {
    crash(alive.path(), folder.path());
    for (const std::string& file : folder.files()) {
      if (file.find(".autosave") != std::string::npos) std::ofstream(folder.path() + "/" + file) << damage;
    }
    Autosave next(folder.path());
    ASSERT_TRUE(next.begin());
    EXPECT_FALSE(next.leftover());
  }
  EXPECT_TRUE(folder.files().empty());
}

TEST(Autosave, AFolderThatCannotBeMadeIsToldOnce) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() + "/file") << "x";
  Autosave run(folder.path() + "/file/state");
  const Status begun = run.begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, ErrorCode::unwritable);
  EXPECT_TRUE(run.write(titled("a")));  // quietly nothing
}

class SessionAutosave : public SessionTest {
 protected:
  bool copied() const {
    for (const std::string& file : home.files()) {
      if (file.find(".autosave") != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(SessionAutosave, AChangeIsOnTheDiskWithinTenSeconds) {
  Session& s = open();
  clock = clock + 60;
  s.settle();
  EXPECT_FALSE(copied());  // nothing is unsaved
  s.change("shape.d_k", 24, Phase::live);
  for (int i = 0; i < 9; ++i) {  // also while the hand is still moving
    clock = clock + 1;
    s.change("shape.d_k", 25 + i, Phase::live);
    s.settle();
  }
  EXPECT_TRUE(copied());
  s.commit();
  s.undo();
  s.settle();
  EXPECT_FALSE(copied());  // it is what it was
}

TEST_F(SessionAutosave, TheWindowIsWokenForItThoughNothingMoves) {
  SessionSeams real = seams();
  real.seconds = nullptr;
  session = std::make_unique<Session>(real);
  session->settle();
  session->change("shape.d_k", 24, Phase::done);
  session->settle();
  for (int i = 0; i < 2000 && !copied(); ++i) {
    const int before = wakes;
    while (wakes == before && i < 2000) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ++i;
    }
    session->settle();
  }
  EXPECT_TRUE(copied());
}

TEST_F(SessionAutosave, ACrashLosesNothing) {
  Session& s = open();
  s.change("tokens.text", "a 🙂 survives", Phase::done);
  s.change("title", "mine", Phase::done);
  clock = clock + 6;
  s.settle();
  ASSERT_TRUE(copied());
  const Experiment lost = s.experiment();
  crash(inHome("home/state"), inHome("after/state"));

  SessionSeams after = seams();
  after.folders = Folders::under(inHome("after"));
  auto next = std::make_unique<Session>(after);
  next->settle();
  EXPECT_EQ(next->experiment(), lost);
  EXPECT_TRUE(next->unsaved());
  EXPECT_THAT(next->notice(), HasSubstr("Restored who-is-meant"));
  EXPECT_EQ(next->evaluation()->run->sizes.queries, 3);

  // It ends as it began, and is found again; a clean end is not.
  crash(inHome("after/state"), inHome("again/state"));
  next.reset();
  after.folders = Folders::under(inHome("again"));
  Session again(after);
  again.settle();
  EXPECT_EQ(again.experiment(), lost);
  after.folders = Folders::under(inHome("after"));
  Session clean(after);
  clean.settle();
  EXPECT_EQ(clean.documentName(), "who-is-meant");
  EXPECT_FALSE(clean.unsaved());
}

TEST_F(SessionAutosave, WhatWasLeftWaitsWhileAnotherFileIsOpened) {
  Session& s = open();
  s.change("title", "mine", Phase::done);
  clock = clock + 6;
  s.settle();
  crash(inHome("home/state"), inHome("after/state"));
  write("given.headlight.json", toText(Experiment()));

  SessionSeams after = seams();
  after.folders = Folders::under(inHome("after"));
  {
    Session given(after);
    given.openFile(inHome("given.headlight.json"));
    given.settle();
    EXPECT_EQ(given.documentName(), "given");
  }
  Session later(after);
  later.settle();
  EXPECT_EQ(later.experiment().title, "mine");
}

TEST_F(SessionAutosave, ARestoredDocumentIsSavedWhereItBelongs) {
  Session& s = open();
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.change("shape.d_k", 24, Phase::done);  // while it is being saved
  clock = clock + 6;
  s.settle();
  crash(inHome("home/state"), inHome("after/state"));
  SessionSeams after = seams();
  after.folders = Folders::under(inHome("after"));
  Session next(after);
  next.settle();
  EXPECT_EQ(next.path(), inHome("mine.headlight.json"));
  next.askSave(false);
  next.settle();
  EXPECT_FALSE(next.unsaved());
  EXPECT_THAT(read("mine.headlight.json"), HasSubstr("24"));
}

}  // namespace
}  // namespace headlight
