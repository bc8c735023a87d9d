#include "tests/ui/scene_steps.h"

namespace headlight::test {

void addMapScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  const auto zoomed = [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(300)}}), Phase::done);
    d.settle();
    for (int i = 0; i < 7; ++i) {
      EXPECT_TRUE(d.window().run("view.zoomIn"));
      d.frames();
    }
    d.settle();
  };
  add("zoomed", zoomed);
  add("zoomed queries", [zoomed](Driver& d) {
    zoomed(d);
    select(d, Stage::q);
  });
  add("long rows", [](Driver& d) {
    d.session().change("shape.d_model", Value(1024), Phase::done);
    select(d, Stage::output);
  });
  add("go to", [](Driver& d) {
    run(d, "map.go_to");
    d.type("it, t");
    d.settle();
  });
  add("find", [](Driver& d) {
    run(d, "map.find");
    d.type("the");
    d.settle();
  });
  add("ranges", [](Driver& d) { press(d, "range/more"); });
  add("ranges of scores", [](Driver& d) {
    select(d, Stage::masked);
    press(d, "range/more");
  });
  add("own ends", [](Driver& d) {
    ViewSpec view = d.session().view();
    view.range = "custom";
    view.customRange = {0.1, 0.4};
    view.leaveOut = {0, 3};
    d.session().setView(view);
    d.settle();
  });
  add("unpinned", [](Driver& d) {
    d.session().pin(std::nullopt);
    d.settle();
  });
  add("unfolded row", [](Driver& d) {
    if (!d.has("inspector/row")) return;
    press(d, "inspector/row");
  });
  add("received", [](Driver& d) { run(d, "view.received"); });
  add("own scales", [](Driver& d) {
    ViewSpec view = d.session().view();
    view.sharedRange = false;
    d.session().setView(view);
    d.settle();
  });
  add("axes swapped", [](Driver& d) { run(d, "view.orientation"); });
  for (const Stage stage : {Stage::input, Stage::q, Stage::k, Stage::v, Stage::dot, Stage::masked,
                            Stage::headOutput, Stage::concat, Stage::output, Stage::contribution}) {
    all.push_back({"stage " + std::string(info(stage).id), [stage](Driver& d) { select(d, stage); }});
  }
}

}  // namespace headlight::test
