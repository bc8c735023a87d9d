#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/attention/field.h"
#include "core/picture/colormap.h"
#include "core/picture/palette.h"
#include "core/picture/range.h"

namespace headlight {

/// How values become colours. A value's index is the number of thresholds it reaches: only comparisons, so
/// CPU and every GPU choose the same of the 256 colours, for linear and logarithmic ranges alike.
struct MapLook {
  std::array<float, 255> thresholds{};
  std::array<Rgb, 256> colours{};
  Rgb mask, hatch, gap, nan, nanMark, notComputed, frame;
  Rgb beyond;         ///< the stripes of +∞, over the highest colour: black or white
  float scale = 1;    ///< UI scale: the hatch period is round(8 · scale) px
  bool mean = false;  ///< show the mean of pooled cells instead of the extreme
  /// Equal keys, equal looks.
  std::uint64_t key() const;
};
MapLook makeLook(const Range& range, const Colormap& map, Theme theme, float scale = 1);
int colourIndex(const MapLook& look, float value);

/// Which pixels of a map are shown. A texel (a cell at level 0, 2^level cells a side above) is `texelPx`
/// pixels wide; the picture's pixel (x, y) is the map's pixel (x + left, y + top). Whole numbers only:
/// nothing is ever resampled.
struct MapGeometry {
  int level = 0;
  int texelPx = 1;
  std::int64_t left = 0;  ///< may be negative: what lies outside the map is transparent
  std::int64_t top = 0;
  int width = 0;
  int height = 0;
  bool transposed = false;  ///< orientation: queries run along x
  bool thumbnail = false;   ///< cells touch, whatever their size
  bool operator==(const MapGeometry&) const = default;

  /// 1 px at the right and lower side of a cell.
  bool gaps() const { return level == 0 && texelPx >= 8 && !thumbnail; }
  bool marks() const { return level == 0 && texelPx >= 12; }  ///< dot in exact zeros, × in NaN
  bool hatches() const { return texelPx >= 6 || level > 0; }  ///< masked cells are hatched, else plain
};

/// 8-bit sRGB with alpha, row-major, 4 bytes a pixel.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
  bool operator==(const Picture&) const = default;
};

/// What one texel looks like, before hatching: its flat colour.
Rgb flatColour(const MapLook& look, float value, CellClass kind);
/// The map as the window shows it, pixel for pixel what shaders/map.frag draws. `tile` gives the tile (r, c)
/// of the geometry's level, or null while it is not computed.
Picture paintMap(std::int64_t rows, std::int64_t cols, const MapGeometry& geometry, const MapLook& look,
                 const std::function<const Tile*(std::int64_t r, std::int64_t c)>& tile);

}  // namespace headlight
