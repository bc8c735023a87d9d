#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/csv_writer.h"
#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_files::TemporaryFolder;

class Csv : public testing::Test {
 protected:
  Result<Tensor> read(std::string_view text, Precision precision = Precision::stored) {
    auto file = TensorFile::open(scratch_.put("x.csv", text));
    if (!file) return file.error();
    return file->read("x", precision);
  }
  std::string fault(std::string_view text) {
    const auto tensor = read(text);
    return tensor ? "no error" : tensor.error().text();
  }
  TemporaryFolder scratch_;
};

TEST_F(Csv, RowsOfNumbers) {
  const auto tensor = read("1,2.5\n-3e2,.5\n");
  ASSERT_TRUE(tensor) << tensor.error().text();
  EXPECT_THAT(tensor->shape, ElementsAre(2, 2));
  EXPECT_THAT(tensor->doubles, ElementsAre(1, 2.5, -300, 0.5));
  EXPECT_THAT(read("1,2.5\n", Precision::float32)->floats, ElementsAre(1, 2.5f));
}

TEST_F(Csv, LineEndsBlanksAndMarks) {
  EXPECT_THAT(read("1,2\r\n3,4\r\n")->doubles, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(read("1,2\n3,4")->doubles, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(read("\xef\xbb\xbf 1 ,\t2 \n\n \n")->doubles, ElementsAre(1, 2));
  EXPECT_THAT(read("\"1\",\"2\"\n")->doubles, ElementsAre(1, 2));
  EXPECT_THAT(read("+1\n+2\n")->shape, ElementsAre(2, 1));
}

TEST_F(Csv, NotFiniteWords) {
  const auto tensor = read("inf,-inf,nan\nInfinity,-Inf,NaN\n");
  ASSERT_TRUE(tensor) << tensor.error().text();
  EXPECT_EQ(tensor->doubles[0], INFINITY);
  EXPECT_EQ(tensor->doubles[1], -INFINITY);
  EXPECT_TRUE(std::isnan(tensor->doubles[2]));
  EXPECT_EQ(tensor->doubles[3], INFINITY);
  EXPECT_TRUE(std::isnan(tensor->doubles[5]));
}

TEST_F(Csv, FaultsNameLineAndColumn) {
  EXPECT_THAT(fault("1,2\n3\n"), HasSubstr("x.csv, line 2: found 1 columns, the first row has 2"));
  EXPECT_THAT(fault("1,2\n3,4,5\n"), HasSubstr("line 2, column 4: found more than the 2 columns"));
  EXPECT_THAT(fault("q0,q1\n1,2\n"),
              HasSubstr("line 1, column 1: found \"q0\", accepted are numbers with a dot"));
  EXPECT_THAT(fault("1;2\n"), HasSubstr("by semicolons"));
  EXPECT_THAT(fault("1,\n"), HasSubstr("line 1, column 2: found \"\""));
  EXPECT_THAT(fault("1,1e999\n"), HasSubstr("found \"1e999\""));
  EXPECT_THAT(fault("1\n\n2\n"), HasSubstr("blank line"));
  EXPECT_THAT(fault("# made by numpy\n1\n"), HasSubstr("line 1, column 1"));
  EXPECT_THAT(fault(""), HasSubstr("found no number"));
  EXPECT_THAT(fault("\n \n"), HasSubstr("found no number"));
  EXPECT_THAT(fault(std::string(1000000, '1')), HasSubstr("a field of more than 512 characters"));
  EXPECT_THAT(fault(std::string("1\0,2\n", 5)), HasSubstr("line 1, column 1"));
}

TEST_F(Csv, LongFilesAndSlices) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + "," + std::to_string(-i) + "\n";
  const auto file = TensorFile::open(scratch_.put("long.csv", text));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->sliceable(""));
  EXPECT_THAT(file->readSlice("", 80001, 2, Precision::stored)->doubles, ElementsAre(-40000, 40001));
}

TEST(CsvWriter, FieldsOfRfc4180) {
  EXPECT_EQ(csvField("plain"), "plain");
  EXPECT_EQ(csvField("a,b"), "\"a,b\"");
  EXPECT_EQ(csvField("say \"it\"\n"), "\"say \"\"it\"\"\n\"");
  EXPECT_EQ(csvRow(std::vector<std::string>{"a", "", "c,d"}), "a,,\"c,d\"\r\n");
}

TEST(CsvWriter, NumbersReadBackTheSame) {
  const TemporaryFolder scratch;
  Tensor tensor;
  tensor.shape = {2, 1, 3};
  tensor.floats = {0.1f, -1e-30f, INFINITY, 16777216.0f, NAN, -0.0f};
  StringSink sink;
  ASSERT_TRUE(writeCsv(sink, tensor));
  EXPECT_EQ(sink.text(), "0.1,-1e-30,inf\r\n16777216,nan,-0\r\n");
  const auto back = TensorFile::open(scratch.put("x.csv", sink.text()))->read("", Precision::float32);
  ASSERT_TRUE(back);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(back->floats[i] == tensor.floats[i] || (i == 4 && std::isnan(back->floats[i]))) << i;
  }
}

}  // namespace
}  // namespace headlight
