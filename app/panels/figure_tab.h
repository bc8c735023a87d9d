#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// The page as it would be printed, on a table.
void drawFigureTab(Panel& p);
/// What is on the page, what it says in words, and what it warns of.
void drawFigureInspector(Panel& p);
/// What it is printed for: layout, preset, size, type, ground, file.
void drawFigureRail(Panel& p);

}  // namespace headlight
