#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/widgets/theme.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

double linear(ImU32 colour, int shift) {
  const double c = static_cast<double>((colour >> shift) & 0xFF) / 255;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
double luminance(ImU32 colour) {
  return 0.2126 * linear(colour, IM_COL32_R_SHIFT) + 0.7152 * linear(colour, IM_COL32_G_SHIFT) +
         0.0722 * linear(colour, IM_COL32_B_SHIFT);
}
double contrast(ImU32 a, ImU32 b) {
  const double x = luminance(a) + 0.05;
  const double y = luminance(b) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

float side(ImVec2 a, ImVec2 b, ImVec2 p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}
bool inside(const ImDrawVert* const corner[3], ImVec2 p) {
  const float s0 = side(corner[0]->pos, corner[1]->pos, p);
  const float s1 = side(corner[1]->pos, corner[2]->pos, p);
  const float s2 = side(corner[2]->pos, corner[0]->pos, p);
  return (s0 >= 0 && s1 >= 0 && s2 >= 0) || (s0 <= 0 && s1 <= 0 && s2 <= 0);
}

/// The topmost opaque fill at a place of the last frame; nothing where an image lies there.
std::optional<ImU32> groundAt(ImVec2 p) {
  std::optional<ImU32> ground;
  const ImDrawData* data = ImGui::GetDrawData();
  const ImVec2 white = ImGui::GetIO().Fonts->TexUvWhitePixel;
  const ImTextureID atlas = ImGui::GetIO().Fonts->TexID;
  for (int l = 0; l < data->CmdListsCount; ++l) {
    const ImDrawList& list = *data->CmdLists[l];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const ImVec4& clip = command.ClipRect;
      if (p.x < clip.x || p.y < clip.y || p.x >= clip.z || p.y >= clip.w) continue;
      for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3) {
        const ImDrawVert* corner[3];
        for (unsigned int k = 0; k < 3; ++k) {
          const auto index = list.IdxBuffer[static_cast<int>(command.IdxOffset + i + k)];
          corner[k] = &list.VtxBuffer[static_cast<int>(command.VtxOffset + index)];
        }
        const bool opaque = (corner[0]->col >> IM_COL32_A_SHIFT) == 0xFF &&
                            corner[0]->col == corner[1]->col && corner[0]->col == corner[2]->col;
        if (!opaque || !inside(corner, p)) continue;
        if (command.TextureId != atlas) {
          ground.reset();
        } else if (corner[0]->uv.x == white.x && corner[0]->uv.y == white.y && corner[1]->uv.x == white.x) {
          ground = corner[0]->col;
        }
      }
    }
  }
  return ground;
}

std::string hex(ImU32 colour) {
  char words[16];
  std::snprintf(words, sizeof words, "#%02X%02X%02X", (colour >> IM_COL32_R_SHIFT) & 0xFF,
                (colour >> IM_COL32_G_SHIFT) & 0xFF, (colour >> IM_COL32_B_SHIFT) & 0xFF);
  return words;
}

/// A scene that is drawn in its own theme, whatever the test asks for.
bool choosesTheme(const Scene& one) {
  return one.name == "light" || one.name.rfind("projector", 0) == 0;
}

class Contrast : public testing::TestWithParam<Theme> {};
INSTANTIATE_TEST_SUITE_P(Ui, Contrast, testing::Values(Theme::dark, Theme::light),
                         [](const auto& one) { return isDark(one.param) ? "dark" : "light"; });

/// Every word that is not disabled, measured against what it was drawn on: WCAG 2, 1.4.3.
TEST_P(Contrast, OfEveryWordIsEnough) {
  const ImU32 disabled = tokens(GetParam()).t3;
  std::size_t measured = 0;
  for (const Scene& one : scenes()) {
    if (choosesTheme(one) || one.name == "rail over") continue;
    Driver d;
    d.session().setTheme(GetParam() == Theme::dark ? "dark" : "light");
    one.set(d);
    d.moveTo(-1, -1);
    d.settle();
    int top = 0;
    for (const auto& words : d.drawn().words()) top = std::max(top, words.layer);
    for (const auto& words : d.drawn().words()) {
      const Box seen = words.box.clippedTo(words.region);
      // Numbers in cells stand on the map's own colours, which this renderer does not draw.
      const Registry::Control* map = d.drawn().find("stage");
      const bool inMap = map && map->box.contains({seen.centreX(), seen.centreY()});
      if (words.layer < top || inMap || seen.empty() || words.colour == disabled) continue;
      const auto ground = groundAt({seen.centreX(), seen.centreY()});
      if (!ground) continue;
      ++measured;
      EXPECT_GE(contrast(words.colour, *ground), 4.5)
          << "“" << words.text << "” " << hex(words.colour) << " on " << hex(*ground) << " in " << one;
    }
  }
  EXPECT_GT(measured, 3000u);
}

