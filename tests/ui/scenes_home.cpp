#include <filesystem>

#include "core/experiment/json.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

/// Files of before, one of them gone.
void openedBefore(Driver& d) {
  const std::string kept =
      d.write("a document with a name that is long.headlight.json", toText(Experiment()));
  const std::string gone = d.write("gone.headlight.json", toText(Experiment()));
  for (const std::string& path : {gone, kept}) {
    d.session().openFile(path);
    d.settle();
  }
  std::filesystem::remove(gone);
  d.session().openFile(kept);
  d.settle();
}

}  // namespace

void addHomeScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("home", [](Driver& d) { run(d, "home"); });
  add("home with recent files", [](Driver& d) {
    openedBefore(d);
    run(d, "home");
  });
  add("home, a sentence typed", [](Driver& d) {
    run(d, "home");
    d.click("home/sentence");
    d.type("Light falls on what the reader looks for");
    d.settle();
    // Beside everything: the field is left.
    d.clickAt(8, 400);
    d.settle();
  });
  add("closed", [](Driver& d) { run(d, "document.close"); });
}

}  // namespace headlight::test
