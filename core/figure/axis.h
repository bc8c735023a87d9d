#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/figure/map_pixels.h"
#include "core/figure/scene.h"

namespace headlight {

/// A field as it lies on the page: which axis runs down and which across, and what part of them is drawn.
struct PageAxis {
  Axis axis{};
  std::int64_t length = 0;  ///< of the whole axis
  std::int64_t first = 0;   ///< the first cell that is drawn
  std::int64_t count = 0;
};
struct PageAxes {
  PageAxis down;
  PageAxis across;
};
PageAxes pageAxes(const Field& field, const FigureCrop& part, bool transposed);

/// What stands beside the rows or columns of a map: every `step`-th cell's index and token.
struct AxisLabels {
  Axis axis{};
  std::int64_t first = 0;               ///< index of the first cell that is drawn
  std::vector<std::int64_t> cells;      ///< indices along the whole axis
  std::vector<std::string> tokens;      ///< shortened; empty for dimensions
  std::vector<std::uint8_t> isSpecial;  ///< of each token: [CLS], [PAD] and their like stand back
  std::vector<CutLabel> cut;            ///< tokens that were shortened
  std::int64_t step = 1;
  double sizePt = 0;
  double widest = 0;   ///< mm off the map: of index and token side by side
  bool level = false;  ///< of columns: not turned, each over its column
};

/// Labels for `count` cells of `cellMm` from index `first` on: in the figure's size where every label fits, a
/// little smaller where that makes them fit, else only every k-th, at round indices. None is wider than
/// `longest` mm. A figure without tokens has none.
AxisLabels axisLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest,
                      std::int64_t first = 0);
/// The same over columns: level where each fits into its column's width, else upright.
AxisLabels columnLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest,
                        std::int64_t first = 0);
/// Index first or last: it stands next to the map.
Text axisLabel(const Scene& scene, const AxisLabels& labels, std::size_t n, bool indexLast);

/// Beside rows, right-aligned at x; the first row's upper edge is y.
void drawRowLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm);
/// Over (or under) columns, turned by a quarter unless level and touching y; the first column's left edge is
/// x.
void drawColumnLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm, bool under);

/// "query (attends from)", "key (attended to)", "dimension of the values".
Text axisTitle(const Scene& scene, Axis axis);
/// Reading upwards with its middle at `middle`, moved where it would leave [top, bottom].
void drawUprightTitle(Scene& scene, const Text& title, double x, double middle, double top, double bottom);
/// Over [left, right] in its middle; where it is longer it begins at `left`, or ends at `pageRight`.
void drawLevelTitle(Scene& scene, const Text& title, double left, double right, double pageRight,
                    double baseline);

}  // namespace headlight
