#include "app/desktop/settings.h"

#include <filesystem>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace headlight {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;

TEST(Settings, AreDefaultsWhenThereIsNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(loadSettings(Folders::under(folder.path())), Settings{});
  EXPECT_TRUE(folder.files().empty());  // reading makes nothing
}

TEST(Settings, ComeBackAsTheyWere) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  Settings settings;
  settings.theme = "light";
  settings.uiScale = 1.3;
  settings.reducedMotion = true;
  settings.firstStart = false;
  settings.lastFolder = "/home/ann/two words = one";
  settings.recentFiles = {"/home/ann/line\nbreak\\.json", "/home/ann/\r", "/home/\xff\xfe/latin",
                          "/Übung/🙂.json"};
  ASSERT_TRUE(saveSettings(folders, settings));
  EXPECT_EQ(loadSettings(folders), settings);
}

TEST(Settings, EveryThemeComesBack) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  EXPECT_EQ(themeWords().front(), Settings{}.theme);
  for (const std::string_view word : themeWords()) {
    Settings settings;
    settings.theme = word;
    ASSERT_TRUE(saveSettings(folders, settings));
    EXPECT_EQ(loadSettings(folders).theme, word);
  }
}

TEST(Settings, StandWhereTheRulesWantThem) {
  const TemporaryFolder folder;
  ASSERT_TRUE(saveSettings(Folders::under(folder.path()), Settings{}));
  EXPECT_THAT(folder.files(), ElementsAre("config/settings.conf", "state/recent.conf"));
}

TEST(Settings, OneBadValueCostsOnlyItself) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  for (const char* scale : {"0.7", "3.01", "nan", "inf", "-1", "1e400", "two", "", "1.5x"}) {
    ASSERT_TRUE(writeOwnFile(folders.config + "/settings.conf", std::string("theme = light\nui_scale = ") +
                                                                    scale + "\nreduced_motion = true\n"));
    const Settings settings = loadSettings(folders);
    EXPECT_EQ(settings.uiScale, 0) << scale;
    EXPECT_EQ(settings.theme, "light");
    EXPECT_TRUE(settings.reducedMotion);
  }
  ASSERT_TRUE(writeOwnFile(folders.config + "/settings.conf",
                           "theme = pink\nnonsense\n\n = \nui_scale = 2\nreduced_motion = yes"));
  EXPECT_EQ(loadSettings(folders).theme, "system");
  EXPECT_EQ(loadSettings(folders).uiScale, 2);
  EXPECT_FALSE(loadSettings(folders).reducedMotion);
}

TEST(Settings, SurviveAnyBytes) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::string bytes(random() % 400, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (round % 2 == 0) {
      std::string lines;
      for (const char* key : {"theme = ", "\nui_scale = ", "\nrecent = "}) lines.append(key).append(bytes);
      bytes = lines;
    }
    ASSERT_TRUE(writeOwnFile(folders.config + "/settings.conf", bytes));
    ASSERT_TRUE(writeOwnFile(folders.state + "/recent.conf", bytes));
    const Settings settings = loadSettings(folders);
    EXPECT_THAT(settings.theme, testing::AnyOf("system", "dark", "light"));
    EXPECT_TRUE(settings.uiScale == 0 || (settings.uiScale >= 0.75 && settings.uiScale <= 3));
    // What was read is written and read again as the same.
    ASSERT_TRUE(saveSettings(folders, settings));
    EXPECT_EQ(loadSettings(folders), settings);
  }
  ASSERT_TRUE(writeOwnFile(folders.config + "/settings.conf", std::string(1 << 20, 'x')));
  EXPECT_EQ(loadSettings(folders).theme, "system");
}

TEST(Settings, AFolderInTheirPlaceGivesDefaults) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  std::filesystem::create_directories(folders.config + "/settings.conf");
  EXPECT_EQ(loadSettings(folders), Settings{});
  const Status saved = saveSettings(folders, Settings{});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::unwritable);
}

TEST(Settings, AreCheckedWhenWritten) {
  const TemporaryFolder folder;
  const Folders folders = Folders::under(folder.path());
  Settings settings;
  settings.theme = "dark\nui_scale = 2";
  settings.uiScale = 40;
  settings.recentFiles = {"relative", "/a", "/a", ""};
  settings.lastFolder = "relative";
  ASSERT_TRUE(saveSettings(folders, settings));
  const Settings read = loadSettings(folders);
  EXPECT_EQ(read.theme, "system");
  EXPECT_EQ(read.uiScale, 0);
  EXPECT_THAT(read.recentFiles, ElementsAre("/a"));
  EXPECT_EQ(read.lastFolder, "");
}

TEST(RecentFiles, NewestFirstOnceEachTwelveAtMost) {
  Settings settings;
  for (int i = 0; i < 20; ++i) rememberFile(settings, "/files/" + std::to_string(i));
  EXPECT_EQ(settings.recentFiles.size(), 12u);
  EXPECT_EQ(settings.recentFiles.front(), "/files/19");
  rememberFile(settings, "/files/15");
  EXPECT_EQ(settings.recentFiles.front(), "/files/15");
  EXPECT_EQ(settings.recentFiles.size(), 12u);
  EXPECT_EQ(settings.lastFolder, "/files");
  rememberFile(settings, "relative");
  EXPECT_EQ(settings.recentFiles.front(), "/files/15");
  rememberFile(settings, "/top");
  EXPECT_EQ(settings.lastFolder, "/");
}

}  // namespace
}  // namespace headlight
