#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/element_type.h"
#include "core/files/safetensors_header.h"
#include "core/files/tensor_file.h"
#include "tests/files/allocations.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_files;

class Safetensors : public testing::Test {
 protected:
  Result<TensorFile> open(std::string_view bytes) {
    return TensorFile::open(scratch_.put("x.safetensors", bytes));
  }
  std::string fault(std::string_view bytes) {
    const auto file = open(bytes);
    return file ? "no error" : file.error().text();
  }
  /// The numbers of the tensor "t".
  std::vector<double> numbers(std::string_view dtype, std::int64_t count, std::string_view data) {
    const auto file =
        open(safetensors(entry("t", dtype, "[" + std::to_string(count) + "]", 0, data.size()), data));
    if (!file) return {};
    const auto tensor = file->read("t", Precision::float64);
    return tensor ? tensor->doubles : std::vector<double>{};
  }
  TemporaryFolder scratch_;
};

std::string floats(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i) + 1;
  return raw(values);
}

// Assertion 36: what is accepted.
TEST_F(Safetensors, A36ReadsTensorsInAnyOrder) {
  const auto file =
      open(safetensors(entry("k", "F64", "[1, 2]", 12, 28) + ", " + entry("layers.0.q", "F32", "[3]", 0, 12),
                       floats(3) + raw<double>({0.1, -2})));
  ASSERT_TRUE(file) << file.error().text();
  ASSERT_EQ(file->tensors().size(), 2u);
  EXPECT_EQ(file->tensors()[0].name, "k");
  EXPECT_EQ(file->tensors()[0].dtype, "float64");
  EXPECT_THAT(file->tensors()[0].shape, ElementsAre(1, 2));
  EXPECT_THAT(file->read("layers.0.q", Precision::stored)->floats, ElementsAre(1, 2, 3));
  EXPECT_THAT(file->read("k", Precision::stored)->doubles, ElementsAre(0.1, -2));
  EXPECT_TRUE(file->sliceable("k"));
  EXPECT_THAT(file->readSlice("layers.0.q", 1, 2, Precision::stored)->floats, ElementsAre(2, 3));
  EXPECT_THAT(file->notes(), IsEmpty());
  EXPECT_THAT(file->find("v").error().what, HasSubstr("found no tensor \"v\", accepted are k, layers.0.q"));
}

TEST_F(Safetensors, A36RankZeroAndLengthsOfZero) {
  const auto file =
      open(safetensors(entry("none", "F32", "[0, 3]", 4, 4) + "," + entry("one", "F32", "[]", 0, 4) + "," +
                           entry("wide", "F64", "[9223372036854775807, 0]", 4, 4),
                       floats(1)));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(file->read("one", Precision::stored)->floats, ElementsAre(1));
  EXPECT_THAT(file->find("one")->shape, IsEmpty());
  EXPECT_THAT(file->read("none", Precision::stored)->shape, ElementsAre(0, 3));
  EXPECT_THAT(file->read("none", Precision::stored)->floats, IsEmpty());
}

TEST_F(Safetensors, A36SpacesAroundTheHeaderAndNoTensor) {
  EXPECT_TRUE(open(withLength("{}")));
  EXPECT_TRUE(open(withLength(" \n\t\r {}  \n")));
  EXPECT_TRUE(open(withLength(std::string(1 << 20, ' ') + "{}" + std::string(1 << 20, ' '))));
  EXPECT_THAT(open(withLength("{}"))->tensors(), IsEmpty());
  EXPECT_THAT(open(withLength("{}"))->find("").error().what, HasSubstr("holds no tensor"));
  EXPECT_TRUE(open(withLength("   {" + entry("t", "F32", "[1]", 0, 4) + "}      ") + floats(1)));
}

TEST_F(Safetensors, A36UnalignedData) {
  for (int spaces = 0; spaces < 8; ++spaces) {
    const std::string header = "{" + entry("b", "U8", "[1]", 0, 1) + "," + entry("t", "F32", "[2]", 1, 9) +
                               "}" + std::string(static_cast<std::size_t>(spaces), ' ');
    const auto file = open(withLength(header) + "x" + floats(2));
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_THAT(file->read("t", Precision::stored)->floats, ElementsAre(1, 2));
    EXPECT_THAT(file->readSlice("t", 1, 1, Precision::stored)->floats, ElementsAre(2));
  }
}

