#pragma once
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/figure/figure_spec.h"

namespace headlight {

/// What a venue asks of its figures: millimetres and points at the size that is printed.
struct FigurePreset {
  std::string_view id;
  std::string_view label;
  double widthMm = 0;
  double heightMm = 0;  ///< the most; of a slide exactly this
  bool exactHeight = false;
  double fontPt = 0;
  double leastFontPt = 0;
  FigureFont font = FigureFont::sans;
  double dpi = 300;
  FigureGround ground = FigureGround::light;
  std::string_view source;  ///< where these numbers are published
};

/// The table of presets: nature-1col … beamer-16x9.
std::span<const FigurePreset> figurePresets();
/// By id, or null.
const FigurePreset* figurePreset(std::string_view id);

/// Puts the preset's sizes, type, resolution and ground into the spec. Called first, so that what is asked
/// for besides wins. Errors: usage, no preset of that name (names the nearest).
Status applyPreset(FigureSpec& spec, std::string_view id);

}  // namespace headlight
