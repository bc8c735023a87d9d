#pragma once
#include <vector>

#include "core/figure/drawing.h"

namespace headlight {

/// Curves in one ink are told apart by their dashes and by their marks.
inline constexpr Rgb kCurveInk{0x15, 0x18, 0x1E};
/// Half of a mark's width, mm.
inline constexpr double kCurveMark = 0.95;

/// The drawn stretches of a curve between two of its points; `along`, mm, is how much of its pattern the
/// points before have used up.
void addDashes(std::vector<Segment>& lines, std::size_t curve, Point from, Point to, double& along);
/// A disc, square or triangle, filled or open.
void drawMark(Drawing& drawing, Point at, std::size_t curve);

}  // namespace headlight
