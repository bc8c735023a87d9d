#pragma once
#include <string>

#include "app/panels/panel_state.h"

namespace headlight {

/// The button that opens the menu of a lesson: of the open one, or (with its id) of one of the list. Returns
/// the command that was chosen, to be run once all is drawn: it may end the lesson.
std::string drawLessonMenu(Panel& p, const Box& box, const std::string& id = {});

/// Whose experiment the document is while a lesson is open and another tab shows it, and the way back: a
/// band at the top of the stage. Returns its height, 0 where there is nothing to say.
float drawLessonBand(Panel& p, const Box& stage);

}  // namespace headlight
