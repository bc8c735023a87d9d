// The layout of pictures against the colours of the written PNG, read by a decoder of its own.
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/figure/layouts.h"
#include "core/figure/png_writer.h"
#include "core/files/resize_pixels.h"
#include "core/picture/picture.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/recorder.h"
#include "tests/figure/rendered.h"
#include "tests/figure/text_boxes.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr int kRows = 3;
constexpr int kColumns = 4;
constexpr int kSide = 16;  // px of a patch
constexpr double kCover = 150.0 / 255;

Rgb photoColour(int row, int column) {
  return {static_cast<std::uint8_t>(40 + 50 * row), static_cast<std::uint8_t>(230 - 45 * column),
          static_cast<std::uint8_t>(20 * row + 30 * column)};
}

/// Notes where images stand.
class Images : public Recorder {
 public:
  explicit Images(const Drawing& drawing) : Recorder(Drawing{}) { drawing.replay(*this); }
  void image(const Rect& area, const Picture& picture) override {
    areas.push_back(area);
    pictures.push_back(picture);
  }
  std::vector<Rect> areas;
  std::vector<Picture> pictures;
};

class LayoutPicture : public testing::Test {
 protected:
  LayoutPicture() {
    Picture picture{kColumns * kSide, kRows * kSide, {}};
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) {
        const Rgb c = photoColour(y / kSide, x / kSide);
        picture.rgba.insert(picture.rgba.end(), {c.r, c.g, c.b, 255});
      }
    }
    file_ = scratch_.put("photo.png", encodePng(picture));
  }

  std::string members(const std::string& more = "", const std::string& tokens = "") const {
    return R"("tokens": {"grid": [3, 4], "image": ")" + file_ + "\"" + tokens +
           R"(}, "shape": {"heads": 2, "d_k": 8, "d_model": 16})" + more;
  }
  static FigureSpec spec(std::int64_t query) {
    FigureSpec made = specOf("picture", FigureFormat::png);
    made.query = query;
    made.heads = {1};
    made.dpi = 300;
    return made;
  }

  testing_files::TemporaryFolder scratch_;
  std::string file_;
};

// Each patch is the picture's colour under that of its weight, wherever in the patch one looks.
TEST_F(LayoutPicture, PatchesHaveTheColourOfTheirWeightOverTheirOwn) {
  const auto evaluation = evaluated(members());
  for (const FigureGround ground : {FigureGround::light, FigureGround::dark}) {
    FigureSpec look = spec(6);
    look.ground = ground;
    const auto figure = drawFigure(*evaluation, look, pool());
    ASSERT_TRUE(figure) << figure.error().text();
    const Images images(figure->drawing);
    ASSERT_GE(images.areas.size(), 2u);  // the picture, the overlay, and the bar's
    const Picture page = decodePng(rendered(*evaluation, look).bytes).picture;
    const Field field = *Field::make(evaluation->run, Stage::weights, 1);
    float most = 0;
    for (int j = 0; j < kRows * kColumns; ++j) most = std::max(most, field.cell(6, j));
    const MapLook colours = makeLook(Range{0, static_cast<double>(most)}, *colormap("viridis"),
                                     ground == FigureGround::dark ? Theme::dark : Theme::light);
    const double scale = look.dpi / 25.4;
    for (int panel = 0; panel < 2; ++panel) {
      const Rect& area = images.areas[static_cast<std::size_t>(panel)];
      EXPECT_NEAR(area.height / area.width, 3.0 / 4, 1e-9);
      for (int r = 0; r < kRows; ++r) {
        for (int c = 0; c < kColumns; ++c) {
          const Rgb photo = photoColour(r, c);
          const Rgb over = flatColour(colours, field.cell(6, r * kColumns + c), CellClass::value);
          const double share = panel == 0 ? 0 : kCover;
          const auto mixed = [&](int a, int b) { return (1 - share) * a + share * b; };
          for (const auto& [dx, dy] : {std::pair{0.5, 0.5}, {0.3, 0.7}, {0.75, 0.3}}) {
            const int x = static_cast<int>((area.x + (c + dx) * area.width / kColumns) * scale);
            const int y = static_cast<int>((area.y + (r + dy) * area.height / kRows) * scale);
            const Rgb found = pixelAt(page, x, y);
            EXPECT_NEAR(found.r, mixed(photo.r, over.r), 1) << panel << " " << r << "," << c;
            EXPECT_NEAR(found.g, mixed(photo.g, over.g), 1) << panel << " " << r << "," << c;
            EXPECT_NEAR(found.b, mixed(photo.b, over.b), 1) << panel << " " << r << "," << c;
          }
        }
      }
    }
    EXPECT_EQ(misplaced(figure->drawing), "");
  }
}

