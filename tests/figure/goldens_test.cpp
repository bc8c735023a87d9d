#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/kernels/simd.h"
#include "core/figure/cairo_canvas.h"
#include "core/figure/layouts.h"
#include "core/figure/png_writer.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/rendered.h"

namespace headlight {
namespace {

using namespace test;

constexpr double kDpi = 100;
constexpr double kAround = 0.6;  // mm around a text where letters of another FreeType may still be
constexpr int kBlock = 4;        // pixels a side that are compared together where letters are

constexpr char kShown[] =
    R"("tokens": {"text": "the cat saw it and it was tired"}, "mask": "causal",
       "shape": {"heads": 4, "d_k": 8, "d_model": 32}, "source": {"kind": "random", "seed": 5})";

constexpr char kPatches[] =
    R"("tokens": {"grid": [6, 8], "image": "headlight:garden.png"}, "mask": [{"kind": "window", "left": 20, "right": 20}],
       "shape": {"heads": 2, "d_k": 8, "d_model": 16}, "source": {"kind": "random", "seed": 5})";

FigureSpec shown(const std::string& layout) {
  FigureSpec spec = specOf(layout, FigureFormat::png);
  spec.widthMm = layout == "pipeline" ? 183 : 100;
  if (layout == "picture") {
    spec.heads = {0, 1};
    spec.query = 17;
    spec.highlights = {{17, 9}};
    return spec;
  }
  if (layout == "row") spec.heads = {0, 2};
  if (layout == "lines" || layout == "row") spec.query = 6;
  spec.letters = layout == "heads";
  if (layout != "lines") spec.highlights = {{6, 1}};
  spec.keyBrackets = {{0, 1, "who"}};
  if (layout != "row") spec.queryBrackets = {{4, 6, "why"}};
  if (layout == "single") spec.crop = FigureCrop{2, 8, 0, 8};
  return spec;
}

class FigureGolden : public testing::TestWithParam<std::string> {
 protected:
  // One set of instructions everywhere: weights of two levels differ in their last digits, and so may a
  // colour.
  void SetUp() override {
    const Status level = useSimdLevel("scalar");
    ASSERT_TRUE(level) << level.error().text();
  }
  void TearDown() override { static_cast<void>(useSimdLevel("")); }
};

/// Which pixels letters may reach.
std::vector<bool> lettered(const Drawing& page, const Picture& picture) {
  std::vector<bool> reached(static_cast<std::size_t>(picture.width) *
                            static_cast<std::size_t>(picture.height));
  const auto pixel = [](double mm) { return mm * kDpi / 25.4; };
  for (const PlacedText& text : page.texts()) {
    const auto within = [](double at, int end) { return std::clamp(static_cast<int>(at), 0, end); };
    const int left = within(std::floor(pixel(text.box.x - kAround)), picture.width);
    const int right = within(std::ceil(pixel(text.box.right() + kAround)), picture.width);
    const int top = within(std::floor(pixel(text.box.y - kAround)), picture.height);
    const int bottom = within(std::ceil(pixel(text.box.bottom() + kAround)), picture.height);
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x)
        reached[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                static_cast<std::size_t>(x)] = true;
    }
  }
  return reached;
}

/// Mean brightness of a block, 0 to 255.
double blockMean(const Picture& picture, int x0, int y0) {
  double sum = 0;
  int count = 0;
  for (int y = y0; y < std::min(y0 + kBlock, picture.height); ++y) {
    for (int x = x0; x < std::min(x0 + kBlock, picture.width); ++x) {
      const Rgb c = pixelAt(picture, x, y);
      sum += (c.r + c.g + c.b) / 3.0;
      ++count;
    }
  }
  return sum / count;
}

// With HEADLIGHT_UPDATE_GOLDENS set the pictures become the goldens.
TEST_P(FigureGolden, IsAsItWas) {
  const auto evaluation = evaluated(GetParam() == "picture" ? kPatches : kShown);
  const auto figure = drawFigure(*evaluation, shown(GetParam()), pool());
  ASSERT_TRUE(figure) << figure.error().text();
  const auto painted = paintPicture(figure->drawing, kDpi);
  ASSERT_TRUE(painted) << painted.error().text();
  const Picture& found = *painted;
  const std::string golden =
      std::string(HEADLIGHT_SOURCE_DIR) + "/tests/figure/golden/" + GetParam() + ".png";
  if (std::getenv("HEADLIGHT_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(golden, std::ios::binary) << encodePng(found);
    return;
  }
  std::ostringstream file;
  file << std::ifstream(golden, std::ios::binary).rdbuf();
  ASSERT_FALSE(file.str().empty()) << "no golden " << golden;
  const Picture expected = decodePng(file.str()).picture;
  const std::string left = testing::TempDir() + "figure-" + GetParam() + ".png";
  std::ofstream(left, std::ios::binary) << encodePng(found);
  ASSERT_EQ(found.width, expected.width);
  ASSERT_EQ(found.height, expected.height);

  // Shapes exactly.
  const std::vector<bool> letters = lettered(figure->drawing, found);
  int different = 0;
  std::size_t compared = 0;
  for (int y = 0; y < found.height; ++y) {
    for (int x = 0; x < found.width; ++x) {
      const auto at =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(found.width) + static_cast<std::size_t>(x);
      if (letters[at]) continue;
      ++compared;
      different += pixelAt(found, x, y) == pixelAt(expected, x, y) ? 0 : 1;
    }
  }
  EXPECT_EQ(different, 0) << "pixels without letters differ; see " << left;
  EXPECT_GT(compared, letters.size() / 3);

  // Letters as far as two versions of FreeType agree on their edges.
  int blocks = 0;
  int off = 0;
  for (int y = 0; y < found.height; y += kBlock) {
    for (int x = 0; x < found.width; x += kBlock) {
      ++blocks;
      off += std::abs(blockMean(found, x, y) - blockMean(expected, x, y)) > 40 ? 1 : 0;
    }
  }
  EXPECT_LE(off, blocks / 500) << "of " << blocks << " blocks differ by more than 40 of 255; see " << left;
}

std::vector<std::string> layoutIds() {
  std::vector<std::string> ids;
  for (const FigureLayoutInfo& layout : figureLayouts()) ids.emplace_back(layout.id);
  return ids;
}
INSTANTIATE_TEST_SUITE_P(Layouts, FigureGolden, testing::ValuesIn(layoutIds()),
                         [](const auto& layout) { return layout.param; });

}  // namespace
}  // namespace headlight
