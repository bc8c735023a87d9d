#include "core/files/tensor_file.h"

#include <cmath>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::vector<float> counting(std::size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

TEST(TensorFile, ErrorsOfTheFileItself) {
  const TemporaryFolder scratch;
  EXPECT_EQ(TensorFile::open(scratch.path("none.npy")).error().code, ErrorCode::unreadable);
  EXPECT_THAT(TensorFile::open(scratch.path("")).error().what, HasSubstr("this is a folder"));
  EXPECT_THAT(TensorFile::open(scratch.put("x.dat", "1234")).error().what,
              HasSubstr("accepted are .npy, .npz, .safetensors, .csv"));
}

TEST(TensorFile, KindIsSeenByTheBytesFirst) {
  const TemporaryFolder scratch;
  const auto file = TensorFile::open(scratch.put("weights.dat", npyOf("<f4", "(1,)", raw<float>({3}))));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->tensors()[0].name, "weights");
  EXPECT_EQ(file->tensors()[0].dtype, "float32");
  EXPECT_TRUE(TensorFile::open(scratch.put("X.CSV", "1\n")));
}

TEST(TensorFile, PickledFilesSayHowToSaveTheLayer) {
  const TemporaryFolder scratch;
  const std::string torch =
      zip({{.name = "layer/data.pkl", .data = "\x80\x02}q."}, {.name = "layer/data/0", .data = "1234"}});
  const std::string old = "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.";
  const std::vector<std::pair<std::string, std::string>> files{
      {"layer.pt", torch},   {"layer.pth", old},   {"pytorch_model.bin", torch},
      {"last.CKPT", "1234"}, {"layer.npz", torch}, {"layer", torch},
      {"noname", old},       {"x.bin", "1234"}};
  for (const auto& [name, bytes] : files) {
    const auto file = TensorFile::open(scratch.put(name, bytes));
    ASSERT_FALSE(file) << name;
    EXPECT_EQ(file.error().code, ErrorCode::invalid);
    EXPECT_THAT(file.error().what, HasSubstr("accepted are .npy, .npz, .safetensors, .csv")) << name;
    EXPECT_THAT(file.error().hint, HasSubstr("from safetensors.torch import save_file; "
                                             "save_file(layer.state_dict(), \"layer.safetensors\")"));
  }
  // An archive of arrays is read, whatever it is called.
  EXPECT_TRUE(TensorFile::open(
      scratch.put("x.bin", zip({{.name = "q.npy", .data = npyOf("<f4", "(1,)", raw<float>({1}))}}))));
}

TEST(TensorFile, SlicesOfEveryCoding) {
  const TemporaryFolder scratch;
  const std::size_t n = 200000;
  const auto values = counting(n);
  const std::string data = npyOf("<f4", "(1000, 200)", raw(values));
  const auto plain = TensorFile::open(scratch.put("a.npy", data));
  const auto stored = TensorFile::open(scratch.put("b.npz", zip({{.name = "t.npy", .data = data}})));
  const auto packed =
      TensorFile::open(scratch.put("c.npz", zip({{.name = "t.npy", .data = data, .deflate = true}})));
  std::vector<float> turned(n);
  for (std::size_t i = 0; i < 1000; ++i) {
    for (std::size_t j = 0; j < 200; ++j) turned[i + 1000 * j] = values[200 * i + j];
  }
  const auto fortran = TensorFile::open(scratch.put("d.npy", npyOf("<f4", "(1000, 200)", raw(turned), true)));
  for (const auto* file : {&plain, &stored, &packed, &fortran}) {
    ASSERT_TRUE(*file) << file->error().text();
    EXPECT_EQ((*file)->read("", Precision::stored)->floats, values);
    for (int pass = 0; pass < 2; ++pass) {
      const auto part = (*file)->readSlice("", 65530, 70000, Precision::float32);
      ASSERT_TRUE(part);
      EXPECT_THAT(part->shape, ElementsAre(70000));
      EXPECT_EQ(part->floats.front(), 65530.0f);
      EXPECT_EQ(part->floats.back(), 135529.0f);
      EXPECT_EQ((*file)->readSlice("", 199999, 1, Precision::float64)->doubles.at(0), 199999.0);
    }
    EXPECT_TRUE((*file)->readSlice("", 200000, 0, Precision::stored));
    EXPECT_FALSE((*file)->readSlice("", 199999, 2, Precision::stored));
    EXPECT_FALSE((*file)->readSlice("", -1, 2, Precision::stored));
    EXPECT_FALSE((*file)->readSlice("", 1, INT64_MAX, Precision::stored));
  }
  EXPECT_TRUE(plain->sliceable("a"));
  EXPECT_TRUE(stored->sliceable("t"));
  EXPECT_FALSE(packed->sliceable("t"));
  EXPECT_FALSE(fortran->sliceable("d"));
  EXPECT_FALSE(plain->sliceable("no"));
}

TEST(TensorFile, ASliceProvesTheChecksumOnce) {
  const TemporaryFolder scratch;
  std::string bytes = zip({{.name = "t.npy", .data = npyOf("<f4", "(4,)", raw<float>({1, 2, 3, 4}))}});
  const auto good = TensorFile::open(scratch.put("a.npz", bytes));
  ASSERT_TRUE(good->readSlice("t", 0, 1, Precision::stored));
  // The last number's bits, far from the slice.
  bytes[bytes.find(raw<float>({4})) + 1] = 9;
  const auto bad = TensorFile::open(scratch.put("b.npz", bytes));
  EXPECT_THAT(bad->readSlice("t", 0, 1, Precision::stored).error().what, HasSubstr("CRC-32"));
}

