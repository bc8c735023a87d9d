#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// What is selected in sentences, in the inspector's place: for readers and for screen readers, which find no
/// words in a window of this kind.
bool textPanelOpen(PanelState& state);
void openTextPanel(Panel& p, bool open);
/// Draws it in place of the inspector; false when it is closed.
bool drawTextPanel(Panel& p);
/// Puts its words on the clipboard.
void copyDescription(Panel& p);

}  // namespace headlight
