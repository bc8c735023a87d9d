#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/figure/canvas.h"

namespace headlight {

/// Stripes from lower left to upper right over the hatched ones of rows × cols cells that fill `area`. A
/// stripe runs on through neighbouring hatched cells as one segment. `period`: horizontal distance of
/// stripes, mm.
std::vector<Segment> hatchSegments(const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                                   const std::function<bool(std::int64_t row, std::int64_t col)>& hatched);

/// The same from upper left to lower right: over what is infinite.
std::vector<Segment> fallingSegments(const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                                     const std::function<bool(std::int64_t row, std::int64_t col)>& hatched);

}  // namespace headlight
