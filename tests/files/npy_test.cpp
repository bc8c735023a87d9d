#include "core/files/npy.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_files;

class Npy : public testing::Test {
 protected:
  Result<Tensor> read(std::string_view bytes, Precision precision = Precision::stored) {
    auto file = TensorFile::open(scratch_.put("x.npy", bytes));
    if (!file) return file.error();
    return file->read("", precision);
  }
  std::string fault(std::string_view bytes) {
    const auto tensor = read(bytes);
    return tensor ? "no error" : tensor.error().text();
  }
  std::string path() const { return scratch_.path("x.npy"); }

  TemporaryFolder scratch_;
};

std::string bigEndian(std::string text, std::size_t width) {
  for (std::size_t at = 0; at + width <= text.size(); at += width) {
    std::reverse(text.begin() + static_cast<std::ptrdiff_t>(at),
                 text.begin() + static_cast<std::ptrdiff_t>(at + width));
  }
  return text;
}

// A37: assertion 37 of the reference, as far as it is about .npy.
TEST_F(Npy, A37AllThreeVersions) {
  const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  const std::string data = raw<float>({1.5f, -2.0f});
  for (const int version : {1, 2, 3}) {
    const auto tensor = read(npy(dictionary, data, version));
    ASSERT_TRUE(tensor) << tensor.error().text();
    EXPECT_THAT(tensor->floats, ElementsAre(1.5f, -2.0f));
    EXPECT_THAT(tensor->shape, ElementsAre(2));
  }
  EXPECT_THAT(fault(npy(dictionary, data, 4)),
              HasSubstr("byte 6: found version 4.0, accepted are 1.0, 2.0 and 3.0"));
  EXPECT_THAT(fault(npy(dictionary, data, 1, 1)), HasSubstr("found version 1.1"));
}

TEST_F(Npy, A37EveryType) {
  EXPECT_THAT(read(npyOf("<f2", "(2,)", raw<std::uint16_t>({0x3c00, 0xc248})))->floats,
              ElementsAre(1.0f, -3.140625f));
  EXPECT_THAT(read(npyOf("<f8", "(2,)", raw<double>({0.1, -2})))->doubles, ElementsAre(0.1, -2));
  EXPECT_THAT(read(npyOf(">f4", "(2,)", bigEndian(raw<float>({0.5f, 3}), 4)))->floats, ElementsAre(0.5f, 3));
  EXPECT_THAT(read(npyOf(">f8", "(1,)", bigEndian(raw<double>({0.1}), 8)))->doubles, ElementsAre(0.1));
  EXPECT_THAT(read(npyOf(">i2", "(1,)", bigEndian(raw<std::int16_t>({-300}), 2)))->floats, ElementsAre(-300));
  EXPECT_THAT(read(npyOf("|b1", "(3,)", std::string("\0\1\7", 3)))->floats, ElementsAre(0, 1, 1));
  EXPECT_THAT(read(npyOf("|i1", "(1,)", "\xff"))->floats, ElementsAre(-1));
  EXPECT_THAT(read(npyOf("|u1", "(1,)", "\xff"))->floats, ElementsAre(255));
  EXPECT_THAT(read(npyOf("<u2", "(1,)", "\xff\xff"))->floats, ElementsAre(65535));
  EXPECT_THAT(read(npyOf("=i4", "(1,)", raw<std::int32_t>({-16777217})))->doubles, ElementsAre(-16777217));
  EXPECT_THAT(read(npyOf("<u4", "(1,)", "\xff\xff\xff\xff"))->doubles, ElementsAre(4294967295.0));
  EXPECT_THAT(read(npyOf("<i8", "(2,)", raw<std::int64_t>({-5, 1LL << 40})))->doubles,
              ElementsAre(-5, 0x1p40));
  EXPECT_THAT(read(npyOf("<u8", "(1,)", raw<std::uint64_t>({1ULL << 63})))->doubles, ElementsAre(0x1p63));
}

TEST_F(Npy, PrecisionIsTheCallers) {
  const std::string file = npyOf("<f8", "(1,)", raw<double>({0.1}));
  EXPECT_THAT(read(file, Precision::float32)->floats, ElementsAre(0.1f));
  EXPECT_THAT(read(file, Precision::float32)->doubles, IsEmpty());
  EXPECT_THAT(read(npyOf("<f4", "(1,)", raw<float>({0.1f})), Precision::float64)->doubles,
              ElementsAre(static_cast<double>(0.1f)));
}

// attention.md, golden G-10.
TEST_F(Npy, HalfPrecisionBitPatterns) {
  EXPECT_EQ(halfToFloat(0x3c00), 1.0f);
  EXPECT_FLOAT_EQ(halfToFloat(0x0001), 5.960464e-8f);
  EXPECT_FLOAT_EQ(halfToFloat(0x03ff), 6.097555e-5f);
  EXPECT_EQ(halfToFloat(0x7bff), 65504.0f);
  EXPECT_EQ(halfToFloat(0x7c00), INFINITY);
  EXPECT_TRUE(std::isnan(halfToFloat(0x7e00)));
  EXPECT_EQ(halfToFloat(0xc248), -3.140625f);
  EXPECT_TRUE(std::signbit(halfToFloat(0x8000)));
}

