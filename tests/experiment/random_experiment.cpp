#include "tests/experiment/random_experiment.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/attention/mask/mask.h"
#include "core/base/random.h"
#include "core/experiment/json.h"
#include "core/experiment/position/position.h"
#include "core/experiment/schema.h"
#include "tests/experiment/support.h"

namespace headlight::test {
namespace {

/// Numbered throws of one seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(0, 99) < percent; }
  double normal() { return normalFromBits(next()); }
  template <class T>
  const T& choose(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(list.size()) - 1))];
  }

 private:
  std::uint64_t next() { return randomBits(seed_, {count_++, 0, 0, 0}); }
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

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

struct Numbers {
  std::int64_t queries, keys, heads, kvHeads, dModel, dK, dV;
};

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

List masks(Dice& dice, const Numbers& n, bool lists) {
  List all;
  static const std::vector<std::string> aligns{"top_left", "bottom_right"};
  if (dice.chance(40)) {
    all.emplace_back(
        Object{{"kind", "causal"}, {"align", dice.choose(aligns)}, {"offset", dice.between(-2, 2)}});
  }
  if (dice.chance(30)) {
    const auto side = [&] { return dice.chance(30) ? Value() : Value(dice.between(0, 5)); };
    all.emplace_back(
        Object{{"kind", "window"}, {"left", side()}, {"right", side()}, {"align", dice.choose(aligns)}});
  }
  if (dice.chance(30)) {
    List keep;
    for (std::int64_t j = 0; j < n.keys; ++j) keep.emplace_back(dice.chance(80) ? 1 : 0);
    if (lists && dice.chance(50)) {
      all.emplace_back(Object{{"kind", "padding"}, {"keep", keep}});
    } else {
      all.emplace_back("padding");
    }
  }
  return all;
}

Value edit(Dice& dice, std::string_view stage, std::vector<std::int64_t> axes) {
  List at;
  for (const std::int64_t length : axes) at.emplace_back(dice.between(0, length - 1));
  return Object{{"stage", stage}, {"at", at}, {"value", dice.normal()}};
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
  const std::int64_t kind = dice.between(0, 3);
  bool values = true;
  bool given = true;  // numbers of tokens that the source does not know are those of the dice
  Object shape{
      {"d_model", n.dModel}, {"heads", n.heads}, {"kv_heads", n.kvHeads}, {"d_k", n.dK}, {"d_v", n.dV}};
  if (kind <= 1) {
    root.emplace_back("tokens", tokens(dice, n.queries, folder, seed));
    if (cross) root.emplace_back("memory", tokens(dice, n.keys, folder, seed + 1000000));
    root.emplace_back("source", kind == 0
                                    ? Value(Object{{"kind", "random"}, {"seed", dice.between(0, 1 << 30)}})
                                    : patterns(dice, n));
    // Splitting decides how many there are.
    given = false;
  } else if (kind == 2) {
    root.emplace_back("source", typed(dice, n, cross));
  } else {
    root.emplace_back("source", fromFile(dice, n, values, folder, seed));
    shape = {};
    if (dice.chance(30)) root.emplace_back("tokens", Object{{"count", n.queries}});
    if (cross && dice.chance(30)) root.emplace_back("memory", Object{{"count", n.keys}});
  }
  root.emplace_back("shape", shape);
  if (kind != 3 && dice.chance(30)) root.emplace_back("position", positionKinds().back()->spec.kind);
  if (dice.chance(30)) {
    static const std::vector<Value> scales{"none", 0.25, -1.0, 0.0};
    root.emplace_back("score", Object{{"scale", dice.choose(scales)}});
  }
  root.emplace_back("mask", masks(dice, n, given));
  List edits;
  if (given && dice.chance(30)) {
    edits.push_back(edit(dice, "q", {n.heads, n.queries, n.dK}));
    edits.push_back(edit(dice, "k", {n.kvHeads, n.keys, n.dK}));
    if (values) edits.push_back(edit(dice, "v", {n.kvHeads, n.keys, n.dV}));
    if (kind == 2) edits.push_back(edit(dice, "input", {n.queries, n.dModel}));
  }
  if (kind != 3 && dice.chance(30)) {
    edits.push_back(edit(dice, "w_q", {n.dModel, n.heads * n.dK}));
    edits.push_back(edit(dice, "b_v", {n.kvHeads * n.dV}));
    edits.push_back(edit(dice, "w_o", {n.heads * n.dV, n.dModel}));
  }
  root.emplace_back("edits", edits);
  static const std::vector<std::string> policies{"zeros", "nan", "uniform"};
  root.emplace_back("normalizer", Object{{"kind", "softmax"},
                                         {"temperature", 0.25 * static_cast<double>(dice.between(1, 8))},
                                         {"empty_row", dice.choose(policies)}});
  if (dice.chance(30)) root.emplace_back("ablate", Object{{"heads", List{dice.between(0, n.heads - 1)}}});
  if (dice.chance(30)) root.emplace_back("notes", "for\nthe \"lecturer\"");
  Object view;
  for (const KeySpec& key : viewKeys()) {
    if (key.type == KeyType::word && dice.chance(50))
      view.emplace_back(std::string(key.name), dice.choose(key.words));
  }
  if (dice.chance(30)) view.emplace_back("range", List{-0.5, dice.normal() + 10});
  if (dice.chance(30))
    view.emplace_back("head", dice.chance(30) ? Value("mean") : Value(dice.between(0, n.heads - 1)));
  if (given && dice.chance(30))
    view.emplace_back("pin", List{dice.between(0, n.queries - 1), dice.between(0, n.keys - 1)});
  root.emplace_back("view", view);
  if (dice.chance(30)) root.emplace_back("from a later version", Object{{"x", List{1, Value(), "…"}}});

  const Result<Decoded> decoded = decode(Value(std::move(root)));
  EXPECT_TRUE(decoded) << "seed " << seed << ": " << decoded.error().text();
  return decoded ? decoded->experiment : Experiment();
}

}  // namespace headlight::test