TEST_F(Safetensors, A36MetadataIsKept) {
  const auto file = open(safetensors(
      R"("__metadata__": {"format": "pt", "ü\n": "\"x\""}, )" + entry("t", "F32", "[1]", 0, 4), floats(1)));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->tensors().size(), 1u);
  EXPECT_THAT(file->metadata(),
              testing::UnorderedElementsAre(testing::Pair("format", "pt"), testing::Pair("ü\n", "\"x\"")));
  EXPECT_TRUE(open(safetensors("\"__metadata__\": {}", "")));
}

// Assertion 36: what is refused, each naming where, what was found and what is accepted.
TEST_F(Safetensors, A36ShortFilesAndLengthsOfTheHeader) {
  EXPECT_THAT(fault("1234567"), AllOf(HasSubstr("x.safetensors, byte 7: "), HasSubstr("found 7 bytes")));
  EXPECT_THAT(fault(""), HasSubstr("found 0 bytes"));
  EXPECT_THAT(fault(little(100'000'001, 8) + "{}"),
              HasSubstr("byte 0: found a header of 100000001 bytes, accepted are at most 100000000"));
  EXPECT_THAT(fault(little(100'000'000, 8) + "{}"),
              HasSubstr("found a header of 100000000 bytes, 2 are left"));
  EXPECT_THAT(fault(little(3, 8) + "{}"), HasSubstr("found a header of 3 bytes, 2 are left"));
  EXPECT_THAT(fault(std::string(8, '\xff') + "{}"),
              HasSubstr("found a header of 18446744073709551615 bytes"));
  EXPECT_THAT(fault(little(0, 8)), HasSubstr("the header is no JSON"));
}

TEST_F(Safetensors, A36GapsOverlapsAndWhatIsLeftOver) {
  const std::string a = entry("a", "F32", "[1]", 0, 4);
  EXPECT_THAT(fault(safetensors(a + "," + entry("b", "F32", "[1]", 5, 9), floats(2) + "x")),
              HasSubstr("tensor \"b\": its data begin at byte 5 and leave a hole, accepted is byte 4"));
  EXPECT_THAT(fault(safetensors(a + "," + entry("b", "F32", "[1]", 3, 7), floats(1) + "xyz")),
              HasSubstr("tensor \"b\": its data begin at byte 3 and overlap another's, accepted is byte 4"));
  EXPECT_THAT(fault(safetensors(a + "," + entry("b", "F32", "[1]", 0, 4), floats(1))),
              HasSubstr("tensor \"b\": its data begin at byte 0 and overlap"));
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[1]", 4, 8), floats(2))),
              HasSubstr("tensor \"a\": its data begin at byte 4 and leave a hole, accepted is byte 0"));
  const std::string good = safetensors(a, floats(1));
  EXPECT_EQ(fault(good), "no error");
  EXPECT_THAT(fault(good + "x"), AllOf(HasSubstr("byte " + std::to_string(good.size()) + ": "),
                                       HasSubstr("found 1 byte that no tensor names")));
  EXPECT_THAT(fault(good.substr(0, good.size() - 1)),
              HasSubstr("tensor \"a\": found data_offsets [0, 4], the file has 3 bytes of data"));
  EXPECT_THAT(fault(safetensors("", "x")), HasSubstr("found 1 byte that no tensor names"));
}

