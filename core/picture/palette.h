#pragma once
#include <cstdint>

#include "core/picture/colormap.h"

namespace headlight {

enum class Theme : std::uint8_t { dark, light, projectorDark, projectorLight };
inline bool isDark(Theme theme) {
  return theme == Theme::dark || theme == Theme::projectorDark;
}

/// The colour tokens of the look page, by its names; used by the window and, light column, by figures.
struct Palette {
  Rgb s0, s1, s2, s3, line, edge, t1, t2, t3, acc, accfg, accbg, q, k, v, mask, hatch, nan, nanMark, err,
      errbg, warn;
};
const Palette& palette(Theme theme);

}  // namespace headlight
