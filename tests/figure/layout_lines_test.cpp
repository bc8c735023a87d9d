#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/figure/layouts.h"
#include "core/figure/letters.h"
#include "core/picture/picture.h"
#include "tests/figure/recorder.h"
#include "tests/figure/rendered.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;

const char kWords[] =
    R"("mask": "causal", "shape": {"heads": 4, "d_k": 16}, "tokens": {"text": "a b c d e f"})";

double widthAtStart(const std::vector<Point>& ribbon) {
  return std::abs(ribbon.front().y - ribbon.back().y);
}

TEST(LayoutLines, EachQuerysStrongestKeysInTheMapsColours) {
  const auto evaluation = evaluated(kWords);
  FigureSpec spec = specOf("lines", FigureFormat::svg);
  spec.heads = {1};
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  const auto all = Recorder(figure->drawing).groups["lines"].polygons;
  ASSERT_EQ(all.size(), 2u * (1 + 2 + 3 + 3 + 3 + 3));  // each with its casing
  const Field field = *Field::make(evaluation->run, Stage::weights, 1);
  const MapLook look = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
  // Six tokens stand evenly apart: the first and the last line of a column tell where.
  double top = 1e9;
  double bottom = 0;
  for (const auto& [ribbon, colour] : all) {
    top = std::min(top, (ribbon.front().y + ribbon.back().y) / 2);
    bottom = std::max(bottom, (ribbon.front().y + ribbon.back().y) / 2);
  }
  const double pitch = (bottom - top) / 5;
  double shown = 0;
  float before = 0;
  for (std::size_t n = 1; n < all.size(); n += 2) {
    const std::vector<Point>& ribbon = all[n].first;
    const std::size_t end = ribbon.size() / 2;
    const auto query = std::lround(((ribbon.front().y + ribbon.back().y) / 2 - top) / pitch);
    const auto key = std::lround(((ribbon[end - 1].y + ribbon[end].y) / 2 - top) / pitch);
    const float weight = field.cell(query, key);
    EXPECT_EQ(all[n].second, flatColour(look, weight, CellClass::value)) << query << " " << key;
    EXPECT_GE(weight, before);  // the heavy ones lie on top
    before = weight;
    shown += static_cast<double>(weight);
    EXPECT_GT(widthAtStart(all[n - 1].first), widthAtStart(ribbon));
  }
  EXPECT_GT(widthAtStart(all.back().first), 3 * widthAtStart(all[1].first));
  const std::string texts = textsOf(figure->drawing);
  EXPECT_THAT(texts, HasSubstr("15 lines show " + std::to_string(std::lround(100 * shown / 6)) +
                               " % of the weight: the 3 strongest keys of each query"));
  EXPECT_THAT(figure->altText, HasSubstr("6 queries"));
}

TEST(LayoutLines, OneQueryWithTheWeightsOfItsKeys) {
  const auto evaluation = evaluated(kWords);
  FigureSpec spec = specOf("lines", FigureFormat::svg);
  spec.query = 4;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure);
  EXPECT_EQ(Recorder(figure->drawing).groups["lines"].polygons.size(), 2u * 5);
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("5 lines show 100 % of the weight of query 4 e"));
  const Field field = *Field::make(evaluation->run, Stage::weights, 0);
  const auto texts = Recorder(figure->drawing).groups["key-labels"].texts;
  for (std::int64_t j = 0; j < 5; ++j) {
    EXPECT_THAT(texts, testing::Contains(cellText(static_cast<double>(field.cell(4, j)), true))) << j;
  }
  spec.lines = 1;
  const auto one = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(one);
  EXPECT_EQ(Recorder(one->drawing).groups["lines"].polygons.size(), 2u);
  spec.leastWeight = 1.5;
  const auto none = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(none);
  EXPECT_THAT(textsOf(none->drawing), HasSubstr("0 lines show 0 %"));
}

TEST(LayoutLines, RefusesOtherStagesTooManyTokensAndMissingQueries) {
  const auto refused = [](const Evaluation& evaluation, const FigureSpec& spec) {
    const auto result = renderFigure(evaluation, spec, pool());
    return result ? std::string() : result.error().text();
  };
  const auto evaluation = evaluated(kWords);
  FigureSpec spec = specOf("lines", FigureFormat::svg);
  spec.stage = Stage::scaled;
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("found scaled"));
  spec.stage.reset();
  spec.query = 6;
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("accepted is 0 to 5"));
  spec.query.reset();
  const auto many = evaluated(R"("tokens": {"count": 900}, "shape": {"heads": 1, "d_k": 4})");
  EXPECT_THAT(refused(*many, spec), HasSubstr("found 900"));
  spec.crop = FigureCrop{100, 130, 90, 130};
  EXPECT_EQ(refused(*many, spec), "");
}

TEST(Letters, CountOn) {
  EXPECT_EQ(panelLetter(0), "a");
  EXPECT_EQ(panelLetter(25), "z");
  EXPECT_EQ(panelLetter(26), "aa");
  EXPECT_EQ(panelLetter(27), "ab");
}

}  // namespace
}  // namespace headlight