TEST_F(Safetensors, A36SizesThatDoNotFit) {
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[8589934592, 8589934592]", 0, 4), floats(1))),
              HasSubstr("F32 of shape [8589934592, 8589934592] has more than 2^63 - 1 bits"));
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[8589934592, 8589934592, 0]", 0, 0), "")),
              HasSubstr("more than 2^63 - 1 bits"));
  // 2^62 elements fit, their bits do not.
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[4611686018427387904]", 0, 0), "")),
              HasSubstr("more than 2^63 - 1 bits"));
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[2]", 0, 4), floats(1))),
              HasSubstr("F32 of shape [2] needs 8 bytes, its data_offsets [0, 4] hold 4"));
  EXPECT_THAT(fault(safetensors(entry("a", "F32", "[1]", 4, 0), floats(1))),
              HasSubstr("found data_offsets [4, 0], accepted is an end that is not before its begin"));
  EXPECT_THAT(fault(safetensors(entry("a", "F4", "[3]", 0, 1), "x")),
              HasSubstr("has 12 bits, accepted is a multiple of 8"));
}

TEST_F(Safetensors, A36UnknownTypesAndKeysThatStandTwice) {
  EXPECT_THAT(
      fault(safetensors(entry("a", "F33", "[1]", 0, 4), floats(1))),
      AllOf(HasSubstr("tensor \"a\": found the dtype \"F33\", accepted are BOOL, U8"), HasSubstr("BF16")));
  const std::string a = entry("a", "U8", "[1]", 0, 1);
  EXPECT_THAT(fault(safetensors(a + "," + entry("a", "U8", "[1]", 1, 2), "xy")),
              AllOf(HasSubstr("the tensor \"a\" stands twice"),
                    HasSubstr("byte " + std::to_string(8 + 1 + a.size() + 1))));
  EXPECT_THAT(fault(safetensors(a + "," + entry("\\u0061", "U8", "[1]", 1, 2), "xy")),
              HasSubstr("the tensor \"a\" stands twice"));
  EXPECT_THAT(
      fault(safetensors(R"("a": {"dtype": "U8", "shape": [1], "shape": [1], "data_offsets": [0, 1]})", "x")),
      HasSubstr("tensor \"a\": the key \"shape\" stands twice"));
  EXPECT_THAT(fault(safetensors(R"("__metadata__": {"a": "1", "a": "2"})", "")),
              HasSubstr("the key stands twice in __metadata__"));
  EXPECT_THAT(fault(safetensors(R"("__metadata__": {"a": "1"}, "__metadata__": {"b": "1"})", "")),
              HasSubstr("__metadata__ stands twice"));
}

TEST_F(Safetensors, A36MetadataThatIsNoText) {
  for (const char* value : {"1", "null", "true", "[]", "{}", "1.5", "-1", "[\"x\"]"}) {
    EXPECT_THAT(fault(safetensors("\"__metadata__\": {\"a\": " + std::string(value) + "}", "")),
                AllOf(HasSubstr("__metadata__ \"a\": found "), HasSubstr("accepted is text")))
        << value;
  }
  EXPECT_NE(fault(safetensors("\"__metadata__\": \"x\"", "")), "no error");
  EXPECT_NE(fault(safetensors("\"__metadata__\": []", "")), "no error");
}

TEST_F(Safetensors, A36HeadersThatAreNoUtf8OrNoJson) {
  EXPECT_THAT(fault(withLength("{\"\xff\": 1}")),
              HasSubstr("byte 10: the header has bytes that are no UTF-8"));
  EXPECT_THAT(fault(withLength("{\"\xc0\xaf\": 1}")), HasSubstr("no UTF-8"));
  EXPECT_THAT(fault(withLength(std::string("{}\0", 3))),
              HasSubstr("byte 10: the header is no JSON: it has a zero byte"));
  EXPECT_THAT(fault(withLength("\xef\xbb\xbf{}")), HasSubstr("byte order mark"));
  for (const char* text :
       {"", " ", "{", "}", "[]", "3", "\"x\"", "null", "{}{}", "{},", "{\"a\"}", "{\"a\": }", "{'a': 1}",
        "{/* */}", "{\"a\": 1e999}", "{\"a\": {\"x\": 1e999}}", "{\"a\": tru}", "{\"\\ud800\": 1}", "x{}"}) {
    EXPECT_NE(fault(withLength(text)), "no error") << text;
  }
}

