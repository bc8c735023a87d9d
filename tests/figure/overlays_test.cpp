#include "core/figure/overlays.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/figure/layouts.h"
#include "core/picture/picture.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kTwelve[] =
    R"("tokens": {"list": ["a","b","c","d","e","f","g","h","i","j","k","l"]}, "mask": "causal")";

DrawnFigure drawn(const Evaluation& evaluation, const FigureSpec& spec) {
  auto figure = drawFigure(evaluation, spec, pool());
  EXPECT_TRUE(figure) << figure.error().text();
  return figure ? std::move(*figure) : DrawnFigure{};
}

std::string refused(const Evaluation& evaluation, const FigureSpec& spec) {
  const auto figure = drawFigure(evaluation, spec, pool());
  EXPECT_FALSE(figure);
  return figure ? std::string() : figure.error().text();
}

const PlacedText* find(const DrawnFigure& figure, const std::string& text, bool upright) {
  for (const PlacedText& placed : figure.drawing.texts()) {
    if (placed.text.plain() == text && placed.upright == upright) return &placed;
  }
  return nullptr;
}

TEST(Brackets, StandInLanesSoThatNoneCoversAnother) {
  const auto evaluation = evaluated(kTwelve);
  for (const char* layout : {"single", "heads", "pipeline", "lines"}) {
    FigureSpec spec = specOf(layout, FigureFormat::svg);
    spec.widthMm = layout == std::string("pipeline") ? 400 : 183;
    spec.queryBrackets = {{0, 3, "first"}, {5, 6, "second"}, {2, 8, "over both"}};
    spec.keyBrackets = {{0, 0, "a long name over one cell"}, {1, 1, "next"}};
    const DrawnFigure figure = drawn(*evaluation, spec);
    EXPECT_EQ(misplaced(figure.drawing), "") << layout;
    const PlacedText* first = find(figure, "first", true);
    const PlacedText* second = find(figure, "second", true);
    const PlacedText* both = find(figure, "over both", true);
    ASSERT_TRUE(first && second && both) << layout;
    EXPECT_NEAR(first->box.x, second->box.x, 0.2);
    EXPECT_LT(both->box.right(), first->box.x + 0.1);
    if (layout == std::string("lines")) continue;  // keys stand over one another too
    const PlacedText* name = find(figure, "a long name over one cell", false);
    const PlacedText* next = find(figure, "next", false);
    ASSERT_TRUE(name && next) << layout;
    EXPECT_GT(std::abs(name->box.y - next->box.y), 1);
  }
}

TEST(Brackets, RefuseWhatIsBeyondTheSequence) {
  const auto evaluation = evaluated(kTwelve);
  for (const FigureBracket& wrong :
       {FigureBracket{5, 12, "x"}, FigureBracket{-1, 2, "x"}, FigureBracket{4, 3, "x"}}) {
    FigureSpec spec;
    spec.keyBrackets = {wrong};
    EXPECT_THAT(refused(*evaluation, spec), HasSubstr("12 keys"));
    spec.keyBrackets.clear();
    spec.queryBrackets = {wrong};
    EXPECT_THAT(refused(*evaluation, spec), HasSubstr("12 queries"));
  }
}

TEST(Highlights, AreSeenOnEveryColour) {
  const auto evaluation = evaluated(R"("tokens": {"count": 6})");
  FigureSpec spec = specOf("single", FigureFormat::png);
  spec.dpi = 300;
  spec.numbers = FigureNumbers::none;
  const Picture without = decodePng(rendered(*evaluation, spec).bytes).picture;
  spec.highlights = {{4, 2}};
  const Picture with = decodePng(rendered(*evaluation, spec).bytes).picture;
  ASSERT_EQ(with.width, without.width);
  ASSERT_EQ(with.height, without.height);
  int dark = 0;
  int light = 0;
  for (std::size_t i = 0; i < with.rgba.size(); i += 4) {
    const Rgb now{with.rgba[i], with.rgba[i + 1], with.rgba[i + 2]};
    const Rgb before{without.rgba[i], without.rgba[i + 1], without.rgba[i + 2]};
    if (now == before) continue;
    dark += now == Rgb{0, 0, 0};
    light += now == Rgb{255, 255, 255};
  }
  EXPECT_GT(dark, 300);
  EXPECT_GT(light, 300);
  spec.highlights = {{4, 6}};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("4:6"));
}

