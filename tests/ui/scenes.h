#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/ui/driver.h"

namespace headlight::test {

/// One thing that the window can show.
struct Scene {
  std::string name;
  std::function<void(Driver&)> set;
};
/// Every document, state and thing that opens above the window, each once.
const std::vector<Scene>& scenes();
/// The Figure tab.
void addFigureScenes(std::vector<Scene>& all);
/// Presentation, settings and themes.
void addDesktopScenes(std::vector<Scene>& all);
const Scene& scene(const std::string& name);

/// Nothing where the scene is a wait: it ends when the driver settles.
std::ostream& operator<<(std::ostream& out, const Scene& scene);

}  // namespace headlight::test