/// On a projector a wall is seldom black and never white: 7 : 1, but for words on the data's own colours.
TEST_P(Contrast, OfEveryWordThatIsPresentedIsEnoughForAProjector) {
  const Tokens c = tokens(GetParam() == Theme::dark ? Theme::projectorDark : Theme::projectorLight);
  const ImU32 ours[] = {c.s0, c.s1, c.s2, c.s3, c.accbg, c.errbg, c.acc, c.q, c.k, c.v, c.t1};
  std::size_t measured = 0;
  for (const Scene& one : scenes()) {
    if (one.name.rfind("presenting", 0) != 0) continue;
    Driver d;
    d.session().setTheme(GetParam() == Theme::dark ? "dark" : "light");
    one.set(d);
    const Registry::Control* map = d.drawn().find("stage");
    int top = 0;
    for (const auto& words : d.drawn().words()) top = std::max(top, words.layer);
    for (const auto& words : d.drawn().words()) {
      const ImVec2 middle{words.box.centreX(), words.box.centreY()};
      const auto ground = groundAt(middle);
      if (!ground || words.layer < top || (map && map->box.contains(middle))) continue;
      if (std::find(std::begin(ours), std::end(ours), *ground) == std::end(ours)) continue;
      ++measured;
      EXPECT_GE(contrast(words.colour, *ground), 7)
          << "“" << words.text << "” " << hex(words.colour) << " on " << hex(*ground) << " in " << one;
    }
  }
  EXPECT_GT(measured, 300u);
}

/// The tokens of the look page that words are written in, on the grounds that they may stand on.
TEST_P(Contrast, OfTheTokensIsEnough) {
  const Tokens c = tokens(GetParam());
  for (const ImU32 ground : {c.s0, c.s1, c.s2, c.s3}) {
    EXPECT_GE(contrast(c.t1, ground), 7) << hex(ground);
    EXPECT_GE(contrast(c.t2, ground), 4.5) << hex(ground);
  }
  for (const ImU32 ground : {c.s0, c.s1}) {
    for (const ImU32 hue : {c.q, c.k, c.v, c.acc, c.err, c.warn}) {
      EXPECT_GE(contrast(hue, ground), 4.5) << hex(hue) << " on " << hex(ground);
    }
    EXPECT_GE(contrast(c.edge, ground), 3) << hex(ground);
  }
  EXPECT_GE(contrast(c.accfg, c.acc), 4.5);
  EXPECT_GE(contrast(c.t1, c.accbg), 4.5);
  EXPECT_GE(contrast(c.hatch, c.mask), 3);
}

/// Nothing of ImGui's own blue is left in either theme.
TEST_P(Contrast, NothingIsDrawnInImGuisOwnColours) {
  Driver d;
  d.session().setTheme(GetParam() == Theme::dark ? "dark" : "light");
  for (const char* name : {"start", "menu", "palette", "export"}) {
    scene(name).set(d);
    const ImDrawData* data = ImGui::GetDrawData();
    for (int l = 0; l < data->CmdListsCount; ++l) {
      for (const ImDrawVert& vertex : data->CmdLists[l]->VtxBuffer) {
        const ImU32 rgb = vertex.col & ~IM_COL32_A_MASK;
        ASSERT_NE(rgb, (IM_COL32(66, 150, 250, 0))) << name;
        ASSERT_NE(rgb, (IM_COL32(41, 74, 122, 0))) << name;
      }
    }
    d.key(256);
    d.settle();
  }
}

}  // namespace
}  // namespace headlight::test