TEST(Crop, KeepsIndicesRangeAndCells) {
  const auto evaluation = evaluated(kTwelve);
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.widthMm = 120;
  const DrawnFigure whole = drawn(*evaluation, spec);
  spec.crop = FigureCrop{3, 9, 1, 5};
  spec.keyBrackets = {{0, 2, "clipped"}, {7, 9, "outside"}};
  spec.highlights = {{3, 1}, {0, 0}};
  const DrawnFigure figure = drawn(*evaluation, spec);
  EXPECT_EQ(misplaced(figure.drawing), "");
  EXPECT_TRUE(find(figure, "3 d", false));
  EXPECT_TRUE(find(figure, "8 i", false));
  EXPECT_FALSE(find(figure, "0 a", false));
  EXPECT_FALSE(find(figure, "9 j", false));
  EXPECT_TRUE(find(figure, "queries 3–8 of 12, keys 1–4 of 12", false));
  EXPECT_TRUE(find(figure, "clipped", false));
  EXPECT_FALSE(find(figure, "outside", false));
  EXPECT_THAT(figure.altText, HasSubstr("queries 3–8 of 12"));
  ASSERT_EQ(figure.panels.size(), 1u);
  EXPECT_EQ(figure.panels[0].range, whole.panels[0].range);
  EXPECT_EQ(figure.panels[0].part, (FigureCrop{3, 9, 1, 5}));
  for (const FigureCrop wrong : {FigureCrop{3, 3, 0, 1}, FigureCrop{0, 13, 0, 1}, FigureCrop{0, 1, -1, 1}}) {
    spec.crop = wrong;
    EXPECT_THAT(refused(*evaluation, spec), HasSubstr("crop"));
  }
}

// Each texel of a part is the extreme of the very cells that it covers, wherever the part begins.
// A crop of the maps is one of V's keys and of the output's queries too; marks stand on every map.
TEST(Crop, OfThePipelineIsOneOfAllItsSteps) {
  const auto evaluation = evaluated(kTwelve);
  FigureSpec spec = specOf("pipeline", FigureFormat::svg);
  spec.widthMm = 250;
  const DrawnFigure whole = drawn(*evaluation, spec);
  spec.crop = FigureCrop{3, 9, 1, 5};
  spec.highlights = {{3, 1}};
  spec.keyBrackets = {{1, 2, "K"}};
  const DrawnFigure figure = drawn(*evaluation, spec);
  EXPECT_EQ(misplaced(figure.drawing), "");
  EXPECT_TRUE(find(figure, "queries 3–8 of 12, keys 1–4 of 12", false));
  EXPECT_THAT(figure.altText, HasSubstr("queries 3–8 of 12"));
  EXPECT_TRUE(find(figure, "3 d", false));
  EXPECT_FALSE(find(figure, "0 a", false));
  EXPECT_TRUE(find(figure, "1 b", false));  // V's own rows: not those of the queries any more
  ASSERT_EQ(figure.panels.size(), whole.panels.size());
  int maps = 0;
  for (std::size_t n = 0; n < figure.panels.size(); ++n) {
    const DrawnPanel& panel = figure.panels[n];
    EXPECT_EQ(panel.range, whole.panels[n].range);
    const std::int64_t columns = whole.panels[n].part.colEnd;
    if (panel.stage == Stage::v) {
      EXPECT_EQ(panel.part, (FigureCrop{1, 5, 0, columns}));
    } else if (panel.stage == Stage::headOutput) {
      EXPECT_EQ(panel.part, (FigureCrop{3, 9, 0, columns}));
    } else {
      EXPECT_EQ(panel.part, (FigureCrop{3, 9, 1, 5})) << panel.name;
      ++maps;
    }
  }
  int brackets = 0;
  for (const PlacedText& text : figure.drawing.texts()) brackets += text.text.plain() == "K";
  EXPECT_EQ(brackets, maps);
  const std::string svg = rendered(*evaluation, spec).bytes;
  int outlined = 0;
  for (std::size_t at = svg.find("id=\"highlights"); at != std::string::npos;
       at = svg.find("id=\"highlights", at + 1))
    ++outlined;
  EXPECT_EQ(outlined, maps);
  spec.highlights = {{3, 12}};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("3:12"));
}

