#include "core/picture/picture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/picture/map_marks.h"

namespace headlight {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Thresholds, EqualTheFloorFormulaOnLinearRanges) {
  std::mt19937 random(11);
  const std::array<double, 2> ends[] = {{0, 1},      {-1, 1},         {-0.1, 0.3},    {0, 0.0037},
                                        {-3.2, 3.2}, {5, 5.001},      {-1e30, 2e30},  {-1e-39, 2e-39},
                                        {0, 1e-43},  {-3e38, 3.3e38}, {7e4, 7.0001e4}};
  for (const auto& [low, high] : ends) {
    const MapLook look = makeLook({low, high}, *colormap("viridis"), Theme::light);
    const auto expect = [&, low = low, high = high](float v) {
      const double index =
          std::clamp(std::floor((static_cast<double>(v) - low) / (high - low) * 256), 0.0, 255.0);
      ASSERT_EQ(colourIndex(look, v), static_cast<int>(index)) << v << " in " << low << " " << high;
    };
    for (float t : look.thresholds) {
      expect(t);
      expect(std::nextafter(t, -kInf));
      expect(std::nextafter(t, kInf));
    }
    for (int n = 0; n < 3000; ++n) {
      const double u = static_cast<double>(random()) / 4294967295.0 * 1.2 - 0.1;
      expect(static_cast<float>(low + u * (high - low)));
    }
    expect(static_cast<float>(low));
    expect(static_cast<float>(high));
    expect(0.0f);
    expect(-0.0f);
  }
}

/// Each is the first of all floats that reaches its colour.
TEST(Thresholds, AreTheSmallestFloatsOfTheirColours) {
  for (const auto& [low, high] : {std::pair{1e-4, 1.0}, std::pair{3e-38, 2e38}, std::pair{0.999, 1.001}}) {
    Range range{low, high};
    range.logarithmic = true;
    const MapLook look = makeLook(range, *colormap("viridis"), Theme::light);
    const auto stands = [&, low = low, high = high](float v) {
      return v <= 0 ? -1 : std::log(static_cast<double>(v) / low) / std::log(high / low) * 256;
    };
    for (std::size_t k = 0; k < look.thresholds.size(); ++k) {
      const double at = static_cast<double>(k + 1);
      EXPECT_GE(stands(look.thresholds[k]), at) << k;
      EXPECT_LT(stands(std::nextafter(look.thresholds[k], -kInf)), at) << k;
    }
  }
}

TEST(Thresholds, ZeroTakesTheUpperMiddleOfASymmetricRange) {
  for (double m : {1.0, 3.7, 1e-8, 1e20}) {
    const MapLook look = makeLook({-m, m}, *colormap("vik"), Theme::light);
    EXPECT_EQ(colourIndex(look, 0.0f), 128);
    EXPECT_EQ(colourIndex(look, -0.0f), 128);
  }
}

TEST(Thresholds, LogarithmicRangesDivideRatios) {
  Range range{1e-4, 1};
  range.logarithmic = true;
  const MapLook look = makeLook(range, *colormap("viridis"), Theme::light);
  EXPECT_EQ(colourIndex(look, 0.0f), 0);
  EXPECT_EQ(colourIndex(look, -1.0f), 0);
  EXPECT_NEAR(colourIndex(look, 1e-2f), 128, 1);
  EXPECT_EQ(colourIndex(look, 1.0f), 255);
}

TEST(FlatColour, FourLooksNeverMix) {
  for (Theme theme : {Theme::dark, Theme::light}) {
    const MapLook look = makeLook({0, 1}, *colormap("viridis"), theme);
    const Rgb zero = flatColour(look, 0, CellClass::value);
    const Rgb masked = flatColour(look, 0, CellClass::masked);
    const Rgb nan = flatColour(look, kNan, CellClass::value);
    const Rgb none = flatColour(look, 0, CellClass::notComputed);
    EXPECT_NE(zero, masked);
    EXPECT_NE(zero, nan);
    EXPECT_NE(masked, nan);
    EXPECT_NE(none, masked);
    EXPECT_EQ(flatColour(look, -kInf, CellClass::value), masked);
    EXPECT_EQ(flatColour(look, kInf, CellClass::value), look.colours[255]);
    EXPECT_GE(contrast(look.beyond, look.colours[255]), 4.5);
    EXPECT_EQ(flatColour(look, 0.5f, CellClass::partlyMasked), look.colours[128]);
  }
}

