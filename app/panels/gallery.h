#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// All heads of the shown stage on one scale; their mean at the end.
void drawGallery(Panel& p, const Box& box);
/// "‹ H2 of 8 · who is meant ›" in its place, right-aligned in the box. Returns where it begins.
float drawHeadStepper(Panel& p, const Box& box);

}  // namespace headlight
