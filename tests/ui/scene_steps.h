#pragma once
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "app/session/lesson_desk.h"
#include "core/experiment/json.h"
#include "tests/ui/scenes.h"

/// Documents and steps that scenes of several areas begin with.
namespace headlight::test {

/// Another value for every parameter that has a control, so that all of them are there.
inline constexpr const char* kEverything = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"text": "one two three four"}, "source": {"kind": "random", "seed": 3},
  "shape": {"d_model": 26, "heads": 4, "kv_heads": 2, "d_k": 5},
  "position": {"kind": "sinusoidal"}, "score": {"scale": 0.5},
  "mask": ["causal", {"kind": "window", "left": 2, "right": 1}, {"kind": "padding", "keep": [1, 1, 1, 0]}],
  "normalizer": {"kind": "softmax", "temperature": 2, "empty_row": "uniform"}
})";
inline constexpr const char* kGivenWeights = R"({
  "type": "headlight/experiment", "version": 1,
  "source": {"kind": "maps", "file": "weights.csv", "is": "weights", "layout": "qk"}, "view": {"pin": [1, 0]}
})";
inline constexpr const char* kEmptyRow = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "mask": [{"kind": "causal", "offset": -1}], "view": {"stage": "masked", "head": 1}
})";
inline constexpr const char* kWideTokens = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"text": "The 👩‍👩‍👧 reads देवनागरी and 漢字 in a café, unwaveringlyandwithoutanyspaceatall"},
  "view": {"stage": "weights", "head": 0, "pin": [3, 1]}
})";

inline void run(Driver& d, const char* id) {
  EXPECT_TRUE(d.window().run(id)) << id;
  d.settle();
}
inline void press(Driver& d, const char* id) {
  d.click(id);
  d.settle();
}
inline void select(Driver& d, Stage stage) {
  d.session().selectStage(stage);
  d.settle();
}
inline void openTokens(Driver& d, std::int64_t count) {
  d.session().change("tokens", Value(Object{{"count", Value(count)}}), Phase::done);
  d.settle();
}
/// Over the stage where the window is too narrow for both.
inline void openRail(Driver& d) {
  if (!d.has("rail.Input")) return;
  d.click("rail.Input");
  d.settle();
}
inline void openMasks(Driver& d) {
  d.openText(kEverything);
  openRail(d);
  d.click("mask.1");
  d.settle();
}
inline LessonDesk& openLesson(Driver& d, const std::string& id, std::size_t step = 0) {
  EXPECT_TRUE(d.window().run("lesson.open." + id)) << id;
  d.settle();
  LessonDesk& desk = d.session().lessons();
  EXPECT_TRUE(desk.isOpen()) << id;
  d.session().goToLessonStep(step);
  d.settle();
  return desk;
}
inline void openGivenWeights(Driver& d) {
  d.write("weights.csv", "0.25,0.75\n0.5,0.5\n");
  d.openText(kGivenWeights);
}

}  // namespace headlight::test