TEST(MapLook, KeyFollowsTheLook) {
  MapLook a = makeLook({0, 1}, *colormap("viridis"), Theme::dark);
  MapLook b = a;
  EXPECT_EQ(a.key(), b.key());
  b.mean = true;
  EXPECT_NE(a.key(), b.key());
  b = makeLook({0, 0.5}, *colormap("viridis"), Theme::dark);
  EXPECT_NE(a.key(), b.key());
}

TEST(MapMarks, AreCentredAndPeriodic) {
  for (int size = 11; size < 120; ++size) {
    int dots = 0;
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        EXPECT_EQ(dotAt(x, y, size), dotAt(size - 1 - x, y, size)) << size;
        EXPECT_EQ(crossAt(x, y, size), crossAt(x, size - 1 - y, size)) << size;
        dots += dotAt(x, y, size) ? 1 : 0;
      }
    }
    EXPECT_GE(dots, 4);
    EXPECT_LT(dots, size * size / 9);
    EXPECT_FALSE(crossAt(0, 0, size));
    EXPECT_TRUE(crossAt(size / 2, size / 2, size));
  }
  for (int period : {4, 8, 16, 24}) {
    int lit = 0;
    for (int x = 0; x < period; ++x) lit += hatchAt(x, 5, period) ? 1 : 0;
    EXPECT_EQ(lit, std::max(1, period / 8)) << period;
    EXPECT_EQ(hatchAt(3, 5, period), hatchAt(4, 4, period));
  }
  EXPECT_EQ(hatchPeriod(1), 8);
  EXPECT_EQ(hatchPeriod(1.5f), 12);
  EXPECT_EQ(hatchPeriod(0.1f), 4);
}

// A made-up field with every kind of cell, as tiles.
struct FakeField {
  std::int64_t rows;
  std::int64_t cols;
  int level;
  std::map<std::pair<std::int64_t, std::int64_t>, Tile> tiles;

  FakeField(std::int64_t rowCount, std::int64_t colCount, int atLevel, unsigned seed)
      : rows(rowCount), cols(colCount), level(atLevel) {
    std::mt19937 random(seed);
    const std::int64_t side = std::int64_t{1} << level;
    const std::int64_t down = (rows + side - 1) / side;
    const std::int64_t across = (cols + side - 1) / side;
    for (std::int64_t r = 0; r * kTileSize < down; ++r) {
      for (std::int64_t c = 0; c * kTileSize < across; ++c) {
        if (down > kTileSize && r == 1) continue;  // not computed yet
        Tile tile;
        tile.level = level;
        tile.rows = static_cast<int>(std::min<std::int64_t>(kTileSize, down - r * kTileSize));
        tile.cols = static_cast<int>(std::min<std::int64_t>(kTileSize, across - c * kTileSize));
        for (int i = 0; i < tile.rows * tile.cols; ++i) {
          const float values[] = {0.0f, -0.0f, kNan, kInf, -kInf, 0.3f, 0.9f, -2.0f};
          tile.extreme.push_back(values[random() % 8]);
          if (level > 0) tile.mean.push_back(values[random() % 8]);
          tile.classes.push_back(static_cast<std::uint8_t>(random() % 4));
        }
        tiles.emplace(std::pair{r, c}, std::move(tile));
      }
    }
  }
  const Tile* find(std::int64_t r, std::int64_t c) const {
    const auto it = tiles.find({r, c});
    return it == tiles.end() ? nullptr : &it->second;
  }
};