TEST_F(Safetensors, A36EntriesOfAnotherForm) {
  const auto faultOf = [&](const std::string& members) {
    return fault(safetensors("\"a\": " + members, floats(1)));
  };
  EXPECT_THAT(faultOf("3"),
              HasSubstr("tensor \"a\": found 3, accepted is an object with dtype, shape and data_offsets"));
  EXPECT_THAT(faultOf("[]"), HasSubstr("found a list"));
  EXPECT_THAT(faultOf("{}"), HasSubstr("the key dtype is missing"));
  EXPECT_THAT(faultOf(R"({"dtype": "F32", "shape": [1]})"), HasSubstr("the key data_offsets is missing"));
  EXPECT_THAT(faultOf(R"({"dtype": "F32", "data_offsets": [0, 4]})"), HasSubstr("the key shape is missing"));
  EXPECT_THAT(faultOf(R"({"dtype": 3})"), HasSubstr("tensor \"a\", dtype: found 3, accepted is text"));
  EXPECT_THAT(faultOf(R"({"shape": 3})"), HasSubstr("shape: found 3, accepted is a list of whole numbers"));
  EXPECT_THAT(faultOf(R"({"data_offsets": {}})"), HasSubstr("data_offsets: found an object"));
  for (const char* length : {"-1", "1.0", "1e2", "true", "null", "\"1\"", "[1]", "{}", "18446744073709551615",
                             "18446744073709551616", "9223372036854775808"}) {
    EXPECT_THAT(faultOf("{\"shape\": [" + std::string(length) + "]}"),
                HasSubstr("tensor \"a\", shape: found "))
        << length;
  }
  for (const char* offsets : {"", "0", "0, 4, 8", "-1, 4", "0, 4.0", "0, \"4\"", "0, 18446744073709551616"}) {
    EXPECT_THAT(faultOf("{\"data_offsets\": [" + std::string(offsets) + "]}"),
                HasSubstr("tensor \"a\", data_offsets: found "))
        << offsets;
  }
  EXPECT_THAT(
      faultOf(
          R"({"dtype": "F32", "shape": [1], "data_offsets": [18446744073709551612, 18446744073709551615]})"),
      HasSubstr("the file has 4 bytes of data"));
}

TEST_F(Safetensors, UnknownKeysOfAnEntryAreNoted) {
  const auto file = open(safetensors(
      R"("a": {"later": [{"x": [1, -2.5, null]}], "dtype": "U8", "shape": [1], "data_offsets": [0, 1]})",
      "x"));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(file->notes(), ElementsAre(HasSubstr("tensor \"a\": the unknown key \"later\" is ignored")));
  const std::string deep = std::string(7, '[') + std::string(7, ']');
  EXPECT_THAT(fault(safetensors("\"a\": {\"later\": " + deep + "}", "")),
              HasSubstr("more than 8 levels of nesting"));
}

TEST_F(Safetensors, LimitsHold) {
  std::string ones = "1";
  for (int i = 1; i < 16; ++i) ones += ",1";
  EXPECT_EQ(fault(safetensors(entry("a", "U8", "[" + ones + "]", 0, 1), "x")), "no error");
  EXPECT_THAT(fault(safetensors(entry("a", "U8", "[" + ones + ",1]", 0, 1), "x")),
              HasSubstr("more than 16 axes"));
  EXPECT_EQ(fault(safetensors(entry(std::string(4096, 'n'), "U8", "[1]", 0, 1), "x")), "no error");
  EXPECT_THAT(fault(safetensors(entry(std::string(4097, 'n'), "U8", "[1]", 0, 1), "x")),
              HasSubstr("a name of 4097 bytes"));
}

TEST_F(Safetensors, EveryTruncationIsAnError) {
  const std::string good =
      safetensors(entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "U8", "[3]", 8, 11), floats(2) + "xyz");
  ASSERT_EQ(fault(good), "no error");
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_NE(fault(good.substr(0, length)), "no error") << length;
}

