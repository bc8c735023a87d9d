#pragma once
#include "core/figure/text_layout.h"

// Cairo's own name, so that its headers stay in the sources.
typedef struct _cairo cairo_t;  // NOLINT(clang-diagnostic-reserved-identifier)

namespace headlight {

/// Draws the line with its start at the origin and its baseline along x, in points. Colour glyphs (emoji),
/// which PDF has no good font for, are put in as images of `emojiDpi`; 0 draws them directly.
void showText(cairo_t* cairo, const Text& text, double emojiDpi);

}  // namespace headlight
