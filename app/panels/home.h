#pragma once
#include <string_view>
#include <vector>

#include "app/panels/commands.h"
#include "app/panels/panel_state.h"

namespace headlight {

/// The opening page: a sentence to type, examples and scenes as their own maps, lessons, recent files.
struct HomeView {
  bool open = false;
  int document = 0;      ///< the number of the one that was open then: another one closes the page
  std::string sentence;  ///< typed so far
};

/// Whether it takes the place of everything between the bars.
bool homeWanted(const Panel& p);
void openHome(Panel& p);
void closeHome(Panel& p);
/// A lesson or a scene of the program, in the Lessons tab.
void openHomeLesson(Panel& p, const std::string& id);
/// Commands that show something else leave the page first.
void leaveHomeFirst(std::vector<Command>& list);

void drawHome(Panel& p);
// Its parts, from baseline `y` on; each returns the y below.
float drawHomeStart(Panel& p, float x, float y, float width);
float drawHomeCards(Panel& p, float x, float y, float width);
float drawHomeLessons(Panel& p, float x, float y, float width);
float drawHomeRecent(Panel& p, float x, float y, float width);

}  // namespace headlight
