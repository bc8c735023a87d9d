#include "core/files/embedded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kJson = "{\"title\": \"it's <b> & ü 😀 ]]> \\u0000\",\n \"x\": [1, 2]}\n";

std::string big(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}
std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  return big(static_cast<std::uint32_t>(data.size())) + body +
         big(static_cast<std::uint32_t>(
             crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}
const std::string kSignature = "\x89PNG\r\n\x1a\n";
/// One black pixel.
std::string png(std::string_view between = "") {
  const std::string row("\0\0", 2);
  std::string packed(100, '\0');
  uLongf size = static_cast<uLongf>(packed.size());
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(row.data()), 2);
  packed.resize(size);
  return kSignature + chunk("IHDR", big(1) + big(1) + std::string("\x08\0\0\0\0", 5)) + std::string(between) +
         chunk("IDAT", packed) + chunk("IEND", "");
}
std::string svg(std::string_view inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\">" +
         std::string(inside) + "<rect width=\"1\" height=\"1\"/></svg>\n";
}
std::string fault(std::string_view bytes) {
  const auto json = readEmbedded(bytes);
  return json ? "no error" : json.error().text();
}

TEST(Embedded, KindsByTheirBeginning) {
  EXPECT_EQ(figureKind(png()), FigureKind::png);
  EXPECT_EQ(figureKind("%PDF-1.7"), FigureKind::pdf);
  EXPECT_EQ(figureKind("\xef\xbb\xbf\n <svg/>"), FigureKind::svg);
  EXPECT_EQ(figureKind("{\"type\": 1}"), FigureKind::none);
  EXPECT_EQ(figureKind(""), FigureKind::none);
}

TEST(Embedded, PngThereAndBack) {
  const std::string carrying = withEmbeddedPng(png(), kJson);
  EXPECT_EQ(*readEmbedded(carrying), kJson);
  EXPECT_THAT(carrying, StartsWith(png().substr(0, png().size() - 12)));
}

TEST(Embedded, PngCarriesOneExperimentOnly) {
  const std::string second = withEmbeddedPng(withEmbeddedPng(png(), kJson), "{}");
  EXPECT_EQ(*readEmbedded(second), "{}");
  EXPECT_EQ(second.size(), withEmbeddedPng(png(), "{}").size());
}

TEST(Embedded, PngStaysAsItIsWhenItIsNone) {
  EXPECT_EQ(withEmbeddedPng("not a png", kJson), "not a png");
  const std::string cut = png().substr(0, 40);
  EXPECT_EQ(withEmbeddedPng(cut, kJson), cut);
}

TEST(Embedded, PngPackedAgainByOthersIsRead) {
  std::string packed(1000, '\0');
  uLongf size = static_cast<uLongf>(packed.size());
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(kJson.data()),
           static_cast<uLong>(kJson.size()));
  packed.resize(size);
  const std::string head = std::string("headlight-experiment\0\1\0en\0title\0", 32);
  EXPECT_EQ(fault(png(chunk("iTXt", head + packed))), "no error");
  EXPECT_EQ(*readEmbedded(png(chunk("iTXt", head + packed))), kJson);
  EXPECT_THAT(fault(png(chunk("iTXt", head + "rubbish"))), HasSubstr("is damaged"));
}

TEST(Embedded, PngFaults) {
  EXPECT_THAT(fault(png()), HasSubstr("the PNG carries no experiment"));
  EXPECT_THAT(fault(png(chunk("tEXt", std::string("headlight-experiment\0x", 22)))),
              HasSubstr("carries no experiment"));
  EXPECT_THAT(fault(png(chunk("iTXt", std::string("headlight-experiment\0", 21)))), HasSubstr("cut off"));
  EXPECT_THAT(fault(png(chunk("iTXt", std::string("headlight-experiment\0\0\0abc", 26)))),
              HasSubstr("cut off"));
  EXPECT_THAT(fault(png(chunk("iTXt", std::string("headlight-experiment\0\0\0\0\0\xff", 26)))),
              HasSubstr("is no UTF-8"));
  std::string damaged = withEmbeddedPng(png(), kJson);
  damaged[damaged.find("title")] = 'T';
  EXPECT_THAT(fault(damaged), HasSubstr("its checksum is wrong"));
  EXPECT_THAT(fault(kSignature + big(0x7fffffff) + "IHDR" + std::string(20, 'x')),
              HasSubstr("2147483647 bytes"));
  EXPECT_THAT(fault(kSignature + big(0xffffffff) + "IHDR" + std::string(20, 'x')),
              HasSubstr("4294967295 bytes"));
}

