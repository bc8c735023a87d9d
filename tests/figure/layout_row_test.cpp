#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/figure/layouts.h"
#include "core/figure/text_layout.h"
#include "core/picture/picture.h"
#include "tests/figure/recorder.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

const char kCausal[] =
    R"("mask": "causal", "shape": {"heads": 4, "d_k": 16}, "tokens": {"text": "a b c d e f"})";

TEST(LayoutRow, BarsAreAsLongAndColouredAsTheWeights) {
  const auto evaluation = evaluated(kCausal);
  FigureSpec spec = specOf("row", FigureFormat::svg);
  spec.heads = {0, 2};
  spec.query = 3;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  Recorder page(figure->drawing);
  const MapLook look = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
  const Palette& colours = palette(Theme::light);
  for (const int head : {0, 2}) {
    const Field field = *Field::make(evaluation->run, Stage::weights, head);
    const Recorder::Group& plot = page.groups["head-" + std::to_string(head)];
    std::vector<FilledCell> masked;
    std::vector<FilledCell> bars;
    for (const FilledCell& cell : plot.cells) (cell.colour == colours.mask ? masked : bars).push_back(cell);
    ASSERT_EQ(bars.size(), 4u);
    ASSERT_EQ(masked.size(), 2u);  // keys after the query
    EXPECT_GT(plot.hatchLines, 0u);
    const double height = masked[0].area.height;  // the whole plot: a weight of 1
    for (std::int64_t j = 0; j < 4; ++j) {
      const FilledCell& bar = bars[static_cast<std::size_t>(j)];
      EXPECT_NEAR(bar.area.height / height, static_cast<double>(field.cell(3, j)), 1e-6) << j;
      EXPECT_NEAR(bar.area.bottom(), masked[0].area.bottom(), 1e-9);
      EXPECT_EQ(bar.colour, flatColour(look, field.cell(3, j), CellClass::value)) << j;
      EXPECT_LT(bar.area.right(), masked[0].area.x);
    }
  }
  const std::string texts = textsOf(figure->drawing);
  EXPECT_THAT(texts, HasSubstr("query 3 d"));
  EXPECT_THAT(texts, HasSubstr("Σ 1.000"));
  EXPECT_THAT(texts, HasSubstr("effective of 4 keys"));
  EXPECT_THAT(texts, HasSubstr("1/4\n"));
  EXPECT_THAT(texts, HasSubstr("masked"));
  EXPECT_THAT(texts, HasSubstr(evaluation->prepared->origin.chip));
  EXPECT_THAT(figure->altText, HasSubstr("query 3 d"));
  ASSERT_EQ(figure->panels.size(), 2u);
  EXPECT_EQ(figure->panels[1].part.rowFirst, 3);
  EXPECT_EQ(figure->panels[1].rows(), 1);
}

TEST(LayoutRow, SignedBarsStandOnZero) {
  const auto evaluation = evaluated(R"("tokens": {"count": 7}, "shape": {"heads": 2, "d_k": 4})");
  FigureSpec spec = specOf("row", FigureFormat::svg);
  spec.stage = Stage::scaled;
  spec.heads = {1};
  spec.query = 2;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure);
  const Field field = *Field::make(evaluation->run, Stage::scaled, 1);
  const auto bars = Recorder(figure->drawing).groups["head-1"].cells;
  ASSERT_EQ(bars.size(), 7u);
  double zero = 0;
  for (std::int64_t j = 0; j < 7; ++j) {
    const Rect& bar = bars[static_cast<std::size_t>(j)].area;
    const double here = field.cell(2, j) < 0 ? bar.y : bar.bottom();
    if (j > 0) {
      EXPECT_NEAR(here, zero, 1e-9) << j;
    }
    zero = here;
    const double scale = bar.height / std::abs(static_cast<double>(field.cell(2, j)));
    const double first = bars[0].area.height / std::abs(static_cast<double>(field.cell(2, 0)));
    EXPECT_NEAR(scale, first, 1e-4 * first) << j;
  }
}

TEST(LayoutRow, ManyKeysArePooledByTheirLargest) {
  const auto evaluation = evaluated(R"("tokens": {"count": 1500}, "shape": {"heads": 1, "d_k": 4})");
  FigureSpec spec = specOf("row", FigureFormat::svg);
  spec.widthMm = 80;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure);
  const auto bars = Recorder(figure->drawing).groups["head-0"].cells;
  ASSERT_EQ(bars.size(), 188u);  // of 8 keys each
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("each bar = max of 8 keys"));
  const Field field = *Field::make(evaluation->run, Stage::weights, 0);
  std::vector<double> largest(188, 0);
  for (std::int64_t j = 0; j < 1500; ++j) {
    double& now = largest[static_cast<std::size_t>(j / 8)];
    now = std::max(now, static_cast<double>(field.cell(0, j)));
  }
  const auto tallest =
      static_cast<std::size_t>(std::max_element(largest.begin(), largest.end()) - largest.begin());
  for (std::size_t n = 0; n < bars.size(); ++n) {
    EXPECT_GE(bars[n].area.width, 0.12);
    EXPECT_NEAR(bars[n].area.height / bars[tallest].area.height, largest[n] / largest[tallest], 1e-6) << n;
  }
}

TEST(LayoutRow, TakesThePinnedQueryAndRefusesOneThatIsNotThere) {
  const auto evaluation = evaluated(R"("tokens": {"text": "a b c"}, "view": {"pin": [2, 1]})");
  FigureSpec spec = specOf("row", FigureFormat::svg);
  EXPECT_THAT(rendered(*evaluation, spec).altText, HasSubstr("query 2 c"));
  spec.query = 0;
  EXPECT_THAT(rendered(*evaluation, spec).altText, HasSubstr("query 0 a"));
  spec.query = 3;
  const auto refused = renderFigure(*evaluation, spec, pool());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("found query 3, accepted is 0 to 2"));
}

TEST(LayoutRow, SaysWhatIsDeliberatelyWrongAndWhatHasNoKeys) {
  const auto wrong = evaluated(R"("mask": "causal", "mistake": {"mask_as": "zero_weight"})");
  EXPECT_THAT(rendered(*wrong, specOf("row", FigureFormat::svg)).bytes, HasSubstr("deliberately wrong"));
  const auto empty =
      evaluated(R"("memory": {"text": "un autre"}, "mask": [{"kind": "window", "left": 0, "right": 0}])");
  FigureSpec spec = specOf("row", FigureFormat::svg);
  spec.query = 5;
  EXPECT_THAT(rendered(*empty, spec).bytes, HasSubstr("no key may be seen"));
}

TEST(LayoutRow, LettersNumbersAndHeights) {
  const auto evaluation = evaluated(kCausal);
  FigureSpec spec = specOf("row", FigureFormat::svg);
  spec.heads = {0, 1, 2};
  EXPECT_THAT(textsOf(drawFigure(*evaluation, spec, pool())->drawing), Not(HasSubstr("b H1\n")));
  spec.letters = true;
  EXPECT_THAT(textsOf(drawFigure(*evaluation, spec, pool())->drawing), HasSubstr("b H1\n"));
  spec.heightMm = 80;
  EXPECT_LE(rendered(*evaluation, spec).heightMm, 80 + 1e-9);
  const auto many = evaluated(R"("tokens": {"count": 300}, "shape": {"heads": 2, "d_k": 4})");
  spec.numbers = FigureNumbers::all;
  const auto refused = renderFigure(*many, spec, pool());
  EXPECT_FALSE(refused);
}

}  // namespace
}  // namespace headlight
