#pragma once
#include "app/panels/stage_parts.h"

namespace headlight {

/// The looks present in a map and what else is to be said of its colours, side by side from `left` in lines
/// of up to `width` px. How many lines they take, at least 0.
int legendLines(Panel& p, const StageScene& scene, float width);
/// What they take side by side in one line.
float legendTakes(Panel& p, const StageScene& scene);
/// Draws them, the first line about y.
void drawLegend(Panel& p, const StageScene& scene, const Range& range, float left, float y, float width);
float legendLineHeight(const Ui& ui);

}  // namespace headlight
