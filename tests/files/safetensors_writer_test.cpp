#include "core/files/safetensors_writer.h"

#include <array>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::vector<TensorPlan> plan() {
  return {{"weights", {2, 3}, FloatWidth::float32},
          {"wide", {2}, FloatWidth::float64},
          {"none", {0, 4}, FloatWidth::float32},
          {"one", {}, FloatWidth::float32}};
}

Status writeAll(TensorWriter& writer) {
  for (const TensorPlan& tensor : plan()) {
    if (Status status = writer.begin(tensor.name, tensor.shape, tensor.width); !status) return status;
    std::int64_t count = 1;
    for (const std::int64_t length : tensor.shape) count *= length;
    for (std::int64_t i = 0; i < count; ++i) {
      // Both widths of numbers, one after the other.
      Status status = i % 2 == 0 ? writer.write(std::vector<float>{static_cast<float>(i)})
                                 : writer.write(std::vector<double>{static_cast<double>(i)});
      if (!status) return status;
    }
    if (Status status = writer.end(); !status) return status;
  }
  return writer.finish();
}

std::string written() {
  StringSink sink;
  SafetensorsWriter writer(sink, plan());
  EXPECT_TRUE(writeAll(writer));
  return sink.text();
}

TEST(SafetensorsWriter, ReadsBackBlockByBlock) {
  const TemporaryFolder scratch;
  const auto file = TensorFile::open(scratch.put("x.safetensors", written()));
  ASSERT_TRUE(file) << file.error().text();
  ASSERT_EQ(file->tensors().size(), 4u);
  EXPECT_EQ(file->tensors()[0].name, "weights");
  EXPECT_THAT(file->tensors()[0].shape, ElementsAre(2, 3));
  EXPECT_THAT(file->read("weights", Precision::stored)->floats, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(file->tensors()[1].dtype, "float64");
  EXPECT_THAT(file->read("wide", Precision::stored)->doubles, ElementsAre(0, 1));
  EXPECT_THAT(file->find("none")->shape, ElementsAre(0, 4));
  EXPECT_THAT(file->read("one", Precision::stored)->floats, ElementsAre(0));
  EXPECT_TRUE(file->notes().empty());
}

TEST(SafetensorsWriter, TheBytesAreTheSameAndTheDataAligned) {
  const std::string bytes = written();
  EXPECT_EQ(written(), bytes);
  const auto length = static_cast<unsigned char>(bytes[0]) + 256u * static_cast<unsigned char>(bytes[1]);
  EXPECT_EQ(length % 8, 0u);
  EXPECT_EQ(bytes[8], '{');
  EXPECT_EQ(bytes.size(), 8 + length + 6 * 4 + 2 * 8 + 4);
  StringSink none;
  SafetensorsWriter writer(none, {});
  ASSERT_TRUE(writer.finish());
  EXPECT_EQ(none.text(), little(8, 8) + "{}      ");
}

TEST(SafetensorsWriter, NamesAreWrittenAsJson) {
  const TemporaryFolder scratch;
  const std::string name = "layers.0/\"ü\"\\\n";
  StringSink sink;
  SafetensorsWriter writer(sink, {{name, {1}, FloatWidth::float32}});
  Tensor tensor;
  tensor.shape = {1};
  tensor.floats = {7};
  ASSERT_TRUE(writer.add(name, tensor) && writer.finish());
  const auto file = TensorFile::open(scratch.put("x.safetensors", sink.text()));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(file->read(name, Precision::stored)->floats, ElementsAre(7));
}

TEST(SafetensorsWriter, APipeWillDo) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  std::string got;
  std::thread reader([&] {
    std::array<char, 100> piece{};
    for (ssize_t n = 0; (n = ::read(ends[0], piece.data(), piece.size())) > 0;) {
      got.append(piece.data(), static_cast<std::size_t>(n));
    }
  });
  DescriptorSink sink(ends[1], "pipe");
  const auto writer = makeTensorWriter(TensorFileKind::safetensors, sink, plan());
  EXPECT_TRUE(writeAll(*writer));
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_EQ(got, written());
}

