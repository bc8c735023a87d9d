#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// What is chosen once for all documents; each choice is kept as it is made.
void openSettings(Panel& p);
void drawSettings(Panel& p);
/// "Dark", "As the desktop" of a row of themeWords().
std::string_view themeLabel(std::string_view word);
/// The interface's scale, 0.75 … 3 in steps of 0.05; 0: the monitor's.
void setInterfaceScale(Panel& p, double scale);

}  // namespace headlight
