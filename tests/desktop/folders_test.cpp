#include "app/desktop/folders.h"

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/desktop/environment.h"
#include "tests/temporary_folder.h"

namespace headlight {
namespace {

using test::Environment;
using test::TemporaryFolder;

int modeOf(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? static_cast<int>(about.st_mode & 0777) : -1;
}

TEST(Folders, FollowTheBaseDirectoryVariables) {
  const Environment home("HOME", "/home/ann");
  const Environment config("XDG_CONFIG_HOME", "/etc/ann");
  const Environment state("XDG_STATE_HOME", "/var/ann");
  const Environment cache("XDG_CACHE_HOME", "/tmp/ann");
  const Folders folders = Folders::fromEnvironment();
  EXPECT_EQ(folders.config, "/etc/ann/headlight");
  EXPECT_EQ(folders.state, "/var/ann/headlight");
  EXPECT_EQ(folders.cache, "/tmp/ann/headlight");
  EXPECT_EQ(folders.home, "/home/ann");
}

TEST(Folders, IgnoreValuesThatAreNotAbsolute) {
  const Environment home("HOME", "/home/ann");
  const Environment config("XDG_CONFIG_HOME", "etc");
  const Environment state("XDG_STATE_HOME", "");
  const Environment cache("XDG_CACHE_HOME", nullptr);
  const Folders folders = Folders::fromEnvironment();
  EXPECT_EQ(folders.config, "/home/ann/.config/headlight");
  EXPECT_EQ(folders.state, "/home/ann/.local/state/headlight");
  EXPECT_EQ(folders.cache, "/home/ann/.cache/headlight");
}

TEST(Folders, HaveAHomeWithoutHome) {
  const Environment home("HOME", "relative");
  EXPECT_EQ(Folders::fromEnvironment().home.front(), '/');
}

TEST(OwnFile, IsWrittenForTheUserAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/a/b/file";
  ASSERT_TRUE(writeOwnFile(path, "text"));
  EXPECT_EQ(modeOf(path), 0600);
  EXPECT_EQ(modeOf(folder.path() + "/a"), 0700);
  EXPECT_EQ(modeOf(folder.path() + "/a/b"), 0700);
  EXPECT_EQ(*readOwnFile(path, 100), "text");
  EXPECT_THAT(folder.files(), testing::ElementsAre("a/b/file"));  // nothing temporary stays
}

TEST(OwnFile, IsReplacedWhole) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/file";
  ASSERT_TRUE(writeOwnFile(path, std::string(100000, 'a')));
  ASSERT_TRUE(writeOwnFile(path, "b"));
  EXPECT_EQ(*readOwnFile(path, 100), "b");
}

TEST(OwnFile, ReadersNeverSeeHalfOfIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/file";
  ASSERT_TRUE(writeOwnFile(path, std::string(5000, '0')));
  std::thread writer([&] {
    for (int round = 1; round < 60; ++round) {
      EXPECT_TRUE(writeOwnFile(path, std::string(5000, static_cast<char>('0' + round % 10))));
    }
  });
  for (int round = 0; round < 300; ++round) {
    const auto text = readOwnFile(path, 10000);
    ASSERT_TRUE(text);
    ASSERT_EQ(*text, std::string(5000, text->front()));
  }
  writer.join();
}

TEST(OwnFile, TellsWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_EQ(readOwnFile(folder.path() + "/missing", 10).error().code, ErrorCode::unreadable);
  EXPECT_EQ(readOwnFile(folder.path(), 10).error().code, ErrorCode::unreadable);
  ASSERT_TRUE(writeOwnFile(folder.path() + "/file", "eleven bytes"));
  const auto large = readOwnFile(folder.path() + "/file", 10);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::invalid);
  // A file stands where a folder is needed.
  const Status blocked = writeOwnFile(folder.path() + "/file/inside", "x");
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().code, ErrorCode::unwritable);
}

TEST(OwnFile, DoesNotWaitForAPipe) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(readOwnFile(path, 10));
}

}  // namespace
}  // namespace headlight