// Assertion 36 with golden G-10: the numbers that the bytes of every dtype mean.
TEST_F(Safetensors, A36BytesOfEveryDtype) {
  EXPECT_THAT(numbers("BOOL", 3, std::string("\0\1\7", 3)), ElementsAre(0, 1, 1));
  EXPECT_THAT(numbers("U8", 1, "\xff"), ElementsAre(255));
  EXPECT_THAT(numbers("I8", 1, "\xff"), ElementsAre(-1));
  EXPECT_THAT(numbers("U16", 1, "\xff\xff"), ElementsAre(65535));
  EXPECT_THAT(numbers("I16", 1, raw<std::int16_t>({-300})), ElementsAre(-300));
  EXPECT_THAT(numbers("U32", 1, "\xff\xff\xff\xff"), ElementsAre(4294967295.0));
  EXPECT_THAT(numbers("I32", 1, raw<std::int32_t>({-16777217})), ElementsAre(-16777217));
  EXPECT_THAT(numbers("U64", 1, raw<std::uint64_t>({1ULL << 63})), ElementsAre(0x1p63));
  EXPECT_THAT(numbers("I64", 2, raw<std::int64_t>({-5, 1LL << 40})), ElementsAre(-5, 0x1p40));
  EXPECT_THAT(numbers("F16", 3, raw<std::uint16_t>({0x3c00, 0xc248, 0x0001})),
              ElementsAre(1, -3.140625, 0x1p-24));
  EXPECT_THAT(numbers("BF16", 2, "\x80\x3f\x49\xc0"), ElementsAre(1, -3.140625));
  EXPECT_THAT(numbers("F32", 1, raw<float>({0.1f})), ElementsAre(static_cast<double>(0.1f)));
  EXPECT_THAT(numbers("F64", 1, raw<double>({0.1})), ElementsAre(0.1));
  EXPECT_THAT(numbers("F8_E4M3", 6, "\x01\x07\x08\x38\x7e\xb8"),
              ElementsAre(.001953125, .013671875, .015625, 1, 448, -1));
  EXPECT_THAT(numbers("F8_E5M2", 5, "\x01\x03\x04\x3c\x7b"),
              ElementsAre(1.52587890625e-5, 4.57763671875e-5, 6.103515625e-5, 1, 57344));
}

TEST(ElementType, A36EightBitFloatsAtTheirEnds) {
  EXPECT_TRUE(std::isnan(float8E4m3ToFloat(0x7f)));
  EXPECT_TRUE(std::isnan(float8E4m3ToFloat(0xff)));
  EXPECT_EQ(float8E4m3ToFloat(0xfe), -448.0f);
  EXPECT_TRUE(std::signbit(float8E4m3ToFloat(0x80)));
  EXPECT_EQ(float8E5m2ToFloat(0x7c), INFINITY);
  EXPECT_EQ(float8E5m2ToFloat(0xfc), -INFINITY);
  EXPECT_TRUE(std::isnan(float8E5m2ToFloat(0x7d)));
  EXPECT_EQ(bfloat16ToFloat(0x7f80), INFINITY);
  EXPECT_TRUE(std::isnan(bfloat16ToFloat(0x7fc0)));
  EXPECT_EQ(bfloat16ToFloat(0x0001), 0x1p-133f);
  // Each finite E4M3 number but the NaN stands between its neighbours.
  for (int bits = 1; bits < 0x7f; ++bits) {
    EXPECT_GT(float8E4m3ToFloat(static_cast<std::uint8_t>(bits)),
              float8E4m3ToFloat(static_cast<std::uint8_t>(bits - 1)));
  }
}

TEST_F(Safetensors, DtypeNamesAreNumpysOrPyTorchs) {
  const auto file =
      open(safetensors(entry("a", "BF16", "[1]", 0, 2) + "," + entry("b", "F8_E4M3", "[1]", 2, 3) + "," +
                           entry("c", "F8_E5M2", "[1]", 3, 4) + "," + entry("d", "BOOL", "[0]", 4, 4),
                       "1234"));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->tensors()[0].dtype, "bfloat16");
  EXPECT_EQ(file->tensors()[1].dtype, "float8_e4m3fn");
  EXPECT_EQ(file->tensors()[2].dtype, "float8_e5m2");
  EXPECT_EQ(file->tensors()[3].dtype, "bool");
}

