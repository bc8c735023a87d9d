#pragma once
#include <span>
#include <string_view>

#include "app/panels/panel_state.h"

namespace headlight {

/// What may take the place of the large map in the stage. The first row that wants it draws.
struct StagePage {
  std::string_view id;
  bool everyTab;  ///< over whatever tab is open, else in Explore alone
  bool (*wants)(const Panel&);
  void (*draw)(Panel&);
};
std::span<const StagePage> stagePages();
/// Draws the page that wants the stage; false when there is none. `everyTab`: only those of every tab.
bool drawStagePage(Panel& p, bool everyTab);

}  // namespace headlight