TEST(Marks, ThatALayoutHasNoPlaceForAreRefusedByName) {
  const auto evaluation = evaluated(kTwelve);
  FigureSpec spec = specOf("lines", FigureFormat::svg);
  spec.highlights = {{3, 1}};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("lines has no cells"));
  spec = specOf("row", FigureFormat::svg);
  spec.queryBrackets = {{0, 1, "NP"}};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("queries alone"));
  spec.keyBrackets = {{0, 1, "NP"}};
  EXPECT_TRUE(find(drawn(*evaluation, spec), "NP", false));
  spec.keyBrackets = {{0, 12, "NP"}};
  EXPECT_THAT(refused(*evaluation, spec), HasSubstr("12 keys"));
}

TEST(Numbers, StandInThePipelineWhereCellsHaveTheRoom) {
  const auto evaluation = evaluated(R"("tokens": {"list": ["a", "b", "c"]}, "mask": "causal")");
  FigureSpec spec = specOf("pipeline", FigureFormat::svg);
  spec.widthMm = 300;
  const DrawnFigure figure = drawn(*evaluation, spec);
  EXPECT_EQ(misplaced(figure.drawing), "");
  spec.numbers = FigureNumbers::none;
  const std::size_t without = drawn(*evaluation, spec).drawing.texts().size();
  EXPECT_GE(figure.drawing.texts().size(), without + 6);  // of the weights at least
  spec.numbers = FigureNumbers::all;
  EXPECT_THAT(refused(*evaluated(R"("tokens": {"count": 60})"), spec), HasSubstr("no room for numbers"));
}

TEST(Crop, PoolsFromItsOwnCorner) {
  const auto evaluation = evaluated(R"("tokens": {"count": 150}, "mask": "causal")");
  for (Stage stage : {Stage::weights, Stage::scaled}) {
    const auto field = Field::make(evaluation->run, stage, 0);
    ASSERT_TRUE(field);
    const FigureCrop part{13, 120, 7, 101};
    for (bool transposed : {false, true}) {
      const auto pixels = readPixels(*field, part, transposed, {2, 2}, pool(), {});
      ASSERT_TRUE(pixels);
      for (std::int64_t r = 0; r < (part.rows() + 3) / 4; ++r) {
        for (std::int64_t c = 0; c < (part.cols() + 3) / 4; ++c) {
          float best = 0;
          int kept = 0;
          int masked = 0;
          for (std::int64_t i = 13 + 4 * r; i < std::min<std::int64_t>(120, 17 + 4 * r); ++i) {
            for (std::int64_t j = 7 + 4 * c; j < std::min<std::int64_t>(101, 11 + 4 * c); ++j) {
              if (field->cellClass(i, j) == CellClass::masked) {
                ++masked;
                continue;
              }
              const float value = field->cell(i, j);
              const bool farther = stage == Stage::weights ? value > best : std::abs(value) > std::abs(best);
              if (kept++ == 0 || farther) best = value;
            }
          }
          const std::size_t at = transposed ? pixels->at(c, r) : pixels->at(r, c);
          const CellClass kind = kept == 0    ? CellClass::masked
                                 : masked > 0 ? CellClass::partlyMasked
                                              : CellClass::value;
          ASSERT_EQ(pixels->classes[at], static_cast<std::uint8_t>(kind)) << r << " " << c;
          if (kept > 0) {
            ASSERT_EQ(pixels->values[at], best) << r << " " << c;
          }
        }
      }
    }
  }
}

