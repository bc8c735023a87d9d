#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Menu, mark, document, tab, undo and redo, search, Export.
void drawTopBar(Panel& p);

}  // namespace headlight
