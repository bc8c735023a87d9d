#include <algorithm>

#include "core/experiment/parameters.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

KeySpec named(std::string_view name, KeyType type, Value fallback, std::string_view help) {
  return {name, type, std::move(fallback), false, -1e300, 1e300, {}, help};
}

KeySpec kindKey(const KindFamily& family, std::string_view fallback, std::string_view help) {
  KeySpec key{"kind", KeyType::word, fallback, false, 0, 0, {}, help};
  for (const KindSpec* kind : family.kinds) key.words.push_back(kind->kind);
  return key;
}

KeySpec keyOf(std::span<const KeySpec> keys, std::string_view name) {
  return *std::find_if(keys.begin(), keys.end(), [&](const KeySpec& key) { return key.name == name; });
}

KeySpec sourceKey(std::string_view kind, std::string_view name) {
  return *sourceFamily().find(kind)->key(name);
}

KeySpec positionKey(std::string_view kind, std::string_view name) {
  return *positionFamily().find(kind)->key(name);
}

KeySpec helped(KeySpec key, std::string_view help) {
  key.help = help;
  return key;
}

KeySpec normalizerKey(std::string_view kind, std::string_view name, std::string_view help) {
  return helped(*normalizerFamily().find(kind)->key(name), help);
}

struct Slider {
  double step = 1;
  double minimum = 0;
  double maximum = 0;
  bool logarithmic = false;
};

ParameterInfo row(std::string_view id, std::string_view label, std::string_view group, KeySpec key,
                  std::string_view flag = "", Slider slider = {}) {
  const std::string_view help = key.help;
  return {id,   label, group, std::move(key), slider.step, slider.minimum, slider.maximum, slider.logarithmic,
          flag, help};
}

