#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Ctrl H: every step of the document by its name; a press goes there, back or forth.
void openHistory(Panel& p);
void drawHistory(Panel& p);

}  // namespace headlight
