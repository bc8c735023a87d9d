#include "core/files/read_file.h"

#include <array>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::HasSubstr;
using testing_files::TemporaryFolder;

TEST(ReadFile, ReadsByPosition) {
  const TemporaryFolder scratch;
  const auto file = InputFile::open(scratch.put("a", "0123456789"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 10u);
  std::string part(4, ' ');
  ASSERT_TRUE(file->read(3, part));
  EXPECT_EQ(part, "3456");
  EXPECT_TRUE(file->read(10, std::span<char>()));
}

TEST(ReadFile, BeyondTheEndIsAnErrorWithItsPlace) {
  const TemporaryFolder scratch;
  const auto file = InputFile::open(scratch.put("a", "0123456789"));
  std::string part(4, ' ');
  const Status status = file->read(7, part);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::unreadable);
  EXPECT_EQ(status.error().where, scratch.path("a") + ", byte 7");
  EXPECT_FALSE(file->read(~std::uint64_t{0}, part));
}

TEST(ReadFile, MissingFolderAndForbidden) {
  const TemporaryFolder scratch;
  const auto missing = InputFile::open(scratch.path("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unreadable);
  EXPECT_EQ(missing.error().text(), scratch.path("none") + ": there is no such file");
  EXPECT_THAT(InputFile::open(scratch.path("")).error().what, HasSubstr("this is a folder"));
  EXPECT_THAT(readFile(scratch.path(""), 10).error().what, HasSubstr("this is a folder"));
  EXPECT_THAT(readFile(scratch.path("none"), 10).error().what, HasSubstr("no such file"));
  scratch.put("a", "x");
  EXPECT_THAT(InputFile::open(scratch.path("a/b")).error().what, HasSubstr("no folder"));
  ::chmod(scratch.path("a").c_str(), 0);
  if (::geteuid() != 0) {
    EXPECT_THAT(InputFile::open(scratch.path("a")).error().what, HasSubstr("no permission"));
  }
}

TEST(ReadFile, APipeIsNoRegularFileAndDoesNotBlock) {
  const TemporaryFolder scratch;
  ASSERT_EQ(::mkfifo(scratch.path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(InputFile::open(scratch.path("pipe")).error().what, HasSubstr("regular file"));
}

TEST(ReadFile, WholeFilesUpToALimit) {
  const TemporaryFolder scratch;
  const std::string path = scratch.put("a", std::string("a\0b", 3));
  EXPECT_EQ(*readFile(path, 3), std::string("a\0b", 3));
  const auto tooLong = readFile(path, 2);
  ASSERT_FALSE(tooLong);
  EXPECT_EQ(tooLong.error().code, ErrorCode::invalid);
  EXPECT_THAT(tooLong.error().what, HasSubstr("found 3 B, accepted are at most 2 B"));
}

TEST(ReadFile, OfADeviceLittleIsRead) {
  const auto zeros = readFile("/dev/zero", std::uint64_t{1} << 40);
  ASSERT_FALSE(zeros);
  EXPECT_EQ(zeros.error().code, ErrorCode::invalid);
  EXPECT_THAT(zeros.error().text(), HasSubstr("/dev/zero: found more than 1.0 MiB"));
  EXPECT_EQ(*readFile("/dev/null", 10), "");
}

TEST(ReadFile, DescriptorsAreReadToTheirEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const std::string sent(300000, 'z');
  std::thread writer([&] {
    std::string_view rest = sent;
    while (!rest.empty())
      rest.remove_prefix(static_cast<std::size_t>(::write(ends[1], rest.data(), rest.size())));
    ::close(ends[1]);
  });
  EXPECT_EQ(*readDescriptor(ends[0], "stdin", 1 << 20), sent);
  writer.join();
  ::close(ends[0]);
}

TEST(ReadFile, FingerprintsAreOfTheBytes) {
  const TemporaryFolder scratch;
  const std::string bytes(700000, 'q');
  const auto print = fingerprint(scratch.put("a", bytes));
  ASSERT_TRUE(print);
  EXPECT_EQ(*print, (FileFingerprint{700000, sha256(bytes)}));
  const Cancel cancel = Cancel::make();
  cancel.request();
  EXPECT_EQ(fingerprint(scratch.path("a"), cancel).error().code, ErrorCode::cancelled);
}

TEST(ReadFile, StampChangesWithTheFile) {
  const TemporaryFolder scratch;
  const auto before = InputFile::open(scratch.put("a", "1"))->stamp();
  EXPECT_EQ(InputFile::open(scratch.path("a"))->stamp(), before);
  EXPECT_NE(InputFile::open(scratch.put("a", "12"))->stamp(), before);
}

}  // namespace
}  // namespace headlight
