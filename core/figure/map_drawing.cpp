#include "core/figure/map_drawing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/number.h"
#include "core/figure/hatch.h"
#include "core/figure/text_layout.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

constexpr double kBleed = 0.2;          // mm; ux.md 2.3: 0.6 pt hides every seam between rectangles
constexpr double kSmallestForGrid = 3;  // mm
constexpr double kSmallestForMarks = 1.6;
constexpr double kSmallestForNumbers = 5.5;

struct Geometry {
  Rect area;
  double cellW;
  double cellH;
  double x(std::int64_t col) const { return area.x + static_cast<double>(col) * cellW; }
  double y(std::int64_t row) const { return area.y + static_cast<double>(row) * cellH; }
  double smaller() const { return std::min(cellW, cellH); }
};

Rgb colourAt(const MapPixels& p, const MapLook& look, std::int64_t r, std::int64_t c) {
  return flatColour(look, p.values[p.at(r, c)], p.kind(r, c));
}

// Equal neighbours of a row become one rectangle; every one reaches a little under its right and lower
// neighbour.
std::vector<FilledCell> rectangles(const MapPixels& p, const Geometry& g, const MapLook& look) {
  std::vector<FilledCell> cells;
  for (std::int64_t r = 0; r < p.down; ++r) {
    for (std::int64_t c = 0; c < p.across;) {
      const Rgb colour = colourAt(p, look, r, c);
      std::int64_t end = c + 1;
      while (end < p.across && colourAt(p, look, r, end) == colour) ++end;
      const double right = std::min(g.area.right(), g.x(end) + (end < p.across ? kBleed : 0));
      const double bottom = std::min(g.area.bottom(), g.y(r + 1) + (r + 1 < p.down ? kBleed : 0));
      cells.push_back({{g.x(c), g.y(r), right - g.x(c), bottom - g.y(r)}, colour});
      c = end;
    }
  }
  return cells;
}

Picture asPicture(const MapPixels& p, const MapLook& look) {
  Picture picture{static_cast<int>(p.across), static_cast<int>(p.down), {}};
  picture.rgba.resize(p.values.size() * 4);
  std::uint8_t* out = picture.rgba.data();
  for (std::int64_t r = 0; r < p.down; ++r) {
    for (std::int64_t c = 0; c < p.across; ++c) {
      const Rgb colour = colourAt(p, look, r, c);
      for (std::uint8_t channel : {colour.r, colour.g, colour.b}) *out++ = channel;
      *out++ = 255;
    }
  }
  return picture;
}

void drawGrid(Scene& scene, const MapPixels& p, const Geometry& g) {
  std::vector<Segment> lines;
  for (std::int64_t r = 1; r < p.down; ++r) lines.push_back({{g.area.x, g.y(r)}, {g.area.right(), g.y(r)}});
  for (std::int64_t c = 1; c < p.across; ++c)
    lines.push_back({{g.x(c), g.area.y}, {g.x(c), g.area.bottom()}});
  scene.drawing.lines(lines, std::min(0.14, 0.04 * g.smaller()), scene.drawing.paper);
}

// The middle of a diverging map is nearly the page's own colour.
bool isPale(const MapLook& look, Rgb paper) {
  return contrast(look.colours[128], paper) < 1.5;
}

void drawOutline(Scene& scene, const Rect& a) {
  const std::vector<Segment> sides{{{a.x, a.y}, {a.right(), a.y}},
                                   {{a.right(), a.y}, {a.right(), a.bottom()}},
                                   {{a.right(), a.bottom()}, {a.x, a.bottom()}},
                                   {{a.x, a.bottom()}, {a.x, a.y}}};
  scene.drawing.lines(sides, 0.12, scene.colours.line);
}

