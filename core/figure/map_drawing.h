#pragma once
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
  double hatchPeriod = 0.9;  ///< mm, of the map's stripes: the legend shows the same

  void add(const SeenLooks& other);
};

/// Horizontal distance of the stripes over masked cells of that size, mm.
double hatchPeriodMm(double cellMm);
inline constexpr double kHatchWidth = 0.13;

/// Errors: usage, where the spec wants a number in every cell and cells of that size have no room for any.
Status checkNumbers(const Scene& scene, Pooling pooling, double cellW, double cellH);

/// Draws the map into the area: cells, hatch over what is masked, dots in exact zeros, × in NaN, and where
/// `numbers` are not forbidden those that the spec wants.
SeenLooks drawMap(Scene& scene, const MapPixels& pixels, const Rect& area, const MapLook& look, bool isWeight,
                  bool numbers, const std::string& name);

}  // namespace headlight
