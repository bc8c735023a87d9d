#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// "How this number is made", for the pinned cell or the one under the pointer.
void drawInspector(Panel& p);

/// The numbered steps from `y` on; returns the y after them.
float drawSteps(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The whole row as one bar of length 1, with its legend; returns the y after it.
float drawRowBar(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The strips of a step (v, a·v, z); returns the y after them.
float drawStrips(Panel& p, const ExplainStep& step, float x, float y, float width);

}  // namespace headlight
