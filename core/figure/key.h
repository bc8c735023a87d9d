#pragma once
#include <string>
#include <vector>

#include "core/figure/map_drawing.h"
#include "core/figure/scene.h"

namespace headlight {

/// A colour bar: what its colours mean, in data units.
struct ColourBar {
  Range range;
  const Colormap* map = nullptr;
  std::string label;  ///< "weight", "score"
  std::string rule;   ///< "0–1", "±shared maximum"
  double left = 0;    ///< page mm
  double width = 0;
  bool perHead = false;  ///< each map has a range of its own: words instead of ticks
};

/// Height of a bar with its label and ticks (0 in a figure without bars), and its width where the label is
/// wider than the colours.
double barHeight(const Scene& scene);
double barLabelWidth(const Scene& scene, const ColourBar& bar);
/// Leaves out the rule's number, then the rule, where the label is wider than `width`.
void fitRule(const Scene& scene, ColourBar& bar, double width);
void drawBar(Scene& scene, const ColourBar& bar, double y);

/// Swatches for the special looks that are there, flowing over lines of `width`. Returns the height taken.
double drawLegend(Scene& scene, const SeenLooks& seen, double x, double y, double width);
double legendWidth(const Scene& scene, const SeenLooks& seen);

/// Bar and legend between left and right, the legend beside the bar where there is room, else under it.
/// Returns the height taken: of a figure without a bar only the legend's.
double drawKey(Scene& scene, const ColourBar& bar, const SeenLooks& seen, double right, double y);

/// What the bar of a stage is called: "weight", "score", "value".
std::string barLabel(Stage stage);

}  // namespace headlight
