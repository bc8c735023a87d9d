#include "core/files/png_pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/files/allocations.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::string big(std::uint64_t value, int bytes) {
  std::string text = little(value, bytes);
  return {text.rbegin(), text.rend()};
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  return big(data.size(), 4) + body +
         big(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())), 4);
}

std::string zlibOf(std::string_view data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
           static_cast<uLong>(data.size()));
  packed.resize(size);
  return packed;
}

/// How a PNG by hand is to be. `rows` are the bytes before compression, the filter's byte before each row.
struct Picture {
  std::uint32_t width = 1;
  std::uint32_t height = 1;
  int depth = 8;
  int colour = 2;  ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  bool interlaced = false;
  std::string rows = {};
  std::string before = {};  ///< chunks before the data
};

std::string png(const Picture& picture) {
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR", big(picture.width, 4) + big(picture.height, 4) + static_cast<char>(picture.depth) +
                           static_cast<char>(picture.colour) + std::string(2, '\0') +
                           static_cast<char>(picture.interlaced ? 1 : 0)) +
         picture.before + chunk("IDAT", zlibOf(picture.rows)) + chunk("IEND", "");
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

std::vector<int> rgb(const Picture& picture) {
  const auto pixels = decodePngPixels(png(picture));
  if (!pixels) {
    ADD_FAILURE() << pixels.error().text();
    return {};
  }
  EXPECT_EQ(pixels->width, picture.width);
  EXPECT_EQ(pixels->height, picture.height);
  return {pixels->rgb.begin(), pixels->rgb.end()};
}

std::string fault(std::string_view file, const PixelLimits& limits = {}) {
  const auto pixels = decodePngPixels(file, limits);
  return pixels ? "no error" : pixels.error().text();
}

TEST(PngPixels, RedGreenBlue) {
  EXPECT_THAT(rgb({.width = 2, .height = 2, .rows = bytes({0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 255})}),
              ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255));
  EXPECT_THAT(rgb({.depth = 16, .rows = bytes({0, 0, 0, 0x80, 0x80, 0xff, 0xff})}), ElementsAre(0, 128, 255));
}

TEST(PngPixels, SixteenBitsAreScaledNotCut) {
  // 0x00ff of 65535 is 0.99 of 255, not 0.
  EXPECT_THAT(rgb({.depth = 16, .colour = 0, .rows = bytes({0, 0x00, 0xff})}), ElementsAre(1, 1, 1));
}

TEST(PngPixels, GreysOfEveryDepth) {
  EXPECT_THAT(rgb({.width = 3, .depth = 1, .colour = 0, .rows = bytes({0, 0b10100000})}),
              ElementsAre(255, 255, 255, 0, 0, 0, 255, 255, 255));
  EXPECT_THAT(rgb({.width = 2, .depth = 2, .colour = 0, .rows = bytes({0, 0b01100000})}),
              ElementsAre(85, 85, 85, 170, 170, 170));
  EXPECT_THAT(rgb({.width = 2, .depth = 4, .colour = 0, .rows = bytes({0, 0x1f})}),
              ElementsAre(17, 17, 17, 255, 255, 255));
  EXPECT_THAT(rgb({.colour = 0, .rows = bytes({0, 200})}), ElementsAre(200, 200, 200));
}

TEST(PngPixels, PalettesOfEveryDepth) {
  const std::string palette = chunk("PLTE", bytes({1, 2, 3, 40, 50, 60}));
  EXPECT_THAT(rgb({.width = 2, .depth = 1, .colour = 3, .rows = bytes({0, 0b01000000}), .before = palette}),
              ElementsAre(1, 2, 3, 40, 50, 60));
  EXPECT_THAT(rgb({.width = 2, .depth = 2, .colour = 3, .rows = bytes({0, 0b00010000}), .before = palette}),
              ElementsAre(1, 2, 3, 40, 50, 60));
  EXPECT_THAT(rgb({.width = 2, .depth = 4, .colour = 3, .rows = bytes({0, 0x10}), .before = palette}),
              ElementsAre(40, 50, 60, 1, 2, 3));
  EXPECT_THAT(rgb({.width = 2, .colour = 3, .rows = bytes({0, 1, 0}), .before = palette}),
              ElementsAre(40, 50, 60, 1, 2, 3));
}

TEST(PngPixels, WhatIsTransparentIsBlendedOverWhite) {
  EXPECT_THAT(
      rgb({.width = 3, .colour = 6, .rows = bytes({0, 10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128})}),
      ElementsAre(10, 20, 30, 255, 255, 255, 127, 177, 255));
  EXPECT_THAT(rgb({.width = 2, .colour = 4, .rows = bytes({0, 10, 255, 10, 51})}),
              ElementsAre(10, 10, 10, 206, 206, 206));
  EXPECT_THAT(rgb({.depth = 16, .colour = 6, .rows = bytes({0, 10, 10, 20, 20, 30, 30, 255, 255})}),
              ElementsAre(10, 20, 30));
  // One colour, or one place of the palette, is named as transparent.
  EXPECT_THAT(rgb({.width = 2,
                   .rows = bytes({0, 1, 2, 3, 4, 5, 6}),
                   .before = chunk("tRNS", bytes({0, 1, 0, 2, 0, 3}))}),
              ElementsAre(255, 255, 255, 4, 5, 6));
  EXPECT_THAT(rgb({.width = 2,
                   .colour = 3,
                   .rows = bytes({0, 0, 1}),
                   .before = chunk("PLTE", bytes({1, 2, 3, 40, 50, 60})) + chunk("tRNS", bytes({0}))}),
              ElementsAre(255, 255, 255, 40, 50, 60));
}

