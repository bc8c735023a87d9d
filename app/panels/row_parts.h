#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "app/panels/stage_views.h"
#include "app/widgets/controls.h"
#include "core/analysis/row_values.h"
#include "core/picture/range.h"

namespace headlight {

/// What the parts of the row view share: one query's numbers, what they are measured by and the keys that are
/// lit.
struct RowPlot {
  Panel& p;
  Ui& ui;
  StageScene& scene;
  Box box;  ///< the whole view
  bool isSigned;
  const RowValues* row = nullptr;
  Range range{};
  int decimals = 3;
  std::shared_ptr<const MapLook> look{};
  std::int64_t pinned = -1;  ///< keys; −1: none in this row
  std::int64_t hovered = -1;

  std::string value(double x) const;
  ImU32 colourOf(float x) const;
  /// The length of a bar along [from, to]: from zero, or from the lowest end, to the value.
  std::pair<float, float> reach(float x, float from, float to) const;
  /// The token of a key; empty where it is the index only.
  std::string wordOf(std::int64_t key) const;
  /// The pointer over the bars: `key` is under it, −1 for none.
  void point(const Press& press, std::int64_t key);
};

/// Every key on a line of its own: index, token, bar, number.
void drawRowList(RowPlot& plot, const Box& box);
/// Many keys: bars side by side, and the largest in a list.
void drawRowChart(RowPlot& plot, const Box& box);
bool fitsRowList(const RowPlot& plot, float height);
/// A bar of the chart stands for 2^level keys.
int rowChartLevel(const RowPlot& plot);

/// Below the list: the scale that bars are measured by.
inline float rowAxisHeight(const Ui& ui) {
  return ui.u(22);
}

}  // namespace headlight
