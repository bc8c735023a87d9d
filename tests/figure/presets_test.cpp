#include "core/figure/presets.h"

#include <cmath>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/figure/layouts.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr char kHeads[] = R"("mask": "causal", "shape": {"heads": 6, "d_k": 16})";

FigureSpec presetSpec(std::string_view id) {
  FigureSpec spec;
  const Status status = applyPreset(spec, id);
  EXPECT_TRUE(status) << status.error().text();
  return spec;
}

TEST(Presets, AreThoseOfTheVenues) {
  const std::vector<std::pair<std::string_view, double>> widths{
      {"nature-1col", 89}, {"nature-2col", 183}, {"ieee-1col", 88.9},  {"ieee-2col", 181.864},
      {"acl-1col", 77},    {"acl-2col", 160},    {"icml-1col", 82.55}, {"icml-2col", 171.45},
      {"neurips", 139.7},  {"beamer-16x9", 160}};
  ASSERT_EQ(figurePresets().size(), widths.size());
  for (const auto& [id, width] : widths) {
    const FigurePreset* preset = figurePreset(id);
    ASSERT_NE(preset, nullptr) << id;
    EXPECT_NEAR(preset->widthMm, width, 1e-9) << id;
    EXPECT_LE(preset->leastFontPt, preset->fontPt) << id;
    EXPECT_GT(preset->source.size(), 40u) << id;
  }
  EXPECT_EQ(figurePreset("nature-3col"), nullptr);
}

TEST(Presets, AnUnknownOneNamesTheNearest) {
  FigureSpec spec;
  const Status status = applyPreset(spec, "natur-1col");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::usage);
  EXPECT_THAT(status.error().text(), HasSubstr("nature-1col"));
}