TEST_F(Safetensors, TypesThatAreNotDecodedDoNotHideTheOthers) {
  const auto file =
      open(safetensors(entry("z", "C64", "[1]", 0, 8) + "," + entry("s", "F8_E8M0", "[1]", 8, 9) + "," +
                           entry("p", "F4", "[2]", 9, 10) + "," + entry("q", "F32", "[1]", 10, 14),
                       "0123456789" + floats(1)));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(file->read("q", Precision::stored)->floats, ElementsAre(1));
  EXPECT_EQ(file->tensors().size(), 1u);
  EXPECT_EQ(file->notes().size(), 3u);
  EXPECT_THAT(file->find("z").error().text(),
              AllOf(HasSubstr("x.safetensors:z, byte 9: found numbers of dtype C64"),
                    HasSubstr("accepted are BOOL")));
  EXPECT_THAT(file->read("p", Precision::stored).error().what, HasSubstr("F4"));
}

TEST_F(Safetensors, AreKnownByTheirBytesToo) {
  const std::string bytes = safetensors(entry("t", "F32", "[1]", 0, 4), floats(1));
  EXPECT_TRUE(TensorFile::open(scratch_.put("blob", bytes))->find("t"));
  EXPECT_TRUE(TensorFile::open(scratch_.put("MODEL.SAFETENSORS", bytes)));
  // A header of 19280 bytes makes the file begin with "PK", as a zip archive does.
  std::string header = "{" + entry("t", "F32", "[1]", 0, 4) + "}";
  header.resize(19280, ' ');
  const auto file = open(withLength(header) + floats(1));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_TRUE(file->find("t"));
}

// Assertion 36: nothing that a header says makes the reader take more memory than the file has bytes. Paths
// and messages need some besides.
TEST_F(Safetensors, A36NoAllocationAboveTheFilesSizeWhileRejecting) {
  constexpr std::size_t kRoom = 64 * 1024;
  std::string many;
  for (int i = 0; i < 20000; ++i) {
    many += (i > 0 ? "," : "") + std::string("\"") + std::to_string(i) +
            R"(":{"dtype":"U8","shape":[],"data_offsets":[0,1]})";
  }
  std::string metadata;
  for (int i = 0; i < 20000; ++i) metadata += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  std::string deep(1 << 20, '[');
  std::string axes = "1";
  for (int i = 0; i < 100000; ++i) axes += ",1";
  const std::vector<std::string> bad{
      "1234567",
      little(100'000'001, 8) + "{}",
      little(100'000'000, 8) + "{}",
      little(~std::uint64_t{0}, 8),
      safetensors(entry("a", "F32", "[8589934592, 8589934592]", 0, 4), floats(1)),
      safetensors(entry("a", "F32", "[2305843009213693951]", 0, 9223372036854775804), floats(1)),
      safetensors(entry("a", "F32", "[1]", 4, 8), floats(2)),
      safetensors(entry("a", "F32", "[1]", 0, 4), floats(1)) + "x",
      safetensors(entry("a", "F33", "[1]", 0, 4), floats(1)),
      safetensors(many, "x"),
      safetensors("\"__metadata__\":{" + metadata + "}", "x"),
      withLength(deep),
      withLength("{\"a\":" + deep),
      withLength("{\"a\":{\"later\":" + deep),
      withLength("{\"" + std::string(1 << 20, 'n') + "\": 3}"),
      withLength("{\"a\": " + std::string(1 << 20, '3') + "}"),
      withLength("{" + std::string(1 << 20, '\n') + "x}"),
      withLength(std::string(1 << 20, '\n') + "x"),
      safetensors(entry("a", "U8", "[" + axes + "]", 0, 1), "x"),
  };
  for (const std::string& bytes : bad) {
    const std::string path = scratch_.put("x.safetensors", bytes);
    const AllocationCount count;
    const bool opened = TensorFile::open(path).ok();
    const std::size_t largest = count.largest();
    EXPECT_FALSE(opened);
    EXPECT_LE(largest, bytes.size() + kRoom) << bytes.substr(0, 100);
    EXPECT_LE(count.total(), 16 * bytes.size() + 2 * kRoom) << bytes.substr(0, 100);
  }
}

}  // namespace
}  // namespace headlight
