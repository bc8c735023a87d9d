#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/figure/layouts.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/rendered.h"
#include "tests/figure/svg_cells.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;

TEST(FigureColours, SvgCellsHaveExactlyTheMapsColours) {
  for (bool transposed : {false, true}) {
    const auto cross = evaluated(
        std::string(R"("memory": {"text": "ein anderer kurzer Satz"}, "mask": [{"kind": "causal"}])") +
        (transposed ? R"(, "view": {"orientation": "query_columns"})" : ""));
    const FigureResult figure = rendered(*cross, specOf("single", FigureFormat::svg));
    const auto field = Field::make(cross->run, Stage::weights, 0);
    ASSERT_TRUE(field);
    const MapLook look = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
    const std::int64_t rows = transposed ? field->cols() : field->rows();
    const std::int64_t cols = transposed ? field->rows() : field->cols();
    const auto cells = svgCells(figure.bytes, rows, cols);
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < cols; ++c) {
        const std::int64_t i = transposed ? c : r;
        const std::int64_t j = transposed ? r : c;
        const Rgb expected = flatColour(look, field->cell(i, j), field->cellClass(i, j));
        char text[8];
        std::snprintf(text, sizeof text, "%02x%02x%02x", expected.r, expected.g, expected.b);
        EXPECT_EQ(cells[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)], text) << r << " " << c;
      }
    }
  }
}

TEST(FigureColours, PngHasTheMapsColoursMaskedUnlikeZero) {
  // Sizes chosen so that cells are whole pixels: 6 mm at 254 dpi are 60.
  const auto evaluation = evaluated(R"("tokens": {"count": 6}, "mask": "causal", "normalizer": "softmax")");
  FigureSpec spec = specOf("single", FigureFormat::png);
  spec.dpi = 254;
  const Picture picture = decodePng(rendered(*evaluation, spec).bytes).picture;
  const auto field = Field::make(evaluation->run, Stage::weights, 0);
  ASSERT_TRUE(field);
  const MapLook look = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
  // The map's corner: the first pixel, row by row, with the colour of cell (0, 0) that begins a run of 50.
  const Rgb first = flatColour(look, field->cell(0, 0), CellClass::value);
  int left = -1;
  int top = -1;
  for (int y = 0; y < picture.height && top < 0; ++y) {
    for (int x = 0; x + 50 < picture.width && top < 0; ++x) {
      bool run = true;
      for (int k = 0; k < 50 && run; ++k) run = pixelAt(picture, x + k, y) == first;
      if (run) {
        left = x;
        top = y;
      }
    }
  }
  ASSERT_GE(top, 0);
  std::size_t maskPixels = 0;
  for (int r = 0; r < 6; ++r) {
    for (int c = 0; c < 6; ++c) {
      const CellClass kind = field->cellClass(r, c);
      const Rgb expected = flatColour(look, field->cell(r, c), kind);
      // Near the cell's corner there is no number; hatching leaves the ground of masked cells visible.
      std::size_t matches = 0;
      for (int dy = 5; dy < 15; ++dy) {
        for (int dx = 5; dx < 15; ++dx) {
          matches += pixelAt(picture, left + 60 * c + dx, top + 60 * r + dy) == expected ? 1 : 0;
        }
      }
      if (kind == CellClass::masked) {
        maskPixels += matches;
        EXPECT_GT(matches, 20u) << r << c;
        EXPECT_LT(matches, 100u) << r << c;  // the stripes
      } else {
        EXPECT_EQ(matches, 100u) << r << c;
      }
    }
  }
  EXPECT_GT(maskPixels, 0u);
}

TEST(FigureColours, MaskedScoresHaveTheColoursOfTheScaledOnes) {
  // Keys behind the query hold the largest score, so the kept ones alone would have a narrower range.
  const auto evaluation = evaluated(
      R"("tokens": {"count": 3}, "shape": {"heads": 2, "d_k": 2}, "mask": "causal",
         "edits": [{"stage": "q", "at": [0, 0, 0], "value": 9},
                   {"stage": "k", "at": [0, 2, 0], "value": 7}])");
  std::vector<FieldStatistics> dots;
  for (int head : {0, 1}) dots.push_back(Field::make(evaluation->run, Stage::dot, head)->statistics(pool()));
  const FieldStatistics* const pointers[] = {&dots[0], &dots[1]};
  const Range expected = resolveRange("robust", Stage::dot, 3, pointers);  // as in the window
  for (const std::string layout : {"single", "heads", "pipeline", "row"}) {
    for (Stage stage : {Stage::scaled, Stage::masked}) {
      FigureSpec spec = specOf(layout, FigureFormat::svg);
      spec.stage = stage;
      const auto figure = drawFigure(*evaluation, spec, pool());
      ASSERT_TRUE(figure) << layout;
      EXPECT_EQ(figure->panels[0].range.low, expected.low) << layout;
      EXPECT_EQ(figure->panels[0].range.high, expected.high) << layout;
      EXPECT_EQ(figure->panels[0].range.rule, "96 % of QK^T, all heads") << layout;
    }
  }
}

TEST(FigureColours, EqualValuesHaveEqualColoursInAllHeads) {
  const auto evaluation = evaluated(R"("shape": {"heads": 4, "d_k": 4}, "tokens": {"count": 20})");
  const std::string shared = rendered(*evaluation, specOf("heads", FigureFormat::svg)).bytes;
  EXPECT_THAT(shared, HasSubstr("0 to shared maximum"));
  const auto separate = evaluated(
      R"("shape": {"heads": 4, "d_k": 4}, "tokens": {"count": 20}, "view": {"range_scope": "head"})");
  const std::string own = rendered(*separate, specOf("heads", FigureFormat::svg)).bytes;
  EXPECT_THAT(own, HasSubstr("colours not comparable"));
  EXPECT_THAT(own, HasSubstr(">max 0."));
}

}  // namespace
}  // namespace headlight
