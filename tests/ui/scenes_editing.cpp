#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

/// Cells set by hand, in X, in the queries of a head and in a weight.
constexpr const char* kEdited = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "source": {"kind": "random", "seed": 3}, "shape": {"d_model": 8, "heads": 2}, "position": {"kind": "learned"},
  "edits": [{"stage": "input", "at": [1, 3], "value": 4}, {"stage": "q", "at": [0, 2, 1], "value": -2.5},
            {"stage": "w_q", "at": [0, 5], "value": 0.125}],
  "normalizer": {"kind": "sigmoid", "bias": -1}, "view": {"stage": "input", "pin": [1, 3]}
})";

}  // namespace

void addEditingScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("undone", [](Driver& d) {
    d.session().change("shape.heads", Value(4), Phase::done);
    d.session().change("shape.heads", Value(2), Phase::done);
    d.session().undo();
    d.settle();
  });
  add("refused value", [](Driver& d) {
    d.session().change("shape.heads", Value(5000), Phase::done);
    d.session().change("source.seed", Value(-4), Phase::done);
    d.session().change("tokens.text", Value(""), Phase::done);
    d.settle();
  });
  for (const char* list :
       {"tokens.split", "source.kind", "position.kind", "normalizer.kind", "bias/add", "mask/add"}) {
    all.push_back({std::string("list ") + list, [list](Driver& d) {
                     openRail(d);
                     press(d, list);
                   }});
  }
  add("painting", [](Driver& d) { run(d, "tool.paint"); });
  add("painting where there is no map", [](Driver& d) {
    select(d, Stage::q);
    run(d, "tool.paint");
  });
  add("setting cells", [](Driver& d) {
    select(d, Stage::input);
    run(d, "tool.edit");
  });
  add("cells set", [](Driver& d) {
    d.openText(kEdited);
    openRail(d);
  });
  add("cell field", [](Driver& d) {
    d.openText(kEdited);
    run(d, "tool.edit");
    press(d, "stage");
  });
  add("weight matrix", [](Driver& d) { run(d, "matrix.open"); });
  add("history", [](Driver& d) {
    d.session().change("shape.heads", Value(4), Phase::done);
    d.session().change("shape.heads", Value(2), Phase::done);
    d.session().undo();
    run(d, "edit.history");
  });
  add("token order", [](Driver& d) { run(d, "tokens.order"); });
  add("padding", [](Driver& d) {
    openRail(d);
    press(d, "tokens/padding/more");
    press(d, "tokens/padding/more");
  });
  add("mistakes", [](Driver& d) {
    openRail(d);
    press(d, "mistakes");
  });
  add("help of all controls", [](Driver& d) { run(d, "help.controls"); });
  for (const char* list : {"presets", "help.Input", "help.Shape", "help.Scores", "help.Weights",
                           "help.Numbers", "help.Mistakes", "help.Document"}) {
    all.push_back({list, [list](Driver& d) {
                     openRail(d);
                     press(d, list);
                   }});
  }
  add("list mask.0.align", [](Driver& d) {
    d.openText(kEverything);
    openRail(d);
    press(d, "mask.0");
    press(d, "mask.0.align");
  });
}

}  // namespace headlight::test
