#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// The selected stage, large, with the head gallery at its right.
void drawStage(Panel& p);
/// Moves the pinned cell; false when nothing is pinned.
bool movePin(Panel& p, std::int64_t rows, std::int64_t cols);

}  // namespace headlight
