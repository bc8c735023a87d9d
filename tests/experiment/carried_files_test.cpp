#include "core/experiment/carried_files.h"

#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/inputs.h"
#include "core/experiment/json.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"
#include "core/files/data_pack.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;
using namespace testing_files;
using testing::ElementsAre;
using testing::HasSubstr;

const char kReading[] = R"({"type": "headlight/experiment", "version": 1,
  "tokens": {"file": "../text/tokens.txt"},
  "source": {"kind": "qkv", "q": "arrays/q.npy", "k": "arrays/k.npy"},
  "mask": [{"kind": "tensor", "tensor": "mask.csv", "meaning": "keep"}]})";

Experiment experiment(const char* text = kReading) {
  auto decoded = fromText(text);
  EXPECT_TRUE(decoded) << decoded.error().text();
  return decoded->experiment;
}

/// A folder "work" with all that the experiment reads, around it.
struct Files {
  Files() {
    for (const char* name : {"work/arrays", "text", "cache"}) fs::create_directories(folder.path(name));
    const std::string two = raw(std::vector<float>{1, 0, 0, 1});
    folder.put("work/arrays/q.npy", npyOf("<f4", "(1, 2, 2)", two));
    folder.put("work/arrays/k.npy", npyOf("<f4", "(1, 2, 2)", two));
    folder.put("work/mask.csv", "1,0\n1,1\n");
    folder.put("text/tokens.txt", "it\nwas\n");
  }
  std::string work() const { return folder.path("work"); }
  std::string cache() const { return folder.path("cache"); }
  TemporaryFolder folder;
};

TEST(CarriedFiles, AreAllThatIsRead) {
  EXPECT_THAT(filesOf(experiment()),
              ElementsAre("arrays/q.npy", "arrays/k.npy", "mask.csv", "../text/tokens.txt"));
}

TEST(CarriedFiles, StayWhereTheyAreWhenUnchanged) {
  const Files files;
  const auto pack = packFiles(experiment(), files.work(), files.work());
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_EQ(*folderOfCarried(*pack, files.work(), files.cache()), files.work());
  EXPECT_TRUE(fs::is_empty(files.cache()));
}

TEST(CarriedFiles, AreUnpackedWhereTheyAreGoneOrChanged) {
  const Files files;
  const auto pack = packFiles(experiment(), files.work(), files.work());
  ASSERT_TRUE(pack);
  const auto before = prepare(experiment(), files.work());
  ASSERT_TRUE(before) << before.error().text();
  fs::create_directories(files.folder.path("elsewhere"));
  files.folder.put("work/mask.csv", "1,0\n1,0\n");
  for (const char* place : {"elsewhere", "work"}) {
    const auto folder = folderOfCarried(*pack, files.folder.path(place), files.cache());
    ASSERT_TRUE(folder) << folder.error().text();
    EXPECT_THAT(*folder, HasSubstr(files.cache()));
    const auto prepared = prepare(experiment(), *folder);
    ASSERT_TRUE(prepared) << prepared.error().text();
    EXPECT_EQ(prepared->queryTokens.size(), 2u);
    EXPECT_EQ(prepared->queryTokens[1].label, "was");
    for (const std::string& path : filesOf(experiment()))
      EXPECT_EQ(contents(inFolder(*folder, path)).size() > 0, true) << path;
  }
  // What someone changed in the cache is put right again.
  const std::string folder = *folderOfCarried(*pack, files.folder.path("elsewhere"), files.cache());
  files.folder.put(fs::relative(folder + "/mask.csv", files.folder.path("")).string(), "0\n");
  EXPECT_EQ(*folderOfCarried(*pack, files.folder.path("elsewhere"), files.cache()), folder);
  EXPECT_EQ(contents(folder + "/mask.csv"), "1,0\n1,1\n");
}

TEST(CarriedFiles, NamesAreThoseOfTheFolderTheFigureGoesTo) {
  const Files files;
  fs::create_directories(files.folder.path("out/figures"));
  const std::string out = files.folder.path("out/figures");
  const auto pack = packFiles(experiment(), files.work(), out);
  ASSERT_TRUE(pack);
  const Experiment moved = forSaving(experiment(), files.work(), out);
  std::vector<std::string> names;
  const auto inside = unpacked(*pack);
  ASSERT_TRUE(inside);
  for (const PackedFile& file : *inside) names.push_back(file.path);
  EXPECT_EQ(names, filesOf(moved));
  EXPECT_EQ(*folderOfCarried(*pack, out, files.cache()), out);
  fs::remove_all(files.work());
  fs::remove_all(files.folder.path("text"));
  const auto folder = folderOfCarried(*pack, out, files.cache());
  ASSERT_TRUE(folder);
  EXPECT_TRUE(prepare(moved, *folder));
}

TEST(CarriedFiles, NoPathLeavesTheCache) {
  const Files files;
  const std::string hostile = packed({{"../../../escaped", "1"}, {"a/../../b", "2"}, {"c", "3"}});
  const auto folder = folderOfCarried(hostile, files.folder.path("work"), files.cache());
  ASSERT_TRUE(folder) << folder.error().text();
  EXPECT_EQ(contents(*folder + "/../../../escaped"), "1");
  EXPECT_EQ(contents(*folder + "/../b"), "2");
  for (const auto& entry : fs::recursive_directory_iterator(files.folder.path(""))) {
    const std::string name = entry.path().filename();
    if (name != "escaped" && name != "b" && name != "c") continue;
    EXPECT_THAT(fs::canonical(entry.path()).string(), HasSubstr("cache/figures/"));
  }
  for (const char* path : {".", "..", "a/..", "x/"})
    EXPECT_FALSE(folderOfCarried(packed({{path, "1"}}), files.work(), files.cache())) << path;
  EXPECT_FALSE(folderOfCarried("no pack", files.work(), files.cache()));
}

