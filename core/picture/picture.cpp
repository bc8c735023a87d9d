#include "core/picture/picture.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/base/hash.h"
#include "core/picture/map_marks.h"

namespace headlight {
namespace {

// Floats in their order as integers, to search among all of them by halving.
std::int64_t ordinal(float x) {
  const std::int32_t bits = std::bit_cast<std::int32_t>(x);
  return bits >= 0 ? bits : static_cast<std::int64_t>(std::numeric_limits<std::int32_t>::min()) - bits;
}
float fromOrdinal(std::int64_t n) {
  const std::int64_t bits =
      n >= 0 ? n : static_cast<std::int64_t>(std::numeric_limits<std::int32_t>::min()) - n;
  return std::bit_cast<float>(static_cast<std::int32_t>(bits));
}

// Where a value stands on the bar, in 256ths; monotone in `value`.
double place(const Range& range, float value) {
  const double v = value;
  if (!range.logarithmic) return (v - range.low) / (range.high - range.low) * 256;
  if (v <= 0) return -1;
  return std::log(v / range.low) / std::log(range.high / range.low) * 256;
}

// About the float that stands at `at`.
float near(const Range& range, double at) {
  const double value = range.logarithmic ? range.low * std::exp(at / 256 * std::log(range.high / range.low))
                                         : range.low + at / 256 * (range.high - range.low);
  const double most = std::numeric_limits<float>::max();
  return std::isnan(value) ? 0.0F : static_cast<float>(std::clamp(value, -most, most));
}

// The smallest float after `from` that stands at `at` or above; the largest of all where none does. It is
// looked for around a guess in steps that double, then between the last two.
float threshold(const Range& range, double at, std::int64_t from) {
  const std::int64_t last = ordinal(std::numeric_limits<float>::max());
  const auto reaches = [&](std::int64_t n) { return n >= last || place(range, fromOrdinal(n)) >= at; };
  std::int64_t above = std::clamp(ordinal(near(range, at)), from + 1, last);
  std::int64_t below = from;
  if (reaches(above)) {
    for (std::int64_t step = 1; above - step > from; step *= 2) {
      if (!reaches(above - step)) {
        below = above - step;
        break;
      }
      above -= step;
    }
  } else {
    below = above;
    for (std::int64_t step = 1;; step *= 2) {
      above = std::min(below + step, last);
      if (reaches(above)) break;
      below = above;
    }
  }
  while (above - below > 1) {
    const std::int64_t middle = below + (above - below) / 2;
    (reaches(middle) ? above : below) = middle;
  }
  return fromOrdinal(above);
}

std::uint64_t packed(Rgb c) {
  return (static_cast<std::uint64_t>(c.r) << 16) | (static_cast<std::uint64_t>(c.g) << 8) | c.b;
}

enum class Mark : std::uint8_t { none, hatch, minusInfinity, plusInfinity, dot, cross, frame };

// One texel: its flat colour and the mark it carries.
struct Texel {
  Rgb colour;
  Mark mark = Mark::none;
};

Texel texelOf(const MapLook& look, const MapGeometry& g, const Tile* tile, std::size_t at) {
  if (!tile) return {look.notComputed, Mark::frame};
  const auto kind = static_cast<CellClass>(tile->classes[at]);
  const float value = look.mean && !tile->mean.empty() ? tile->mean[at] : tile->extreme[at];
  Texel texel{flatColour(look, value, kind), Mark::none};
  if (kind == CellClass::notComputed) {
    texel.mark = Mark::frame;
  } else if (kind == CellClass::masked) {
    if (g.hatches()) texel.mark = Mark::hatch;
  } else if (std::isinf(value)) {
    if (value > 0) {
      texel.mark = Mark::plusInfinity;
    } else if (g.hatches()) {
      texel.mark = Mark::minusInfinity;
    }
  } else if (g.marks() && std::isnan(value)) {
    texel.mark = Mark::cross;
  } else if (g.marks() && value == 0) {
    texel.mark = Mark::dot;
  }
  return texel;
}

}  // namespace

std::uint64_t MapLook::key() const {
  KeyHash hash;
  for (float t : thresholds) hash.add(static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(t)));
  for (Rgb c : colours) hash.add(packed(c));
  for (Rgb c : {mask, hatch, gap, nan, nanMark, notComputed, frame, beyond}) hash.add(packed(c));
  hash.add(static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(scale)));
  hash.add(static_cast<std::uint64_t>(mean));
  return hash.key();
}

MapLook makeLook(const Range& range, const Colormap& map, Theme theme, float scale) {
  const Palette& p = palette(theme);
  MapLook look;
  look.colours = map.colours;
  std::int64_t from = ordinal(std::numeric_limits<float>::lowest());
  for (std::size_t k = 0; k < look.thresholds.size(); ++k) {
    look.thresholds[k] = threshold(range, static_cast<double>(k + 1), from);
    from = std::max(from, ordinal(look.thresholds[k]) - 1);
  }
  look.mask = p.mask;
  look.hatch = p.hatch;
  look.gap = p.s0;
  look.nan = p.nan;
  look.nanMark = p.nanMark;
  look.notComputed = p.s1;
  look.frame = p.line;
  look.beyond = textOn(look.colours.back());
  look.scale = scale;
  return look;
}

int colourIndex(const MapLook& look, float value) {
  if (std::isnan(value)) return 0;
  return static_cast<int>(std::upper_bound(look.thresholds.begin(), look.thresholds.end(), value) -
                          look.thresholds.begin());
}

