#pragma once
#include <string>
#include <vector>

#include "core/analysis/row_values.h"
#include "core/figure/map_drawing.h"
#include "core/figure/scene.h"

namespace headlight {

/// A plot: the row of one head.
struct HeadPlot {
  int head = 0;
  Field field;
  RowValues row;
  RowValues::Level bars;
  Range colours;
};

/// How numbers stand over bars.
enum class NumberSetting : std::uint8_t { none, level, upright };

/// Draws the plots of a figure of rows: bars by their numbers, all on one axis. What is protected is the
/// layout's to set first.
class RowPlots {
 protected:
  using Plot = HeadPlot;
  RowPlots(Scene& scene, Stage stage) : scene_(scene), stage_(stage) {}

  TextPiece numberPiece(float value) const;
  std::vector<Tick> axisTicks() const;
  std::string uniformText(const Plot& plot) const;
  double yOf(const Rect& area, double value) const;
  void drawPlot(const Plot& plot, const Rect& area);
  void markUnusual(const Plot& plot, const std::vector<Rect>& areas, const MapLook& look);
  bool isHatched(const Plot& plot, std::size_t n) const;
  static void outline(const Rect& bar, bool down, std::vector<Segment>& lines);
  void drawHatched(const Plot& plot, const Rect& area);
  void drawUniform(const Plot& plot, const Rect& area, const std::vector<Rect>& numbers);
  void drawTicks(const Rect& area);
  std::vector<Rect> drawBarNumbers(const Plot& plot, const std::vector<Rect>& areas);
  void markHighlights(const std::vector<Rect>& areas);

  Scene& scene_;
  Stage stage_;
  const Colormap* map_ = nullptr;
  std::int64_t query_ = 0;
  std::int64_t first_ = 0;  ///< key
  std::int64_t keys_ = 0;
  Range axis_;
  double pitch_ = 0;  ///< from key to key
  double plotH_ = 0;
  int level_ = 0;
  NumberSetting numbers_ = NumberSetting::none;
  SeenLooks seen_;
  bool hasUniform_ = false;
};

}  // namespace headlight
