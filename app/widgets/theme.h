#pragma once
#include <imgui.h>

#include "core/picture/palette.h"

namespace headlight {

/// The colour tokens of the look page as ImGui wants them.
struct Tokens {
  ImU32 s0 = 0, s1 = 0, s2 = 0, s3 = 0, line = 0, edge = 0, t1 = 0, t2 = 0, t3 = 0, acc = 0, accfg = 0,
        accbg = 0;
  ImU32 q = 0, k = 0, v = 0, mask = 0, hatch = 0, nan = 0, err = 0, errbg = 0, warn = 0;
};

ImU32 toColour(Rgb colour, int alpha = 255);
ImU32 withAlpha(ImU32 colour, float alpha);
/// `share` 0 … 1 of b over a, both opaque.
ImU32 mixed(ImU32 a, ImU32 b, float share);
Tokens tokens(Theme theme);

/// Sets the whole ImGuiStyle from the tokens: nothing of ImGui's own colours or measures is left.
void applyTheme(ImGuiStyle& style, Theme theme, float scale);

}  // namespace headlight
