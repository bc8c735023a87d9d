#include "tests/experiment/random_experiment.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/experiment/json.h"
#include "core/experiment/schema.h"
#include "tests/experiment/random_rules.h"
#include "tests/experiment/support.h"

namespace headlight::test {
namespace {

std::string word(Dice& dice) {
  static const std::vector<std::string> words{"it",    "animal", "the",   "The",   "don't", "42",
                                              "[PAD]", "größe",  "日本",  "🙂",  "a",     "b",
                                              "c",     "!",      "tired", "street"};
  return dice.choose(words);
}

Value tokens(Dice& dice, std::int64_t count, const std::string& folder, std::uint64_t seed) {
  List list;
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    list.emplace_back(word(dice));
    text += list.back().string() + (dice.chance(20) ? "\n" : " ");
  }
  switch (dice.between(0, 3)) {
    case 0: {
      static const std::vector<std::string> splits{"words", "characters", "bytes"};
      return Object{{"text", text}, {"split", dice.choose(splits)}};
    }
    case 1:
      return Object{{"count", count}};
    case 2: {
      const bool json = dice.chance(50);
      const std::string name = "tokens-" + std::to_string(seed) + (json ? ".json" : ".txt");
      std::ofstream out(folder + "/" + name);
      if (json) out << Value(list).json();
      for (const Value& item : list) {
        if (!json) out << item.string() << "\n";
      }
      return Object{{"file", name}};
    }
    default:
      return Object{{"list", list}};
  }
}

Value matrix(Dice& dice, std::int64_t rows, std::int64_t cols) {
  List list;
  for (std::int64_t i = 0; i < rows; ++i) {
    List row;
    for (std::int64_t j = 0; j < cols; ++j) row.emplace_back(dice.normal());
    list.emplace_back(std::move(row));
  }
  return list;
}

List vector(Dice& dice, std::int64_t size) {
  return matrix(dice, 1, size).list()[0].list();
}

Value patterns(Dice& dice, const Numbers& n) {
  static const std::vector<std::string> names{"previous",   "next", "same_token", "first",
                                              "neighbours", "self", "random"};
  List heads;
  for (std::int64_t h = dice.between(1, n.heads); h > 0; --h) {
    if (dice.chance(30)) {
      List links;
      for (std::int64_t l = dice.between(0, 4); l > 0; --l) {
        const auto end = [&] { return dice.chance(50) ? Value(word(dice)) : Value(dice.between(0, n.keys)); };
        links.emplace_back(List{end(), end()});
      }
      heads.emplace_back(Object{{"name", "links " + word(dice)}, {"links", links}});
    } else if (dice.chance(20)) {
      heads.emplace_back(Object{{"name", dice.choose(names)}, {"copy", true}});
    } else {
      heads.emplace_back(dice.choose(names));
    }
  }
  return Object{{"kind", "patterns"}, {"seed", dice.between(0, 99)}, {"heads", heads}, {"sharpness", 1.5}};
}

Value typed(Dice& dice, const Numbers& n, bool cross) {
  Object source{{"kind", "values"}, {"seed", dice.between(0, 99)}};
  const auto maybe = [&](const char* key, auto make) {
    if (dice.chance(50)) source.emplace_back(key, make());
  };
  source.emplace_back("x", matrix(dice, n.queries, n.dModel));
  if (cross) source.emplace_back("memory", matrix(dice, n.keys, n.dModel));
  maybe("w_q", [&] { return matrix(dice, n.dModel, n.heads * n.dK); });
  maybe("w_k", [&] { return matrix(dice, n.dModel, n.kvHeads * n.dK); });
  maybe("w_v", [&] { return matrix(dice, n.dModel, n.kvHeads * n.dV); });
  maybe("w_o", [&] { return matrix(dice, n.heads * n.dV, n.dModel); });
  maybe("b_q", [&] { return vector(dice, n.heads * n.dK); });
  maybe("b_k", [&] { return vector(dice, n.kvHeads * n.dK); });
  maybe("b_v", [&] { return vector(dice, n.kvHeads * n.dV); });
  maybe("b_o", [&] { return vector(dice, n.dModel); });
  return source;
}

Value fromFile(Dice& dice, const Numbers& n, bool& values, const std::string& folder, std::uint64_t seed) {
  const bool tokensFirst = dice.chance(50);
  const auto tensor = [&](std::string name, std::int64_t heads, std::int64_t count, std::int64_t width) {
    NamedTensor t{std::move(name), {heads, count, width}, {}};
    if (tokensFirst) std::swap(t.shape[0], t.shape[1]);
    for (std::int64_t i = 0; i < heads * count * width; ++i)
      t.values.push_back(static_cast<float>(dice.normal()));
    return t;
  };
  std::vector<NamedTensor> tensors{tensor("q", n.heads, n.queries, n.dK),
                                   tensor("k", n.kvHeads, n.keys, n.dK)};
  values = dice.chance(80);
  if (values) tensors.push_back(tensor("v", n.kvHeads, n.keys, n.dV));
  const std::string name = "qkv-" + std::to_string(seed) + ".npz";
  Object source{{"kind", "qkv"}, {"file", name}, {"layout", tokensFirst ? "thd" : "htd"}};
  if (values && dice.chance(50)) {
    NamedTensor output = tensor("w_o", 1, n.heads * n.dV, n.dModel);
    output.shape = {n.heads * n.dV, n.dModel};
    tensors.push_back(std::move(output));
    source.emplace_back("w_o", name + ":w_o");
  }
  std::ofstream(folder + "/" + name, std::ios::binary) << npzBytes(tensors);
  return source;
}

Value edit(Dice& dice, std::string_view stage, const std::vector<std::int64_t>& axes) {
  List at;
  for (const std::int64_t length : axes) at.emplace_back(dice.between(0, length - 1));
  return Object{{"stage", stage}, {"at", at}, {"value", dice.normal()}};
}

/// A batch around a sequence, or that sequence alone.
Value perhapsBatch(Dice& dice, Value sequence, std::int64_t batches) {
  if (batches == 0) return sequence;
  List elements;
  for (std::int64_t b = 0; b < batches; ++b) elements.emplace_back(Object{{"count", dice.between(1, 9)}});
  elements[static_cast<std::size_t>(dice.between(0, batches - 1))] = std::move(sequence);
  return Object{{"batch", std::move(elements)}};
}

Value gridTokens(Dice& dice) {
  Object grid{{"grid", List{dice.between(1, 4), dice.between(1, 5)}}};
  if (dice.chance(50)) grid.emplace_back("class_token", true);
  return grid;
}

Value position(Dice& dice, bool projects, std::int64_t dK) {
  const std::int64_t kind = dice.between(projects ? 1 : 3, 3);
  if (kind == 1) return "sinusoidal";
  if (kind == 2) return Object{{"kind", "learned"}, {"seed", dice.between(0, 9)}};
  if (dK % 2 != 0) return "none";
  return Object{{"kind", "rope"},
                {"base", dice.chance(50) ? 10000.0 : 100.0},
                {"style", dice.chance(50) ? "half" : "interleaved"},
                {"offset", dice.between(0, 5)}};
}

Value maps(Dice& dice, const Numbers& n, bool& values, const std::string& folder, std::uint64_t seed) {
  const bool scores = dice.chance(50);
  NamedTensor map{"maps", {n.heads, n.queries, n.keys}, {}};
  for (std::int64_t row = 0; row < n.heads * n.queries; ++row) {
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t j = 0; j < n.keys; ++j) {
      weights.push_back(scores ? dice.normal() : static_cast<double>(dice.between(1, 9)));
      sum += weights.back();
    }
    for (const double weight : weights)
      map.values.push_back(static_cast<float>(scores ? weight : weight / sum));
  }
  std::vector<NamedTensor> tensors{map};
  const std::string name = "maps-" + std::to_string(seed) + ".npz";
  Object source{{"kind", "maps"}, {"file", name + ":maps"}, {"is", scores ? "scores" : "weights"}};
  values = dice.chance(50);
  if (values) {
    NamedTensor v{"v", {n.heads, n.keys, n.dV}, {}};
    for (std::int64_t i = 0; i < n.heads * n.keys * n.dV; ++i)
      v.values.push_back(static_cast<float>(dice.normal()));
    tensors.push_back(std::move(v));
    source.emplace_back("v", name + ":v");
  }
  std::ofstream(folder + "/" + name, std::ios::binary) << npzBytes(tensors);
  return source;
}

