#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

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
constexpr const char* kMissing = R"({
  "type": "headlight/experiment", "version": 1,
  "source": {"kind": "qkv", "file": "a folder that was moved/layer 3.npz", "layout": "htd",
             "files": [{"path": "a folder that was moved/layer 3.npz", "bytes": 1234567,
                        "sha256": "3ba7b810f9dad111d180b400c04fd430c83ba7b810f9dad111d180b400c04fd4"}]}
})";
constexpr const char* kGrid = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"grid": [2, 3], "class_token": true},
  "source": {"kind": "random", "seed": 3}, "normalizer": "sparsemax", "view": {"pin": [1, 0]}
})";
constexpr const char* kNan = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "mask": [{"kind": "causal", "offset": -1}], "normalizer": {"kind": "softmax", "empty_row": "nan"}
})";

/// Scores made elsewhere that hold all there is.
constexpr const char* kEveryKind = R"({
  "type": "headlight/experiment", "version": 1,
  "source": {"kind": "maps", "file": "scores.csv", "is": "scores", "layout": "qk"},
  "mask": "causal", "view": {"stage": "masked", "pin": [2, 1]}
})";
void openEveryKind(Driver& d) {
  d.write("scores.csv", "0.5,1,1,1\n-1,inf,1,1\n0,nan,2.5,1\n-inf,0.25,-2,0\n");
  d.openText(kEveryKind);
}

void openVariants(Driver& d) {
  d.openText(kVariants);
  openRail(d);
}

}  // namespace

void addDocumentScenes(std::vector<Scene>& all) {
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
  add("given weights", openGivenWeights);
  add("missing file", [](Driver& d) { d.openText(kMissing); });
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
  add("every kind of cell", openEveryKind);
  add("not spent", [](Driver& d) {
    d.session().change("normalizer", Value("sigmoid"), Phase::done);
    d.settle();
  });
}

}  // namespace headlight::test
