#include "app/widgets/glyph_sheet.h"

#include <atomic>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <imgui_freetype.h>

#include "app/widgets/fonts.h"
#include "core/base/assets.h"
#include "fonts_assets.h"

namespace headlight::test {
namespace {

std::string_view bytesOf(std::string_view family) {
  for (const Asset& asset : embedded::fonts()) {
    if (asset.name.substr(0, asset.name.rfind('.')) == family) return asset.bytes;
  }
  return {};
}

/// ImGui's own builder is the reference: the same picture of every glyph at the same place.
TEST(GlyphSheet, DrawsWhatImGuisBuilderDraws) {
  const auto fonts = Fonts::make({1.25f, false, {}});
  const GlyphSheet& sheet = *fonts->sheet();
  for (const Role role : {Role::body, Role::num, Role::titleLarge}) {
    const Fonts::Face& face = fonts->face(role);
    const std::string_view bytes = bytesOf(roleFace(role, fonts->request()).family);
    ASSERT_FALSE(bytes.empty());
    ImFontAtlas atlas;
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    const ImWchar ranges[] = {0x20, 0x7E, 0};
    ImFont* font = atlas.AddFontFromMemoryTTF(const_cast<char*>(bytes.data()), static_cast<int>(bytes.size()),
                                              face.font->FontSize, &config, ranges);
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
    EXPECT_EQ(font->Ascent, face.font->Ascent);
    EXPECT_EQ(font->Descent, face.font->Descent);
    for (ImWchar c = 0x20; c <= 0x7E; ++c) {
      const ImFontGlyph* theirs = font->FindGlyphNoFallback(c);
      const ImFontGlyph* ours = face.font->FindGlyphNoFallback(c);
      ASSERT_TRUE(theirs && ours) << c;
      EXPECT_EQ(theirs->AdvanceX, ours->AdvanceX) << c;
      if (!theirs->Visible) continue;
      ASSERT_EQ(theirs->X0, ours->X0) << c;
      ASSERT_EQ(theirs->Y0, ours->Y0) << c;
      ASSERT_EQ(theirs->X1, ours->X1) << c;
      ASSERT_EQ(theirs->Y1, ours->Y1) << c;
      const auto at = [](float share, int length) {
        return static_cast<int>(share * static_cast<float>(length) + 0.5f);
      };
      for (int y = 0; y < static_cast<int>(ours->Y1 - ours->Y0); ++y) {
        for (int x = 0; x < static_cast<int>(ours->X1 - ours->X0); ++x) {
          const int ourPlace = (at(ours->V0, sheet.height) + y) * sheet.width + at(ours->U0, sheet.width) + x;
          const int theirPlace = (at(theirs->V0, height) + y) * width + at(theirs->U0, width) + x;
          ASSERT_EQ(sheet.pixels[static_cast<std::size_t>(ourPlace)], pixels[theirPlace]) << c;
        }
      }
    }
  }
}

TEST(GlyphSheet, GlyphsLieApart) {
  const auto sheet = drawGlyphs({2, true, {0x416}});
  std::vector<std::uint8_t> taken(sheet->pixels.size());
  for (const GlyphSheet::Face& face : sheet->faces) {
    ASSERT_FALSE(face.glyphs.empty());
    for (const GlyphSheet::Glyph& glyph : face.glyphs) {
      if (glyph.width == 0 || glyph.height == 0) continue;
      ASSERT_LE(glyph.x + glyph.width, sheet->width);
      ASSERT_LE(glyph.y + glyph.height, sheet->height);
      for (int y = 0; y < glyph.height; ++y) {
        for (int x = 0; x < glyph.width; ++x) {
          auto& here = taken[static_cast<std::size_t>((glyph.y + y) * sheet->width + glyph.x + x)];
          ASSERT_EQ(here, 0);
          here = 1;
        }
      }
    }
  }
}

TEST(GlyphSheet, StretchedFacesMeasureLikeTheSharpOnes) {
  const FontRequest wanted{2.4f, true, {}};
  const Fonts stretched(drawGlyphs({1, false, {}}), wanted);
  const auto sharp = Fonts::make(wanted);
  EXPECT_FALSE(stretched.sharp());
  EXPECT_TRUE(sharp->sharp());
  for (const Role role : {Role::body, Role::poster, Role::stageStrong, Role::stageNum, Role::mathStage}) {
    const Fonts::Face& now = stretched.face(role);
    const Fonts::Face& then = sharp->face(role);
    EXPECT_EQ(now.em, then.em);
    EXPECT_EQ(now.capital, then.capital);
    const char* digits = "0123456789";
    const float have = now.font->CalcTextSizeA(now.font->FontSize, 1e9f, 0, digits).x;
    const float want = then.font->CalcTextSizeA(then.font->FontSize, 1e9f, 0, digits).x;
    EXPECT_NEAR(have / want, 1, 0.12) << static_cast<int>(role);
    EXPECT_NEAR(now.font->Ascent / then.font->Ascent, 1, 0.1);
  }
}

TEST(GlyphSheet, GivesWay) {
  const std::atomic<bool> stop{true};
  EXPECT_EQ(drawGlyphs({1, false, {}}, &stop), nullptr);
}

}  // namespace
}  // namespace headlight::test