void drawMarks(Scene& scene, const MapPixels& p, const Geometry& g, const MapLook& look, SeenLooks& seen) {
  std::vector<Point> zeros;
  std::vector<Segment> crosses;
  for (std::int64_t r = 0; r < p.down; ++r) {
    for (std::int64_t c = 0; c < p.across; ++c) {
      if (p.hatched(r, c)) continue;
      const float value = p.values[p.at(r, c)];
      const Point centre{g.x(c) + g.cellW / 2, g.y(r) + g.cellH / 2};
      if (value == 0) {
        seen.zeroColour = colourAt(p, look, r, c);
        zeros.push_back(centre);
      }
      if (!std::isnan(value)) continue;
      addCross(crosses, centre, 0.22 * g.smaller());
    }
  }
  seen.zeroDots = !zeros.empty();
  if (!zeros.empty()) scene.drawing.dots(zeros, std::clamp(0.09 * g.smaller(), 0.12, 0.45), look.hatch);
  if (!crosses.empty()) scene.drawing.lines(crosses, std::clamp(0.06 * g.smaller(), 0.12, 0.4), look.nanMark);
}

std::size_t charactersIn(const std::string& text) {
  std::size_t count = 0;
  for (char byte : text) count += (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u ? 1 : 0;
  return count;
}

double digitWidth(const Scene& scene, double size) {
  return measure({{digits(scene, "0", size)}}).width;
}

constexpr double kNumberSize = 0.86;  // of the figure's size, at most
constexpr double kNumberRoom = 0.9;   // of a cell's width

// Where numbers go as they fit, all are there or none: a map whose large numbers are left out would mislead.
void drawNumbers(Scene& scene, const MapPixels& p, const Geometry& g, const MapLook& look, bool isWeight) {
  struct Number {
    Point middle;
    std::string text;
    Rgb colour;
  };
  std::vector<Number> all;
  std::size_t longest = 0;
  for (std::int64_t r = 0; r < p.down; ++r) {
    for (std::int64_t c = 0; c < p.across; ++c) {
      const float value = p.values[p.at(r, c)];
      const bool infinite = value == -std::numeric_limits<float>::infinity();
      if (p.kind(r, c) == CellClass::masked || (p.hatched(r, c) && !infinite) || value == 0 ||
          std::isnan(value))
        continue;
      all.push_back({{g.x(c) + g.cellW / 2, g.y(r) + g.cellH / 2},
                     cellText(value, isWeight),
                     textOn(colourAt(p, look, r, c))});
      longest = std::max(longest, charactersIn(all.back().text));
    }
  }
  if (all.empty()) return;
  const bool wanted = scene.spec.numbers == FigureNumbers::all;
  double size = std::min(kNumberSize, (wanted ? 0.5 : 0.36) * g.smaller() / scene.em());
  const double room = kNumberRoom * g.cellW;
  if (wanted) size = std::min(size, size * room / (static_cast<double>(longest) * digitWidth(scene, size)));
  TextPiece piece = digits(scene, "", size);
  const double one = digitWidth(scene, size);
  const auto fits = [&](std::size_t characters) { return static_cast<double>(characters) * one <= room; };
  if (!wanted && !fits(longest)) return;
  for (const Number& number : all) {
    if (!fits(charactersIn(number.text))) continue;
    piece.text = number.text;
    piece.colour = number.colour;
    scene.drawing.text({number.middle.x, number.middle.y + halfHeight(piece.sizePt)}, {{piece}},
                       Anchor::middle, false);
  }
  if (fits(longest)) return;
  const std::string warning = "numbers wider than their cell are left out";
  if (std::find(scene.warnings.begin(), scene.warnings.end(), warning) == scene.warnings.end())
    scene.warnings.push_back(warning);
}

}  // namespace

void SeenLooks::add(const SeenLooks& other) {
  if (other.zeroDots && !zeroDots) zeroColour = other.zeroColour;
  masked |= other.masked;
  zeroDots |= other.zeroDots;
  nan |= other.nan;
  negativeInfinite |= other.negativeInfinite;
  positiveInfinite |= other.positiveInfinite;
  if (other.positiveInfinite) highest = other.highest;
  if (other.masked || other.negativeInfinite) hatchPeriod = other.hatchPeriod;
}

Status checkNumbers(const Scene& scene, Pooling pooling, double cellW, double cellH) {
  if (scene.spec.numbers != FigureNumbers::all) return {};
  constexpr double kShortest = 3;  // ".74"
  const bool fits = kShortest * digitWidth(scene, 0) <= kNumberRoom * cellW &&
                    scene.leastPt() * kMmPerPoint <= cellH && !pooling.any();
  if (fits) return {};
  return Error{ErrorCode::usage,
               "cells of " + fixed(cellW, 1) + " × " + fixed(cellH, 1) + " mm have no room for numbers of " +
                   shortest(scene.leastPt()) + " pt",
               "", "Choose a wider figure or a crop, or leave the numbers out"};
}

