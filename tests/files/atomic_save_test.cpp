#include "core/files/atomic_save.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_files::contents;
using testing_files::TemporaryFolder;

TEST(AtomicSave, WritesTheFileAndNothingElse) {
  const TemporaryFolder scratch;
  ASSERT_TRUE(saveAtomically(scratch.path("out"), "hello", Overwrite::refuse));
  EXPECT_EQ(contents(scratch.path("out")), "hello");
  EXPECT_THAT(scratch.names(), ElementsAre("out"));
}

TEST(AtomicSave, AnExistingFileStaysUnlessForced) {
  const TemporaryFolder scratch;
  const std::string path = scratch.put("out", "old");
  const Status refused = saveAtomically(path, "new", Overwrite::refuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::exists);
  EXPECT_EQ(contents(path), "old");
  ASSERT_TRUE(saveAtomically(path, "new", Overwrite::replace));
  EXPECT_EQ(contents(path), "new");
  EXPECT_THAT(scratch.names(), ElementsAre("out"));
}

TEST(AtomicSave, NothingIsSeenBeforeCommitOrAfterGivingUp) {
  const TemporaryFolder scratch;
  {
    auto file = AtomicFile::create(scratch.path("out"), Overwrite::refuse);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half"));
    EXPECT_FALSE(std::filesystem::exists(scratch.path("out")));
  }
  EXPECT_THAT(scratch.names(), IsEmpty());
}

TEST(AtomicSave, AFileThatAppearsMeanwhileIsNotOverwritten) {
  const TemporaryFolder scratch;
  auto file = AtomicFile::create(scratch.path("out"), Overwrite::refuse);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("mine"));
  scratch.put("out", "theirs");
  const Status status = file->commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::exists);
  EXPECT_EQ(contents(scratch.path("out")), "theirs");
}

TEST(AtomicSave, ErrorsNameTheFolder) {
  const TemporaryFolder scratch;
  const Status missing = saveAtomically(scratch.path("no/out"), "x", Overwrite::refuse);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unwritable);
  EXPECT_THAT(missing.error().text(), HasSubstr("the folder \"" + scratch.path("no") + "\" does not exist"));
  const Status folder = saveAtomically(scratch.path(""), "x", Overwrite::replace);
  EXPECT_EQ(folder.error().code, ErrorCode::unwritable);
  EXPECT_THAT(folder.error().what, HasSubstr("this is a folder"));
  scratch.put("file", "x");
  EXPECT_EQ(saveAtomically(scratch.path("file/out"), "x", Overwrite::refuse).error().code,
            ErrorCode::unwritable);
  EXPECT_EQ(saveAtomically("", "x", Overwrite::refuse).error().code, ErrorCode::unwritable);
  if (::geteuid() != 0) {
    std::filesystem::create_directory(scratch.path("locked"));
    ::chmod(scratch.path("locked").c_str(), 0500);
    EXPECT_THAT(saveAtomically(scratch.path("locked/out"), "x", Overwrite::refuse).error().what,
                HasSubstr("no permission"));
  }
}

TEST(AtomicSave, LinksAreFollowedAndModesKept) {
  const TemporaryFolder scratch;
  const std::string path = scratch.put("real", "old");
  ::chmod(path.c_str(), 0640);
  std::filesystem::create_symlink(path, scratch.path("link"));
  ASSERT_TRUE(saveAtomically(scratch.path("link"), "new", Overwrite::replace));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path("link")));
  EXPECT_EQ(contents(path), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0640u);
}

TEST(AtomicSave, DevicesAreWrittenDirectly) {
  EXPECT_TRUE(saveAtomically("/dev/null", "x", Overwrite::refuse));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  if (std::filesystem::exists("/dev/full")) {
    EXPECT_EQ(saveAtomically("/dev/full", "x", Overwrite::refuse).error().code, ErrorCode::unwritable);
  }
}

TEST(AtomicSave, MovedFilesCommitOnce) {
  const TemporaryFolder scratch;
  auto file = AtomicFile::create(scratch.path("out"), Overwrite::refuse);
  AtomicFile moved = std::move(*file);
  ASSERT_TRUE(moved.write("x"));
  ASSERT_TRUE(moved.commit());
  EXPECT_FALSE(moved.commit());
  EXPECT_FALSE(moved.write("y"));
  EXPECT_EQ(contents(scratch.path("out")), "x");
}

TEST(AtomicSave, AClosedPipeIsNoticed) {
  ::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  DescriptorSink sink(ends[1], "stdout");
  EXPECT_TRUE(sink.write("x"));
  EXPECT_FALSE(sink.closed());
  ::close(ends[0]);
  EXPECT_FALSE(sink.write("y"));
  EXPECT_TRUE(sink.closed());
  ::close(ends[1]);
}

}  // namespace
}  // namespace headlight
