#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/figure/scene.h"

namespace headlight {

/// What stands beside the rows or columns of a map: every `step`-th cell's index and token.
struct AxisLabels {
  std::vector<std::int64_t> cells;
  std::vector<std::string> tokens;  ///< shortened; empty for dimensions
  std::int64_t step = 1;
  double sizePt = 0;
  double widest = 0;  ///< mm, of index and token side by side
};

/// Labels for `count` cells of `cellMm`: in the figure's size where every label fits, a little smaller where
/// that makes them fit, else only every k-th. None is wider than `longest` mm.
AxisLabels axisLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest);
/// Index first or last: it stands next to the map.
Text axisLabel(const Scene& scene, const AxisLabels& labels, std::size_t n, bool indexLast);

/// Beside rows, right-aligned at x; the first row's upper edge is y.
void drawRowLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm);
/// Over (or under) columns, turned by a quarter and touching y; the first column's left edge is x.
void drawColumnLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm, bool under);

/// "query (attends from)", "key (attended to)", "dimension of the values".
Text axisTitle(const Scene& scene, Axis axis);
/// Reading upwards with its middle at `middle`, moved where it would leave [top, bottom].
void drawUprightTitle(Scene& scene, const Text& title, double x, double middle, double top, double bottom);
/// Over [left, right] in its middle; where it is longer it begins at `left`, or ends at `pageRight`.
void drawLevelTitle(Scene& scene, const Text& title, double left, double right, double pageRight,
                    double baseline);

}  // namespace headlight