TEST(PngPixels, GammaIsLeftAlone) {
  EXPECT_THAT(rgb({.rows = bytes({0, 10, 128, 250}), .before = chunk("gAMA", big(100000, 4))}),
              ElementsAre(10, 128, 250));
  EXPECT_THAT(
      rgb({.depth = 16, .rows = bytes({0, 10, 10, 128, 128, 250, 250}), .before = chunk("sRGB", bytes({0}))}),
      ElementsAre(10, 128, 250));
}

TEST(PngPixels, Interlaced) {
  // Of 3×3 pixels, Adam7 has the first, then columns 2, then rows 2, then columns 1 of rows 0 and 2, then
  // row 1.
  const std::string rows = bytes({0, 0, 0, 2, 0, 20, 22, 0, 1, 0, 21, 0, 10, 11, 12});
  EXPECT_THAT(rgb({.width = 3, .height = 3, .colour = 0, .interlaced = true, .rows = rows}),
              ElementsAre(0, 0, 0, 1, 1, 1, 2, 2, 2, 10, 10, 10, 11, 11, 11, 12, 12, 12, 20, 20, 20, 21, 21,
                          21, 22, 22, 22));
}

TEST(PngPixels, FloatsAreFromZeroToOne) {
  const auto pixels = decodePngPixels(png({.width = 2, .rows = bytes({0, 0, 51, 255, 102, 0, 0})}));
  ASSERT_TRUE(pixels);
  const Tensor tensor = pixels->tensor();
  EXPECT_THAT(tensor.shape, ElementsAre(1, 2, 3));
  EXPECT_THAT(tensor.floats, ElementsAre(0.0f, 0.2f, 1.0f, 0.4f, 0.0f, 0.0f));
  EXPECT_EQ(pixels->at(0, 1, 0), 0.4f);
  EXPECT_EQ(pixels->at(0, 0, 2), 1.0f);
}

TEST(PngPixels, FilesAreReadByPath) {
  const TemporaryFolder scratch;
  const auto pixels = readPngPixels(scratch.put("a.png", png({.rows = bytes({0, 1, 2, 3})})));
  ASSERT_TRUE(pixels);
  EXPECT_THAT(pixels->rgb, ElementsAre(1, 2, 3));
  EXPECT_EQ(readPngPixels(scratch.path("none.png")).error().code, ErrorCode::unreadable);
  EXPECT_THAT(readPngPixels(scratch.put("b.png", "GIF89a…")).error().text(),
              AllOf(HasSubstr("b.png, byte 0: "), HasSubstr("found no PNG")));
  EXPECT_THAT(readPngPixels(scratch.path("a.png"), {.fileBytes = 10}).error().what,
              HasSubstr("accepted are at most 10 B"));
}

TEST(PngPixels, EveryTruncationIsAnError) {
  for (const bool interlaced : {false, true}) {
    const std::string good = png({.width = 1,
                                  .height = 3,
                                  .interlaced = interlaced,
                                  .rows = interlaced ? bytes({0, 1, 2, 3, 0, 7, 8, 9, 0, 4, 5, 6})
                                                     : bytes({0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9})});
    ASSERT_EQ(fault(good), "no error");
    for (std::size_t length = 8; length < good.size(); ++length) {
      EXPECT_THAT(fault(good.substr(0, length)), HasSubstr("the PNG is cut off")) << length;
    }
  }
}

TEST(PngPixels, DamageIsAnError) {
  std::string file = png({.rows = bytes({0, 1, 2, 3})});
  file[file.find("IDAT") + 6] = static_cast<char>(file[file.find("IDAT") + 6] ^ 1);
  EXPECT_THAT(fault(file), HasSubstr("the PNG is damaged ("));
  // Fewer rows than the head says.
  EXPECT_THAT(fault(png({.height = 2, .rows = bytes({0, 1, 2, 3})})), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault(png({.width = 0, .rows = bytes({0})})), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault(png({.depth = 3, .rows = bytes({0, 1, 2, 3})})), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault(png({.colour = 3, .rows = bytes({0, 1})})), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault(png({.rows = bytes({9, 1, 2, 3})})), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault("\x89PNG\r\n\x1a\n" + chunk("IEND", "")), HasSubstr("the PNG is damaged ("));
  EXPECT_THAT(fault(""), HasSubstr("found no PNG"));
}

TEST(PngPixels, TooManyPixelsAreRefusedBeforeRoomIsMade) {
  EXPECT_THAT(fault(png({.width = 5, .height = 2, .rows = std::string(32, '\0')}), {.pixels = 9}),
              HasSubstr("byte 16: found 5 × 2 pixels, accepted are at most 9"));
  EXPECT_EQ(fault(png({.width = 5, .height = 2, .rows = std::string(32, '\0')}), {.pixels = 10}), "no error");
  const std::string huge = png({.width = 0x7fffffff, .height = 0x7fffffff, .depth = 16, .colour = 6});
  const std::string many = png({.width = 8192, .height = 8192, .depth = 16, .colour = 6});
  const AllocationCount count;
  const std::string first = fault(huge);
  const std::string second = fault(many);
  EXPECT_LT(count.largest(), 1u << 16);
  EXPECT_THAT(first, HasSubstr("found 2147483647 × 2147483647 pixels, accepted are at most 67108864"));
  EXPECT_THAT(second, HasSubstr("which cannot hold so many"));
}

}  // namespace
}  // namespace headlight
