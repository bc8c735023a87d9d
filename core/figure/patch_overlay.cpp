#include "core/figure/patch_overlay.h"

#include <algorithm>
#include <cmath>

#include "core/figure/map_drawing.h"

namespace headlight {
namespace {

constexpr double kCover = 150.0 / 255;     // how much of the picture a number's colour covers
constexpr double kSmallestForMarks = 1.6;  // mm

std::size_t keyAt(const ImagePatches& patches, std::int64_t row, std::int64_t column) {
  return static_cast<std::size_t>(patches.first + row * patches.columns + column);
}

Rgb covered(Rgb photo, const PatchOverlay& overlay, std::size_t key, const MapLook& look) {
  const float value = overlay.cells.values[key];
  const Rgb colour = flatColour(look, value, static_cast<CellClass>(overlay.cells.classes[key]));
  const double share = overlay.cells.isMasked(key) || !std::isfinite(value) ? 1 : kCover;
  const auto mixed = [&](std::uint8_t under, std::uint8_t over) {
    return static_cast<std::uint8_t>(std::lround((1 - share) * under + share * over));
  };
  return {mixed(photo.r, colour.r), mixed(photo.g, colour.g), mixed(photo.b, colour.b)};
}

/// `colourAt`: what becomes of the colour of a pixel at (x, y).
template <class ColourAt>
Picture pictureOf(const Pixels& photo, ColourAt&& colourAt) {
  Picture picture{static_cast<int>(photo.width), static_cast<int>(photo.height), {}};
  picture.rgba.reserve(photo.rgb.size() / 3 * 4);
  std::size_t from = 0;
  for (std::int64_t y = 0; y < photo.height; ++y) {
    for (std::int64_t x = 0; x < photo.width; ++x, from += 3) {
      const Rgb colour = colourAt(Rgb{photo.rgb[from], photo.rgb[from + 1], photo.rgb[from + 2]}, x, y);
      picture.rgba.insert(picture.rgba.end(), {colour.r, colour.g, colour.b, 255});
    }
  }
  return picture;
}

}  // namespace

Picture pictureOf(const Pixels& photo) {
  return pictureOf(photo, [](Rgb colour, std::int64_t, std::int64_t) { return colour; });
}

Picture coveredPicture(const Pixels& photo, const ImagePatches& patches, const PatchOverlay& overlay,
                       const MapLook& look) {
  return pictureOf(photo, [&](Rgb colour, std::int64_t x, std::int64_t y) {
    const std::size_t key =
        keyAt(patches, y * patches.rows / photo.height, x * patches.columns / photo.width);
    return covered(colour, overlay, key, look);
  });
}

SeenLooks drawPatchMarks(Scene& scene, const Rect& area, const ImagePatches& patches,
                         const PatchOverlay& overlay, const MapLook& look) {
  const double cellW = area.width / static_cast<double>(patches.columns);
  const double cellH = area.height / static_cast<double>(patches.rows);
  const double smaller = std::min(cellW, cellH);
  std::vector<Point> zeros;
  std::vector<Segment> crosses;
  SeenLooks seen;
  for (std::int64_t r = 0; r < patches.rows; ++r) {
    for (std::int64_t c = 0; c < patches.columns; ++c) {
      const std::size_t key = keyAt(patches, r, c);
      const float value = overlay.cells.values[key];
      const Point centre{area.x + (static_cast<double>(c) + 0.5) * cellW,
                         area.y + (static_cast<double>(r) + 0.5) * cellH};
      if (overlay.cells.isMasked(key)) {
        seen.masked = true;
      } else if (std::isnan(value)) {
        seen.nan = true;
        addCross(crosses, centre, 0.22 * smaller);
      } else if (std::isinf(value)) {
        (value < 0 ? seen.negativeInfinite : seen.positiveInfinite) = true;
        seen.highest = look.colours.back();
      } else if (value == 0) {
        seen.zeroColour = flatColour(look, value, CellClass::value);
        zeros.push_back(centre);
      }
    }
  }
  seen.hatchPeriod = hatchPeriodMm(std::max(smaller, 3.0));
  drawStripes(
      scene, area, patches.rows, patches.columns, seen.hatchPeriod, look,
      [&](std::int64_t r, std::int64_t c) {
        const std::size_t key = keyAt(patches, r, c);
        return StripedCell{overlay.cells.isMasked(key), overlay.cells.values[key]};
      },
      seen);
  if (smaller < kSmallestForMarks) return seen;
  seen.zeroDots = !zeros.empty();
  if (!zeros.empty()) scene.drawing.dots(zeros, std::clamp(0.09 * smaller, 0.12, 0.45), look.hatch);
  if (!crosses.empty()) scene.drawing.lines(crosses, std::clamp(0.06 * smaller, 0.12, 0.4), look.nanMark);
  return seen;
}

}  // namespace headlight
