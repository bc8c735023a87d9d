#pragma once
#include <functional>
#include <string>

#include "core/figure/map_pixels.h"
#include "core/figure/scene.h"

namespace headlight {

/// Up to this many texels a side a map is drawn as rectangles, above as one image.
inline constexpr std::int64_t kMostVectorCells = 64;

/// Which special looks a map shows: the legend names these.
struct SeenLooks {
  bool masked = false;
  bool zeroDots = false;
  bool nan = false;
  bool negativeInfinite = false;
  bool positiveInfinite = false;
  Rgb zeroColour{};          ///< of the cells with a dot
  Rgb highest{};             ///< under the stripes of +∞
  double hatchPeriod = 0.9;  ///< mm, of the map's stripes: the legend shows the same

  void add(const SeenLooks& other);
};

/// Horizontal distance of the stripes over masked cells of that size, mm.
double hatchPeriodMm(double cellMm);
inline constexpr double kHatchWidth = 0.13;
/// Of the stripes of +∞ over the highest colour, mm.
inline constexpr double kBeyondWidth = 0.35;

/// The two strokes of the × that says NaN; `arm`: half of its width, mm.
void addCross(std::vector<Segment>& strokes, Point centre, double arm);

/// Stripes over the cells of an area that have such a look: masked rising, −∞ falling on the same ground, +∞
/// falling and wide over the highest colour. `cellAt`: what lies at
/// (row, col).
struct StripedCell {
  bool masked = false;
  float value = 0;
};
void drawStripes(Scene& scene, const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                 const MapLook& look,
                 const std::function<StripedCell(std::int64_t row, std::int64_t col)>& cellAt,
                 const SeenLooks& seen);

/// Errors: usage, where the spec wants a number in every cell and cells of that size have no room for any.
Status checkNumbers(const Scene& scene, Pooling pooling, double cellW, double cellH);

/// Draws the map into the area: cells, hatch over what is masked, dots in exact zeros, × in NaN, and where
/// `numbers` are not forbidden those that the spec wants.
SeenLooks drawMap(Scene& scene, const MapPixels& pixels, const Rect& area, const MapLook& look, bool isWeight,
                  bool numbers, const std::string& name);

}  // namespace headlight
