#include "core/files/npz_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/npy_writer.h"
#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

Tensor tensorOf(std::vector<std::int64_t> shape, std::vector<float> values) {
  Tensor tensor;
  tensor.shape = std::move(shape);
  tensor.floats = std::move(values);
  return tensor;
}

TEST(NpyWriter, ReadsBackWithAnAlignedHead) {
  const TemporaryFolder scratch;
  Tensor doubles;
  doubles.shape = {2, 1};
  doubles.doubles = {0.1, -5};
  StringSink sink;
  ASSERT_TRUE(writeNpy(sink, doubles));
  const auto file = TensorFile::open(scratch.put("x.npy", sink.text()));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->tensors()[0].byteOffset % 64, 0u);
  EXPECT_EQ(file->tensors()[0].dtype, "float64");
  EXPECT_EQ(file->read("", Precision::stored)->doubles, doubles.doubles);
  EXPECT_THAT(file->tensors()[0].shape, ElementsAre(2, 1));
  StringSink scalar;
  ASSERT_TRUE(writeNpy(scalar, tensorOf({}, {4})));
  EXPECT_THAT(TensorFile::open(scratch.put("y.npy", scalar.text()))->read("", Precision::stored)->floats,
              ElementsAre(4));
  StringSink vector;
  ASSERT_TRUE(writeNpy(vector, tensorOf({1}, {4})));
  EXPECT_THAT(vector.text(), HasSubstr("'shape': (1,), }"));
}

TEST(NpzWriter, BlockByBlock) {
  const TemporaryFolder scratch;
  StringSink sink;
  NpzWriter writer(sink);
  const std::vector<std::int64_t> shape{2, 3};
  ASSERT_TRUE(writer.begin("weights", shape, FloatWidth::float32));
  ASSERT_TRUE(writer.write(std::vector<float>{1, 2}));
  ASSERT_TRUE(writer.write(std::vector<double>{3, 4, 5}));
  ASSERT_TRUE(writer.write(std::vector<float>{6}));
  ASSERT_TRUE(writer.end());
  ASSERT_TRUE(writer.begin("wide", shape, FloatWidth::float64));
  ASSERT_TRUE(writer.write(std::vector<float>{1, 2, 3, 4, 5, 6}));
  ASSERT_TRUE(writer.end());
  ASSERT_TRUE(writer.add("empty", tensorOf({0, 4}, {})));
  ASSERT_TRUE(writer.finish());
  const auto file = TensorFile::open(scratch.put("x.npz", sink.text()));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(file->read("weights", Precision::stored)->floats, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(file->read("wide", Precision::stored)->doubles, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(file->find("empty")->shape, ElementsAre(0, 4));
  EXPECT_TRUE(file->notes().empty());
}

TEST(NpzWriter, SameCallsSameBytes) {
  const auto bytes = [] {
    StringSink sink;
    NpzWriter writer(sink);
    EXPECT_TRUE(writer.add("q", tensorOf({2}, {1, 2})));
    EXPECT_TRUE(writer.finish());
    return sink.text();
  };
  ::unsetenv("SOURCE_DATE_EPOCH");
  const std::string plain = bytes();
  EXPECT_EQ(bytes(), plain);
  EXPECT_EQ(plain.substr(10, 4), little(0x00210000, 4));  // 1980-01-01 00:00
  ::setenv("SOURCE_DATE_EPOCH", "1700000000", 1);         // 2023-11-14 22:13:20 UTC
  EXPECT_EQ(bytes().substr(10, 4),
            little(std::uint64_t{(43u << 9 | 11u << 5 | 14u) << 16 | 22u << 11 | 13u << 5 | 10u}, 4));
  ::setenv("SOURCE_DATE_EPOCH", "nonsense", 1);
  EXPECT_EQ(bytes(), plain);
  ::setenv("SOURCE_DATE_EPOCH", "0", 1);
  EXPECT_EQ(bytes(), plain);
  ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST(NpzWriter, MisuseIsAnError) {
  StringSink sink;
  NpzWriter writer(sink);
  const std::vector<std::int64_t> shape{2};
  EXPECT_FALSE(writer.write(std::vector<float>{1}));
  EXPECT_FALSE(writer.end());
  ASSERT_TRUE(writer.begin("a", shape, FloatWidth::float32));
  EXPECT_FALSE(writer.begin("b", shape, FloatWidth::float32));
  EXPECT_FALSE(writer.finish());
  EXPECT_FALSE(writer.write(std::vector<float>{1, 2, 3}));
  ASSERT_TRUE(writer.write(std::vector<float>{1}));
  EXPECT_FALSE(writer.end());
  ASSERT_TRUE(writer.write(std::vector<float>{2}));
  ASSERT_TRUE(writer.end());
  EXPECT_FALSE(writer.begin("a", shape, FloatWidth::float32));
}

/// Keeps the beginning and the end of a stream too long for memory.
class EndsSink : public ByteSink {
 public:
  Status write(std::string_view bytes) override {
    written += bytes.size();
    if (head.size() < 1000) head += bytes.substr(0, 1000);
    tail += bytes.substr(bytes.size() > 2000 ? bytes.size() - 2000 : 0);
    if (tail.size() > 4000) tail.erase(0, tail.size() - 4000);
    return {};
  }
  std::uint64_t written = 0;
  std::string head;
  std::string tail;
};

TEST(NpzWriter, BeyondFourGibibytesSizesAreWide) {
  EndsSink sink;
  NpzWriter writer(sink);
  constexpr std::int64_t kBlock = 1 << 24;
  constexpr std::int64_t kBlocks = 65;  // of 64 MiB
  const std::vector<std::int64_t> shape{kBlocks, kBlock};
  const std::vector<float> zeros(kBlock);
  ASSERT_TRUE(writer.begin("big", shape, FloatWidth::float32));
  for (std::int64_t i = 0; i < kBlocks; ++i) ASSERT_TRUE(writer.write(zeros));
  ASSERT_TRUE(writer.end());
  ASSERT_TRUE(writer.add("small", tensorOf({1}, {1})));
  ASSERT_TRUE(writer.finish());
  const std::uint64_t size = 64 * 2 + std::uint64_t{kBlocks} * kBlock * 4;
  EXPECT_GT(sink.written, size);
  EXPECT_EQ(sink.head.substr(18, 8), std::string(8, '\xff'));
  const std::size_t entry = sink.tail.find("PK\1\2");
  ASSERT_NE(entry, std::string::npos);
  const std::string extra = sink.tail.substr(entry + 46 + 7, 20);
  EXPECT_EQ(extra, little(1, 2) + little(16, 2) + little(size, 8) + little(size, 8));
  EXPECT_THAT(sink.tail, HasSubstr("PK\6\6"));
  EXPECT_THAT(sink.tail, HasSubstr("PK\6\7"));
}

}  // namespace
}  // namespace headlight
