#include "core/experiment/schema.h"

#include <algorithm>

#include "core/attention/bias/bias.h"
#include "core/attention/mask/mask.h"
#include "core/attention/normalize/normalize.h"
#include "core/attention/stage.h"
#include "core/experiment/json_path.h"
#include "core/experiment/position/position.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

KeySpec sizeKey(std::string_view name, std::int64_t largest, std::string_view help) {
  return KeySpec{name, KeyType::integer, Value(), true, 1, static_cast<double>(largest), {}, help};
}

std::vector<std::string_view> names(std::span<const KeySpec> keys) {
  std::vector<std::string_view> list;
  for (const KeySpec& key : keys) list.push_back(key.name);
  return list;
}

std::vector<std::string_view> tokenMembers() {
  return {"text", "split", "list", "count", "file", "batch", "grid", "image", "class_token"};
}

std::vector<std::string_view> kindMembers(const Value& root, std::span<const std::string> steps) {
  const KindFamily* family = familyAt(steps);
  std::vector<std::string_view> list{"kind"};
  for (const KeySpec& key : family->common) list.push_back(key.name);
  const Value* here = valueAt(root, {steps.begin(), steps.end()});
  const Value* kind = here ? here->find("kind") : nullptr;
  const std::string word = kind && kind->isString()   ? kind->string()
                           : here && here->isString() ? here->string()
                                                      : std::string();
  if (const KindSpec* spec = family->find(word)) {
    for (const KeySpec& key : spec->keys) list.push_back(key.name);
  }
  return list;
}

}  // namespace

const KindSpec* KindFamily::find(std::string_view kind) const {
  const auto row =
      std::find_if(kinds.begin(), kinds.end(), [&](const KindSpec* k) { return k->kind == kind; });
  return row == kinds.end() ? nullptr : *row;
}

const KindFamily& sourceFamily() {
  static const KindFamily family = [] {
    KindFamily f{"source", {}, {}};
    for (const SourceKind* row : sourceKinds()) f.kinds.push_back(&row->spec);
    return f;
  }();
  return family;
}

const KindFamily& positionFamily() {
  static const KindFamily family = [] {
    KindFamily f{"position", {}, {}};
    for (const PositionKind* row : positionKinds()) f.kinds.push_back(&row->spec);
    return f;
  }();
  return family;
}

const KindFamily& maskFamily() {
  static const KindFamily family = [] {
    KindFamily f{"mask", {}, {}};
    for (const MaskKind& row : maskKinds()) f.kinds.push_back(&row.spec);
    return f;
  }();
  return family;
}

const KindFamily& biasFamily() {
  static const KindFamily family = [] {
    KindFamily f{"bias", {}, {}};
    for (const BiasKind& row : biasKinds()) f.kinds.push_back(&row.spec);
    return f;
  }();
  return family;
}

const KindFamily& normalizerFamily() {
  static const KindFamily family = [] {
    KindFamily f{"normalizer", {}, {temperatureKey(), emptyRowKey()}};
    for (const NormalizerKind& row : normalizerKinds()) f.kinds.push_back(&row.spec);
    return f;
  }();
  return family;
}

const KindFamily* familyAt(std::span<const std::string> steps) {
  if (steps.size() == 1) {
    if (steps[0] == "source") return &sourceFamily();
    if (steps[0] == "position") return &positionFamily();
    if (steps[0] == "normalizer") return &normalizerFamily();
  }
  if (steps.size() == 2 && steps[0] == "mask") return &maskFamily();
  if (steps.size() == 3 && steps[0] == "score" && steps[1] == "bias") return &biasFamily();
  return nullptr;
}

std::span<const KeySpec> shapeKeys() {
  static const std::vector<KeySpec> keys{
      sizeKey("d_model", kWidest, "Width of X and of the output: numbers per token."),
      sizeKey("heads", kMostHeads, "Query heads H, each with its own map."),
      sizeKey("kv_heads", kMostHeads, "Key-value heads; H ÷ kv heads query heads share one. Null: one each."),
      sizeKey("d_k", kWidest, "Width of queries and keys of a head. Null: d_model ÷ heads."),
      sizeKey("d_v", kWidest, "Width of values of a head. Null: d_k."),
  };
  return keys;
}

std::span<const KeySpec> scoreKeys() {
  static const std::vector<KeySpec> keys{
      {"scale",
       KeyType::any,
       "inverse_sqrt_d_k",
       false,
       -kLargestScale,
       kLargestScale,
       {},
       "What q·k is multiplied by: 1/√d_k (Vaswani et al. 2017, equation 1), none or a number."},
      {"softcap",
       KeyType::number,
       Value(),
       true,
       1e-30,
       kLargestScale,
       {},
       "c: scaled scores become c·tanh(s ÷ c), between −c and c (Gemma 2, section 2). Null: not capped."},
      {"bias",
       KeyType::list,
       List{},
       false,
       0,
       0,
       {},
       "Numbers added to the scores after the softcap, in order: alibi, t5, tensor, constant."},
  };
  return keys;
}

