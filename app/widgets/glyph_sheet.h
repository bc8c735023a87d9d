#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "app/widgets/font_request.h"

namespace headlight {

/// The glyphs of a request, drawn by FreeType into one picture of coverage: plain memory that knows nothing
/// of ImGui, so that it can be made beside the frames.
struct GlyphSheet {
  struct Glyph {
    std::uint16_t character = 0;
    std::int16_t left = 0;  ///< of the picture from the pen, px
    std::int16_t top = 0;   ///< of the picture from the baseline, px downwards
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    int x = 0;  ///< where it is on the sheet
    int y = 0;
    float advance = 0;  ///< px
  };
  /// One family at one size, with what it lacks from the others.
  struct Face {
    std::string_view family;
    float em = 0;      ///< px
    float line = 0;    ///< height of a line, px
    float ascent = 0;  ///< px
    float descent = 0;
    std::vector<Glyph> glyphs;
  };
  FontRequest request;
  int width = 0;  ///< px, a power of two
  int height = 0;
  int white = 0;                     ///< x and y of a white square of 2 px
  std::vector<std::uint8_t> pixels;  ///< coverage, [height, width]
  std::vector<Face> faces;
  std::array<int, static_cast<std::size_t>(Role::count)> faceOf{};  ///< of each role, -1 for none
};

/// The family and the em size, px, that the request has for a role; empty when it has no use for the role.
struct RoleFace {
  std::string_view family;
  float em = 0;
};
RoleFace roleFace(Role role, const FontRequest& request);

/// Any thread; takes 0.05 to 0.3 s. Null when `stop` was set meanwhile.
std::shared_ptr<const GlyphSheet> drawGlyphs(const FontRequest& request,
                                             const std::atomic<bool>* stop = nullptr);

/// Whether the embedded faces can draw the character one glyph after the other: it is in the BMP, in a script
/// without shaping, and covered. All others are drawn by Pango. One thread at a time.
bool drawnByAtlas(char32_t c);

}  // namespace headlight
