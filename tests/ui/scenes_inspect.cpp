#include "tests/ui/scene_steps.h"

namespace headlight::test {

void addInspectScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("row", [](Driver& d) { run(d, "view.row"); });
  add("row of scores", [](Driver& d) {
    select(d, Stage::scaled);
    run(d, "view.row");
  });
  add("row with masked keys", [](Driver& d) {
    d.openExample("causal-random");
    d.session().pin(Cell{2, 1});
    run(d, "view.row");
  });
  add("row of many keys", [](Driver& d) {
    openTokens(d, 40);
    run(d, "view.row");
  });
  add("pooled row", [](Driver& d) {
    openTokens(d, 3000);
    d.session().pin(std::nullopt);
    run(d, "view.row");
  });
  add("empty row as bars", [](Driver& d) {
    d.openText(kEmptyRow);
    d.session().pin(Cell{0, 0});
    run(d, "view.row");
  });
  add("lines", [](Driver& d) { run(d, "view.lines"); });
  add("lines of many tokens", [](Driver& d) {
    openTokens(d, 700);
    run(d, "view.lines");
  });
  add("lines between sentences", [](Driver& d) {
    d.openExample("translation");
    run(d, "view.lines");
  });
  add("lines of wide characters", [](Driver& d) {
    d.openText(kWideTokens);
    run(d, "view.lines");
  });
  add("two pins", [](Driver& d) {
    d.session().togglePin(Cell{10, 1});
    d.settle();
  });
  add("five pins", [](Driver& d) {
    for (const Cell cell : {Cell{10, 1}, Cell{3, 2}, Cell{0, 0}, Cell{9, 10}}) d.session().togglePin(cell);
    d.settle();
  });
  add("pins in a matrix", [](Driver& d) {
    select(d, Stage::q);
    d.session().pin(Cell{1, 2});
    d.session().togglePin(Cell{4, 7});
    d.settle();
  });
  add("masked pin", [](Driver& d) {
    d.openExample("causal-random");
    d.session().pin(Cell{1, 3});
    d.settle();
  });
  add("unfolded facts", [](Driver& d) {
    for (const char* fact : {"fact.1", "fact.2"}) {
      if (!d.has(fact)) return;
      d.reveal(fact);
      press(d, fact);
    }
  });
  add("in words", [](Driver& d) { run(d, "view.describe"); });
}

}  // namespace headlight::test
