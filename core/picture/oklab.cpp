#include "core/picture/oklab.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

double toLinear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::uint8_t fromLinear(double c) {
  c = std::clamp(c, 0.0, 1.0);
  const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(s * 255));
}

}  // namespace

double luminance(Rgb colour) {
  return 0.2126 * toLinear(colour.r) + 0.7152 * toLinear(colour.g) + 0.0722 * toLinear(colour.b);
}

double contrast(Rgb a, Rgb b) {
  const double x = luminance(a) + 0.05;
  const double y = luminance(b) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

Rgb textOn(Rgb ground) {
  // At 0.179 black and white have the same contrast: (1 + 0.05) / (Y + 0.05) = (Y + 0.05) / 0.05.
  return luminance(ground) > 0.179 ? Rgb{0, 0, 0} : Rgb{255, 255, 255};
}

double lightness(Rgb colour) {
  const double y = luminance(colour);
  return y > 216.0 / 24389 ? 116 * std::cbrt(y) - 16 : y * 24389.0 / 27;
}

Oklab toOklab(Rgb colour) {
  const double r = toLinear(colour.r);
  const double g = toLinear(colour.g);
  const double b = toLinear(colour.b);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Rgb fromOklab(const Oklab& c) {
  const double l = c[0] + 0.3963377774 * c[1] + 0.2158037573 * c[2];
  const double m = c[0] - 0.1055613458 * c[1] - 0.0638541728 * c[2];
  const double s = c[0] - 0.0894841775 * c[1] - 1.2914855480 * c[2];
  const double l3 = l * l * l;
  const double m3 = m * m * m;
  const double s3 = s * s * s;
  return {fromLinear(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
          fromLinear(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
          fromLinear(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3)};
}

}  // namespace headlight
