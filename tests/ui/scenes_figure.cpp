#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

void openTab(Driver& d) {
  run(d, "tab.figure");
}
/// The rail lies over the stage where the window is too narrow for both.
void openFigureRail(Driver& d) {
  openTab(d);
  if (!d.has("rail.Page")) return;
  d.click("rail.Page");
  d.settle();
}
void pressInRail(Driver& d, const char* id) {
  d.reveal(id);
  press(d, id);
}

void typeWords(Driver& d, const char* id, const char* words) {
  d.reveal(id);
  d.enter(id, words);
  d.settle();
}

}  // namespace

void addFigureScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("figure", openTab);
  add("figure rail", openFigureRail);
  for (const char* layout : {"heads", "pipeline", "difference", "row", "lines"}) {
    all.push_back({std::string("figure, ") + layout, [layout](Driver& d) {
                     run(d, (std::string("figure.layout.") + layout).c_str());
                     if (std::string(layout) == "lines") pressInRail(d, "figure.queries=one");
                   }});
  }
  add("figure, preset changed", [](Driver& d) {
    run(d, "figure.preset.ieee-1col");
    openFigureRail(d);
    pressInRail(d, "figure.font=sans");
    pressInRail(d, "figure.format=pdf");
    pressInRail(d, "figure.ground=transparent");
  });
  add("figure, cannot be made", [](Driver& d) {
    run(d, "figure.layout.heads");
    openFigureRail(d);
    d.enter("figure.height", "12");
    d.settle();
  });
  add("figure, zoomed in", [](Driver& d) {
    openTab(d);
    for (int i = 0; i < 4; ++i) pressInRail(d, "figure.zoom_in");
  });
  add("figure, labels thinned", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(90)}}), Phase::done);
    d.settle();
    openTab(d);
  });
  add("figure, part of a map", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(300)}}), Phase::done);
    d.settle();
    for (int i = 0; i < 7; ++i) run(d, "view.zoomIn");
    d.settle();
    run(d, "figure.as_seen");
  });
  add("figure, marks", [](Driver& d) {
    openTab(d);
    typeWords(d, "figure.crop", "2:9,:8");
    typeWords(d, "figure.brackets", "0:1=NP; k:3:5=VP");
    typeWords(d, "figure.highlights", "7:1; it:animal");
  });
  add("figure, pipeline with marks", [](Driver& d) {
    run(d, "figure.layout.pipeline");
    typeWords(d, "figure.crop", ":8,:8");
    typeWords(d, "figure.brackets", "3:5=VP");
  });
  add("figure, marks that cannot be", [](Driver& d) {
    openTab(d);
    typeWords(d, "figure.crop", "2:99,:8");
    typeWords(d, "figure.brackets", "0:1");
    typeWords(d, "figure.highlights", "it:anmal");
  });
  add("figure, range by hand", [](Driver& d) {
    openTab(d);
    pressInRail(d, "figure.range");
    pressInRail(d, "figure.range=custom");
  });
  add("figure, nothing to draw", [](Driver& d) {
    d.openText(R"({"type": "headlight/experiment", "version": 1,
                   "source": {"kind": "maps", "file": "gone.csv", "is": "weights", "layout": "qk"}})");
    openTab(d);
  });
  for (const char* list : {"figure.layout", "figure.preset", "figure.stage", "figure.heads",
                           "figure.colormap", "figure.range"}) {
    all.push_back({std::string("list ") + list, [list](Driver& d) {
                     openFigureRail(d);
                     pressInRail(d, list);
                   }});
  }
  add("list figure.minus", [](Driver& d) {
    run(d, "figure.layout.difference");
    pressInRail(d, "figure.minus");
  });
}

}  // namespace headlight::test
