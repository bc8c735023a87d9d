#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Something was not done, or the document has no numbers.
bool problemWanted(const Panel& p);
/// The document has no numbers for want of a file, whatever numbers are still there.
bool lacksFile(const Panel& p);
/// In place of the stage: what was not done, the fact with its numbers, the cure, what is unchanged.
void drawProblem(Panel& p);
/// 3 px at the top of the stage after 100 ms.
void drawBusyBar(Panel& p);
/// After a second: how far it is, and Cancel. False when it is not due.
bool busyBlockDue(const Panel& p);
void drawBusyBlock(Panel& p, const Box& box);
/// First start, or an open lesson: one line under the strip. Returns its height.
float drawBanner(Panel& p, const Box& stage);
/// What is deliberately wrong in the numbers that are shown, as a band. Returns its height, 0 where nothing
/// is.
float drawMistake(Panel& p, const Box& stage);

}  // namespace headlight
