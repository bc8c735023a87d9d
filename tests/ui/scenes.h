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
/// What a document can be.
void addDocumentScenes(std::vector<Scene>& all);
/// The map, its ranges and its stages.
void addMapScenes(std::vector<Scene>& all);
/// Rows, lines, several pins, words: what looks at one map in other ways.
void addInspectScenes(std::vector<Scene>& all);
/// The Heads tab, comparisons and snapshots.
void addHeadScenes(std::vector<Scene>& all);
/// Controls, masks and cells set by hand, the history.
void addEditingScenes(std::vector<Scene>& all);
/// Files: refused, chosen, imported, in a deck.
void addOpeningScenes(std::vector<Scene>& all);
/// Regions, menus and the palette.
void addWindowScenes(std::vector<Scene>& all);
/// The opening page.
void addHomeScenes(std::vector<Scene>& all);
/// The Figure tab.
void addFigureScenes(std::vector<Scene>& all);
/// Patches of pictures.
void addImageScenes(std::vector<Scene>& all);
/// The Lessons tab.
void addLessonScenes(std::vector<Scene>& all);
/// Presentation, settings and themes.
void addDesktopScenes(std::vector<Scene>& all);
const Scene& scene(const std::string& name);

/// Nothing where the scene is a wait: it ends when the driver settles.
std::ostream& operator<<(std::ostream& out, const Scene& scene);

}  // namespace headlight::test
