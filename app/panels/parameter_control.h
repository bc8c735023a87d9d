#pragma once
#include <string>
#include <string_view>

#include "app/panels/panel_state.h"
#include "app/widgets/slider.h"
#include "core/base/kinds.h"

namespace headlight {

/// Hands a number control's event to the session: one drag is one undo step. `fallback` is what a reset sets.
void applyNumber(Panel& p, const std::string& id, const NumberEvent& event, bool integer,
                 const Value& fallback);
/// The sentence under a control whose last value was refused. Returns the y after it, `y` when there is none.
float fieldErrorBelow(Panel& p, const std::string& id, float x, float y, float width);
/// The sentence of an error under its control, (x, y) the left end of the room below it. Returns the y after
/// it.
float errorBelow(Ui& ui, const Error& error, float x, float y, float width);
/// A control for one key of a mask, position or source, made from its spec: row of 24 px. `path` is the key's
/// path in the experiment. Returns the y after it.
float keyControl(Panel& p, const std::string& path, const KeySpec& key, const Value& value, float x, float y,
                 float width);

}  // namespace headlight
