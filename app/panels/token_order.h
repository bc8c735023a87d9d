#pragma once
#include <cstdint>
#include <string>

#include "app/panels/panel_state.h"

namespace headlight {

/// The tokens as chips that are dragged to another place, above the window.
void openTokenOrder(Panel& p);
void drawTokenOrder(Panel& p);
/// Token `from` becomes token `to`, in one step. Why it cannot; empty when it could.
std::string moveToken(Panel& p, std::int64_t from, std::int64_t to, const std::string& label);
/// "Order…" and how many [PAD] stand at the end, for the rail. Returns the y after them.
float drawSequenceRow(Panel& p, float x, float y, float width);

}  // namespace headlight