TEST(CarriedFiles, TooLargeOnesAreNamedWithTheLimit) {
  const Files files;
  files.folder.put("work/arrays/q.npy", std::string(kMostPackedBytes, ' '));
  const auto pack = packFiles(experiment(), files.work(), files.work());
  ASSERT_FALSE(pack);
  EXPECT_EQ(pack.error().code, ErrorCode::usage);
  EXPECT_THAT(pack.error().text(), HasSubstr("a figure carries at most 8.0 MiB"));
  EXPECT_THAT(pack.error().text(), HasSubstr("arrays/q.npy (8.0 MiB)"));
  fs::remove(files.folder.path("work/arrays/k.npy"));
  EXPECT_EQ(packFiles(experiment(), files.work(), files.work()).error().code, ErrorCode::unreadable);
  EXPECT_EQ(*packFiles(experiment(R"({"type": "headlight/experiment", "version": 1})"), "", ""), "");
}

TEST(MovedFiles, AreFoundBesideByTheirName) {
  const Files files;
  files.folder.put("text/q.npy", "moved");
  EXPECT_EQ(inFolder(files.work(), "arrays/q.npy"), files.work() + "/arrays/q.npy");
  EXPECT_EQ(inFolder(files.folder.path("text"), "arrays/q.npy"), files.folder.path("text") + "/q.npy");
  EXPECT_EQ(inFolder(files.folder.path("text"), "arrays/none.npy"),
            files.folder.path("text") + "/arrays/none.npy");
  EXPECT_EQ(inFolder(files.work(), "/arrays/q.npy"), "/arrays/q.npy");
}

TEST(MovedFiles, AnotherFileOfThatNameWarns) {
  const Files files;
  const Experiment saved = forSaving(experiment(), files.work(), files.work());
  fs::create_directories(files.folder.path("deep/moved"));
  fs::copy(files.work() + "/arrays", files.folder.path("deep/moved"));
  fs::copy(files.work() + "/mask.csv", files.folder.path("deep/moved"));
  fs::copy(files.folder.path("text/tokens.txt"), files.folder.path("deep/moved"));
  const auto same = prepare(saved, files.folder.path("deep/moved"));
  ASSERT_TRUE(same) << same.error().text();
  EXPECT_THAT(same->warnings, testing::Not(testing::Contains(HasSubstr("is not the file"))));
  files.folder.put("deep/moved/mask.csv", "1,1\n1,1\n");
  const auto other = prepare(saved, files.folder.path("deep/moved"));
  ASSERT_TRUE(other);
  EXPECT_THAT(other->warnings, testing::Contains(HasSubstr("mask.csv is not the file that was saved")));
}

/// A folder of the cache with a file of so many bytes, opened that long ago.
std::string unpackedBefore(const TemporaryFolder& folder, const std::string& name, std::size_t bytes,
                           int hours) {
  const std::string path = folder.path("cache/figures/" + name);
  fs::create_directories(path + "/arrays");
  folder.put("cache/figures/" + name + "/arrays/q.npy", std::string(bytes, 'x'));
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(hours));
  return path;
}

TEST(CarriedFiles, AreForgottenWhenOldOrManyAndNotInUse) {
  const TemporaryFolder folder;
  const std::string fresh = unpackedBefore(folder, "fresh", 900, 1);
  const std::string recent = unpackedBefore(folder, "recent", 60, 30);
  const std::string tooMuch = unpackedBefore(folder, "too much", 100, 50);
  const std::string small = unpackedBefore(folder, "small", 30, 70);
  const std::string old = unpackedBefore(folder, "old", 1, 24 * 61);
  const std::string oldAndUsed = unpackedBefore(folder, "old and used", 5, 24 * 99);
  folder.put("cache/figures/no folder", "a file");
  fs::create_directories(folder.path("elsewhere"));
  folder.put("elsewhere/mine", "kept");
  fs::create_directory_symlink(folder.path("elsewhere"), folder.path("cache/figures/link"));
  const std::vector<std::string> used{oldAndUsed + "/arrays", folder.path("elsewhere")};
  clearCarried(folder.path("cache"), used, {1000, 60});
  EXPECT_TRUE(fs::exists(fresh));
  EXPECT_TRUE(fs::exists(recent));
  EXPECT_FALSE(fs::exists(tooMuch));
  EXPECT_TRUE(fs::exists(small));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(oldAndUsed + "/arrays/q.npy"));
  EXPECT_TRUE(fs::exists(folder.path("cache/figures/no folder")));
  EXPECT_TRUE(fs::exists(folder.path("elsewhere/mine")));
  clearCarried(folder.path("nowhere"), {});
}

TEST(CarriedFiles, OfAFigureThatIsOpenedAgainAreNew) {
  const Files files;
  const auto pack = packFiles(experiment(), files.work(), files.work());
  ASSERT_TRUE(pack);
  fs::create_directories(files.folder.path("elsewhere"));
  const std::string folder = *folderOfCarried(*pack, files.folder.path("elsewhere"), files.cache());
  const fs::path base = *fs::directory_iterator(files.folder.path("cache/figures"));
  fs::last_write_time(base, fs::file_time_type::clock::now() - std::chrono::hours(24 * 90));
  EXPECT_EQ(*folderOfCarried(*pack, files.folder.path("elsewhere"), files.cache()), folder);
  clearCarried(files.cache(), {}, {0, 0});
  EXPECT_TRUE(fs::exists(folder));
  fs::last_write_time(base, fs::file_time_type::clock::now() - std::chrono::hours(24 * 90));
  clearCarried(files.cache(), {});
  EXPECT_FALSE(fs::exists(base));
}

}  // namespace
}  // namespace headlight