/// A torch.nn.MultiheadAttention of width heads × d_k and its input.
Value layer(Dice& dice, const Numbers& n, const std::string& folder, std::uint64_t seed) {
  const std::int64_t width = n.heads * n.dK;
  std::vector<NamedTensor> tensors;
  const auto add = [&](const char* name, std::vector<std::int64_t> shape) {
    NamedTensor tensor{name, std::move(shape), {}};
    std::int64_t count = 1;
    for (const std::int64_t length : tensor.shape) count *= length;
    for (std::int64_t i = 0; i < count; ++i) tensor.values.push_back(static_cast<float>(0.5 * dice.normal()));
    tensors.push_back(std::move(tensor));
  };
  add("in_proj_weight", {3 * width, width});
  if (dice.chance(50)) {
    add("in_proj_bias", {3 * width});
    add("out_proj.bias", {width});
  }
  add("out_proj.weight", {width, width});
  if (dice.chance(40)) {
    add("bias_k", {1, 1, width});
    add("bias_v", {1, 1, width});
  }
  const std::string name = "layer-" + std::to_string(seed) + ".npz";
  std::ofstream(folder + "/" + name, std::ios::binary) << npzBytes(tensors);
  tensors.clear();
  add("x", {n.queries, width});
  const std::string input = "input-" + std::to_string(seed) + ".npz";
  std::ofstream(folder + "/" + input, std::ios::binary) << npzBytes(tensors);
  return Object{{"kind", "mha"}, {"file", name}, {"x", input + ":x"}, {"add_zero_attn", dice.chance(30)}};
}

