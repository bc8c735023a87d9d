#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Ctrl G: a cell by its row and column, each by number or by token, with the tokens that match beneath.
/// Enter pins it and brings it into sight.
void openGoTo(Panel& p);
bool canGoTo(const Panel& p);
void drawGoTo(Panel& p);

}  // namespace headlight