TEST_F(LayoutPicture, MaskedPatchesHideThePictureUnderTheHatch) {
  const auto evaluation = evaluated(members(R"(, "mask": "causal")"));
  const FigureSpec look = spec(5);
  const auto figure = drawFigure(*evaluation, look, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  const Rect area = Images(figure->drawing).areas[1];
  const Picture page = decodePng(rendered(*evaluation, look).bytes).picture;
  const Palette& p = palette(Theme::light);
  const double scale = look.dpi / 25.4;
  int hatched = 0;
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kColumns; ++c) {
      const bool isMasked = r * kColumns + c > 5;
      int ground = 0;
      int other = 0;
      for (double dy = 0.2; dy < 0.8; dy += 0.02) {
        for (double dx = 0.2; dx < 0.8; dx += 0.02) {
          const int x = static_cast<int>((area.x + (c + dx) * area.width / kColumns) * scale);
          const int y = static_cast<int>((area.y + (r + dy) * area.height / kRows) * scale);
          const Rgb found = pixelAt(page, x, y);
          // Stripes have soft edges: between the ground's colour and their own.
          const bool isGrey = found.r >= p.hatch.r && found.r <= p.mask.r && found.g >= p.hatch.g &&
                              found.g <= p.mask.g && found.b >= p.hatch.b && found.b <= p.mask.b;
          ground += found == p.mask ? 1 : 0;
          hatched += isMasked && isGrey && !(found == p.mask) ? 1 : 0;
          other += isGrey ? 0 : 1;
        }
      }
      if (isMasked) {
        EXPECT_GT(ground, 300) << r << "," << c;
        EXPECT_EQ(other, 0) << r << "," << c;
      } else {
        EXPECT_EQ(ground, 0) << r << "," << c;
      }
    }
  }
  EXPECT_GT(hatched, 100);
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("masked"));
}

TEST_F(LayoutPicture, OutlinesTheQueryAndTellsWhichItIs) {
  const auto evaluation = evaluated(members());
  const FigureSpec look = spec(6);  // row 1, column 2
  const auto figure = drawFigure(*evaluation, look, pool());
  ASSERT_TRUE(figure) << figure.error().text();
  const Picture page = decodePng(rendered(*evaluation, look).bytes).picture;
  const double scale = look.dpi / 25.4;
  for (const Rect& area : {Images(figure->drawing).areas[0], Images(figure->drawing).areas[1]}) {
    const auto at = [&](double column, double row) {
      return pixelAt(page, static_cast<int>((area.x + column * area.width / kColumns) * scale),
                     static_cast<int>((area.y + row * area.height / kRows) * scale));
    };
    for (const auto& [column, row] : {std::pair{2.5, 1.0}, {2.5, 2.0}, {2.0, 1.5}, {3.0, 1.5}})
      EXPECT_EQ(at(column, row), palette(Theme::light).q) << column << "," << row;
    EXPECT_FALSE(at(1.0, 1.5) == palette(Theme::light).q);
  }
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("query 6, patch [1, 2]"));
  EXPECT_THAT(figure->altText, HasSubstr("4 × 3 patches"));
  EXPECT_THAT(figure->altText, HasSubstr(evaluation->prepared->origin.chip));
  ASSERT_EQ(figure->panels.size(), 1u);
  EXPECT_EQ(figure->panels[0].part.rowFirst, 6);
  EXPECT_EQ(figure->panels[0].cols(), 12);
}