/// What the experiment has become so far, with sizes that splitting and files decide.
Numbers sizesOf(const Value& root, const std::string& folder, std::uint64_t seed) {
  const Result<Decoded> decoded = decode(root);
  EXPECT_TRUE(decoded) << "seed " << seed << ": " << (decoded ? "" : decoded.error().text());
  if (!decoded) return {};
  const auto prepared = prepare(decoded->experiment, folder);
  EXPECT_TRUE(prepared) << "seed " << seed << ": " << (prepared ? "" : prepared.error().text());
  if (!prepared) return {};
  const Sizes& s = prepared->plan.inputs.sizes;
  return {s.queries, s.tokenKeys(), s.heads, s.kvHeads, s.dModel, s.dK, s.dV};
}

}  // namespace

Experiment randomExperiment(std::uint64_t seed, const std::string& folder) {
  Dice dice(seed);
  Numbers n{};
  n.kvHeads = dice.between(1, 3);
  n.heads = n.kvHeads * dice.between(1, 3);
  n.dK = dice.between(1, 12);
  n.dV = dice.between(1, 9);
  n.dModel = dice.between(1, 40);
  n.queries = dice.between(1, 20);
  const bool cross = dice.chance(30);
  n.keys = cross ? dice.between(1, 24) : n.queries;

  Object root{{"type", kExperimentType}, {"version", kExperimentVersion}, {"title", word(dice)}};
  const std::int64_t kind = dice.between(0, 5);
  const bool generated = kind <= 1;
  bool values = true;
  std::int64_t batches = 0;
  Object shape{
      {"d_model", n.dModel}, {"heads", n.heads}, {"kv_heads", n.kvHeads}, {"d_k", n.dK}, {"d_v", n.dV}};
  if (generated) {
    batches = dice.chance(20) ? dice.between(1, 3) : 0;
    Value sequence = dice.chance(15) ? gridTokens(dice) : tokens(dice, n.queries, folder, seed);
    root.emplace_back("tokens", perhapsBatch(dice, std::move(sequence), batches));
    if (cross) {
      root.emplace_back("memory", perhapsBatch(dice, tokens(dice, n.keys, folder, seed + 1000000),
                                               dice.chance(50) ? batches : 0));
    }
    root.emplace_back("source", kind == 0
                                    ? Value(Object{{"kind", "random"}, {"seed", dice.between(0, 1 << 30)}})
                                    : patterns(dice, n));
  } else if (kind == 2) {
    root.emplace_back("source", typed(dice, n, cross));
  } else if (kind == 3) {
    root.emplace_back("source", fromFile(dice, n, values, folder, seed));
    shape = {};
    if (dice.chance(30)) root.emplace_back("tokens", Object{{"count", n.queries}});
    if (cross && dice.chance(30)) root.emplace_back("memory", Object{{"count", n.keys}});
  } else if (kind == 4) {
    root.emplace_back("source", maps(dice, n, values, folder, seed));
    shape = {};
  } else {
    root.emplace_back("source", layer(dice, n, folder, seed));
    shape = {{"heads", n.heads}};
  }
  root.emplace_back("shape", shape);
  Object view;
  if (batches > 0) view.emplace_back("batch", dice.between(0, batches - 1));
  root.emplace_back("view", view);
  n = sizesOf(Value(root), folder, seed);
  if (n.queries == 0) return Experiment();

  const bool projects = kind != 3 && kind != 4;
  if (kind != 4 && dice.chance(40)) root.emplace_back("position", position(dice, projects, n.dK));
  root.emplace_back("score", randomScore(dice, n, folder, seed));
  root.emplace_back("mask", randomMasks(dice, n, folder, seed));
  List edits;
  if (kind != 4 && dice.chance(30)) {
    edits.push_back(edit(dice, "q", {n.heads, n.queries, n.dK}));
    edits.push_back(edit(dice, "k", {n.kvHeads, n.keys, n.dK}));
    if (values) edits.push_back(edit(dice, "v", {n.kvHeads, n.keys, n.dV}));
    if (projects) edits.push_back(edit(dice, "input", {n.queries, n.dModel}));
  }
  if (projects && dice.chance(30)) {
    edits.push_back(edit(dice, "w_q", {n.dModel, n.heads * n.dK}));
    edits.push_back(edit(dice, "b_v", {n.kvHeads * n.dV}));
    edits.push_back(edit(dice, "w_o", {n.heads * n.dV, n.dModel}));
  }
  root.emplace_back("edits", edits);
  root.emplace_back("normalizer", randomNormalizer(dice, n));
  if (dice.chance(20)) root.emplace_back("mistake", randomMistake(dice, n, root.back().second, projects));
  if (dice.chance(30)) root.emplace_back("ablate", Object{{"heads", List{dice.between(0, n.heads - 1)}}});
  if (dice.chance(30)) root.emplace_back("notes", "for\nthe \"lecturer\"");
  for (const KeySpec& key : viewKeys()) {
    if (key.type == KeyType::word && dice.chance(50))
      view.emplace_back(std::string(key.name), dice.choose(key.words));
  }
  if (dice.chance(30)) view.emplace_back("range", List{-0.5, dice.normal() + 10});
  if (dice.chance(30))
    view.emplace_back("head", dice.chance(30) ? Value("mean") : Value(dice.between(0, n.heads - 1)));
  if (dice.chance(30))
    view.emplace_back("pin", List{dice.between(0, n.queries - 1), dice.between(0, n.keys - 1)});
  Value document(std::move(root));
  document.set("view", std::move(view));
  if (dice.chance(30)) document.set("from a later version", Object{{"x", List{1, Value(), "…"}}});

  const Result<Decoded> decoded = decode(document);
  EXPECT_TRUE(decoded) << "seed " << seed << ": " << (decoded ? "" : decoded.error().text());
  return decoded ? decoded->experiment : Experiment();
}

}  // namespace headlight::test
