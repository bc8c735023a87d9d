#include "app/panels/tabs.h"

#include <algorithm>
#include <array>

#include "app/panels/compare.h"
#include "app/panels/figure_tab.h"
#include "app/panels/heads_tab.h"
#include "app/panels/inspector.h"
#include "app/panels/lesson_tab.h"
#include "app/panels/rail.h"
#include "app/panels/stage.h"

namespace headlight {
namespace {

void drawExploreInspector(Panel& p) {
  if (compareWanted(p)) {
    drawCompareInspector(p);
  } else {
    drawInspector(p);
  }
}

constexpr std::array kTabs{
    Tab{"explore", "Explore", drawStage, drawExploreInspector, drawRail},
    Tab{"heads", "Heads", drawHeadsTab, drawHeadsInspector, drawRail},
    Tab{"lessons", "Lessons", drawLessonStage, drawLessonInspector, drawLessonCard, fitLessonRegions},
    Tab{"figure", "Figure", drawFigureTab, drawFigureInspector, drawFigureRail},
};

}  // namespace

std::span<const Tab> tabs() {
  return kTabs;
}

const Tab& openTab(const Panel& p) {
  const auto found =
      std::find_if(kTabs.begin(), kTabs.end(), [&](const Tab& tab) { return tab.id == p.state.tab; });
  return found == kTabs.end() ? kTabs.front() : *found;
}

}  // namespace headlight