TEST(Embedded, SvgThereAndBack) {
  EXPECT_EQ(*readEmbedded(svg(svgMetadata(kJson))), kJson);
  const std::string hard = "{\"a\": \"\uffff\ufffe\r\n\t]]>&amp;\"}";
  EXPECT_EQ(*readEmbedded(svg(svgMetadata(hard))), "{\"a\": \"\\uffff\\ufffe\r\n\t]]>&amp;\"}");
}

TEST(Embedded, SvgRewrittenByOthersIsRead) {
  EXPECT_EQ(
      *readEmbedded(svg("<metadata xmlns:h=\"urn:headlight:experiment\"><h:experiment><![CDATA[{\"a\": 1}]]>"
                        "</h:experiment></metadata>")),
      "{\"a\": 1}");
  EXPECT_EQ(*readEmbedded("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/x.dtd\">" +
                          svg(svgMetadata("{}")).substr(39)),
            "{}");
}

TEST(Embedded, SvgFaults) {
  EXPECT_THAT(fault(svg("")), HasSubstr("the SVG carries no experiment"));
  EXPECT_THAT(fault(svg("<metadata><experiment>{}</experiment></metadata>")),
              HasSubstr("carries no experiment"));
  EXPECT_THAT(fault("<html></html>"), HasSubstr("found an XML file of <html>"));
  EXPECT_THAT(fault("<svg"), HasSubstr("the SVG is damaged"));
  EXPECT_THAT(
      fault(svg("<metadata><experiment xmlns=\"urn:headlight:experiment\">{<b/>}</experiment></metadata>")),
      HasSubstr("more than text"));
  EXPECT_THAT(fault(svg("<metadata><experiment xmlns=\"urn:headlight:experiment\">{")), HasSubstr("damaged"));
}

TEST(Embedded, SvgEntitiesAreNeitherFetchedNorGrown) {
  const testing_files::TemporaryFolder scratch;
  const std::string secret = scratch.put("secret.txt", "{\"stolen\": true}");
  const auto steal = readEmbedded(
      "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file://" + secret + "\">]>" +
      svg("<metadata><experiment xmlns=\"urn:headlight:experiment\">&x;</experiment></metadata>").substr(39));
  EXPECT_FALSE(steal);
  std::string bomb = "<!DOCTYPE svg [<!ENTITY a0 \"aaaaaaaaaa\">";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) bomb += before;
    bomb += "\">";
  }
  bomb += "]>" + svg("<metadata id=\"&a19;\"><experiment "
                     "xmlns=\"urn:headlight:experiment\">&a19;</experiment></metadata>")
                     .substr(39);
  EXPECT_FALSE(readEmbedded(bomb));
}

TEST(Embedded, WhatCarriesNothingIsRefused) {
  EXPECT_THAT(fault("%PDF-1.5\n"), HasSubstr("the PDF carries no experiment"));
  EXPECT_THAT(fault("{}"), HasSubstr("found no figure, accepted are PNG, SVG and PDF"));
  EXPECT_THAT(fault(""), HasSubstr("found no figure"));
}

TEST(Embedded, EveryTruncationIsAnError) {
  const std::string carrying = withEmbeddedPng(png(), kJson);
  // Without its last chunk the experiment is still whole.
  for (std::size_t n = 0; n < carrying.size() - 12; ++n)
    EXPECT_FALSE(readEmbedded(carrying.substr(0, n))) << n;
  const std::string drawing = svg(svgMetadata(kJson));
  const std::size_t whole = drawing.find("</experiment>");
  for (std::size_t n = 0; n < whole; ++n) EXPECT_FALSE(readEmbedded(drawing.substr(0, n))) << n;
}

}  // namespace
}  // namespace headlight
