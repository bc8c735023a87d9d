#include "app/desktop/dialog_program.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/desktop/native_dialogs.h"
#include "tests/temporary_folder.h"

namespace headlight {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;
using testing::Contains;
using testing::ElementsAre;

/// A program of that name which does what the script says.
std::string fakeProgram(const TemporaryFolder& folder, const std::string& name, const std::string& script) {
  const std::string path = folder.path() + "/" + name;
  std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

DialogRequest saveRequest() {
  DialogRequest request;
  request.save = true;
  request.title = "Save";
  request.folder = "/home/ann";
  request.name = "a.headlight.json";
  request.filters = {{"Experiments", {"*.json", "*.png"}}};
  return request;
}

/// The answer of a dialog, waited for.
class Answer {
 public:
  std::function<void(std::optional<std::string>)> taker() {
    return [this](std::optional<std::string> path) {
      const std::lock_guard lock(mutex_);
      path_ = std::move(path);
      came_ = true;
      arrived_.notify_all();
    };
  }
  std::optional<std::string> wait() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(arrived_.wait_for(lock, 20s, [this] { return came_; }));
    return path_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  bool came_ = false;
  std::optional<std::string> path_;
};

bool becomesAvailable(const FileDialogs& dialogs) {
  for (int i = 0; i < 2000 && !dialogs.available(); ++i) std::this_thread::sleep_for(5ms);
  return dialogs.available();
}

NativeDialogMeans only(const std::string& program) {
  return {false, {program}};
}

TEST(DialogArguments, AreThoseOfZenity) {
  EXPECT_THAT(
      dialogArguments("/usr/bin/zenity", saveRequest()),
      ElementsAre("/usr/bin/zenity", "--file-selection", "--title=Save", "--save", "--confirm-overwrite",
                  "--filename=/home/ann/a.headlight.json", "--file-filter=Experiments | *.json *.png"));
  DialogRequest open = saveRequest();
  open.save = false;
  EXPECT_THAT(dialogArguments("zenity", open), Contains("--filename=/home/ann/"));
  EXPECT_THAT(dialogArguments("zenity", open), testing::Not(Contains("--save")));
}

TEST(DialogArguments, AreThoseOfKdialog) {
  EXPECT_THAT(dialogArguments("/usr/bin/kdialog", saveRequest()),
              ElementsAre("/usr/bin/kdialog", "--title", "Save", "--getsavefilename",
                          "/home/ann/a.headlight.json", "Experiments (*.json *.png)"));
}

TEST(NativeDialogs, AreNotThereWithoutAProgram) {
  const auto dialogs = makeNativeDialogs(only("/nowhere/zenity"));
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(dialogs->available());
  Answer answer;
  dialogs->ask(saveRequest(), answer.taker());
  EXPECT_EQ(answer.wait(), std::nullopt);
}

TEST(NativeDialogs, GiveThePathThatWasChosen) {
  const TemporaryFolder folder;
  const std::string program = fakeProgram(folder, "zenity", "printf '/tmp/two words\\303\\251.json\\n'");
  const auto dialogs = makeNativeDialogs(only(program));
  ASSERT_TRUE(becomesAvailable(*dialogs));
  Answer answer;
  dialogs->ask(saveRequest(), answer.taker());
  EXPECT_EQ(answer.wait(), "/tmp/two wordsé.json");
  Answer again;
  dialogs->ask(saveRequest(), again.taker());
  EXPECT_EQ(again.wait(), "/tmp/two wordsé.json");
}

TEST(NativeDialogs, GiveNothingWhenClosedOrBroken) {
  const TemporaryFolder folder;
  for (const char* script :
       {"exit 1", "echo /tmp/path; exit 5", "kill -9 $$", "echo relative/path", "true"}) {
    const auto dialogs = makeNativeDialogs(only(fakeProgram(folder, "zenity", script)));
    ASSERT_TRUE(becomesAvailable(*dialogs));
    Answer answer;
    dialogs->ask(saveRequest(), answer.taker());
    EXPECT_EQ(answer.wait(), std::nullopt) << script;
  }
}

TEST(NativeDialogs, AskOneThingAtATime) {
  const TemporaryFolder folder;
  const auto dialogs = makeNativeDialogs(only(fakeProgram(folder, "zenity", "sleep 0.3; echo /tmp/first")));
  ASSERT_TRUE(becomesAvailable(*dialogs));
  Answer first;
  Answer second;
  dialogs->ask(saveRequest(), first.taker());
  dialogs->ask(saveRequest(), second.taker());
  EXPECT_EQ(second.wait(), std::nullopt);
  EXPECT_EQ(first.wait(), "/tmp/first");
}

TEST(NativeDialogs, EndWithTheWindowAtOnce) {
  const TemporaryFolder folder;
  std::atomic<bool> answered{false};
  const auto start = std::chrono::steady_clock::now();
  {
    const auto dialogs = makeNativeDialogs(only(fakeProgram(folder, "zenity", "exec sleep 60")));
    ASSERT_TRUE(becomesAvailable(*dialogs));
    dialogs->ask(saveRequest(), [&](const std::optional<std::string>&) { answered = true; });
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_FALSE(answered);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

}  // namespace
}  // namespace headlight
