#include "tests/ui/scenes.h"

#include <ostream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"

namespace headlight::test {
namespace {

/// Another value for every parameter that has a control, so that all of them are there.
constexpr const char* kEverything = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"text": "one two three four"}, "source": {"kind": "random", "seed": 3},
  "shape": {"d_model": 26, "heads": 4, "kv_heads": 2, "d_k": 5},
  "position": {"kind": "sinusoidal"}, "score": {"scale": 0.5},
  "mask": ["causal", {"kind": "window", "left": 2, "right": 1}, {"kind": "padding", "keep": [1, 1, 1, 0]}],
  "normalizer": {"kind": "softmax", "temperature": 2, "empty_row": "uniform"}
})";
/// What only some experiments have: a batch, rotated queries and keys, caps and biases, a sink for each head.
constexpr const char* kVariants = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"batch": [{"text": "one two three four"}, {"text": "five six"}]},
  "source": {"kind": "random", "seed": 3}, "shape": {"heads": 2}, "position": {"kind": "rope"},
  "score": {"softcap": 5, "bias": ["alibi", {"kind": "constant", "value": 1, "query": 0}]},
  "mask": ["causal", {"kind": "bigbird", "block": 2, "random": 1}, {"kind": "longformer", "window": 2, "global": [0]}],
  "normalizer": {"kind": "sink", "logits": [0, 1]}, "view": {"batch": 1, "pin": [1, 0]}
})";
constexpr const char* kMistake = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"}, "mask": "causal",
  "mistake": {"softmax_over": "queries", "merge": "mean"}, "view": {"head": 1, "pin": [2, 1]}
})";
constexpr const char* kGivenWeights = R"({
  "type": "headlight/experiment", "version": 1,
  "source": {"kind": "maps", "file": "weights.csv", "is": "weights", "layout": "qk"}, "view": {"pin": [1, 0]}
})";
constexpr const char* kGrid = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"grid": [2, 3], "class_token": true},
  "source": {"kind": "random", "seed": 3}, "normalizer": "sparsemax", "view": {"pin": [1, 0]}
})";
constexpr const char* kEmptyRow = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "mask": [{"kind": "causal", "offset": -1}], "view": {"stage": "masked", "head": 1}
})";
constexpr const char* kNan = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "mask": [{"kind": "causal", "offset": -1}], "normalizer": {"kind": "softmax", "empty_row": "nan"}
})";
constexpr const char* kWideTokens = R"({
  "type": "headlight/experiment", "version": 1,
  "tokens": {"text": "The 👩‍👩‍👧 reads देवनागरी and 漢字 in a café, unwaveringlyandwithoutanyspaceatall"},
  "view": {"stage": "weights", "head": 0, "pin": [3, 1]}
})";

/// Over the stage where the window is too narrow for both.
void openRail(Driver& d) {
  if (!d.has("rail.Input")) return;
  d.click("rail.Input");
  d.settle();
}
void openMasks(Driver& d) {
  d.openText(kEverything);
  openRail(d);
  d.click("mask.1");
  d.settle();
}
void openVariants(Driver& d) {
  d.openText(kVariants);
  openRail(d);
}
void run(Driver& d, const char* id) {
  EXPECT_TRUE(d.window().run(id)) << id;
  d.settle();
}
void press(Driver& d, const char* id) {
  d.click(id);
  d.settle();
}
void select(Driver& d, Stage stage) {
  d.session().selectStage(stage);
  d.settle();
}

std::vector<Scene> make() {
  std::vector<Scene> all;
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("start", [](Driver&) {});
  add("every parameter", openMasks);
  add("rotated masks", [](Driver& d) {
    openMasks(d);
    press(d, "mask.0");
  });
  add("variants", openVariants);
  for (const char* chip : {"score.bias.1", "mask.1", "mask.2"}) {
    all.push_back({std::string("variants, ") + chip, [chip](Driver& d) {
                     openVariants(d);
                     d.click(chip);
                     d.settle();
                   }});
  }
  add("mistake", [](Driver& d) { d.openText(kMistake); });
  add("given weights", [](Driver& d) {
    d.write("weights.csv", "0.25,0.75\n0.5,0.5\n");
    d.openText(kGivenWeights);
  });
  add("grid", [](Driver& d) { d.openText(kGrid); });
  add("times value", [](Driver& d) { select(d, Stage::valueWeighted); });
  add("two sentences", [](Driver& d) { d.openExample("translation"); });
  add("arrays", [](Driver& d) { d.openExample("from-arrays"); });
  add("padded", [](Driver& d) { d.openExample("padded"); });
  add("causal", [](Driver& d) { d.openExample("causal-random"); });
  add("empty row", [](Driver& d) { d.openText(kEmptyRow); });
  add("not a number", [](Driver& d) { d.openText(kNan); });
  add("wide characters", [](Driver& d) { d.openText(kWideTokens); });
  add("pooled", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(700)}}), Phase::done);
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
  add("mean", [](Driver& d) { run(d, "head.mean"); });
  add("undone", [](Driver& d) {
    d.session().change("shape.heads", Value(4), Phase::done);
    d.session().change("shape.heads", Value(2), Phase::done);
    d.session().undo();
    d.settle();
  });
  add("light", [](Driver& d) { run(d, "view.theme"); });
  add("stage only", [](Driver& d) { run(d, "view.stageOnly"); });
  add("folded strip", [](Driver& d) { run(d, "view.strip"); });
  add("folded rail", [](Driver& d) { run(d, "view.rail"); });
  add("rail over", [](Driver& d) {
    if (!d.has("rail.Input")) run(d, "view.rail");
    press(d, "rail.Input");
  });
  add("refused file", [](Driver& d) {
    d.session().openFile(d.write("broken.npz", "PK\x03\x04 and then nothing that fits"));
    d.settle();
  });
  add("refused value", [](Driver& d) {
    d.session().change("shape.heads", Value(5000), Phase::done);
    d.session().change("source.seed", Value(-4), Phase::done);
    d.session().change("tokens.text", Value(""), Phase::done);
    d.settle();
  });
  add("menu", [](Driver& d) { press(d, "menu"); });
  add("palette", [](Driver& d) { press(d, "palette"); });
  add("palette, nothing found", [](Driver& d) {
    press(d, "palette");
    d.type("zzz");
    d.settle();
  });
  add("keys", [](Driver& d) { run(d, "help.keys"); });
  add("export", [](Driver& d) { run(d, "document.export"); });
  add("path, open", [](Driver& d) {
    d.session().askOpen();
    d.settle();
  });
  add("path, save", [](Driver& d) {
    d.session().askSave(true);
    d.settle();
  });
  for (const char* list :
       {"tokens.split", "source.kind", "position.kind", "normalizer.kind", "bias/add", "mask/add"}) {
    all.push_back({std::string("list ") + list, [list](Driver& d) {
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
