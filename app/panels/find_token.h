#pragma once
#include <optional>

#include "app/panels/panel_state.h"
#include "core/attention/stage.h"

namespace headlight {

/// Ctrl F: where a token stands on the axes of the shown map. Enter and Shift Enter walk from one to the next
/// and bring it into sight; labels and the map's edges show all of them until it is closed.
void openFindToken(Panel& p);
bool canFindToken(const Panel& p);
void drawFindToken(Panel& p);

/// What is found on an axis while the search is open, ascending; null while it is not.
const std::vector<std::int64_t>* foundOn(Panel& p, Axis axis);
/// The one of them that the search stands on.
std::optional<std::int64_t> foundNow(Panel& p, Axis axis);

}  // namespace headlight
