#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/figure/layouts.h"
#include "core/figure/presets.h"
#include "core/figure/text_layout.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"

namespace headlight {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string>& vocabulary() {
  static const std::vector<std::string> all{"the",
                                            "a",
                                            "supercalifragilisticexpialidocious",
                                            "日本語のとても長いトークンです",
                                            "مرحبا بالعالم",
                                            "नमस्ते",
                                            "😀",
                                            "👩‍👩‍👧",
                                            "\\n",
                                            "\\t",
                                            "",
                                            " lead",
                                            "trail ",
                                            "Wörter",
                                            "<&>",
                                            "[CLS]",
                                            "[PAD]",
                                            "ﷺ",
                                            "it",
                                            "it",
                                            "\\u0007",
                                            "\\u202e",
                                            "ffi",
                                            "WWWWWWWWWWWWWWWWWWWWWWWWWW",
                                            "ĠĠ",
                                            "##ing",
                                            "한국어"};
  return all;
}

std::string membersOf(std::mt19937& random, int count, int heads) {
  std::string list;
  for (int i = 0; i < count; ++i) {
    list += (i ? ",\"" : "\"") + vocabulary()[random() % vocabulary().size()] + "\"";
  }
  std::string members = "\"tokens\": {\"list\": [" + list +
                        "]}, \"shape\": {\"d_model\": 8, \"d_k\": " + std::to_string(1 + random() % 9) +
                        ", \"heads\": " + std::to_string(heads) + "}";
  if (random() % 2) members += ", \"mask\": \"causal\"";
  if (random() % 4 == 0)
    members += R"(, "view": {"orientation": "query_columns", "range_scope": "head", "range": "zero_max"})";
  return members;
}

void decorate(FigureSpec& spec, std::mt19937& random, int count) {
  const auto index = [&] { return static_cast<std::int64_t>(random() % static_cast<unsigned>(count)); };
  const auto brackets = [&](std::vector<FigureBracket>& to) {
    for (unsigned n = random() % 4; n > 0; --n) {
      const std::int64_t a = index();
      const std::int64_t b = index();
      to.push_back({std::min(a, b), std::max(a, b), vocabulary()[random() % vocabulary().size()]});
    }
  };
  if (random() % 2) brackets(spec.queryBrackets);
  if (random() % 2) brackets(spec.keyBrackets);
  if (random() % 3 == 0) spec.highlights = {{index(), index()}, {index(), index()}};
  if (random() % 4 == 0) {
    const std::int64_t row = index();
    const std::int64_t col = index();
    spec.crop = FigureCrop{row, row + 1 + (count - row - 1) / 2, col, col + 1 + (count - col - 1) / 2};
  }
  spec.showTokens = random() % 8 != 0;
  spec.showTitle = random() % 6 != 0;
  spec.showBar = random() % 6 != 0;
  spec.showNotes = random() % 6 != 0;
  if (random() % 4 == 0)
    spec.title = "A title of its own that is rather longer than what fits in one line of a narrow figure";
}

// Random labels in every preset and layout: nothing leaves the page, crosses another text or is set too
// small. A page that has no room for maps is refused, never clipped.
void tryAll(unsigned seed, int rounds) {
  std::mt19937 random(seed);
  const auto presets = figurePresets();
  const auto layouts = tokenLayouts();
  int drawn = 0;
  for (int n = 0; n < rounds; ++n) {
    const int count = 1 + static_cast<int>(random() % (n % 8 == 0 ? 120 : 22));
    const int heads = 2 + static_cast<int>(random() % 5);
    const std::string members = membersOf(random, count, heads);
    const auto evaluation = evaluated(members);
    const FigurePreset& preset = presets[random() % presets.size()];
    FigureSpec spec;
    ASSERT_TRUE(applyPreset(spec, preset.id));
    spec.layout = layouts[static_cast<std::size_t>(n) % layouts.size()].id;
    if (spec.layout == "difference") spec.heads = {0, 1};
    decorate(spec, random, count);
    // What has no meaning there is refused.
    if (spec.layout == "lines") spec.highlights.clear();
    if (spec.layout == "row" && spec.keyBrackets.empty()) spec.queryBrackets.clear();
    const auto figure = drawFigure(*evaluation, spec, pool());
    const std::string where = std::to_string(n) + " " + spec.layout + " " + std::string(preset.id) +
                              (spec.crop ? " cropped" : "") + " " + members;
    if (!figure) {
      ASSERT_EQ(figure.error().code, ErrorCode::usage) << where;
      ASSERT_THAT(figure.error().text(), HasSubstr("room")) << where;
      continue;
    }
    ++drawn;
    ASSERT_EQ(misplaced(figure->drawing), "") << where;
    EXPECT_NEAR(figure->drawing.width, preset.widthMm, 1e-6) << where;
    EXPECT_LE(figure->drawing.height, preset.heightMm + 1e-6) << where;
    for (const PlacedText& text : figure->drawing.texts()) {
      for (const TextPiece& piece : text.text.pieces) {
        ASSERT_GE(drawnSize(piece), preset.leastFontPt - 1e-9) << piece.text << " in " << where;
      }
    }
  }
  EXPECT_GE(drawn, rounds * 3 / 4);
}

TEST(Labels, StandApartInEveryPresetAndLayout) {
  tryAll(6, 200);
}
TEST(Labels, StandApartInEveryPresetAndLayoutAgain) {
  tryAll(61, 200);
}

TEST(Labels, ThinOutRatherThanShrink) {
  const auto evaluation = evaluated(R"("tokens": {"count": 40}, "mask": "causal")");
  FigureSpec spec;
  spec.widthMm = 89;
  spec.leastFontPt = 7;
  const FigureResult every = rendered(*evaluation, spec);
  EXPECT_THAT(every.warnings,
              Contains("labels at every 2nd key and every 2nd query: all would be smaller than 7 pt"));
  spec.widthMm = 183;
  EXPECT_THAT(rendered(*evaluation, spec).warnings, testing::IsEmpty());
}

std::vector<std::string> plainTexts(const DrawnFigure& figure) {
  std::vector<std::string> all;
  for (const PlacedText& text : figure.drawing.texts()) all.push_back(text.text.plain());
  return all;
}

TEST(Labels, StandLevelOverWideColumns) {
  const auto evaluation = evaluated(R"("tokens": {"list": ["a", "b", "cd"]})");
  FigureSpec spec;
  spec.widthMm = 89;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure);
  int level = 0;
  for (const PlacedText& text : figure->drawing.texts())
    level += text.text.plain() == "2 cd" && !text.upright;
  EXPECT_EQ(level, 2);  // beside the row and over the column
}