// The rules of picture.cpp once more, one pixel at a time and from the outside.
std::array<int, 4> pixel(const FakeField& f, const MapGeometry& g, const MapLook& look, int x, int y) {
  const std::int64_t mx = x + g.left;
  const std::int64_t my = y + g.top;
  const std::int64_t side = 1 << f.level;
  std::int64_t down = (f.rows + side - 1) / side;
  std::int64_t across = (f.cols + side - 1) / side;
  if (g.transposed) std::swap(down, across);
  const std::int64_t n = g.texelPx;
  if (mx < 0 || my < 0 || mx >= across * n || my >= down * n) return {0, 0, 0, 0};
  std::int64_t row = my / n;
  std::int64_t col = mx / n;
  if (g.transposed) std::swap(row, col);
  const auto solid = [](Rgb c) { return std::array<int, 4>{c.r, c.g, c.b, 255}; };
  const Tile* tile = f.find(row / 256, col / 256);
  const std::size_t at = tile ? static_cast<std::size_t>((row % 256) * tile->cols + col % 256) : 0;
  if (!tile || tile->classes[at] == 3) {
    const bool frame =
        mx % (256 * n) == 0 || my % (256 * n) == 0 || mx == across * n - 1 || my == down * n - 1;
    return solid(frame ? look.frame : look.notComputed);
  }
  const int px = static_cast<int>(mx % n);
  const int py = static_cast<int>(my % n);
  const bool gaps = f.level == 0 && n >= 8;
  if (gaps && (px == n - 1 || py == n - 1)) return solid(look.gap);
  const int size = static_cast<int>(n) - (gaps ? 1 : 0);
  const float v = look.mean && f.level > 0 ? tile->mean[at] : tile->extreme[at];
  const bool hatched = n >= 6 || f.level > 0;
  if (tile->classes[at] == 1) return solid(hatched && (x + y) % 8 == 0 ? look.hatch : look.mask);
  if (v == -kInf) return solid(hatched && (x - y + 800) % 8 == 0 ? look.hatch : look.mask);
  if (v == kInf && (x - y + 800) % 4 < 2) return solid(look.beyond);
  const bool marks = f.level == 0 && n >= 12;
  if (std::isnan(v)) return solid(marks && crossAt(px, py, size) ? look.nanMark : look.nan);
  if (v == 0 && marks && dotAt(px, py, size)) return solid(look.hatch);
  return solid(look.colours[static_cast<std::size_t>(colourIndex(look, v))]);
}

TEST(PaintMap, EqualsTheRulesPixelByPixel) {
  unsigned seed = 1;
  for (int level : {0, 1, 3}) {
    for (int texelPx : {1, 2, 5, 6, 7, 8, 11, 12, 13, 31, 50}) {
      for (bool transposed : {false, true}) {
        const FakeField field(7 << level, (5 << level) - 1, level, ++seed);
        MapGeometry g{level, texelPx, -3, 2, 90, 70, transposed};
        MapLook look = makeLook({-1, 1}, *colormap("vik"), Theme::light);
        look.mean = seed % 2 == 0;
        const Picture picture = paintMap(field.rows, field.cols, g, look,
                                         [&](std::int64_t r, std::int64_t c) { return field.find(r, c); });
        ASSERT_EQ(picture.rgba.size(), 90u * 70u * 4u);
        for (int y = 0; y < g.height; ++y) {
          for (int x = 0; x < g.width; ++x) {
            const std::array<int, 4> expected = pixel(field, g, look, x, y);
            for (std::size_t c = 0; c < 4; ++c) {
              const auto at = (static_cast<std::size_t>(y) * 90 + static_cast<std::size_t>(x)) * 4 + c;
              ASSERT_EQ(picture.rgba[at], expected[c]) << level << " " << texelPx << " " << x << " " << y;
            }
          }
        }
      }
    }
  }
}

TEST(PaintMap, CrossesTilesAndFramesTheMissingOnes) {
  const FakeField field(600, 300, 0, 5);
  const MapLook look = makeLook({-1, 1}, *colormap("vik"), Theme::dark);
  for (bool transposed : {false, true}) {
    const MapGeometry g{0, 2, 470, 480, 140, 140, transposed};
    const Picture picture = paintMap(field.rows, field.cols, g, look,
                                     [&](std::int64_t r, std::int64_t c) { return field.find(r, c); });
    for (int y = 0; y < g.height; ++y) {
      for (int x = 0; x < g.width; ++x) {
        const std::array<int, 4> expected = pixel(field, g, look, x, y);
        const auto at = (static_cast<std::size_t>(y) * 140 + static_cast<std::size_t>(x)) * 4;
        for (std::size_t c = 0; c < 4; ++c) ASSERT_EQ(picture.rgba[at + c], expected[c]) << x << " " << y;
      }
    }
  }
}

TEST(PaintMap, EmptyAndFarAwayViewsAreTransparent) {
  const FakeField field(3, 3, 0, 1);
  const MapLook look = makeLook({0, 1}, *colormap("grey"), Theme::dark);
  const auto tile = [&](std::int64_t r, std::int64_t c) { return field.find(r, c); };
  EXPECT_TRUE(paintMap(3, 3, {0, 8, 0, 0, 0, 0, false}, look, tile).rgba.empty());
  for (std::uint8_t byte : paintMap(3, 3, {0, 8, 5000000000, 0, 4, 4, false}, look, tile).rgba)
    EXPECT_EQ(byte, 0);
}

}  // namespace
}  // namespace headlight
