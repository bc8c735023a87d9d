#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field_difference.h"
#include "core/base/number.h"
#include "core/figure/layouts.h"
#include "core/picture/picture.h"
#include "tests/figure/recorder.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

const char kWords[] =
    R"("mask": "causal", "shape": {"heads": 4, "d_k": 16}, "tokens": {"text": "a b c d e f"})";

std::string refused(const Evaluation& evaluation, const FigureSpec& spec) {
  const auto result = renderFigure(evaluation, spec, pool());
  return result ? std::string() : result.error().text();
}

// The colour that is seen in the middle of a cell of an n × n map: later rectangles cover earlier ones.
Rgb colourAt(const std::vector<FilledCell>& cells, int n, int row, int col) {
  double right = 0;
  double bottom = 0;
  for (const FilledCell& cell : cells) {
    right = std::max(right, cell.area.right());
    bottom = std::max(bottom, cell.area.bottom());
  }
  const Rect& first = cells.front().area;
  const double x = first.x + (col + 0.5) * (right - first.x) / n;
  const double y = first.y + (row + 0.5) * (bottom - first.y) / n;
  Rgb seen;
  for (const FilledCell& cell : cells) {
    if (x >= cell.area.x && x < cell.area.right() && y >= cell.area.y && y < cell.area.bottom())
      seen = cell.colour;
  }
  return seen;
}

TEST(LayoutDifference, ColoursAreThoseOfTheNumbers) {
  const auto evaluation = evaluated(kWords);
  FigureSpec spec = specOf("difference", FigureFormat::svg);
  spec.heads = {2, 1};
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  Recorder page(figure->drawing);
  const Field a = *Field::make(evaluation->run, Stage::weights, 2);
  const Field b = *Field::make(evaluation->run, Stage::weights, 1);
  const FieldDifference difference = *FieldDifference::make(a, b);
  const auto largest = difference.largest(5, pool());
  const auto most = std::abs(static_cast<double>(largest.cells[0].difference));
  const MapLook weights = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
  const MapLook own = makeLook(Range{-most, most}, *colormap("vik"), Theme::light);
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      const CellClass kind = a.cellClass(i, j);
      EXPECT_EQ(colourAt(page.groups["first"].cells, 6, i, j), flatColour(weights, a.cell(i, j), kind));
      EXPECT_EQ(colourAt(page.groups["second"].cells, 6, i, j), flatColour(weights, b.cell(i, j), kind));
      EXPECT_EQ(colourAt(page.groups["difference"].cells, 6, i, j),
                flatColour(own, difference.cell(i, j), difference.cellClass(i, j)))
          << i << " " << j;
    }
  }
  const std::string texts = textsOf(figure->drawing);
  for (const char* text :
       {"H2\n", "H1\n", "H2 − H1\n", "← more in H1", "more in H2 →", "Largest differences"}) {
    EXPECT_THAT(texts, HasSubstr(text));
  }
  for (const CellDifference& cell : largest.cells) {
    EXPECT_THAT(texts, HasSubstr(fixed(static_cast<double>(cell.first), 3) + " − " +
                                 fixed(static_cast<double>(cell.second), 3) + " = "));
  }
  EXPECT_THAT(figure->altText, HasSubstr("Largest differences: "));
  EXPECT_THAT(texts, HasSubstr(evaluation->prepared->origin.chip));
  ASSERT_EQ(figure->panels.size(), 3u);
  EXPECT_TRUE(figure->panels[2].difference);
}

TEST(LayoutDifference, OfStagesAndOfExperiments) {
  const auto evaluation = evaluated(kWords);
  FigureSpec spec;
  spec.layout = "difference";
  spec.format = FigureFormat::svg;
  spec.stage = Stage::dot;
  spec.minusStage = Stage::scaled;
  const std::string stages = rendered(*evaluation, spec).bytes;
  EXPECT_THAT(stages, HasSubstr("Difference of two stages"));
  spec.stage.reset();
  spec.minusStage.reset();
  spec.minus = evaluated(R"("mask": "causal", "shape": {"heads": 4, "d_k": 16}, "title": "another",
      "tokens": {"text": "a b c d e g"}, "mistake": {"mask_as": "zero_weight"})");
  spec.minusName = "another";
  const auto other = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_THAT(textsOf(other->drawing), HasSubstr("another has others"));
  EXPECT_THAT(textsOf(other->drawing), HasSubstr("another: Deliberately wrong"));
  spec.minus = evaluation;
  const auto same = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(same);
  EXPECT_THAT(textsOf(same->drawing), HasSubstr("No cell differs"));
}

