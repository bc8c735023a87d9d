#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

// What opens above the window: one at a time, closed by Esc or a click beside it.

void openMenu(Panel& p);
void openPalette(Panel& p);
void openExport(Panel& p);

/// The menu of all commands, beneath the top bar's button.
void drawMenu(Panel& p);
/// Ctrl K: type a few letters of a command.
void drawPalette(Panel& p);
/// Every key, from the same table.
void drawKeysHelp(Panel& p);
/// The path field, where the desktop has no dialog of its own.
void drawPathDialog(Panel& p);
/// Layout, format, width and heads of a figure.
void drawExportDialog(Panel& p);
/// What editing opens: a cell's number, the order of the tokens, the history, the help of the controls.
void drawEditDialogs(Panel& p);

}  // namespace headlight
