#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// The pipeline: every stage as a live thumbnail, the formula's signs between them.
void drawStrip(Panel& p);

}  // namespace headlight
