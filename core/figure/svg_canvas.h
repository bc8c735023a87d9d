#pragma once
#include <string>

#include "core/figure/cairo_canvas.h"
#include "core/figure/drawing.h"

namespace headlight {

/// The page as SVG: its size in millimetres, text as text, cells as crisp rectangles. `carried` is put first
/// inside <svg> as it is (the experiment's <metadata>). Equal drawings give equal bytes.
std::string paintSvg(const Drawing& drawing, const FigureMetadata& metadata, const std::string& carried);

}  // namespace headlight
