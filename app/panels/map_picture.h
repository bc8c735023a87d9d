#pragma once
#include <string>

#include "app/panels/panel_state.h"

namespace headlight {

/// Why the map cannot be copied as an image now; empty when it can.
std::string whyNoMapPicture(const Panel& p);
/// The large map, pixel for pixel as it stands in the window, to the clipboard.
void copyMapPicture(Panel& p);

}  // namespace headlight
