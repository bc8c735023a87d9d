#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// The tokens as chips that are dragged to another place, above the window.
void openTokenOrder(Panel& p);
void drawTokenOrder(Panel& p);
/// "Order…" and how many [PAD] stand at the end, for the rail. Returns the y after them.
float drawSequenceRow(Panel& p, float x, float y, float width);

}  // namespace headlight
