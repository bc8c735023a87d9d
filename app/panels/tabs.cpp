#include "app/panels/tabs.h"

#include <algorithm>
#include <array>

#include "app/panels/inspector.h"
#include "app/panels/stage.h"

namespace headlight {
namespace {

constexpr std::array kTabs{
    Tab{"explore", "Explore", drawStage, drawInspector},
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