TEST_F(Npy, A37FortranOrderIsTurned) {
  // Column-major 2×3 of 0 … 5.
  const auto two = read(npyOf("<f4", "(2, 3)", raw<float>({0, 3, 1, 4, 2, 5}), true));
  EXPECT_THAT(two->floats, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(two->shape, ElementsAre(2, 3));
  std::vector<float> columnMajor(2 * 3 * 4);
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k)
        columnMajor[static_cast<std::size_t>(i + 2 * j + 6 * k)] = static_cast<float>(12 * i + 4 * j + k);
    }
  }
  const auto three = read(npyOf("<f4", "(2, 3, 4)", raw(columnMajor), true));
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(three->floats[i], static_cast<float>(i));
}

TEST_F(Npy, A37ScalarsAndEmptyArrays) {
  const auto scalar = read(npyOf("<f4", "()", raw<float>({7})));
  EXPECT_THAT(scalar->shape, IsEmpty());
  EXPECT_THAT(scalar->floats, ElementsAre(7));
  const auto empty = read(npyOf("<f4", "(0, 3)", ""));
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->shape, ElementsAre(0, 3));
  EXPECT_THAT(empty->floats, IsEmpty());
}

TEST_F(Npy, A37TheDictionaryInEveryLegalSpelling) {
  const std::string data = raw<float>({1, 2});
  for (const char* dictionary : {"{'shape':(2,), 'descr':\"<f4\", 'fortran_order':False}",
                                 "{\"fortran_order\" : False ,'descr' :'<f4','shape':( 2 , ),}  \n",
                                 "  { 'descr' : '<f4', 'fortran_order' : False, 'shape' : (2L,) }\n"}) {
    const auto tensor = read(npy(dictionary, data));
    ASSERT_TRUE(tensor) << tensor.error().text();
    EXPECT_THAT(tensor->floats, ElementsAre(1, 2));
  }
}

TEST_F(Npy, A37WhatIsNoSuchDictionaryIsRefused) {
  const std::string data = raw<float>({1, 2});
  const auto faultOf = [&](std::string_view dictionary) { return fault(npy(dictionary, data)); };
  EXPECT_THAT(faultOf("{'descr': '<f4', 'shape': (2,)}"), HasSubstr("the key fortran_order is missing"));
  EXPECT_THAT(faultOf("{'descr': '<f4', 'fortran_order': False}"), HasSubstr("the key shape is missing"));
  EXPECT_THAT(faultOf("{}"), HasSubstr("the key descr is missing"));
  EXPECT_THAT(faultOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}"),
              HasSubstr("found the key 'x'"));
  EXPECT_THAT(faultOf("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}"),
              HasSubstr("found the key 'descr'"));
  for (const char* dictionary :
       {"", "[]", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': __import__('os')}",
        "{'descr': '<\\x66' , 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"}) {
    const std::string text = faultOf(dictionary);
    EXPECT_THAT(text, HasSubstr(path() + ", byte ")) << dictionary;
    EXPECT_THAT(text, HasSubstr("accepted")) << dictionary;
  }
  EXPECT_THAT(fault(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}", data, 3)),
              HasSubstr("accepted"));
}

TEST_F(Npy, A37TypesThatAreNoNumbersAreRefused) {
  EXPECT_THAT(fault(npyOf("|O", "(1,)", "xxxxxxxx")), HasSubstr("Python objects that could run code"));
  EXPECT_THAT(fault(npyOf("O", "(1,)", "xxxxxxxx")), HasSubstr("Python objects"));
  EXPECT_THAT(fault(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "1234")),
              HasSubstr("found an array of structures"));
  for (const char* descr :
       {"<U4", "|S3", "<M8[ns]", "<m8", "<c8", "<f16", "<f3", "f4", "", "<", "|V8", "?"}) {
    EXPECT_THAT(fault(npyOf(descr, "(1,)", std::string(64, 'x'))), HasSubstr("accepted are f2 f4 f8"))
        << descr;
  }
  EXPECT_THAT(fault(npyOf("|V2", "(1,)", "xx")), HasSubstr("bfloat16"));
}

TEST_F(Npy, A37SizesAreComparedWithTheBytesThatAreThere) {
  // 10 billion elements in a file of some 200 bytes.
  EXPECT_THAT(fault(npyOf("<f4", "(10000000000,)", std::string(100, '\0'))),
              HasSubstr("the shape needs 40000000000 bytes of data, 100 are there"));
  EXPECT_THAT(fault(npyOf("<f4", "(8589934592, 8589934592)", "")), HasSubstr("more than 2^63"));
  EXPECT_THAT(fault(npyOf("<f4", "(0, 8589934592, 8589934592)", "")), HasSubstr("more than 2^63"));
  EXPECT_THAT(fault(npyOf("<f4", "(3,)", "12345678901")), HasSubstr("needs 12 bytes of data, 11 are there"));
  const std::string pastTheEnd = std::string("\x93NUMPY\1\0", 8) + little(60000, 2) + "{}";
  EXPECT_THAT(fault(pastTheEnd), HasSubstr("byte 8: found a header of 60000 bytes, 2 bytes are left"));
  EXPECT_THAT(fault(npy("{" + std::string(20000, ' '), "")), HasSubstr("accepted are at most 10000"));
  EXPECT_THAT(fault("abc"), HasSubstr("found 3 bytes"));
  EXPECT_THAT(fault("not an npy file"), HasSubstr("an .npy begins with"));
  EXPECT_THAT(fault(""), HasSubstr("found 0 bytes"));
}

TEST_F(Npy, BytesAfterTheArrayAreNoted) {
  const auto file = TensorFile::open(scratch_.put("x.npy", npyOf("<f4", "(1,)", raw<float>({1, 2}))));
  ASSERT_TRUE(file);
  EXPECT_THAT(file->notes(), ElementsAre(HasSubstr("4 bytes after the array are ignored")));
}

}  // namespace
}  // namespace headlight
