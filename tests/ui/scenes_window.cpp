#include "tests/ui/scene_steps.h"

namespace headlight::test {

void addWindowScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("light", [](Driver& d) { run(d, "view.theme"); });
  add("stage only", [](Driver& d) { run(d, "view.stageOnly"); });
  add("folded strip", [](Driver& d) { run(d, "view.strip"); });
  add("folded rail", [](Driver& d) { run(d, "view.rail"); });
  add("rail over", [](Driver& d) {
    if (!d.has("rail.Input")) run(d, "view.rail");
    press(d, "rail.Input");
  });
  add("menu", [](Driver& d) { press(d, "menu"); });
  add("palette", [](Driver& d) { press(d, "palette"); });
  add("palette, nothing found", [](Driver& d) {
    press(d, "palette");
    d.type("zzz");
    d.settle();
  });
  add("keys", [](Driver& d) { run(d, "help.keys"); });
}

}  // namespace headlight::test