TEST(Numbers, HaveTheColourThatIsLegibleOnTheirCell) {
  for (const Colormap& map : colormaps()) {
    for (Rgb colour : map.colours) ASSERT_GE(contrast(textOn(colour), colour), 4.5) << map.id;
  }
  const auto evaluation =
      evaluated(R"("tokens": {"count": 8}, "mask": "causal", "view": {"range": "zero_max"})");
  FigureSpec spec;
  spec.widthMm = 89;
  spec.numbers = FigureNumbers::all;
  const DrawnFigure figure = drawn(*evaluation, spec);
  const auto field = Field::make(evaluation->run, Stage::weights, 0);
  ASSERT_TRUE(field);
  const MapLook look = makeLook(figure.panels[0].range, *figure.panels[0].map, Theme::light);
  std::map<std::pair<std::string, double>, int> expected;
  for (std::int64_t i = 0; i < 8; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      const Rgb ink = textOn(flatColour(look, field->cell(i, j), field->cellClass(i, j)));
      ++expected[{cellText(field->cell(i, j), true), luminance(ink)}];
    }
  }
  std::map<std::pair<std::string, double>, int> found;
  for (const PlacedText& text : figure.drawing.texts()) {
    const TextPiece& piece = text.text.pieces[0];
    if (piece.colour == Rgb{0, 0, 0} || piece.colour == Rgb{255, 255, 255})
      ++found[{piece.text, luminance(piece.colour)}];
  }
  EXPECT_EQ(found, expected);
}

TEST(Numbers, AreEverywhereOrRefused) {
  const auto many = evaluated(R"("tokens": {"count": 40})");
  FigureSpec spec;
  spec.widthMm = 89;
  spec.numbers = FigureNumbers::all;
  EXPECT_THAT(refused(*many, spec), HasSubstr("no room for numbers of 5 pt"));
  spec.crop = FigureCrop{10, 20, 10, 20};
  EXPECT_EQ(misplaced(drawn(*many, spec).drawing), "");
  const auto few = evaluated(R"("tokens": {"count": 5})");
  spec.crop.reset();
  spec.numbers = FigureNumbers::none;
  const DrawnFigure none = drawn(*few, spec);
  spec.numbers = FigureNumbers::fitting;
  EXPECT_EQ(drawn(*few, spec).drawing.texts().size(), none.drawing.texts().size() + 25);
}

TEST(Figure, ShowsOnlyWhatItIsAskedFor) {
  const auto evaluation = evaluated(kTwelve);
  for (const char* layout : {"single", "heads"}) {
    FigureSpec spec = specOf(layout, FigureFormat::svg);
    spec.widthMm = 120;
    spec.showTitle = spec.showBar = spec.showTokens = spec.showNotes = false;
    const DrawnFigure figure = drawn(*evaluation, spec);
    EXPECT_FALSE(find(figure, "3 d", false)) << layout;
    EXPECT_FALSE(find(figure, evaluation->prepared->origin.chip, false)) << layout;
    for (const PlacedText& text : figure.drawing.texts()) {
      EXPECT_THAT(text.text.plain(), Not(HasSubstr("Attention weights"))) << layout;
      EXPECT_THAT(text.text.plain(), Not(HasSubstr("0–1"))) << layout;
    }
    EXPECT_THAT(figure.title, HasSubstr("Attention weights")) << layout;  // in the file all the same
  }
  FigureSpec quiet;
  quiet.showNotes = false;
  const auto wrong = evaluated(R"("mask": "causal", "mistake": {"mask_as": "zero_weight"})");
  bool said = false;
  const DrawnFigure red = drawn(*wrong, quiet);
  for (const PlacedText& text : red.drawing.texts())
    said = said || text.text.plain().find("eliberately wrong") != std::string::npos;
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace headlight
