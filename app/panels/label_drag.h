#pragma once
#include "app/panels/stage_parts.h"

namespace headlight {

/// A token's label beside the map, dragged along its axis, moves the token: one step that can be undone. Not
/// where the source decides which token stands where. A dialog orders them by the keyboard.
void dragLabels(Panel& p, const StageScene& scene);

}  // namespace headlight