TEST(Labels, ShortenedOnesStandInFullInTheAlternativeText) {
  const auto evaluation =
      evaluated(R"("tokens": {"list": ["short", "supercalifragilisticexpialidocious", "x"]})");
  FigureSpec spec;
  spec.widthMm = 89;
  const auto figure = drawFigure(*evaluation, spec, pool());
  ASSERT_TRUE(figure);
  EXPECT_THAT(plainTexts(*figure), Contains(HasSubstr("supercal")));
  EXPECT_THAT(plainTexts(*figure), Not(Contains(HasSubstr("supercalifragilisticexpialidocious"))));
  EXPECT_THAT(figure->altText, HasSubstr("query 1 is \"supercalifragilisticexpialidocious\""));
}

TEST(Labels, SpecialTokensAreFainterAndLegible) {
  for (FigureGround ground : {FigureGround::light, FigureGround::dark}) {
    FigureSpec spec;
    spec.ground = ground;
    const auto figure =
        drawFigure(*evaluated(R"("tokens": {"list": ["[CLS]", "word", "[PAD]"]})"), spec, pool());
    ASSERT_TRUE(figure);
    int special = 0;
    for (const PlacedText& text : figure->drawing.texts()) {
      for (const TextPiece& piece : text.text.pieces) {
        if (piece.text == "word") {
          EXPECT_EQ(piece.colour, palette(spec.dark() ? Theme::dark : Theme::light).t1);
        }
        if (piece.text != "[CLS]" && piece.text != "[PAD]") continue;
        ++special;
        EXPECT_NE(piece.colour, palette(spec.dark() ? Theme::dark : Theme::light).t1);
        EXPECT_GE(contrast(piece.colour, figure->drawing.paper), 4.5);
      }
    }
    EXPECT_EQ(special, 4);
  }
}

TEST(Labels, EveryWordOfAFigureIsLegible) {
  for (FigureGround ground : {FigureGround::light, FigureGround::dark, FigureGround::transparent}) {
    FigureSpec spec;
    spec.ground = ground;
    spec.numbers = FigureNumbers::none;
    spec.keyBrackets = {{0, 3, "clause"}};
    const auto figure = drawFigure(*evaluated(R"("mask": "causal")"), spec, pool());
    ASSERT_TRUE(figure);
    EXPECT_EQ(figure->drawing.transparent, ground == FigureGround::transparent);
    for (const PlacedText& text : figure->drawing.texts()) {
      for (const TextPiece& piece : text.text.pieces) {
        EXPECT_GE(contrast(piece.colour, figure->drawing.paper), 4.5) << piece.text;
      }
    }
  }
}

}  // namespace
}  // namespace headlight
