#pragma once
#include <span>
#include <string_view>

#include "app/panels/panel_state.h"

namespace headlight {

/// A tab changes what stands in the stage, in the inspector and, where it has one of its own, in the rail;
/// not the frame.
struct Tab {
  std::string_view id;  ///< "heads"; its command is "tab.heads"
  std::string_view label;
  void (*stage)(Panel&);
  void (*inspector)(Panel&);
  void (*rail)(Panel&);
  void (*fit)(const Panel&, Layout&) = nullptr;  ///< where it wants other regions
};
std::span<const Tab> tabs();
/// The one that is open.
const Tab& openTab(const Panel& p);

}  // namespace headlight
