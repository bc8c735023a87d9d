#include "core/files/data_pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/hash.h"
#include "core/files/base64.h"
#include "core/files/deflate.h"
#include "core/files/embedded.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace testing_files;
using testing::HasSubstr;

std::string pack(const std::string& list, const std::string& bytes) {
  return "headlight data 1\n" + headlight::deflated(list + "\n" + bytes);
}
std::string entry(const std::string& path, const std::string& bytes) {
  return R"({"path": ")" + path + R"(", "bytes": )" + std::to_string(bytes.size()) + R"(, "sha256": ")" +
         sha256(bytes) + "\"}";
}
std::string fault(const std::string& bytes) {
  const auto files = unpacked(bytes);
  return files ? "no error" : files.error().text();
}

TEST(DataPack, ThereAndBack) {
  const std::vector<PackedFile> files{
      {"q.npy", std::string("\0\n\xff", 3)}, {"../a b/ü\n.csv", ""}, {"k", "k"}};
  const auto back = unpacked(packed(files));
  ASSERT_TRUE(back) << back.error().text();
  ASSERT_EQ(back->size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*back)[i].path, files[i].path);
    EXPECT_EQ((*back)[i].bytes, files[i].bytes);
  }
  EXPECT_EQ(packed(files), packed(files));
  EXPECT_TRUE(unpacked(packed({}))->empty());
}

TEST(DataPack, Faults) {
  EXPECT_EQ(fault(pack("[" + entry("a", "xy") + "]", "xy")), "no error");
  EXPECT_THAT(fault(""), HasSubstr("do not begin as such"));
  EXPECT_THAT(fault("headlight data 1\n"), HasSubstr("cut off"));
  EXPECT_THAT(fault(pack("[" + entry("a", "xy") + "]", "x")), HasSubstr("\"a\" is cut off"));
  EXPECT_THAT(fault(pack("[" + entry("a", "xy") + "]", "xz")), HasSubstr("\"a\" has another SHA-256"));
  EXPECT_THAT(fault(pack("[" + entry("a", "xy") + "]", "xyz")), HasSubstr("more bytes than files"));
  EXPECT_THAT(fault(pack("{}", "")), HasSubstr("list cannot be read"));
  EXPECT_THAT(fault(pack("[1]", "")), HasSubstr("list cannot be read"));
  for (const char* path : {"", "/etc/passwd", "a\\u0000b"})
    EXPECT_THAT(fault(pack("[" + entry(path, "") + "]", "")), HasSubstr("list cannot be read")) << path;
  EXPECT_THAT(fault(pack(R"([{"path": "a", "bytes": -1, "sha256": ""}])", "")), HasSubstr("cannot be read"));
  EXPECT_THAT(fault(pack(R"([{"path": "a", "bytes": 18446744073709551615, "sha256": ""}])", "")),
              HasSubstr("cut off"));
  const std::string nested(1000000, '[');
  EXPECT_THAT(fault(pack(nested, "")), HasSubstr("list cannot be read"));
  EXPECT_THAT(fault(pack("[]", std::string(std::size_t{20} << 20, ' '))), HasSubstr("more than 8.0 MiB"));
  const std::string whole = packed({{"a", "some bytes"}, {"b", "more"}});
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(unpacked(whole.substr(0, n))) << n;
}

TEST(DataPack, EveryFormatCarriesIt) {
  // More than one piece of an SVG.
  std::string bytes;
  for (std::uint32_t i = 0; i < 400000; ++i) bytes += little(i * 2654435761u, 4);
  const std::string data = packed({{"q.npy", bytes}});
  ASSERT_GT(data.size(), std::size_t{1} << 20);
  const std::string png =
      withEmbeddedPng(std::string("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82", 20), "{}", data);
  const std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\">" + svgMetadata("{}", data) + "<rect/></svg>";
  for (const std::string& figure : {png, svg}) {
    const auto carried = readCarried(figure);
    ASSERT_TRUE(carried) << carried.error().text();
    EXPECT_EQ(carried->experiment, "{}");
    EXPECT_EQ(carried->data, data);
  }
  EXPECT_EQ(readCarried(withEmbeddedPng(png, "{}"))->data, "");
  std::string other = svg;
  other[svg.find("</data>") - 1] = '!';
  EXPECT_THAT(readCarried(other).error().text(), HasSubstr("no base 64"));
}

TEST(Base64, ThereAndBack) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xff\xfe"})
    EXPECT_EQ(fromBase64(base64(bytes)), bytes);
  EXPECT_EQ(fromBase64(" Zm\n9v "), "foo");
  for (const char* wrong : {"Z", "Zm9", "Zm=v", "====", "Zm9v!", "Zg==Zg=="})
    EXPECT_FALSE(fromBase64(wrong)) << wrong;
}

}  // namespace
}  // namespace headlight
