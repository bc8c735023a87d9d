#include "app/desktop/folder_listing.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;

std::vector<std::string> namesOf(const FolderListing& listing) {
  std::vector<std::string> names;
  names.reserve(listing.entries.size());
  for (const FolderEntry& entry : listing.entries) names.push_back(entry.name);
  return names;
}

TEST(FolderListing, FoldersFirstThenFilesByNameHiddenOnesLeftOut) {
  const TemporaryFolder folder;
  for (const char* name : {"b.npy", "A.npy", ".hidden", "zero.npz"})
    std::ofstream(folder.path() + "/" + name) << "12345";
  fs::create_directory(folder.path() + "/zoo");
  fs::create_directory(folder.path() + "/.git");
  fs::create_symlink(folder.path() + "/nowhere", folder.path() + "/broken");
  fs::create_symlink(folder.path() + "/zoo", folder.path() + "/also");
  const FolderListing listing = listFolder(folder.path());
  EXPECT_FALSE(listing.error);
  EXPECT_FALSE(listing.cut);
  EXPECT_THAT(namesOf(listing), ElementsAre("also", "zoo", "A.npy", "b.npy", "zero.npz"));
  EXPECT_TRUE(listing.find("also")->isFolder) << "a link to a folder is one";
  EXPECT_EQ(listing.find("b.npy")->bytes, 5U);
  EXPECT_GT(listing.find("b.npy")->changed, 1'000'000'000);
  EXPECT_EQ(listing.find("nothing"), nullptr);
}

TEST(FolderListing, WhatCannotBeReadSaysWhy) {
  const TemporaryFolder folder;
  const FolderListing missing = listFolder(folder.path() + "/gone");
  ASSERT_TRUE(missing.error);
  EXPECT_EQ(missing.error->code, ErrorCode::unreadable);
  EXPECT_TRUE(missing.entries.empty());
  std::ofstream(folder.path() + "/file") << "x";
  EXPECT_TRUE(listFolder(folder.path() + "/file").error);
}

TEST(FolderListing, AVeryFullFolderIsCut) {
  const TemporaryFolder folder;
  for (std::size_t i = 0; i < kMostListed + 3; ++i) std::ofstream(folder.path() + "/" + std::to_string(i));
  const FolderListing listing = listFolder(folder.path());
  EXPECT_TRUE(listing.cut);
  EXPECT_EQ(listing.entries.size(), kMostListed);
}

TEST(FolderListing, TimesAreWrittenByDayAndMinute) {
  setenv("TZ", "UTC", 1);
  tzset();
  EXPECT_EQ(timeText(1'700'000'000), "2023-11-14 22:13");
  EXPECT_EQ(timeText(0), "");
}

}  // namespace
}  // namespace headlight