TEST(SafetensorsWriter, WhatIsNotThePlanIsAnError) {
  const std::vector<std::int64_t> shape{2};
  const auto faultOf = [&](std::vector<TensorPlan> tensors, std::string_view name,
                           std::span<const std::int64_t> as, FloatWidth width) {
    StringSink sink;
    SafetensorsWriter writer(sink, std::move(tensors));
    const Status status = writer.begin(name, as, width);
    return status ? std::string("no error") : status.error().what;
  };
  const std::vector<TensorPlan> two{{"a", {2}, FloatWidth::float32}, {"b", {2}, FloatWidth::float32}};
  EXPECT_EQ(faultOf(two, "a", shape, FloatWidth::float32), "no error");
  EXPECT_THAT(faultOf(two, "b", shape, FloatWidth::float32),
              HasSubstr("\"b\" was begun, the plan says \"a\""));
  EXPECT_THAT(faultOf({}, "b", shape, FloatWidth::float32), HasSubstr("the plan says no more"));
  EXPECT_THAT(faultOf(two, "a", shape, FloatWidth::float64), HasSubstr("another shape or width"));
  EXPECT_THAT(faultOf(two, "a", std::vector<std::int64_t>{1, 2}, FloatWidth::float32),
              HasSubstr("another shape or width"));
  for (const char* name : {"", "__metadata__", "\xff"}) {
    EXPECT_THAT(faultOf({{name, {2}, FloatWidth::float32}}, name, shape, FloatWidth::float32),
                HasSubstr("is no name"));
  }
  EXPECT_THAT(faultOf({two[0], two[0]}, "a", shape, FloatWidth::float32), HasSubstr("planned twice"));
  const std::int64_t half = std::int64_t{1} << 60;
  EXPECT_THAT(faultOf({{"a", {half}, FloatWidth::float32}, {"b", {half}, FloatWidth::float32}}, "a",
                      std::vector<std::int64_t>{half}, FloatWidth::float32),
              HasSubstr("\"b\" is too big"));
}

TEST(SafetensorsWriter, MisuseIsAnError) {
  StringSink sink;
  SafetensorsWriter writer(sink, plan());
  const std::vector<std::int64_t> shape{2, 3};
  EXPECT_FALSE(writer.write(std::vector<float>{1}));
  EXPECT_FALSE(writer.end());
  ASSERT_TRUE(writer.begin("weights", shape, FloatWidth::float32));
  EXPECT_FALSE(writer.begin("wide", std::vector<std::int64_t>{2}, FloatWidth::float64));
  EXPECT_FALSE(writer.finish());
  EXPECT_FALSE(writer.write(std::vector<float>(7)));
  ASSERT_TRUE(writer.write(std::vector<double>(5)));
  EXPECT_FALSE(writer.end());
  ASSERT_TRUE(writer.write(std::vector<float>(1)));
  ASSERT_TRUE(writer.end());
  EXPECT_FALSE(writer.begin("weights", shape, FloatWidth::float32));
  EXPECT_THAT(writer.finish().error().what, HasSubstr("the planned tensor \"wide\" was not written"));
}

TEST(TensorWriter, OfEitherKind) {
  const TemporaryFolder scratch;
  for (const char* name : {"x.npz", "X.SafeTensors"}) {
    const auto kind = tensorFileKindOf(name);
    ASSERT_TRUE(kind);
    StringSink sink;
    const auto writer = makeTensorWriter(*kind, sink, plan());
    EXPECT_TRUE(sink.text().empty());
    ASSERT_TRUE(writeAll(*writer));
    const auto file = TensorFile::open(scratch.put(name, sink.text()));
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->tensors().size(), 4u);
    EXPECT_THAT(file->read("weights", Precision::stored)->floats, ElementsAre(0, 1, 2, 3, 4, 5));
  }
  EXPECT_FALSE(tensorFileKindOf("x.npy"));
  EXPECT_FALSE(tensorFileKindOf("safetensors"));
}

}  // namespace
}  // namespace headlight
