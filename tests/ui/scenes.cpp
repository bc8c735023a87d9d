#include "tests/ui/scenes.h"

#include <filesystem>
#include <ostream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "app/session/session_import.h"
#include "app/widgets/keys.h"
#include "core/experiment/json.h"
#include "tests/ui/import_files.h"

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

/// Cells set by hand, in X, in the queries of a head and in a weight.
constexpr const char* kEdited = R"({
  "type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
  "source": {"kind": "random", "seed": 3}, "shape": {"d_model": 8, "heads": 2}, "position": {"kind": "learned"},
  "edits": [{"stage": "input", "at": [1, 3], "value": 4}, {"stage": "q", "at": [0, 2, 1], "value": -2.5},
            {"stage": "w_q", "at": [0, 5], "value": 0.125}],
  "normalizer": {"kind": "sigmoid", "bias": -1}, "view": {"stage": "input", "pin": [1, 3]}
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

void openTokens(Driver& d, std::int64_t count) {
  d.session().change("tokens", Value(Object{{"count", Value(count)}}), Phase::done);
  d.settle();
}
/// Rows, lines, several pins, words: what looks at one map in other ways.
void addInspecting(std::vector<Scene>& all) {
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

void openTensors(Driver& d, const std::string& path) {
  d.session().openFiles({path});
  d.settle();
  if (d.session().importing() == nullptr) ADD_FAILURE() << path;
}

/// Folders and files to choose from.
void fillFolder(Driver& d) {
  std::filesystem::create_directories(d.folder() + "/data/deep");
  for (const char* name :
       {"alpha", "beta", "a name that is much too long for the column that it has to stand in"})
    d.write("data/" + std::string(name) + ".headlight.json", toText(Experiment()));
  d.session().settings().lastFolder = d.folder() + "/data";
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
  add("every kind of cell", openEveryKind);
  add("not spent", [](Driver& d) {
    d.session().change("normalizer", Value("sigmoid"), Phase::done);
    d.settle();
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
  addInspecting(all);
  add("mean", [](Driver& d) { run(d, "head.mean"); });
  add("heads", [](Driver& d) { run(d, "tab.heads"); });
  add("heads, alike side by side", [](Driver& d) {
    run(d, "tab.heads");
    run(d, "heads.sort");
    run(d, "heads.sort");
  });
  add("heads, one silenced", [](Driver& d) {
    run(d, "heads.silence");
    run(d, "tab.heads");
  });
  add("heads, one", [](Driver& d) {
    d.session().change("shape.heads", Value(1), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, many", [](Driver& d) {
    d.session().change("shape.heads", Value(32), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, long sentence", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(70)}}), Phase::done);
    run(d, "tab.heads");
  });
  add("heads, given weights", [](Driver& d) {
    d.write("weights.csv", "0.25,0.75\n0.5,0.5\n");
    d.openText(kGivenWeights);
    run(d, "tab.heads");
  });
  add("heads, padded", [](Driver& d) {
    d.openExample("padded");
    run(d, "tab.heads");
  });
  add("heads, mean", [](Driver& d) {
    run(d, "tab.heads");
    run(d, "head.mean");
  });
  add("sorted heads", [](Driver& d) {
    d.session().pin(Cell{5, 2});
    run(d, "heads.sort.cell");
  });
  add("silenced head", [](Driver& d) { run(d, "heads.silence"); });
  add("list heads.sort", [](Driver& d) {
    if (d.has("heads.sort")) press(d, "heads.sort");
  });
  add("compared heads", [](Driver& d) { run(d, "compare.head.3"); });
  add("compared, list", [](Driver& d) {
    run(d, "compare.head.3");
    press(d, "compare/with");
  });
  add("compared stages", [](Driver& d) {
    d.openExample("causal-random");
    d.session().pin(Cell{5, 2});
    select(d, Stage::scaled);
    run(d, "compare.stage.masked");
  });
  add("compared, unpinned", [](Driver& d) {
    d.session().pin(std::nullopt);
    run(d, "compare.head.1");
  });
  add("compared, nothing differs", [](Driver& d) { run(d, "compare.head.2"); });
  add("compared, not of one shape", [](Driver& d) {
    select(d, Stage::output);
    run(d, "compare.head.1");
  });
  add("compared with before", [](Driver& d) {
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    d.settle();
    run(d, "compare.before");
  });
  add("compared, pooled", [](Driver& d) {
    d.session().change("tokens", Value(Object{{"count", Value(700)}}), Phase::done);
    d.settle();
    run(d, "compare.head.1");
  });
  add("compared queries", [](Driver& d) {
    select(d, Stage::q);
    run(d, "compare.head.1");
  });
  add("snapshot", [](Driver& d) {
    run(d, "snapshot.take");
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    d.settle();
  });
  add("snapshot shown", [](Driver& d) {
    run(d, "snapshot.take");
    d.session().change("normalizer.temperature", Value(2.5), Phase::done);
    run(d, "snapshot.flip");
  });
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
    fillFolder(d);
    d.session().askOpen();
    d.settle();
  });
  add("path, open, nothing found", [](Driver& d) {
    fillFolder(d);
    d.session().askOpen();
    d.settle();
    d.type("zzz");
    d.settle();
  });
  add("path, save over a file", [](Driver& d) {
    fillFolder(d);
    d.session().askSave(true);
    d.settle();
    d.key(kKeyA, kCtrl);
    d.type("alpha");
    d.settle();
    press(d, "path/done");
  });
  add("import, q k v", [](Driver& d) {
    d.write("tokens.json", R"(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])");
    openTensors(d, writeQkv(d, {8, 12, 16}));
  });
  add("import, ambiguous axes", [](Driver& d) {
    openTensors(d, writeTensors(d, "some.npz", {{"first", {8, 12, 64}}, {"second", {8, 12, 64}}}));
  });
  add("import, heads side by side", [](Driver& d) { openTensors(d, writeQkv(d, {12, 64})); });
  add("import, maps of layers", [](Driver& d) {
    openTensors(d, writeTensors(d, "maps.npz", {{"attention_scores", {3, 2, 4, 9, 9}}, {"mask", {9, 9}}}));
  });
  add("import, with an error", [](Driver& d) {
    openTensors(d, writeTensors(d, "odd.npz", {{"q", {2, 5, 4}}, {"k", {2, 5, 3}}}));
  });
  add("import, many tensors", [](Driver& d) {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors;
    for (int i = 0; i < 30; ++i) {
      for (const char* name : {".attn.hook_q", ".attn.hook_k"})
        tensors.emplace_back("blocks." + std::to_string(i) + name, std::vector<std::int64_t>{1, 6, 2, 4});
    }
    openTensors(d, writeTensors(d, "a long name of a cache that was written by a model.npz", tensors));
  });
  for (const char* list : {"import.role.0", "import.tokens", "import.heads"}) {
    all.push_back({std::string("list ") + list, [list](Driver& d) {
                     openTensors(d, writeQkv(d, {12, 64}));
                     press(d, list);
                   }});
  }
  add("deck", [](Driver& d) {
    d.session().openFiles({d.write("one.headlight.json", toText(Experiment())),
                           d.write("two of a deck with a long name.headlight.json", toText(Experiment())),
                           d.write("three.headlight.json", toText(Experiment()))});
    d.settle();
    run(d, "deck.next");
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
  addFigureScenes(all);
  addDesktopScenes(all);
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
