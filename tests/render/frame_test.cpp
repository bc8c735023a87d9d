#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <imgui.h>

#include "app/window/png_image.h"
#include "core/attention/kernels/simd.h"
#include "tests/render/frame_stage.h"
#include "tests/render/png_file.h"

namespace headlight::test {
namespace {

constexpr int kWidth = 960;
constexpr int kHeight = 600;

using Rgba = std::array<std::uint8_t, 4>;

Rgba pixel(const Picture& picture, int x, int y) {
  const std::size_t at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) *
      4;
  return {picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2], picture.rgba[at + 3]};
}

int distance(const Rgba& a, const Rgba& b) {
  int most = 0;
  for (std::size_t part = 0; part < 3; ++part) most = std::max(most, std::abs(a[part] - b[part]));
  return most;
}

/// Pixels of the maps in the last frame.
std::set<std::pair<int, int>> mapPixels(const FrameStage& stage) {
  std::set<std::pair<int, int>> pixels;
  for (const PlacedMap& map : stage.maps()) {
    const int x1 = static_cast<int>(std::min(map.x1, map.clipX1));
    const int y1 = static_cast<int>(std::min(map.y1, map.clipY1));
    for (int y = static_cast<int>(std::max(map.y0, map.clipY0)); y < y1; ++y) {
      for (int x = static_cast<int>(std::max(map.x0, map.clipX0)); x < x1; ++x) pixels.emplace(x, y);
    }
  }
  return pixels;
}

/// Every `by` × `by` pixels as their mean: large pictures are kept small.
Picture shrunk(const Picture& picture, int by) {
  if (by == 1) return picture;
  Picture small{picture.width / by, picture.height / by, {}};
  small.rgba.reserve(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * 4);
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      for (std::size_t part = 0; part < 4; ++part) {
        int sum = 0;
        for (int n = 0; n < by * by; ++n) sum += pixel(picture, x * by + n % by, y * by + n / by)[part];
        small.rgba.push_back(static_cast<std::uint8_t>((sum + by * by / 2) / (by * by)));
      }
    }
  }
  return small;
}

class FrameTest : public RenderTest {
 protected:
  void SetUp() override {
    RenderTest::SetUp();
    // One set of instructions everywhere: weights of two levels differ in their last digits, and so may a
    // colour.
    const Status level = useSimdLevel("scalar");
    ASSERT_TRUE(level) << level.error().text();
  }

  /// Compares with tests/golden/NAME.png: maps exactly; all else as far as two versions of FreeType agree on
  /// the edges of letters, which is less than one changed digit. With HEADLIGHT_UPDATE_GOLDENS set the
  /// picture becomes the golden. One that is `shrink` times as small says nothing of single pixels of maps.
  static void expectGolden(const FrameStage& stage, const std::string& name, int shrink = 1) {
    const Picture found = shrunk(stage.picture(), shrink);
    const std::filesystem::path file = name + ".png";
    const std::string golden = (std::filesystem::path(HEADLIGHT_SOURCE_DIR) / "tests/golden" / file).string();
    const std::string left = (std::filesystem::path(HEADLIGHT_BINARY_DIR) / file).string();
    if (std::getenv("HEADLIGHT_UPDATE_GOLDENS") != nullptr) {
      ASSERT_TRUE(writeGolden(golden, found)) << golden;
      return;
    }
    const std::optional<Picture> expected = readPng(golden);
    const Status written = writePng(left, found);
    ASSERT_TRUE(written) << written.error().text();
    ASSERT_TRUE(expected.has_value()) << "no golden " << golden << "; the picture is in " << left;
    ASSERT_EQ(found.width, expected->width);
    ASSERT_EQ(found.height, expected->height);
    const std::set<std::pair<int, int>> maps = mapPixels(stage);
    int mapDifferent = 0;
    int blurred = 0;
    int wrong = 0;
    std::string first;
    for (int y = 0; y < found.height; ++y) {
      for (int x = 0; x < found.width; ++x) {
        const int off = distance(pixel(found, x, y), pixel(*expected, x, y));
        if (off == 0) continue;
        if (off > 24) ++blurred;
        if (off > 80) ++wrong;
        if (shrink > 1 || !maps.contains({x, y})) continue;
        if (++mapDifferent == 1) first = std::to_string(x) + ", " + std::to_string(y);
      }
    }
    EXPECT_EQ(mapDifferent, 0) << "pixels of maps differ, the first at " << first << "; see " << left;
    EXPECT_LE(blurred, found.width * found.height / 200)
        << "pixels are more than 24 of 255 off; see " << left;
    EXPECT_LE(wrong, 8) << "pixels are more than 80 of 255 off; see " << left;
  }
};

TEST_F(FrameTest, FirstStartInTheDark) {
  FrameStage stage(kWidth, kHeight);
  ASSERT_EQ(stage.error(), "");
  ASSERT_TRUE(stage.drawUntilSettled());
  expectGolden(stage, "first-start-dark");
}

