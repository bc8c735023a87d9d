#include "tests/ui/scenes.h"

#include <ostream>
#include <stdexcept>

namespace headlight::test {
namespace {

std::vector<Scene> make() {
  std::vector<Scene> all;
  for (const auto add :
       {addDocumentScenes, addMapScenes, addInspectScenes, addHeadScenes, addEditingScenes, addOpeningScenes,
        addWindowScenes, addImageScenes, addFigureScenes, addLessonScenes, addDesktopScenes, addHomeScenes})
    add(all);
  return all;
}

}  // namespace

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> all = make();
  return all;
}

const Scene& scene(const std::string& name) {
  for (const Scene& one : scenes()) {
    if (one.name == name) return one;
  }
  throw std::invalid_argument("no scene " + name);
}

std::ostream& operator<<(std::ostream& out, const Scene& scene) {
  return out << scene.name;
}

}  // namespace headlight::test
