#pragma once
#include <string>

#include "core/figure/cairo_canvas.h"
#include "core/figure/drawing.h"

namespace headlight {

/// How a page becomes SVG.
struct SvgOptions {
  std::string carried{};  ///< put first inside <svg> as it is: the experiment's <metadata>
  bool outline = false;   ///< letters as shapes instead of text
  double emojiDpi = 300;  ///< of colour glyphs among the shapes
};

/// The page as SVG: its size in millimetres, text as text, cells as crisp rectangles. Equal drawings give
/// equal bytes; ids are other ones in every other drawing, so that several stand on one HTML page. It has no
/// XML declaration, which a page of HTML would not take.
std::string paintSvg(const Drawing& drawing, const FigureMetadata& metadata, const SvgOptions& options = {});

}  // namespace headlight