TEST_F(LayoutPicture, TokensBesideThePictureAreNamed) {
  const auto evaluation = evaluated(members("", R"(, "class_token": true)"));
  const auto figure = drawFigure(*evaluation, spec(7), pool());
  ASSERT_TRUE(figure) << figure.error().text();
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("query 7, patch [1, 2]"));
  EXPECT_THAT(textsOf(figure->drawing), HasSubstr("beside the picture [CLS]"));
  const auto ofClass = drawFigure(*evaluation, spec(0), pool());
  ASSERT_TRUE(ofClass);
  EXPECT_THAT(textsOf(ofClass->drawing), HasSubstr("query 0 [CLS]"));
}

TEST_F(LayoutPicture, SeveralHeadsShareOneScale) {
  const auto evaluation = evaluated(members());
  FigureSpec look = spec(3);
  look.heads = {0, 1, kMeanHead};
  for (const double height : {0.0, 60.0, 90.0}) {
    look.heightMm = height;
    look.widthMm = 120;
    const auto figure = drawFigure(*evaluation, look, pool());
    ASSERT_TRUE(figure) << figure.error().text();
    ASSERT_EQ(figure->panels.size(), 3u);
    EXPECT_EQ(figure->panels[0].range.high, figure->panels[2].range.high);
    EXPECT_EQ(misplaced(figure->drawing), "");
    EXPECT_LE(figure->drawing.bounds().right(), 120 + 1e-6);
    EXPECT_LE(figure->drawing.height, height > 0 ? height + 1e-6 : 1000);
  }
}

TEST_F(LayoutPicture, RefusesWhatHasNoPicture) {
  const auto refusal = [](const Evaluation& evaluation, const FigureSpec& look) {
    const auto figure = drawFigure(evaluation, look, pool());
    EXPECT_FALSE(figure);
    EXPECT_EQ(figure.error().code, ErrorCode::usage);
    return figure.error().text();
  };
  EXPECT_THAT(refusal(*evaluated(R"("tokens": {"text": "a b c"})"), spec(0)), HasSubstr("image patches"));
  const auto evaluation = evaluated(members());
  EXPECT_THAT(refusal(*evaluation, spec(12)), HasSubstr("accepted is 0 to 11"));
  FigureSpec look = spec(0);
  look.stage = Stage::q;
  EXPECT_THAT(refusal(*evaluation, look), HasSubstr("stage q"));
  look = spec(0);
  look.crop = FigureCrop{0, 2, 0, 2};
  EXPECT_THAT(refusal(*evaluation, look), HasSubstr("whole picture"));
  std::filesystem::remove(file_);
  const auto gone = drawFigure(*evaluation, spec(0), pool());
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().text(), HasSubstr("tokens.image"));
}

// By area where smaller: what is kept is each block's mean.
TEST(ResizedPixels, KeepsTheMeanOfBlocks) {
  Pixels pixels{6, 4, {}};
  for (int n = 0; n < 72; ++n) pixels.rgb.push_back(static_cast<std::uint8_t>((n * 37) % 251));
  const Pixels half = resizedPixels(pixels, 2, 3);
  for (std::int64_t y = 0; y < 3; ++y) {
    for (std::int64_t x = 0; x < 2; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (std::int64_t dy = 0; dy < 2; ++dy) {
          for (std::int64_t dx = 0; dx < 2; ++dx)
            sum += static_cast<double>(pixels.at(2 * y + dy, 2 * x + dx, c)) * 255 / 4;
        }
        EXPECT_NEAR(static_cast<double>(half.at(y, x, c)) * 255, sum, 0.51);
      }
    }
  }
  EXPECT_EQ(resizedPixels(pixels, 4, 6).rgb, pixels.rgb);
}

}  // namespace
}  // namespace headlight