TEST_F(FrameTest, FirstStartInTheLight) {
  FrameStage stage(kWidth, kHeight);
  ASSERT_EQ(stage.error(), "");
  stage.session().setTheme("light");
  ASSERT_TRUE(stage.drawUntilSettled());
  expectGolden(stage, "first-start-light");
}

struct Size {
  const char* name;
  int width;
  int height;
  float scale;
  const char* theme;
  int shrink;
};
class FrameAt : public FrameTest, public testing::WithParamInterface<Size> {};
std::string nameOf(const testing::TestParamInfo<Size>& one) {
  std::string name = one.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(FrameTest, FrameAt,
                         testing::Values(Size{"window-1280x720-dark", 1280, 720, 1, "dark", 1},
                                         Size{"window-1280x720-light", 1280, 720, 1, "light", 1},
                                         Size{"window-1920x1080-dark", 1920, 1080, 1, "dark", 1},
                                         Size{"window-1920x1080-light", 1920, 1080, 1, "light", 1},
                                         Size{"window-2560x1440-200", 2560, 1440, 2, "dark", 2},
                                         Size{"window-3840x2160-300", 3840, 2160, 3, "light", 3}),
                         nameOf);

TEST_P(FrameAt, IsAsItWas) {
  const Size& size = GetParam();
  FrameStage stage(size.width, size.height, size.scale);
  ASSERT_EQ(stage.error(), "");
  stage.session().setTheme(size.theme);
  stage.session().pin(Cell{7, 1});
  stage.session().selectHead(2);
  ASSERT_TRUE(stage.drawUntilSettled());
  expectGolden(stage, size.name, size.shrink);
}

TEST_F(FrameTest, Presentation) {
  FrameStage stage(1280, 720);
  ASSERT_EQ(stage.error(), "");
  stage.session().setTheme("light");
  stage.session().pin(Cell{7, 1});
  stage.session().selectHead(2);
  ASSERT_TRUE(stage.drawUntilSettled());
  ASSERT_TRUE(stage.frame().run("view.present"));
  ASSERT_TRUE(stage.drawUntilSettled());
  expectGolden(stage, "present-light");
}

TEST_F(FrameTest, SignedStageWithAPinnedCell) {
  FrameStage stage(kWidth, kHeight);
  ASSERT_EQ(stage.error(), "");
  ASSERT_TRUE(stage.drawUntilSettled());
  stage.session().change("mask", Value("causal"), Phase::done);
  stage.session().selectStage(Stage::masked);
  stage.session().pin(Cell{7, 1});
  ASSERT_TRUE(stage.drawUntilSettled());
  expectGolden(stage, "pinned-dark");
}

TEST_F(FrameTest, FileThatCannotBeOpened) {
  FrameStage stage(kWidth, kHeight);
  ASSERT_EQ(stage.error(), "");
  ASSERT_TRUE(stage.drawUntilSettled());
  stage.session().openFile("/nowhere/at-all.headlight.json");
  ASSERT_TRUE(stage.drawUntilSettled());
  ASSERT_TRUE(stage.session().problem().has_value());
  expectGolden(stage, "problem-dark");
}

TEST_F(FrameTest, TwoRunsGiveTheSamePicture) {
  const auto draw = [] {
    FrameStage stage(kWidth, kHeight);
    EXPECT_TRUE(stage.drawUntilSettled());
    return stage.picture();
  };
  const Picture first = draw();
  EXPECT_EQ(difference(draw(), first), "");
}

TEST_F(FrameTest, MapsStandOnWholePixelsAndAreThoseOfTheProcessor) {
  for (const auto& [width, height] : {std::pair{960, 600}, std::pair{1280, 720}, std::pair{1920, 1080}}) {
    FrameStage stage(width, height);
    ASSERT_EQ(stage.error(), "");
    ASSERT_TRUE(stage.drawUntilSettled());
    ASSERT_GE(stage.maps().size(), 10U) << "the strip alone has that many";
    const Picture picture = stage.picture();
    for (const PlacedMap& map : stage.maps()) {
      SCOPED_TRACE("map at " + std::to_string(map.x0) + ", " + std::to_string(map.y0) + " of " +
                   std::to_string(width) + " × " + std::to_string(height));
      const MapGeometry& geometry = map.image.geometry;
      EXPECT_EQ(map.x0, std::round(map.x0));
      EXPECT_EQ(map.y0, std::round(map.y0));
      // Thumbnails of a few cells are drawn several px to a texel.
      const int sx = static_cast<int>(map.x1 - map.x0) / geometry.width;
      const int sy = static_cast<int>(map.y1 - map.y0) / geometry.height;
      EXPECT_EQ(map.x1 - map.x0, static_cast<float>(geometry.width * sx));
      EXPECT_EQ(map.y1 - map.y0, static_cast<float>(geometry.height * sy));
      const auto side = static_cast<float>(GlRenderer::kSheetSide);
      EXPECT_TRUE((map.u1 - map.u0) * side == static_cast<float>(geometry.width) || map.u1 - map.u0 == 1);
      EXPECT_TRUE((map.v1 - map.v0) * side == static_cast<float>(geometry.height) || map.v1 - map.v0 == 1);
      std::vector<std::shared_ptr<const Tile>> held;
      const Picture expected = paintMap(map.image.rows, map.image.cols, geometry, map.image.look,
                                        [&](std::int64_t r, std::int64_t c) -> const Tile* {
                                          held.push_back(map.image.tile(r, c));
                                          return held.back().get();
                                        });
      // Rings and bands may stand over a map; most of it must be there as it is.
      int equal = 0;
      int opaque = 0;
      for (int y = 0; y < geometry.height * sy; ++y) {
        for (int x = 0; x < geometry.width * sx; ++x) {
          const Rgba wanted = pixel(expected, x / sx, y / sy);
          if (wanted[3] == 0) continue;
          ++opaque;
          const int px = static_cast<int>(map.x0) + x;
          const int py = static_cast<int>(map.y0) + y;
          if (px < width && py < picture.height && distance(pixel(picture, px, py), wanted) == 0) ++equal;
        }
      }
      EXPECT_GT(opaque, 0);
      EXPECT_GE(equal, opaque * 85 / 100);
    }
  }
}

/// Each of ImGui's own colours as it comes out over our grounds.
std::set<Rgba> defaultColours(Theme theme) {
  ImGuiStyle style;
  std::set<Rgba> colours;
  const Palette& palette = headlight::palette(theme);
  const std::array<Rgb, 7> grounds{palette.s0,    palette.s1, palette.s2,     palette.s3,
                                   palette.accbg, {0, 0, 0},  {255, 255, 255}};
  const std::array<Rgb, 13> ours{palette.s0,    palette.s1, palette.s2,     palette.s3,   palette.line,
                                 palette.edge,  palette.t1, palette.t2,     palette.mask, palette.t3,
                                 palette.accbg, {0, 0, 0},  {255, 255, 255}};
  for (const auto& load : {ImGui::StyleColorsDark, ImGui::StyleColorsLight, ImGui::StyleColorsClassic}) {
    load(&style);
    for (const ImVec4& colour : style.Colors) {
      for (const Rgb ground : grounds) {
        const auto mix = [&](float part, std::uint8_t under) {
          return static_cast<std::uint8_t>(
              std::lround(part * 255.0F * colour.w + static_cast<float>(under) * (1.0F - colour.w)));
        };
        const Rgb mixed{mix(colour.x, ground.r), mix(colour.y, ground.g), mix(colour.z, ground.b)};
        bool isOurs = false;
        for (const Rgb known : ours) isOurs |= known == mixed;
        if (!isOurs) colours.insert({mixed.r, mixed.g, mixed.b, 255});
      }
    }
  }
  return colours;
}

TEST_F(FrameTest, NothingHasTheColoursOfImGuisOwnThemes) {
  for (const char* theme : {"dark", "light", "projector-dark", "projector-light"}) {
    FrameStage stage(1280, 720);
    ASSERT_EQ(stage.error(), "");
    stage.session().setTheme(theme);
    const std::set<Rgba> forbidden = defaultColours(stage.session().theme());
    // What opens above the window, each in its turn, then presentation mode.
    std::vector<std::string> all{"",        "help.keys",       "settings.open",
                                 "palette", "document.export", "edit.history"};
    if (std::string_view(theme).starts_with("projector")) all.resize(1);
    all.emplace_back("view.present");
    for (const std::string& open : all) {
      ASSERT_TRUE(open.empty() || stage.frame().run(open)) << open;
      ASSERT_TRUE(stage.drawUntilSettled());
      const Picture picture = stage.picture();
      const std::set<std::pair<int, int>> maps = mapPixels(stage);
      // Smoothed edges pass through any colour; a surface is the same all around a pixel.
      std::map<Rgba, std::pair<int, int>> seen;
      for (int y = 0; y + 4 < picture.height; ++y) {
        for (int x = 0; x + 4 < picture.width; ++x) {
          const Rgba colour = pixel(picture, x, y);
          if (!forbidden.contains(colour) || maps.contains({x, y})) continue;
          bool flat = true;
          for (int at = 0; at < 25; ++at) flat &= pixel(picture, x + at % 5, y + at / 5) == colour;
          if (flat) seen.try_emplace(colour, x, y);
        }
      }
      for (const auto& [colour, place] : seen) {
        ADD_FAILURE() << theme << ", " << open << ": (" << int{colour[0]} << ", " << int{colour[1]} << ", "
                      << int{colour[2]} << ") at " << place.first << ", " << place.second;
      }
    }
  }
}

}  // namespace
}  // namespace headlight::test
