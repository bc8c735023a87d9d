#include "core/picture/colormap.h"

#include <cmath>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/picture/oklab.h"
#include "core/picture/palette.h"

namespace headlight {
namespace {

TEST(Colormap, TableHasTheContractsNames) {
  std::vector<std::string> ids;
  for (const Colormap& map : colormaps()) ids.emplace_back(map.id);
  EXPECT_THAT(ids,
              testing::UnorderedElementsAre("viridis", "cividis", "magma", "grey", "vik", "berlin", "rdbu"));
  EXPECT_EQ(colormap("jet"), nullptr);
  EXPECT_EQ(defaultColormap(false, true).id, "viridis");
  EXPECT_EQ(defaultColormap(true, true).id, "berlin");
  EXPECT_EQ(defaultColormap(true, false).id, "vik");
}

TEST(Colormap, SequentialMapsGrowLighterAtEveryStep) {
  for (const Colormap& map : colormaps()) {
    if (map.diverging) continue;
    for (std::size_t i = 1; i < 256; ++i) {
      EXPECT_GE(lightness(map.colours[i]), lightness(map.colours[i - 1])) << map.id << " " << i;
    }
    EXPECT_GT(lightness(map.colours[255]) - lightness(map.colours[0]), 70) << map.id;
  }
}

TEST(Colormap, DivergingMapsAreBlueBelowRedAboveAndSymmetricInLightness) {
  for (const Colormap& map : colormaps()) {
    if (!map.diverging) continue;
    const bool dark = map.id == "berlin";
    for (std::size_t i = 0; i < 256; ++i) {
      const std::size_t mirror = 255 - i;
      EXPECT_NEAR(lightness(map.colours[i]), lightness(map.colours[mirror]), 5.5) << map.id << " " << i;
      if (i == 0 || i == 128) continue;
      const double towards = lightness(map.colours[i]) - lightness(map.colours[i - 1]);
      const bool rising = (i < 128) != dark;
      // Rounding to 8 bits may turn a tiny step.
      EXPECT_TRUE(rising ? towards > -0.25 : towards < 0.25) << map.id << " " << i << " " << towards;
    }
    for (std::size_t i = 0; i < 100; ++i) {
      EXPECT_GT(map.colours[i].b, map.colours[i].r) << map.id << " " << i;
      EXPECT_GT(map.colours[255 - i].r, map.colours[255 - i].b) << map.id << " " << i;
    }
    for (std::size_t i : {127u, 128u}) EXPECT_NEAR(map.colours[i].r, map.colours[i].b, 8) << map.id;
  }
}

TEST(Colormap, ViridisPassesThroughItsPublishedColours) {
  const Colormap& map = *colormap("viridis");
  const auto near = [&](std::size_t i, Rgb c) {
    return std::abs(map.colours[i].r - c.r) <= 3 && std::abs(map.colours[i].g - c.g) <= 3 &&
           std::abs(map.colours[i].b - c.b) <= 3;
  };
  EXPECT_EQ(map.colours[0], (Rgb{0x44, 0x01, 0x54}));
  EXPECT_TRUE(near(64, {0x3b, 0x52, 0x8b}));
  EXPECT_TRUE(near(128, {0x21, 0x91, 0x8c}));
  EXPECT_TRUE(near(191, {0x5e, 0xc9, 0x62}));
  EXPECT_EQ(map.colours[255], (Rgb{0xfd, 0xe7, 0x25}));
}

TEST(Colormap, TextOnEveryColourIsLegible) {
  for (const Colormap& map : colormaps()) {
    for (Rgb c : map.colours) EXPECT_GE(contrast(textOn(c), c), 4.5) << map.id;
  }
}

TEST(Colormap, ContrastIsWcags) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21, 1e-9);
  EXPECT_NEAR(contrast({0x77, 0x77, 0x77}, {255, 255, 255}), 4.48, 0.005);
  EXPECT_NEAR(lightness({255, 255, 255}), 100, 1e-6);
}

TEST(Palette, RatiosOfTheLookPageHold) {
  for (Theme theme : {Theme::dark, Theme::light, Theme::projectorDark, Theme::projectorLight}) {
    const Palette& p = palette(theme);
    EXPECT_GE(contrast(p.t1, p.s3), 11) << static_cast<int>(theme);
    EXPECT_GE(contrast(p.t2, p.s1), 7);
    EXPECT_GE(contrast(p.hatch, p.mask), 3);
    EXPECT_GE(contrast(p.hatch, colormap("viridis")->colours[0]), 2.5);
    EXPECT_GE(contrast(p.nanMark, p.nan), 4.3);
  }
  for (Theme theme : {Theme::projectorDark, Theme::projectorLight}) {
    const Palette& p = palette(theme);
    for (Rgb c : {p.t1, p.t2, p.q, p.k, p.v, p.acc}) {
      EXPECT_GE(contrast(c, p.s0), 7) << static_cast<int>(theme);
      EXPECT_GE(contrast(c, p.s1), 7) << static_cast<int>(theme);
    }
  }
  EXPECT_EQ(palette(Theme::light).q, (Rgb{0x1c, 0x55, 0xb8}));
  EXPECT_EQ(palette(Theme::dark).k, (Rgb{0xf4, 0xa2, 0x59}));
}

}  // namespace
}  // namespace headlight