void addCross(std::vector<Segment>& strokes, Point centre, double arm) {
  strokes.push_back({{centre.x - arm, centre.y - arm}, {centre.x + arm, centre.y + arm}});
  strokes.push_back({{centre.x - arm, centre.y + arm}, {centre.x + arm, centre.y - arm}});
}

double hatchPeriodMm(double cellMm) {
  return std::clamp(0.3 * cellMm, 0.75, 1.3);
}

void drawStripes(Scene& scene, const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                 const MapLook& look, const std::function<StripedCell(std::int64_t, std::int64_t)>& cellAt,
                 const SeenLooks& seen) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto isInfinite = [&](float infinity) {
    return [&cellAt, infinity](std::int64_t r, std::int64_t c) {
      const StripedCell cell = cellAt(r, c);
      return !cell.masked && cell.value == infinity;
    };
  };
  const auto draw = [&](const std::vector<Segment>& stripes, double width, Rgb colour) {
    scene.drawing.pushClip(area);
    scene.drawing.lines(stripes, width, colour);
    scene.drawing.popClip();
  };
  if (seen.masked) {
    const auto masked = [&](std::int64_t r, std::int64_t c) { return cellAt(r, c).masked; };
    draw(hatchSegments(area, rows, cols, period, masked), kHatchWidth, look.hatch);
  }
  if (seen.negativeInfinite)
    draw(fallingSegments(area, rows, cols, period, isInfinite(-kInfinity)), kHatchWidth, look.hatch);
  if (seen.positiveInfinite)
    draw(fallingSegments(area, rows, cols, period, isInfinite(kInfinity)), kBeyondWidth, look.beyond);
}

SeenLooks drawMap(Scene& scene, const MapPixels& pixels, const Rect& area, const MapLook& look, bool isWeight,
                  bool numbers, const std::string& name) {
  const Geometry g{area, area.width / static_cast<double>(pixels.across),
                   area.height / static_cast<double>(pixels.down)};
  SeenLooks seen;
  for (std::size_t i = 0; i < pixels.values.size(); ++i) {
    const auto kind = static_cast<CellClass>(pixels.classes[i]);
    const float value = pixels.values[i];
    if (kind == CellClass::masked) {
      seen.masked = true;
    } else if (std::isnan(value)) {
      seen.nan = true;
    } else if (std::isinf(value)) {
      (value < 0 ? seen.negativeInfinite : seen.positiveInfinite) = true;
      seen.highest = look.colours.back();
    }
  }

  scene.drawing.beginGroup(name);
  const bool asImage = pixels.down > kMostVectorCells || pixels.across > kMostVectorCells;
  if (asImage) {
    scene.drawing.image(area, asPicture(pixels, look));
  } else {
    scene.drawing.cells(rectangles(pixels, g, look));
  }
  seen.hatchPeriod = hatchPeriodMm(asImage ? 3 : g.smaller());
  drawStripes(
      scene, area, pixels.down, pixels.across, seen.hatchPeriod, look,
      [&](std::int64_t r, std::int64_t c) {
        return StripedCell{pixels.kind(r, c) == CellClass::masked, pixels.values[pixels.at(r, c)]};
      },
      seen);
  if (isPale(look, scene.drawing.paper)) drawOutline(scene, area);
  if (!asImage) {
    if (g.smaller() >= kSmallestForGrid) drawGrid(scene, pixels, g);
    if (!pixels.pooling.any() && g.smaller() >= kSmallestForMarks) drawMarks(scene, pixels, g, look, seen);
    const double least = scene.spec.numbers == FigureNumbers::all ? 0 : kSmallestForNumbers;
    if (numbers && scene.spec.numbers != FigureNumbers::none && !pixels.pooling.any() &&
        g.smaller() >= least) {
      drawNumbers(scene, pixels, g, look, isWeight);
    }
  }
  scene.drawing.endGroup();
  return seen;
}

}  // namespace headlight
