#pragma once
#include <span>
#include <string>
#include <vector>

#include "core/figure/axis.h"
#include "core/figure/map_pixels.h"
#include "core/figure/scene.h"

namespace headlight {

/// What the cells along an axis are called, many of them.
std::string cellsOf(Axis axis);
/// The part of the field that the spec's crop leaves: in queries and keys of maps, rows and columns of other
/// stages. Errors: usage, a crop that is empty or reaches beyond the field.
Result<FigureCrop> partOf(const Scene& scene, const Field& field);
/// "queries 3–8 of 32, keys 0–9 of 32"; empty where the part is the whole.
std::string partNote(const Field& field, const FigureCrop& part);

/// Names over spans of tokens, in lanes so that none covers another.
struct BracketLanes {
  struct Placed {
    double from = 0;  ///< mm along the axis from the first cell that is drawn
    double to = 0;
    double middle = 0;  ///< of the name
    int lane = 0;       ///< 0 is next to the labels
    Text name;
  };
  std::vector<Placed> placed;
  double depth = 0;  ///< mm off the map that all lanes take; 0 without brackets
};
/// The spec's brackets along an axis of `length` cells of which `count` from `first` on are drawn.
/// Overlapping spans and long names go to lanes of their own. Errors: usage, a span that is empty or reaches
/// beyond the axis.
Result<BracketLanes> bracketLanes(const Scene& scene, const PageAxis& axis, double cellMm);
/// Left of `x` (or right of it), reading upwards; the first row's upper edge is y.
void drawRowBrackets(Scene& scene, const BracketLanes& lanes, double x, double y, bool right = false);
/// Above y (or under it); the first column's left edge is x.
void drawColumnBrackets(Scene& scene, const BracketLanes& lanes, double x, double y, bool under);

/// Errors: usage, a highlighted cell that the field does not have.
Status checkHighlights(const Scene& scene, const Field& field);
/// Outlines the spec's highlighted cells over a map that fills `area`: dark, light, dark, so that it is seen
/// on every colour.
void drawHighlights(Scene& scene, const Rect& area, const FigureCrop& part, bool transposed);

}  // namespace headlight