TEST(Presets, WhatIsSetAfterwardsWins) {
  FigureSpec spec = presetSpec("nature-1col");
  spec.widthMm = 70;
  spec.fontPt = 6;
  spec.ground = FigureGround::dark;
  const auto figure = drawFigure(*evaluated(kHeads), spec, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  EXPECT_NEAR(figure->drawing.width, 70, 1e-9);
  EXPECT_EQ(figure->drawing.paper, palette(Theme::dark).s1);
}

// As an independent reader finds it in the file.
TEST(Presets, PhysicalSizeIsThatOfTheVenueInEveryFormat) {
  const auto evaluation = evaluated(kHeads);
  for (const FigurePreset& preset : figurePresets()) {
    for (const char* layout : {"single", "heads"}) {
      FigureSpec spec = presetSpec(preset.id);
      spec.layout = layout;
      spec.embed = false;
      spec.format = FigureFormat::svg;
      const FigureResult svg = rendered(*evaluation, spec);
      std::smatch size;
      ASSERT_TRUE(
          std::regex_search(svg.bytes, size, std::regex("width=\"([0-9.]+)mm\" height=\"([0-9.]+)mm\"")));
      EXPECT_NEAR(std::stod(size[1]), preset.widthMm, 0.001) << preset.id;
      const double height = std::stod(size[2]);
      EXPECT_LE(height, preset.heightMm + 0.001) << preset.id << layout;
      if (preset.exactHeight) {
        EXPECT_NEAR(height, preset.heightMm, 0.001) << preset.id;
      }

      spec.format = FigureFormat::png;
      spec.dpi = 150;
      const DecodedPng png = decodePng(rendered(*evaluation, spec).bytes);
      const double perMetre = wordAt(png.chunks.at("pHYs"), 0);
      EXPECT_NEAR(png.picture.width / perMetre * 1000, preset.widthMm, 0.1) << preset.id;
      EXPECT_NEAR(png.picture.height / perMetre * 1000, height, 0.1) << preset.id;
    }
  }
}

TEST(Presets, PdfPageHasThePresetsSize) {
  const auto evaluation = evaluated(kHeads);
  for (const FigurePreset& preset : figurePresets()) {
    FigureSpec spec = presetSpec(preset.id);
    spec.embed = false;
    spec.strip = true;
    spec.format = FigureFormat::pdf;
    const FigureResult pdf = rendered(*evaluation, spec);
    std::smatch box;
    ASSERT_TRUE(std::regex_search(pdf.bytes, box, std::regex("MediaBox \\[ ?0 0 ([0-9.]+) ([0-9.]+) ?\\]")))
        << preset.id;
    EXPECT_NEAR(std::stod(box[1]) * 25.4 / 72, preset.widthMm, 0.01) << preset.id;
    EXPECT_NEAR(std::stod(box[2]) * 25.4 / 72, pdf.heightMm, 0.01) << preset.id;
  }
}

TEST(Presets, ASlideIsAScreenFullOfPixels) {
  FigureSpec spec = presetSpec("beamer-16x9");
  const Picture picture = decodePng(rendered(*evaluated(kHeads), spec).bytes).picture;
  EXPECT_EQ(picture.width, 1920);
  EXPECT_EQ(picture.height, 1080);
}

TEST(Presets, AFigureTooHighIsMadeOfSmallerMaps) {
  const auto evaluation = evaluated(kHeads);
  FigureSpec spec = presetSpec("nature-2col");
  spec.layout = "heads";
  double before = 1e9;
  for (double height : {170.0, 90.0, 60.0}) {
    spec.heightMm = height;
    const auto figure = drawFigure(*evaluation, spec, pool());
    ASSERT_TRUE(figure) << figure.error().text();
    EXPECT_NEAR(figure->drawing.width, 183, 1e-9);
    EXPECT_LE(figure->drawing.height, height + 1e-6);
    EXPECT_LT(figure->drawing.height, before);
    EXPECT_EQ(misplaced(figure->drawing), "");
    before = figure->drawing.height;
  }
  spec.heightMm = 24;
  const auto refused = drawFigure(*evaluation, spec, pool());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_THAT(refused.error().text(), HasSubstr("at most 24 mm"));
}

constexpr char kNamed[] =
    R"("tokens": {"text": "The animal didn't cross the street because it was too tired"},
       "source": {"kind": "patterns", "seed": 7, "heads": ["previous", "next",
         {"name": "pronoun", "links": [["it", "animal"]]}, {"name": "article", "links": [["The", "animal"]]},
         {"name": "verbs", "links": [["cross", "animal"]]}, "first", "same_token", "random"]},
       "shape": {"heads": 8}, "view": {"head": 2})";

TEST(Presets, EveryLayoutStandsOnThePageOfEachWithoutATokenCutShort) {
  const auto evaluation = evaluated(kNamed);
  for (const FigurePreset& preset : figurePresets()) {
    for (const FigureLayoutInfo& layout : figureLayouts()) {
      if (layout.id == "picture") continue;  // of patches alone
      FigureSpec spec = presetSpec(preset.id);
      spec.layout = layout.id;
      spec.letters = true;
      if (spec.layout == "difference") spec.heads = {2, 4};
      const auto figure = drawFigure(*evaluation, spec, pool());
      ASSERT_TRUE(figure) << preset.id << " " << layout.id << figure.error().text();
      EXPECT_EQ(misplaced(figure->drawing), "") << preset.id << " " << layout.id;
      for (const PlacedText& text : figure->drawing.texts()) {
        EXPECT_THAT(text.text.plain(), testing::Not(HasSubstr("beca…"))) << preset.id << " " << layout.id;
        for (const TextPiece& piece : text.text.pieces)
          EXPECT_GE(piece.sizePt, preset.leastFontPt - 1e-9) << piece.text << preset.id << " " << layout.id;
      }
    }
  }
}

TEST(Presets, SerifVenuesAreSetInASerif) {
  FigureSpec spec = presetSpec("neurips");
  const auto figure = drawFigure(*evaluated(kHeads), spec, pool());
  ASSERT_TRUE(figure);
  for (const PlacedText& text : figure->drawing.texts()) {
    for (const TextPiece& piece : text.text.pieces) EXPECT_EQ(piece.face, FontFace::serif) << piece.text;
  }
}

}  // namespace
}  // namespace headlight
