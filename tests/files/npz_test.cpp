#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/tensor_file.h"
#include "core/files/zip_directory.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

class Npz : public testing::Test {
 protected:
  Result<TensorFile> open(std::string_view bytes) { return TensorFile::open(scratch_.put("x.npz", bytes)); }
  std::string fault(std::string_view bytes, std::string_view name = "q") {
    const auto file = open(bytes);
    if (!file) return file.error().text();
    const auto tensor = file->read(name, Precision::stored);
    return tensor ? "no error" : tensor.error().text();
  }
  TemporaryFolder scratch_;
};

std::string q() {
  return npyOf("<f4", "(2, 2)", raw<float>({1, 2, 3, 4}));
}
std::string k() {
  return npyOf("<f8", "(3,)", raw<double>({5, 6, 7}));
}

// A37: assertion 37 and golden G-11 of the reference.
TEST_F(Npz, A37EveryKindOfLocalHeader) {
  for (const auto local : {ZipPart::Local::real, ZipPart::Local::wide, ZipPart::Local::descriptor}) {
    for (const bool deflate : {false, true}) {
      for (const bool wide : {false, true}) {
        const auto file = open(
            zip({{.name = "q.npy", .data = q(), .deflate = deflate, .local = local, .wideDirectory = wide},
                 {.name = "k.npy", .data = k(), .deflate = deflate, .local = local, .wideDirectory = wide}}));
        ASSERT_TRUE(file) << file.error().text();
        EXPECT_THAT(file->read("q", Precision::stored)->floats, ElementsAre(1, 2, 3, 4));
        EXPECT_THAT(file->read("k", Precision::stored)->doubles, ElementsAre(5, 6, 7));
        EXPECT_EQ(file->sliceable("q"), !deflate);
      }
    }
  }
}

TEST_F(Npz, ListsWhatThereIs) {
  const auto file = open(zip({{.name = "layers.0/q.npy", .data = q()},
                              {.name = "read me.txt", .data = "hello"},
                              {.name = "k.npy", .data = k()}}));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->tensors().size(), 2u);
  EXPECT_EQ(file->tensors()[0].name, "layers.0/q");
  EXPECT_EQ(file->tensors()[1].dtype, "float64");
  EXPECT_THAT(file->tensors()[0].shape, ElementsAre(2, 2));
  EXPECT_THAT(file->notes(), ElementsAre(HasSubstr("\"read me.txt\" is no array")));
  EXPECT_THAT(file->find("v").error().what, HasSubstr("found no tensor \"v\", accepted are layers.0/q, k"));
  EXPECT_THAT(file->find("").error().what, HasSubstr("found 2 tensors and none was named"));
}

TEST_F(Npz, OneBadArrayDoesNotHideTheOthers) {
  const auto file =
      open(zip({{.name = "q.npy", .data = q()}, {.name = "meta.npy", .data = npyOf("|O", "()", "pickle")}}));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->read("q", Precision::stored));
  EXPECT_THAT(file->find("meta").error().text(), HasSubstr("x.npz:meta, byte "));
  EXPECT_THAT(file->find("meta").error().text(), HasSubstr("Python objects"));
  EXPECT_THAT(file->notes(), ElementsAre(HasSubstr("\"meta\" cannot be read")));
  EXPECT_THAT(fault(zip({{.name = "meta.npy", .data = npyOf("|O", "()", "pickle")}})),
              HasSubstr("Python objects"));
  EXPECT_THAT(fault(zip({{.name = "a.txt", .data = "x"}})), HasSubstr("found no array"));
  EXPECT_THAT(fault(zip({})), HasSubstr("found no array"));
}

TEST_F(Npz, A37WrongChecksumsAreRefused) {
  for (const bool deflate : {false, true}) {
    const std::string bytes = zip({{.name = "q.npy", .data = q(), .deflate = deflate, .crc = 12345}});
    EXPECT_THAT(fault(bytes), HasSubstr("CRC-32"));
    const auto file = open(bytes);
    EXPECT_FALSE(file->readSlice("q", 1, 2, Precision::stored));
    EXPECT_FALSE(file->summarize("q"));
  }
}

TEST_F(Npz, A37EncryptedOverlappingAndForeignMembersAreRefused) {
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .flags = 1}})), HasSubstr("is encrypted"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .method = 12}})), HasSubstr("packed by method 12"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q()},
                         {.name = "k.npy", .data = k(), .offset = 0, .localName = "q.npy"}})),
              HasSubstr("the directory calls it \"k.npy\""));
  // A member inside the bytes of another.
  const std::string inner = zip({{.name = "k.npy", .data = q()}});
  ZipPart outer{.name = "q.npy", .data = inner};
  const std::string both = zip({outer, {.name = "k.npy", .data = q(), .offset = 30 + 5}});
  EXPECT_THAT(fault(both), HasSubstr("overlap"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .offset = 5}})),
              HasSubstr("found no zip member here"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .offset = 100000}})), HasSubstr("lies outside"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .size = 100000, .stored = 100000}})),
              HasSubstr("lies outside"));
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q(), .size = 10}})), HasSubstr("is stored in"));
}