std::span<const KeySpec> mistakeKeys() {
  const auto word = [](std::string_view name, std::vector<std::string_view> words, std::string_view help) {
    return KeySpec{name, KeyType::word, Value(), true, 0, 0, std::move(words), help};
  };
  static const std::vector<KeySpec> keys{
      word("softmax_over", {"queries"},
           "queries: e^{s_ij} ÷ Σ_i e^{s_ij}, so that columns sum to 1. Null: rows do."),
      word("mask_as", {"zero_score", "zero_weight"},
           "zero_score: masked scores are 0 and take part; zero_weight: softmax over all keys, then 0 where "
           "masked. Null: masked scores are −∞."),
      word("normalize", {"plain_sum"},
           "plain_sum: s_ij ÷ Σ_j s_ij, without the exponential. Null: the normalizer."),
      {"subtract_max",
       KeyType::boolean,
       true,
       false,
       0,
       0,
       {},
       "false: e^s ÷ Σ e^s as it is written, which overflows at large scores; true: e^{s−m} ÷ Σ e^{s−m}."},
      word("merge", {"mean"},
           "mean: the mean of the head outputs × the first d_v rows of W_O. Null: side by side × W_O."),
      word("tie", {"w_k=w_q"}, "w_k=w_q: keys are projected by W_Q, biases stay. Null: by W_K."),
  };
  return keys;
}

std::span<const KeySpec> viewKeys() {
  static const std::vector<KeySpec> keys = [] {
    std::vector<std::string_view> stageWords;
    for (const StageInfo& stage : stages()) stageWords.push_back(stage.id);
    return std::vector<KeySpec>{
        {"batch",
         KeyType::integer,
         0,
         false,
         0,
         static_cast<double>(kMostTokens),
         {},
         "Which element of a batch is computed and shown, from 0."},
        {"layer",
         KeyType::integer,
         Value(),
         true,
         0,
         static_cast<double>(kMostTokens),
         {},
         "Which layer of a file that holds several is computed and shown, from 0. Null: source.layer."},
        {"stage", KeyType::word, "weights", false, 0, 0, stageWords,
         "Which step of attention is shown large."},
        {"head", KeyType::any, 0, false, 0, 0, {}, "Which head is shown, from 0, or \"mean\"."},
        {"orientation",
         KeyType::word,
         "query_rows",
         false,
         0,
         0,
         {"query_rows", "query_columns"},
         "Whether queries are rows or columns."},
        // The names of core/picture, which stands above this room; a test compares the two lists.
        {"colormap",
         KeyType::text,
         Value(),
         true,
         0,
         0,
         {"viridis", "cividis", "magma", "grey", "vik", "berlin", "rdbu"},
         "Colours of the map. Null: the stage's own."},
        {"range", KeyType::any, Value(), true, 0, 0, {}, "What the colours span. Null: the stage's own."},
        {"range_scope",
         KeyType::word,
         "shared",
         false,
         0,
         0,
         {"shared", "head"},
         "Whether all heads share one range."},
        {"leave_out", KeyType::list, List{}, false, 0, 0, {}, "Keys left out of the range."},
        {"pin", KeyType::list, Value(), true, 0, 0, {}, "The pinned cell, [query, key]."},
        {"compare",
         KeyType::any,
         Value(),
         true,
         0,
         0,
         {},
         "What the map is compared with: {\"head\": 3}, {\"stage\": \"scaled\"} or {\"file\": …}. Null: "
         "nothing."},
    };
  }();
  return keys;
}

KeySpec temperatureKey() {
  return {"temperature",
          KeyType::number,
          1.0,
          false,
          1e-6,
          1e6,
          {},
          "τ: the masked scores are divided by it first."};
}

KeySpec emptyRowKey() {
  return {"empty_row",
          KeyType::word,
          "zeros",
          false,
          0,
          0,
          {"zeros", "nan", "uniform"},
          "The weights of a row that keeps no key: 0, NaN, or 1/Tk on all keys."};
}

KeySpec splitKey() {
  return {"split",
          KeyType::word,
          splitName(Split::words),
          false,
          0,
          0,
          {splitName(Split::words), splitName(Split::characters), splitName(Split::bytes)},
          "How the text becomes tokens: words and punctuation, characters, or bytes."};
}

std::optional<std::vector<std::string_view>> memberNames(const Value& root,
                                                         std::span<const std::string> steps) {
  using Names = std::vector<std::string_view>;
  if (steps.empty()) {
    return Names{"type", "version", "title",      "tokens", "memory",  "source", "shape", "position", "score",
                 "mask", "edits",   "normalizer", "ablate", "mistake", "notes",  "view",  "files"};
  }
  if (familyAt(steps)) return kindMembers(root, steps);
  const std::string& section = steps[0];
  if (steps.size() == 1) {
    if (section == "tokens" || section == "memory") return tokenMembers();
    if (section == "shape") return names(shapeKeys());
    if (section == "score") return names(scoreKeys());
    if (section == "ablate") return Names{"heads"};
    if (section == "mistake") return names(mistakeKeys());
    if (section == "view") return names(viewKeys());
  }
  if (steps.size() == 3 && (section == "tokens" || section == "memory") && steps[1] == "batch")
    return tokenMembers();
  if (steps.size() == 2 && section == "files") return Names{"path", "bytes", "sha256"};
  if (steps.size() == 2 && section == "edits") return Names{"stage", "at", "value"};
  if (steps.size() == 3 && section == "source" && steps[1] == "heads") return Names{"name", "links", "copy"};
  return std::nullopt;
}

}  // namespace headlight
