#pragma once
#include <array>
#include <vector>

#include "core/figure/text_layout.h"
#include "core/picture/picture.h"

// Cairo's own name, so that its headers stay in the sources.
typedef struct _cairo cairo_t;  // NOLINT(clang-diagnostic-reserved-identifier)

namespace headlight {

/// How letters come onto a page.
struct Lettering {
  bool asShapes = false;  ///< filled outlines instead of glyphs of a font
  /// Colour glyphs (emoji), which PDF has no good font for, are put in as images of so many dots per inch; 0
  /// draws all glyphs as they are, which is right for pixels only.
  double emojiDpi = 0;
};

/// Draws the line with its start at the origin and its baseline along x, in points.
void showText(cairo_t* cairo, const Text& text, const Lettering& lettering);

/// One step of an outline: M, L, C (two control points first) or Z.
struct OutlineStep {
  char kind = 'M';
  std::array<Point, 3> points;
};
struct TextOutline {
  Rgb colour;
  std::vector<OutlineStep> steps;
};
struct GlyphImage {
  Rect area;
  Picture picture;  ///< with straight alpha
};
/// The line as shapes, millimetres from its start on the baseline: every stretch of letters as one outline,
/// colour glyphs as images of `emojiDpi`.
struct OutlinedText {
  std::vector<TextOutline> outlines;
  std::vector<GlyphImage> images;
};
OutlinedText outlined(const Text& text, double emojiDpi);

}  // namespace headlight
