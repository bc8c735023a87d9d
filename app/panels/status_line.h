#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Time, cells, masked, number type // row-sum error, UI scale, keys.
void drawStatusLine(Panel& p, float wantedScale);

}  // namespace headlight
