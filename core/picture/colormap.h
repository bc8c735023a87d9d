#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace headlight {

/// 8-bit sRGB.
struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  bool operator==(const Rgb&) const = default;
};

/// 256 colours from low to high. Diverging ones are for signed numbers, their middle stands for 0.
struct Colormap {
  std::string_view id;
  std::string_view label;
  bool diverging = false;
  std::array<Rgb, 256> colours;
};

std::span<const Colormap> colormaps();
/// By id, or null. "viridis", "cividis", "magma", "grey"; "vik", "berlin", "rdbu".
const Colormap* colormap(std::string_view id);
/// What a stage is drawn with when the view names none: viridis; for signed stages vik on light, berlin on
/// dark.
const Colormap& defaultColormap(bool isSigned, bool dark);

/// WCAG 2 relative luminance and contrast ratio; text on a cell is black or white by luminance 0.179.
double luminance(Rgb colour);
double contrast(Rgb a, Rgb b);
Rgb textOn(Rgb ground);

}  // namespace headlight
