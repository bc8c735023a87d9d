#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// What "‹ 2 of 5 ›" takes of the top bar; 0 without a deck.
float deckBarWidth(const Panel& p);
/// The documents of the deck, one back and one on.
void drawDeckBar(Panel& p, const Box& box);

}  // namespace headlight