Rgb flatColour(const MapLook& look, float value, CellClass kind) {
  if (kind == CellClass::notComputed) return look.notComputed;
  if (kind == CellClass::masked) return look.mask;
  if (std::isnan(value)) return look.nan;
  if (value == -std::numeric_limits<float>::infinity()) return look.mask;
  return look.colours[static_cast<std::size_t>(colourIndex(look, value))];
}

// The rules that shaders/map.frag repeats. (x, y) is a pixel of the picture, x to the right and y down from
// its upper left corner; everything is integer arithmetic; n = texelPx; P = hatchPeriod(scale).
//
//  1. Pixel of the map: mx = x + left, my = y + top. The map is acrossPx = across · n pixels wide and
//     downPx = down · n pixels high, where (down, across) are the texels of the level, ceil(cells / 2^level),
//     rows and columns, exchanged when `transposed`. Outside of it: transparent (0, 0, 0, 0). All else has
//     alpha 255.
//  2. Texel: tx = mx / n, ty = my / n; inside it px = mx % n, py = my % n. Its row is ty and its column tx,
//     exchanged when transposed; its tile is (row / 256, column / 256).
//  3. Not computed (no tile, or class notComputed): `frame` where the pixel is the first of a tile along
//  either
//     axis or the last of the map (frameAt with tiles of 256 · n pixels), else `notComputed`. No gaps.
//  4. Gap: when gaps() (level 0, n ≥ 8), pixels with px == n − 1 or py == n − 1 are `gap`, whatever the texel
//  holds.
//     The cell that is left is s = n − 1 pixels a side.
//  5. Masked texels: `mask`; when hatches() (n ≥ 6 or level > 0), `hatch` where hatchAt(x, y, P). The stripes
//     are counted from the picture's corner, not the map's, and so run through. What is infinite has stripes
//     that fall: −∞ `mask` and, when hatches(), `hatch` where minusInfinityAt(x, y, P); +∞ at any size the
//     highest colour, and `beyond` where plusInfinityAt(x, y, P).
//  6. NaN: `nan`; when marks() (level 0, n ≥ 12), `nanMark` where crossAt(px, py, s).
//  7. All else, partly masked texels too: the colour of the value (the mean where the look says so and the
//  tile has
//     one), without hatch; when marks() and the value is 0 (of either sign), `hatch` where dotAt(px, py, s).
Picture paintMap(std::int64_t rows, std::int64_t cols, const MapGeometry& g, const MapLook& look,
                 const std::function<const Tile*(std::int64_t r, std::int64_t c)>& tile) {
  Picture picture{std::max(0, g.width), std::max(0, g.height), {}};
  picture.rgba.assign(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 4,
                      0);
  const std::int64_t side = std::int64_t{1} << g.level;
  const std::int64_t down = ((g.transposed ? cols : rows) + side - 1) / side;
  const std::int64_t across = ((g.transposed ? rows : cols) + side - 1) / side;
  const std::int64_t n = g.texelPx;
  if (n < 1) return picture;
  const std::int64_t tilePx = kTileSize * n;
  const int period = hatchPeriod(look.scale);
  const int size = g.texelPx - (g.gaps() ? 1 : 0);

  const Tile* current = nullptr;
  std::int64_t currentR = -1;
  std::int64_t currentC = -1;
  for (int y = 0; y < picture.height; ++y) {
    const std::int64_t my = y + g.top;
    if (my < 0 || my >= down * n) continue;
    const std::int64_t ty = my / n;
    const int py = static_cast<int>(my % n);
    Texel texel;
    std::int64_t known = -1;  // the column whose texel is at hand
    for (int x = 0; x < picture.width; ++x) {
      const std::int64_t mx = x + g.left;
      if (mx < 0 || mx >= across * n) continue;
      const std::int64_t tx = mx / n;
      const int px = static_cast<int>(mx % n);
      if (tx != known) {
        known = tx;
        const std::int64_t row = g.transposed ? tx : ty;
        const std::int64_t col = g.transposed ? ty : tx;
        if (row / kTileSize != currentR || col / kTileSize != currentC) {
          currentR = row / kTileSize;
          currentC = col / kTileSize;
          current = tile(currentR, currentC);
        }
        const std::size_t at =
            current ? static_cast<std::size_t>(row % kTileSize) * static_cast<std::size_t>(current->cols) +
                          static_cast<std::size_t>(col % kTileSize)
                    : 0;
        texel = texelOf(look, g, current, at);
      }
      Rgb colour = texel.colour;
      if (texel.mark == Mark::frame) {
        if (frameAt(mx, across * n, tilePx) || frameAt(my, down * n, tilePx)) colour = look.frame;
      } else if (g.gaps() && (px == g.texelPx - 1 || py == g.texelPx - 1)) {
        colour = look.gap;
      } else if (texel.mark == Mark::hatch) {
        if (hatchAt(x, y, period)) colour = look.hatch;
      } else if (texel.mark == Mark::minusInfinity) {
        if (minusInfinityAt(x, y, period)) colour = look.hatch;
      } else if (texel.mark == Mark::plusInfinity) {
        if (plusInfinityAt(x, y, period)) colour = look.beyond;
      } else if (texel.mark == Mark::cross) {
        if (crossAt(px, py, size)) colour = look.nanMark;
      } else if (texel.mark == Mark::dot) {
        if (dotAt(px, py, size)) colour = look.hatch;
      }
      const std::size_t out = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                               static_cast<std::size_t>(x)) *
                              4;
      picture.rgba[out] = colour.r;
      picture.rgba[out + 1] = colour.g;
      picture.rgba[out + 2] = colour.b;
      picture.rgba[out + 3] = 255;
    }
  }
  return picture;
}

}  // namespace headlight
