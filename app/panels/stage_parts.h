#pragma once
#include <memory>
#include <optional>
#include <string>

#include "app/panels/map_image.h"
#include "core/attention/stage.h"

namespace headlight {

/// What the large map shows and where its parts are; made once a frame.
struct StageScene {
  ShownField field;
  bool turned = false;    ///< queries run along x
  std::int64_t rows = 0;  ///< as shown
  std::int64_t cols = 0;
  Axis rowAxis = Axis::query;
  Axis colAxis = Axis::key;
  Box content;           ///< region without the gallery
  Box gallery;           ///< empty when folded
  float labelRight = 0;  ///< right edge of the row labels
  float columnTop = 0;   ///< top of the column labels
  float marginLeft = 0;  ///< right of the map: row sums and effective keys
  float marginWidth = 0;
  bool marginStacked = false;  ///< Σ above the effective keys of a row, not beside
  float barTop = 0;            ///< colour bar and legend
  std::optional<Cell> pinned;  ///< row and col as shown
  std::optional<Cell> hovered;
  std::shared_ptr<const Evaluation> evaluation;

  /// Σ and effective keys, when the shown head has them: null for other stages and for the mean.
  const HeadStatistics* rowNumbers() const;
  Cell toShown(Cell cell) const { return turned ? Cell{cell.col, cell.row} : cell; }
  Cell fromShown(Cell cell) const { return turned ? Cell{cell.col, cell.row} : cell; }
};

std::string axisLabel(const Panel& p, Axis axis, std::int64_t index);
bool axisHasTokens(Axis axis);
/// Hue of an axis: q for queries, k for keys, v for values.
ImU32 axisColour(const Ui& ui, const StageScene& scene, Axis axis);

float columnZone(const Panel& p, const StageScene& scene);  ///< height of the column labels
float rowZone(const Panel& p, const StageScene& scene);     ///< width of the row labels
void drawAxes(Panel& p, const StageScene& scene);
/// The row labels alone, of a map below another whose columns are named.
void drawRowLabels(Panel& p, const StageScene& scene);
/// The column labels alone, of a map beside another whose rows are named.
void drawColumnLabels(Panel& p, const StageScene& scene);
/// What the numbers at the right of the map take, beside each other or in two lines a row; 0 where it has
/// none, or where they cannot be so.
float marginsWidth(const Panel& p, const StageScene& scene, bool stacked = false);
/// How tall a row is that has room for two lines of numbers.
float stackedRow(const Ui& ui);
void drawMargins(Panel& p, const StageScene& scene);
void drawReceived(Panel& p, const StageScene& scene, float top);
void drawCellNumbers(Panel& p, const StageScene& scene);
void drawCrosshair(Panel& p, const StageScene& scene);
void drawEmptyRows(Panel& p, const StageScene& scene);
/// Colour bar, mode switch, the bottom margin's switch and the legend of the looks present.
float colourBarHeight(Panel& p, const StageScene& scene);
void drawColourBar(Panel& p, const StageScene& scene);
/// A square with a masked, zero, NaN or infinite cell and its word; returns the x after it.
float legendItem(Panel& p, CellClass kind, float value, float x, float y, std::string_view words);

}  // namespace headlight