TEST(LayoutDifference, RefusesWhatCannotBeSubtracted) {
  const auto evaluation = evaluated(kWords);
  FigureSpec spec;
  spec.layout = "difference";
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("found one"));
  spec.heads = {0, 1, 2};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("found 3 heads"));
  spec.heads = {0, 9};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("9"));
  spec.heads = {0, 1};
  spec.stage = Stage::input;
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("has no heads"));
  spec = {};
  spec.layout = "difference";
  spec.stage = Stage::weights;
  spec.minusStage = Stage::q;
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("[6, 6]"));
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("[6, 16]"));
  spec.minusStage.reset();
  spec.minus = evaluated(R"("tokens": {"count": 4})");
  spec.minusName = "short one";
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("short one is [4, 4]"));
}

TEST(LayoutDifference, LettersCropAndTurnedAxes) {
  const auto evaluation = evaluated(std::string(kWords) + R"(, "view": {"orientation": "query_columns"})");
  FigureSpec spec = specOf("difference", FigureFormat::svg);
  spec.letters = true;
  spec.crop = FigureCrop{2, 6, 0, 3};
  const FigureResult figure = rendered(*evaluation, spec);
  EXPECT_THAT(figure.bytes, HasSubstr(">c</tspan>"));
  EXPECT_THAT(figure.bytes, HasSubstr("queries 2–5 of 6"));
  spec.showNotes = false;
  spec.showBar = false;
  const auto bare = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(bare);
  EXPECT_THAT(textsOf(bare->drawing), Not(HasSubstr("argest difference")));
}

// Of all new layouts: nothing covers another text or leaves the page.
TEST(Layouts, TextsOfDifferenceRowAndLinesStandFree) {
  std::mt19937 random(11);
  const std::vector<std::string> vocabulary{
      "it", "Donaudampfschifffahrtsgesellschaft", "", " x", "数学", "مرحبا", "[CLS]", "internationalization",
      "a"};
  for (int n = 0; n < 60; ++n) {
    const int count = 2 + static_cast<int>(random() % (n % 8 == 0 ? 150 : 20));
    std::string list;
    for (int i = 0; i < count; ++i)
      list += (i ? "," : "") + ("\"" + vocabulary[random() % vocabulary.size()] + "\"");
    std::string members =
        "\"tokens\": {\"list\": [" + list + "]}, \"shape\": {\"d_model\": 8, \"d_k\": 4, \"heads\": 3}";
    if (random() % 2) members += ", \"mask\": \"causal\"";
    if (random() % 3 == 0) members += ", \"memory\": {\"count\": " + std::to_string(1 + random() % 30) + "}";
    const auto evaluation = evaluated(members);
    const std::string layout = std::vector<std::string>{"difference", "row", "lines"}[random() % 3];
    FigureSpec spec = specOf(layout, FigureFormat::svg);
    if (random() % 2) spec.widthMm = (layout == "difference" ? 90 : 50) + static_cast<double>(random() % 120);
    if (layout != "lines" && random() % 2) spec.stage = random() % 2 ? Stage::scaled : Stage::q;
    if (layout == "row" && random() % 2) spec.heads = {0, 1, 2};
    if (layout != "difference" && random() % 2) spec.query = 1;
    spec.letters = random() % 2;
    spec.showTitle = random() % 4 != 0;
    const auto figure = drawFigure(*evaluation, spec, pool());
    ASSERT_TRUE(figure) << n << " " << layout << " " << figure.error().text() << members;
    ASSERT_EQ(misplaced(figure->drawing), "") << n << " " << layout << " w=" << spec.widthMm << "\n"
                                              << members;
  }
}

}  // namespace
}  // namespace headlight