std::vector<ParameterInfo> table() {
  return {
      row("title", "title", "Document", named("title", KeyType::text, "", "The name of the experiment.")),
      row("tokens.text", "text", "Input",
          named("text", KeyType::text, kOpeningSentence,
                "The sentence that attends to itself: its tokens are the rows of X."),
          "--text"),
      row("tokens.split", "split", "Input", splitKey()),
      row("memory.text", "memory", "Input",
          named("text", KeyType::text, "",
                "Another sentence to attend to: keys and values come from it, K = X_m W_K, V = X_m W_V "
                "(Vaswani et al. 2017, section 3.2.3).")),
      row("source.kind", "source", "Numbers",
          kindKey(sourceFamily(), "random", "Where X and the weights, or q, k and v, come from.")),
      row("source.seed", "seed", "Numbers", sourceKey("random", "seed"), "--seed", {1, 1, 100}),
      row("source.sharpness", "sharpness", "Numbers", sourceKey("patterns", "sharpness"), "", {0.1, 0, 12}),
      row("position.kind", "position", "Numbers",
          kindKey(
              positionFamily(), "none",
              "What tells equal tokens at different places apart: added to X (Vaswani et al. 2017, section "
              "3.5), or a turn of q and k (Su et al. 2021).")),
      row("position.seed", "position seed", "Numbers", positionKey("learned", "seed"), "", {1, 1, 100}),
      row("position.base", "base", "Numbers", positionKey("rope", "base"), "", {1, 10, 1e6, true}),
      row("position.style", "pairs", "Numbers", positionKey("rope", "style")),
      row("position.fraction", "fraction", "Numbers", positionKey("rope", "fraction"), "", {0.01, 0.01, 1}),
      row("position.offset", "offset", "Numbers", positionKey("rope", "offset"), "", {1, 0, 4096}),
      row("shape.d_model", "d_model", "Shape", keyOf(shapeKeys(), "d_model"), "--d-model", {1, 4, 512, true}),
      row("shape.heads", "heads", "Shape",
          helped(
              keyOf(shapeKeys(), "heads"),
              "Query heads H, each with its own map; their outputs side by side × W_O make Y (Vaswani et al. "
              "2017, section 3.2.2)."),
          "--heads", {1, 1, 16}),
      row("shape.kv_heads", "kv heads", "Shape",
          helped(
              keyOf(shapeKeys(), "kv_heads"),
              "Key-value heads; H ÷ kv heads query heads share one (Ainslie et al. 2023), all of them with 1 "
              "(Shazeer 2019). Null: one each."),
          "--kv-heads", {1, 1, 16}),
      row("shape.d_k", "d_k", "Shape",
          helped(keyOf(shapeKeys(), "d_k"),
                 "Width of queries and keys of a head, which q·k sums over. Null: d_model ÷ heads (Vaswani "
                 "et al. "
                 "2017, section 3.2.2)."),
          "--d-k", {1, 1, 128, true}),
      row("shape.d_v", "d_v", "Shape",
          helped(keyOf(shapeKeys(), "d_v"), "Width of values of a head: concat is H · d_v wide. Null: d_k."),
          "", {1, 1, 128, true}),
      row("score.scale", "scale", "Scores", keyOf(scoreKeys(), "scale")),
      row("score.softcap", "softcap", "Scores", keyOf(scoreKeys(), "softcap"), "", {0.5, 1, 100, true}),
      row("score.bias", "biases", "Scores", keyOf(scoreKeys(), "bias")),
      row("mask", "mask", "Scores",
          named("mask", KeyType::list, List{},
                "Which keys a query may see: a pair is kept when every mask keeps it, else its score is −∞ "
                "(Vaswani et al. 2017, section 3.2.3)."),
          "--mask"),
      row("normalizer.kind", "normalizer", "Weights",
          kindKey(
              normalizerFamily(), "softmax",
              "How a row of scores becomes weights: softmax is e^{s_ij} ÷ Σ_j e^{s_ij} (Vaswani et al. 2017, "
              "equation 1).")),
      row("normalizer.logits", "sink logits", "Weights",
          normalizerKey("sink", "logits",
                        "One a head, as a score of a key that no token has: e^s ÷ (e^logit + Σ e^s).")),
      row("normalizer.bias", "sigmoid bias", "Weights",
          normalizerKey("sigmoid", "bias",
                        "b: a weight is 1 ÷ (1 + e^{−(s + b)}) (Ramapuram et al. 2024). Null: −ln of the "
                        "number of keys."),
          "", {0.1, -10, 10}),
      row("normalizer.temperature", "τ", "Weights",
          helped(temperatureKey(),
                 "τ: the masked scores are divided by it first, e^{s ÷ τ} ÷ Σ e^{s ÷ τ}; large τ spreads the "
                 "weights (Hinton et al. 2015)."),
          "", {0.01, 0.1, 10, true}),
      row("normalizer.empty_row", "empty rows", "Weights", emptyRowKey()),
      row("ablate.heads", "ablated heads", "Weights",
          named("heads", KeyType::list, List{},
                "Heads whose output is 0, as in Michel et al. 2019; their weights stay.")),
      row("mistake.softmax_over", "softmax over", "Mistakes", keyOf(mistakeKeys(), "softmax_over")),
      row("mistake.mask_as", "mask as", "Mistakes", keyOf(mistakeKeys(), "mask_as")),
      row("mistake.normalize", "normalize", "Mistakes", keyOf(mistakeKeys(), "normalize")),
      row("mistake.subtract_max", "subtract max", "Mistakes", keyOf(mistakeKeys(), "subtract_max")),
      row("mistake.merge", "merge", "Mistakes", keyOf(mistakeKeys(), "merge")),
      row("mistake.tie", "tie", "Mistakes", keyOf(mistakeKeys(), "tie")),
      row("view.stage", "stage", "View", keyOf(viewKeys(), "stage")),
      row("view.head", "head", "View", keyOf(viewKeys(), "head")),
      row("view.batch", "batch", "View", keyOf(viewKeys(), "batch")),
      row("view.layer", "layer", "View", keyOf(viewKeys(), "layer")),
      row("view.orientation", "orientation", "View", keyOf(viewKeys(), "orientation")),
      row("view.colormap", "colours", "View", keyOf(viewKeys(), "colormap")),
      row("view.range", "range", "View", keyOf(viewKeys(), "range")),
      row("view.range_scope", "range of", "View", keyOf(viewKeys(), "range_scope")),
      row("view.leave_out", "left out", "View", keyOf(viewKeys(), "leave_out")),
      row("view.pin", "pinned cell", "View", keyOf(viewKeys(), "pin")),
  };
}

}  // namespace

std::span<const ParameterInfo> parameters() {
  static const std::vector<ParameterInfo> rows = table();
  return rows;
}

const ParameterInfo* parameter(std::string_view id) {
  for (const ParameterInfo& info : parameters()) {
    if (info.id == id) return &info;
  }
  return nullptr;
}

}  // namespace headlight