TEST_F(Npz, BadNamesAreRefused) {
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = q()}, {.name = "q.npy", .data = q()}})),
              HasSubstr("given twice"));
  for (const char* name : {"/etc/q.npy", "../q.npy", "a/../../q.npy", "c:q.npy", "a\\q.npy", ".."}) {
    EXPECT_THAT(fault(zip({{.name = name, .data = q()}})), HasSubstr("accepted are plain relative names"))
        << name;
  }
  EXPECT_TRUE(open(zip({{.name = "a..b.npy", .data = q()}, {.name = "folder/", .data = ""}})));
  EXPECT_THAT(fault(zip({{.name = "folder/", .data = "x"}})), HasSubstr("a folder with data"));
}

TEST_F(Npz, A37BombsAreRefused) {
  const std::string zeros(64 << 20, '\0');
  const std::string bomb = npyOf("<f4", "(16777216,)", zeros);
  EXPECT_THAT(fault(zip({{.name = "q.npy", .data = bomb, .deflate = true}})),
              HasSubstr("is said to grow from"));
  // A smaller array of zeros is honest work.
  const std::string mask = npyOf("<f4", "(1048576,)", zeros.substr(0, 4 << 20));
  EXPECT_EQ(fault(zip({{.name = "q.npy", .data = mask, .deflate = true}})), "no error");
  // More than it says it grows to, and less.
  EXPECT_THAT(fault(zip({{.name = "q.npy",
                          .data = mask,
                          .deflate = true,
                          .size = static_cast<std::int64_t>(mask.size()) - 4}})),
              HasSubstr("4194300 are there"));
  const std::string more = q() + "trailing";
  EXPECT_THAT(
      fault(zip(
          {{.name = "q.npy", .data = more, .deflate = true, .size = static_cast<std::int64_t>(q().size())}})),
      HasSubstr("hold more than"));
  EXPECT_THAT(fault(zip({{.name = "q.npy",
                          .data = q(),
                          .deflate = true,
                          .size = static_cast<std::int64_t>(q().size()) + 4}})),
              HasSubstr("the compressed data end after"));
}

TEST_F(Npz, DamagedDeflateIsRefused) {
  ZipPart part{.name = "q.npy", .data = "\xff\xff\xff\xff garbage", .method = 8, .size = 200};
  EXPECT_THAT(fault(zip({part})), HasSubstr("compressed data are damaged"));
}

TEST_F(Npz, TheDirectoryMustBeWhole) {
  const std::string good = zip({{.name = "q.npy", .data = q()}});
  EXPECT_EQ(fault(good), "no error");
  EXPECT_EQ(fault(zip({{.name = "q.npy", .data = q()}}, "a comment")), "no error");
  EXPECT_THAT(fault(good + "x"), HasSubstr("found no end of a zip directory"));
  EXPECT_THAT(fault("x" + good), HasSubstr("the directory is said to be"));
  EXPECT_THAT(fault("PK\x05\x06"), HasSubstr("found no end of a zip directory"));
  std::string disks = good;
  disks[disks.size() - 18] = 1;
  EXPECT_THAT(fault(disks), HasSubstr("several disks"));
  std::string count = good;
  count[count.size() - 12] = count[count.size() - 14] = 7;
  EXPECT_THAT(fault(count), HasSubstr("7 members do not fit"));
}

// As PyTorch writes it: an end of 64 bits although all would fit into that of 32.
TEST_F(Npz, AWideEndMayStandBeforeThePlainOne) {
  const std::string good = zip({{.name = "q.npy", .data = q()}});
  const std::size_t end = good.size() - 22;
  const auto withEnd = [&](std::uint64_t directoryAt) {
    return good.substr(0, end) + little(0x06064b50, 4) + little(44, 8) + little(45, 2) + little(45, 2) +
           little(0, 8) + little(1, 8) + little(1, 8) + little(end - directoryAt, 8) +
           little(directoryAt, 8) + little(0x07064b50, 4) + little(0, 4) + little(end, 8) + little(1, 4) +
           good.substr(end);
  };
  const std::size_t directoryAt = good.find("PK\1\2");
  EXPECT_EQ(fault(withEnd(directoryAt)), "no error");
  EXPECT_THAT(fault(withEnd(directoryAt - 1)), HasSubstr("found no entry of a zip directory"));
}

TEST_F(Npz, EveryTruncationIsAnError) {
  const std::string good =
      zip({{.name = "q.npy", .data = q()}, {.name = "k.npy", .data = k(), .deflate = true}});
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(open(good.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace headlight
