#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/schema.h"
#include "core/figure/hatch.h"
#include "core/figure/map_pixels.h"
#include "core/figure/png_writer.h"
#include "core/figure/svg_canvas.h"
#include "core/figure/text_layout.h"
#include "core/files/base64.h"
#include "core/picture/colormap.h"
#include "tests/figure/decode_png.h"

namespace headlight {
namespace {

TEST(PngWriter, WhatIsWrittenIsReadAgain) {
  std::mt19937 random(1);
  for (int colours : {1, 2, 200, 256, 257, 100000}) {
    Picture picture{37, 23, {}};
    for (int i = 0; i < 37 * 23; ++i) {
      const auto c = static_cast<std::uint32_t>(random() % static_cast<unsigned>(colours)) * 2654435761u;
      for (int shift : {0, 8, 16}) picture.rgba.push_back(static_cast<std::uint8_t>(c >> shift));
      picture.rgba.push_back(255);
    }
    PngOptions options;
    options.dpi = 300;
    options.texts = {{"Title", "größer"}};
    const DecodedPng png = decodePng(encodePng(picture, options));
    EXPECT_EQ(png.picture, picture) << colours;
    EXPECT_EQ(png.chunks.at("pHYs"), std::string("\x00\x00\x2e\x23\x00\x00\x2e\x23\x01", 9));
    EXPECT_EQ(png.chunks.at("iTXt"), std::string("Title\0\0\0\0\0größer", 18));
    EXPECT_EQ(encodePng(picture, options), encodePng(picture, options));
  }
}

TEST(Colormaps, AreTheOnesAnExperimentMayName) {
  std::vector<std::string_view> drawn;
  for (const Colormap& map : colormaps()) drawn.push_back(map.id);
  const auto key = std::find_if(viewKeys().begin(), viewKeys().end(),
                                [](const KeySpec& k) { return k.name == "colormap"; });
  ASSERT_NE(key, viewKeys().end());
  EXPECT_EQ(drawn, key->words);
}

TEST(Base64, IsRfc4648s) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Hatch, StripesLieOnHatchedCellsAndCoverThemEvenly) {
  std::mt19937 random(5);
  for (int n = 0; n < 50; ++n) {
    const auto rows = static_cast<std::int64_t>(1 + random() % 12);
    const auto cols = static_cast<std::int64_t>(1 + random() % 12);
    std::vector<bool> hatched(static_cast<std::size_t>(rows * cols));
    double cells = 0;
    for (std::size_t i = 0; i < hatched.size(); ++i) cells += (hatched[i] = random() % 2 == 0) ? 1 : 0;
    const Rect area{3, 4, 40, 25};
    const double w = area.width / static_cast<double>(cols);
    const double h = area.height / static_cast<double>(rows);
    const double period = 0.05;
    double length = 0;
    for (const Segment& s : hatchSegments(area, rows, cols, period, [&](std::int64_t r, std::int64_t c) {
           return hatched[static_cast<std::size_t>(r * cols + c)];
         })) {
      EXPECT_NEAR(s.from.x + s.from.y, s.to.x + s.to.y, 1e-9);
      length += std::hypot(s.to.x - s.from.x, s.to.y - s.from.y);
      for (double t : {0.01, 0.31, 0.5, 0.77, 0.99}) {
        const double x = s.from.x + t * (s.to.x - s.from.x) - area.x;
        const double y = s.from.y + t * (s.to.y - s.from.y) - area.y;
        const auto inside = [](double at, double cell) {
          return std::abs(at / cell - std::round(at / cell)) > 1e-6;
        };
        if (!inside(x, w) || !inside(y, h)) continue;
        const auto cell = static_cast<std::size_t>(static_cast<std::int64_t>(y / h) * cols +
                                                   static_cast<std::int64_t>(x / w));
        ASSERT_TRUE(hatched[cell]) << x << " " << y;
      }
    }
    // Stripes a distance period ÷ √2 apart: their length is the area divided by it.
    const double expected = cells * w * h / (period / std::sqrt(2.0));
    EXPECT_NEAR(length, expected, 0.03 * area.width * area.height / (period / std::sqrt(2.0)));
  }
}

TEST(Hatch, ARunIsOneSegment) {
  EXPECT_EQ(
      hatchSegments({0, 0, 10, 10}, 1000, 1000, 1.0, [](std::int64_t, std::int64_t) { return true; }).size(),
      20u);
  EXPECT_TRUE(
      hatchSegments({0, 0, 10, 10}, 10, 10, 1.0, [](std::int64_t, std::int64_t) { return false; }).empty());
}

// What is infinite is told from what is masked by the way its stripes run.
TEST(Hatch, FallingStripesRunTheOtherWayOverTheirCellsAlone) {
  const Rect area{3, 7, 12, 8};
  const auto hatched = [](std::int64_t r, std::int64_t c) { return (r + 2 * c) % 5 < 2; };
  double length = 0;
  for (const Segment& s : fallingSegments(area, 4, 6, 0.05, hatched)) {
    EXPECT_NEAR(s.from.x - s.from.y, s.to.x - s.to.y, 1e-9);
    length += std::hypot(s.to.x - s.from.x, s.to.y - s.from.y);
    for (const double t : {0.13, 0.5, 0.86}) {
      const double x = (s.from.x + t * (s.to.x - s.from.x) - area.x) / 2;
      const double y = (s.from.y + t * (s.to.y - s.from.y) - area.y) / 2;
      if (std::abs(x - std::round(x)) < 1e-6 || std::abs(y - std::round(y)) < 1e-6) continue;
      ASSERT_TRUE(hatched(static_cast<std::int64_t>(y), static_cast<std::int64_t>(x))) << x << " " << y;
    }
  }
  int cells = 0;
  for (std::int64_t r = 0; r < 4; ++r) {
    for (std::int64_t c = 0; c < 6; ++c) cells += hatched(r, c) ? 1 : 0;
  }
  const double expected = cells * 4.0 / (0.05 / std::sqrt(2.0));
  EXPECT_NEAR(length, expected, 0.03 * expected);
}

TEST(PrintedLevel, NeverHasMoreTexelsThanPixels) {
  EXPECT_EQ(printedLevel(300, 25.4, 300), 0);
  EXPECT_EQ(printedLevel(301, 25.4, 300), 1);
  EXPECT_EQ(printedLevel(4096, 25.4, 300), 4);
  EXPECT_EQ(printedLevel(1, 0.001, 36), 0);
}

Text plain(const std::string& text, double pt = 7) {
  return {{{text, FontFace::words, 400, pt, {}, 0, 0}}};
}

TEST(TextLayout, MeasuresTheBuiltInFonts) {
  // Inter's digit zero is 0.6245 em wide (its own table says 1279 of 2048); JetBrains Mono's 0.6.
  Text mono{{{"0000", FontFace::numbers, 400, 10, {}, 0, 0}}};
  EXPECT_NEAR(measure(mono).width, 4 * 0.6 * 10 * kMmPerPoint, 0.01);
  EXPECT_NEAR(measure(plain("animal", 14)).width, 2 * measure(plain("animal", 7)).width, 0.01);
  EXPECT_GT(measure(plain("animal")).ascent, measure(plain("animal")).descent);
  EXPECT_EQ(measure({}).width, 0);
}

TEST(TextLayout, RaisedPiecesAreSmallerAndHigher) {
  TextPiece base{"QK", FontFace::words, 400, 10, {}, 0, 0};
  TextPiece raised{"T", FontFace::words, 400, 10, {}, 1, 0};
  EXPECT_NEAR(drawnSize(raised), 7, 1e-9);
  EXPECT_LT(baselineShift(raised), 0);
  EXPECT_GT(baselineShift({"k", FontFace::words, 400, 10, {}, -1, 0}), 0);
  EXPECT_GT(measure({{base, raised}}).width, measure({{base}}).width);
}

TEST(TextLayout, AnyScriptHasAWidthInAnyThread) {
  const std::vector<std::string> texts{"日本語", "مرحبا", "नमस्ते", "😀", "∅", "␣a", "→|", "\u202e"};
  std::vector<double> here;
  for (const std::string& text : texts) here.push_back(measure(plain(text)).width);
  std::vector<double> there(texts.size());
  std::thread([&] {
    for (std::size_t i = 0; i < texts.size(); ++i) there[i] = measure(plain(texts[i])).width;
  }).join();
  EXPECT_EQ(here, there);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_GT(here[i], 0.5) << texts[i];
}

TEST(Wrap, BreaksAtSpacesOnly) {
  const TextPiece piece = plain("one two three fourfourfourfour").pieces[0];
  const double width = measure(plain("one two")).width + 0.01;
  std::vector<std::string> lines;
  for (const Text& line : wrap(piece, width)) lines.push_back(line.plain());
  EXPECT_THAT(lines, testing::ElementsAre("one two", "three", "fourfourfourfour"));
  EXPECT_TRUE(wrap(plain("").pieces[0], 10).empty());
}

TEST(SvgCanvas, EscapesWhatXmlDoesNotAllow) {
  Drawing drawing;
  drawing.width = 89;
  drawing.height = 12.5;
  drawing.text({1, 5}, plain("<&>\"\x01\xff"), Anchor::start, false);
  const std::string svg = paintSvg(drawing, {"a<b", "c&d", "", false});
  EXPECT_THAT(svg, testing::HasSubstr("&lt;&amp;&gt;&quot;\xef\xbf\xbd</text>"));
  EXPECT_THAT(svg, testing::HasSubstr("\">a&lt;b</title>"));
  EXPECT_THAT(svg, testing::HasSubstr("width=\"89mm\" height=\"12.5mm\" viewBox=\"0 0 89 12.5\""));
}

TEST(Drawing, BoxesFollowAnchorAndTurn) {
  Drawing drawing;
  const Text text = plain("animal");
  const TextExtent e = measure(text);
  drawing.text({50, 50}, text, Anchor::start, false);
  drawing.text({50, 50}, text, Anchor::end, false);
  drawing.text({50, 50}, text, Anchor::start, true);
  drawing.text({50, 50}, text, Anchor::middle, true);
  const auto& boxes = drawing.texts();
  EXPECT_NEAR(boxes[0].box.x, 50, 1e-9);
  EXPECT_NEAR(boxes[1].box.right(), 50, 1e-9);
  EXPECT_NEAR(boxes[2].box.bottom(), 50, 1e-9);  // reads upwards from the point
  EXPECT_NEAR(boxes[2].box.x, 50 - e.ascent, 1e-9);
  EXPECT_NEAR(boxes[3].box.y, 50 - e.width / 2, 1e-9);
}

}  // namespace
}  // namespace headlight
