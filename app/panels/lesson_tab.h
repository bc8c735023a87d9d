#pragma once
#include <string>
#include <vector>

#include "app/panels/panel_state.h"

namespace headlight {

/// The list of lessons, or what the open lesson's step shows.
void drawLessonStage(Panel& p);
void drawLessonInspector(Panel& p);
/// The card of the open lesson.
void drawLessonCard(Panel& p);
/// The card takes the place of rail and strip.
void fitLessonRegions(const Panel& p, Layout& layout);

/// Turns to the tab when a lesson was opened.
void followLesson(Panel& p);
/// What the status line says of the open lesson, from the left; empty where the tab shows none.
std::vector<std::string> lessonStatusWords(Panel& p);
/// The shown step was answered or passed.
bool lessonStepDone(const Panel& p);

}  // namespace headlight
