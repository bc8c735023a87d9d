#include <gtest/gtest.h>

#include "app/session/lesson_desk.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

constexpr const char* kWrong = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"}, "mask": "causal",
  "score": {"softcap": 5, "bias": ["alibi"]}, "normalizer": {"kind": "softmax", "temperature": 2},
  "mistake": {"merge": "mean"}, "view": {"head": 1, "pin": [2, 1]}
})";

void present(Driver& d, Stage stage) {
  d.session().selectStage(stage);
  d.session().pin(Cell{7, 1});
  d.settle();
  run(d, "view.present");
}

/// A lesson after so many presses of the clicker.
void presentLesson(Driver& d, const char* id, int presses) {
  d.session().openLesson(id);
  d.settle();
  run(d, "tab.lessons");
  run(d, "view.present");
  for (int i = 0; i < presses && !d.session().lessons().atEnd(); ++i) run(d, "present.next");
}

}  // namespace

void addDesktopScenes(std::vector<Scene>& all) {
  const auto add = [&all](std::string name, std::function<void(Driver&)> set) {
    all.push_back({std::move(name), std::move(set)});
  };
  add("settings", [](Driver& d) { run(d, "settings.open"); });
  for (const char* word : {"projector-dark", "projector-light"}) {
    add(word, [word](Driver& d) {
      d.session().setTheme(word);
      d.settle();
    });
  }
  for (const Stage stage : {Stage::weights, Stage::scaled, Stage::q, Stage::k, Stage::v, Stage::headOutput}) {
    add("presenting " + std::string(info(stage).id), [stage](Driver& d) { present(d, stage); });
  }
  add("presenting a masked cell", [](Driver& d) {
    d.session().change("mask", Value("causal"), Phase::done);
    present(d, Stage::weights);
    d.session().pin(Cell{2, 9});
    d.settle();
  });
  add("presenting without a pin", [](Driver& d) {
    d.session().pin(std::nullopt);
    run(d, "view.present");
  });
  add("presenting what is wrong", [](Driver& d) {
    d.openText(kWrong);
    run(d, "view.present");
  });
  add("presenting many tokens", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(300)}}), Phase::done);
    d.session().pin(Cell{200, 100});
    d.settle();
    run(d, "view.present");
  });
  add("presenting its keys", [](Driver& d) {
    run(d, "view.present");
    run(d, "help.keys");
  });
  add("presenting, counting hands", [](Driver& d) {
    present(d, Stage::weights);
    run(d, "present.hands");
    for (const int key : {55, int{kKeyTab}, 50, 52, int{kKeyTab}, 51}) d.key(key);
    d.settle();
  });
  add("presenting hands without a pin", [](Driver& d) {
    d.session().pin(std::nullopt);
    run(d, "view.present");
    run(d, "present.hands");
    d.key('5');
    d.key(kKeyEscape);
    d.settle();
  });
  add("presenting a spotlight and the time", [](Driver& d) {
    present(d, Stage::weights);
    d.key('W');
    d.key('L');
    d.settle();
  });
  add("presenting a question", [](Driver& d) { presentLesson(d, "06-no-peeking", 0); });
  add("presenting its answer and the hands", [](Driver& d) {
    presentLesson(d, "06-no-peeking", 1);
    run(d, "present.hands");
    d.key('8');
    d.settle();
  });
  add("presenting what a lesson measures", [](Driver& d) { presentLesson(d, "01-weighted-average", 0); });
  add("presenting a plane", [](Driver& d) { presentLesson(d, "01-weighted-average", 4); });
  add("presenting the map of a lesson", [](Driver& d) { presentLesson(d, "06-no-peeking", 5); });
  add("presenting the end of a lesson", [](Driver& d) { presentLesson(d, "03-asking-answering", 40); });
  add("presenting, blank", [](Driver& d) {
    run(d, "view.present");
    run(d, "present.blank");
  });
}

}  // namespace headlight::test
