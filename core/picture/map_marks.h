#pragma once
#include <cmath>
#include <cstdint>

namespace headlight {

// The marks of a map as whole-number tests of one pixel, so that the shader and every processor agree.
// Division and remainder are of non-negative numbers everywhere: truncating and flooring are the same.

/// Diagonal stripes from lower left to upper right. (x, y): pixel of the picture, from its upper left corner.
constexpr bool hatchAt(int x, int y, int period) {
  const int thickness = period >= 16 ? period / 8 : 1;
  return (x + y) % period < thickness;
}

/// Stripes from upper left to lower right: of what is infinite. Arguments as hatchAt.
constexpr bool fallingAt(int x, int y, int period, int thickness) {
  return (x + period - y % period) % period < thickness;
}
/// Thin, as the hatch, where the ground is that of masked cells: −∞.
constexpr bool minusInfinityAt(int x, int y, int period) {
  return fallingAt(x, y, period, period >= 16 ? period / 8 : 1);
}
/// Half and half, so that cells of 3 px show both colours: +∞.
constexpr bool plusInfinityAt(int x, int y, int period) {
  return fallingAt(x, y, period / 2, period / 4);
}

/// A dot in the middle of a cell of `size` × `size` pixels (its gap left out). (x, y): pixel inside the cell.
constexpr bool dotAt(int x, int y, int size) {
  int diameter = size / 6 < 2 ? 2 : size / 6;
  diameter += (size - diameter) % 2;  // so that it can stand exactly in the middle
  const int first = (size - diameter) / 2;
  const int dx = 2 * (x - first) + 1 - diameter;  // twice the distance from the centre
  const int dy = 2 * (y - first) + 1 - diameter;
  return dx * dx + dy * dy <= diameter * diameter;
}

/// A × that leaves a quarter of the cell free on every side. Arguments as dotAt.
constexpr bool crossAt(int x, int y, int size) {
  const int margin = size / 4;
  const int extent = size - 2 * margin;
  const int half = size / 24;  // the stroke is 2 · half + 1 pixels wide, measured along the row
  const int a = x - margin;
  const int b = y - margin;
  if (a < 0 || b < 0 || a >= extent || b >= extent) return false;
  const int falling = a - b;
  const int rising = a + b - (extent - 1);
  return (falling <= half && falling >= -half) || (rising <= half && rising >= -half);
}

/// The thin frame around what is not computed yet: the first pixels of a tile, and the last of the map. `at`
/// and `end`: pixel of the map and the map's length in pixels along one axis; `tilePx`: a tile's length in
/// pixels.
constexpr bool frameAt(std::int64_t at, std::int64_t end, std::int64_t tilePx) {
  return at % tilePx == 0 || at == end - 1;
}

/// Hatch period in pixels at a UI scale: round(8 · scale), at least 4.
inline int hatchPeriod(float scale) {
  const int period = static_cast<int>(std::lround(8.0f * scale));
  return period < 4 ? 4 : period;
}

}  // namespace headlight
