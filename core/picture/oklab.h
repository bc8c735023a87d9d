#pragma once
#include <array>

#include "core/picture/colormap.h"

namespace headlight {

/// A colour as lightness and two opponent axes, in which equal steps look equal (Ottosson 2020, OKLab).
using Oklab = std::array<double, 3>;
Oklab toOklab(Rgb colour);
Rgb fromOklab(const Oklab& colour);

/// CIE 1976 lightness L*, 0 … 100, of an sRGB colour (D65).
double lightness(Rgb colour);

}  // namespace headlight
