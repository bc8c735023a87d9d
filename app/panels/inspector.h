#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// "How this number is made", for the pinned cell or the one under the pointer.
void drawInspector(Panel& p);

/// The numbered steps from `y` on; returns the y after them.
float drawSteps(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The step below which the whole row unfolds: the last one that makes the weight; null where there is none.
const ExplainStep* rowStep(const Explanation& explanation);
/// The row as a table: key, score, e^{s − max} where the normalizer takes it, weight, with their sums.
/// Returns the y after it.
float drawRowTable(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The whole row as one bar of length 1, with its legend; returns the y after it.
float drawRowBar(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The strips of a step (v, a·v, z); returns the y after them.
float drawStrips(Panel& p, const ExplainStep& step, float x, float y, float width);

}  // namespace headlight
