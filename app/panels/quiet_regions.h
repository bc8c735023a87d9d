#pragma once
#include <string>

#include "app/panels/panel_state.h"

namespace headlight {

/// Strip, rail and inspector while they have nothing to show of what is on the stage: tensors wait on the
/// import page, or the document lacks a file. The strip says so.
void drawQuietStrip(Panel& p, const std::string& words);
void drawQuietRail(Panel& p);
void drawQuietInspector(Panel& p);

}  // namespace headlight
