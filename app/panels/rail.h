#pragma once
#include <span>
#include <string>
#include <string_view>

#include "app/panels/panel_state.h"

namespace headlight {

/// The causes: input, shape, scores, weights. Controls are made from the table of parameters.
void drawRail(Panel& p);
/// 44 px: a mark per section; a press opens the rail over the stage.
void drawFoldedRail(Panel& p, std::span<const std::string_view> names);
/// What tokens that are not a text are.
std::string tokenWords(const TokenSpec& tokens);
/// The masks that can be added without a file.
std::vector<const KindSpec*> offeredMasks();
/// Adds one to those that there are, or takes the first of its kind away.
void toggleMask(Panel& p, const KindSpec& kind);
/// The mask chips that add up. Returns the y after them.
float drawMasks(Panel& p, float x, float y, float width);
/// The chips of the biases. Returns the y after them.
float drawBiases(Panel& p, float x, float y, float width);
/// zeros | uniform | NaN, under an id of its own: the walk of Tab knows each control once.
void drawEmptyRowSwitch(Panel& p, const Box& box, const std::string& id);
/// The next seed.
void resample(Panel& p);

}  // namespace headlight