// The first rows of a map of gigabytes must not wait for all of it to be read.
TEST(TensorFile, ASliceOfAnArchiveOfManyBytesIsReadAlone) {
  const TemporaryFolder scratch;
  const std::string data = npyOf("<f4", "(4097, 4096)", std::string(std::size_t{4097} * 4096 * 4, '\0'));
  std::string bytes = zip({{.name = "t.npy", .data = data}});
  bytes[bytes.size() / 2] = 1;
  const auto bad = TensorFile::open(scratch.put("a.npz", bytes));
  ASSERT_TRUE(bad);
  EXPECT_THAT(bad->readSlice("t", 0, 2, Precision::stored)->floats, ElementsAre(0, 0));
  EXPECT_THAT(bad->read("t", Precision::stored).error().what, HasSubstr("CRC-32"));
  EXPECT_THAT(bad->summarize("t").error().what, HasSubstr("CRC-32"));
  EXPECT_TRUE(bad->readSlice("t", 4096, 2, Precision::float64));
}

TEST(TensorFile, SummariesAreOfTheFiniteNumbers) {
  const TemporaryFolder scratch;
  const auto file = TensorFile::open(
      scratch.put("a.npy", npyOf("<f4", "(7,)", raw<float>({3, NAN, -2, INFINITY, -INFINITY, NAN, 0}))));
  const auto summary = file->summarize("a");
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 7);
  EXPECT_EQ(summary->minimum, -2);
  EXPECT_EQ(summary->maximum, 3);
  EXPECT_EQ(summary->nans, 2);
  EXPECT_EQ(summary->positiveInfinities, 1);
  EXPECT_EQ(summary->negativeInfinities, 1);
  EXPECT_EQ(summary->nonFinite(), 4);
  const auto none =
      TensorFile::open(scratch.put("b.npy", npyOf("<f4", "(1,)", raw<float>({NAN}))))->summarize("b");
  EXPECT_TRUE(std::isnan(none->minimum));
  EXPECT_EQ(TensorFile::open(scratch.put("c.npy", npyOf("<f4", "(0,)", "")))->summarize("c")->count, 0);
  const Cancel cancel = Cancel::make();
  cancel.request();
  EXPECT_EQ(file->summarize("a", cancel).error().code, ErrorCode::cancelled);
}

TEST(TensorFile, LimitsHold) {
  const TemporaryFolder scratch;
  const auto file = TensorFile::open(scratch.put("a.npy", npyOf("<f4", "(4,)", raw<float>({1, 2, 3, 4}))),
                                     ReadLimits{.tensorBytes = 12});
  ASSERT_TRUE(file);
  EXPECT_THAT(file->read("a", Precision::stored).error().what, HasSubstr("accepted are at most 12 B"));
  EXPECT_TRUE(file->readSlice("a", 0, 3, Precision::stored));
}

TEST(TensorFile, AChangedFileIsNoticed) {
  const TemporaryFolder scratch;
  const std::string path = scratch.put("a.npy", npyOf("<f4", "(1,)", raw<float>({1})));
  const auto file = TensorFile::open(path);
  scratch.put("a.npy", npyOf("<f4", "(2,)", raw<float>({1, 2})));
  EXPECT_THAT(file->read("a", Precision::stored).error().what, HasSubstr("changed since it was opened"));
  std::filesystem::remove(path);
  EXPECT_EQ(file->read("a", Precision::stored).error().code, ErrorCode::unreadable);
}

TEST(TensorFile, SeveralThreadsMayRead) {
  const TemporaryFolder scratch;
  const auto values = counting(100000);
  const auto file = TensorFile::open(
      scratch.put("a.npz", zip({{.name = "t.npy", .data = npyOf("<f4", "(100000,)", raw(values))}})));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::int64_t first = 0; first < 90000; first += 10007) {
        EXPECT_EQ(file->readSlice("t", first, 10, Precision::float32)->floats[9],
                  static_cast<float>(first + 9));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(TensorAddress, FileAndTensor) {
  EXPECT_EQ(parseTensorAddress("q.npy"), (TensorAddress{"q.npy", ""}));
  EXPECT_EQ(parseTensorAddress("dump.npz:q"), (TensorAddress{"dump.npz", "q"}));
  EXPECT_EQ(parseTensorAddress("dump.npz:layers:0:q"), (TensorAddress{"dump.npz", "layers:0:q"}));
  EXPECT_EQ(parseTensorAddress("run 3:b/DUMP.NPZ:q"), (TensorAddress{"run 3:b/DUMP.NPZ", "q"}));
  EXPECT_EQ(parseTensorAddress("run 3:b/q.csv"), (TensorAddress{"run 3:b/q.csv", ""}));
  EXPECT_EQ(parseTensorAddress("m.safetensors:a.b.weight"), (TensorAddress{"m.safetensors", "a.b.weight"}));
  EXPECT_EQ(parseTensorAddress("weights.dat:q"), (TensorAddress{"weights.dat", "q"}));
  EXPECT_EQ(parseTensorAddress("weights"), (TensorAddress{"weights", ""}));
  EXPECT_EQ(parseTensorAddress(""), (TensorAddress{"", ""}));
}

}  // namespace
}  // namespace headlight
