#pragma once
#include "app/panels/stage_parts.h"
#include "core/picture/range.h"

namespace headlight {

struct RowValues;

/// How a map in the stage is looked at: as the map, one row of it as bars, as lines from queries to keys, or
/// one row over the picture whose patches the keys are.
enum class StageView : std::uint8_t { map, row, lines, picture };
struct StageViewState {
  StageView chosen = StageView::map;
  int pictureOf = -1;  ///< the document whose picture was shown first
};

/// Rows of all maps, lines where numbers are weights, the picture where there is one.
bool hasStageView(const Panel& p, StageView view, Stage stage);
/// The chosen one as far as the stage has it, else the map.
StageView stageView(const Panel& p, Stage stage);
/// The next one that the stage has.
void nextStageView(Panel& p, Stage stage);
/// Width of the switch between them; 0 for a stage that has the map alone.
float viewSwitchWidth(const Panel& p, Stage stage);
void drawViewSwitch(Panel& p, Stage stage, const Box& box);
/// Draws row or lines into the scene's content below `top`; false where the map is to be drawn.
bool drawStageView(Panel& p, StageScene& scene, float top);

/// The row that the row view and the pointer speak of: of the focused cell, else the last one shown.
std::int64_t shownRow(Panel& p, const ShownField& field);
/// Shows another row: the pin goes along where there is one.
void showRow(Panel& p, const ShownField& field, std::int64_t row);
/// The button that leads from `row` to the one before (`by` −1) or after it (1), its top left at (x, y);
/// returns the x after it.
float drawRowStep(Panel& p, const ShownField& field, std::int64_t row, int by, float x, float y,
                  std::string_view words);

/// Where a value lies in a range, 0 … 1, as the colour bar measures it.
float placeIn(const Range& range, double value);
/// Diagonal stripes on the mask's ground: what is masked, wherever it is no map.
void drawHatched(const Ui& ui, const Box& box);

/// What a row adds up to and over how many keys; what the whole row shares on its way from scores to weights.
std::string rowSumWords(const StageScene& scene, const RowValues& values);
std::string rowMakingWords(const StageScene& scene, const RowValues& values);
/// Enough for three digits of the largest number, the same for a whole column.
int rowDecimals(double largest);
int rowDecimals(const RowValues& values);
/// The range of the row's own numbers: from zero, of signed stages symmetric.
Range rowRange(const RowValues& values, bool isSigned);
/// One row of the map as bars over its keys.
void drawRowView(Panel& p, StageScene& scene, const Box& box);
/// Queries at the left, keys at the right, a line for each of the strongest weights.
void drawLinesView(Panel& p, StageScene& scene, const Box& box);

}  // namespace headlight
