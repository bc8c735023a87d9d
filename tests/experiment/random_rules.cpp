#include "tests/experiment/random_rules.h"

#include <algorithm>
#include <fstream>

#include "core/attention/mask/mask.h"
#include "tests/experiment/support.h"

namespace headlight::test {
namespace {

Value optional(Dice& dice, std::int64_t most) {
  return dice.chance(30) ? Value() : Value(dice.between(0, most));
}

List bits(Dice& dice, std::int64_t count, int percent) {
  List list;
  for (std::int64_t i = 0; i < count; ++i) list.emplace_back(dice.chance(percent) ? 1 : 0);
  return list;
}

/// A tensor of one of the shapes that are read by rank: k, qk, hqk.
std::string tensorFile(Dice& dice, const Numbers& n, const std::string& folder, const std::string& name,
                       bool binary) {
  NamedTensor tensor{"m", {n.keys}, {}};
  const std::int64_t rank = dice.between(1, 3);
  if (rank >= 2) tensor.shape.insert(tensor.shape.begin(), n.queries);
  if (rank == 3) tensor.shape.insert(tensor.shape.begin(), dice.chance(30) ? 1 : n.heads);
  std::int64_t count = 1;
  for (const std::int64_t length : tensor.shape) count *= length;
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = binary ? (dice.chance(75) ? 1.0 : 0.0) : dice.normal();
    tensor.values.push_back(static_cast<float>(value));
  }
  std::ofstream(folder + "/" + name, std::ios::binary) << npzBytes({tensor});
  return name + ":m";
}

Value randomMask(Dice& dice, const Numbers& n, std::string_view kind, const std::string& folder,
                 std::uint64_t seed) {
  static const std::vector<std::string> aligns{"top_left", "bottom_right"};
  Object mask{{"kind", kind}};
  const auto put = [&](const char* key, Value value) { mask.emplace_back(key, std::move(value)); };
  if (kind == "causal") {
    put("align", dice.choose(aligns));
    put("offset", dice.between(-2, 2));
  } else if (kind == "padding") {
    if (dice.chance(50)) put("keep", bits(dice, n.keys, 80));
  } else if (kind == "window") {
    put("left", optional(dice, 5));
    put("right", optional(dice, 5));
    put("align", dice.choose(aligns));
  } else if (kind == "dilated") {
    put("reach", dice.between(1, 4));
    put("step", dice.between(1, 3));
  } else if (kind == "prefix") {
    put("length", dice.between(1, n.keys));
  } else if (kind == "documents") {
    List ids;
    for (std::int64_t i = 0; i < std::max(n.queries, n.keys); ++i) ids.emplace_back(dice.between(0, 2));
    put("ids", std::move(ids));
  } else if (kind == "chunked") {
    put("size", dice.between(1, 6));
  } else if (kind == "strided") {
    put("stride", dice.between(1, 4));
  } else if (kind == "fixed") {
    const std::int64_t stride = dice.between(1, 5);
    put("stride", stride);
    put("summary", dice.between(1, stride));
  } else if (kind == "block") {
    const std::int64_t size = dice.between(1, 5);
    List layout;
    for (std::int64_t r = 0; r < (n.queries + size - 1) / size; ++r)
      layout.emplace_back(bits(dice, (n.keys + size - 1) / size, 70));
    put("size", size);
    put("layout", std::move(layout));
  } else if (kind == "sinks") {
    put("count", dice.between(1, 3));
    put("window", dice.between(1, 6));
  } else if (kind == "longformer") {
    put("window", 2 * dice.between(1, 4));
    put("global", List{dice.between(0, std::min(n.queries, n.keys) - 1)});
  } else if (kind == "bigbird") {
    put("block", dice.between(1, 4));
    put("random", dice.between(1, 3));
    put("seed", dice.between(0, 99));
  } else if (kind == "cells") {
    List drop;
    for (std::int64_t c = dice.between(0, 4); c > 0; --c)
      drop.emplace_back(List{dice.between(0, n.queries - 1), dice.between(0, n.keys - 1)});
    put("drop", std::move(drop));
  } else if (kind == "tensor") {
    const bool additive = dice.chance(40);
    put("tensor", tensorFile(dice, n, folder, "mask-" + std::to_string(seed) + ".npz", !additive));
    put("meaning", additive ? "additive" : dice.chance(50) ? "keep" : "drop");
  }
  return mask;
}

Value randomBias(Dice& dice, const Numbers& n, std::int64_t kind, const std::string& folder,
                 std::uint64_t seed) {
  switch (kind) {
    case 0:
      return dice.chance(50) ? Value("alibi") : Value(Object{{"kind", "alibi"}, {"align", "bottom_right"}});
    case 1: {
      const std::string name = "t5-" + std::to_string(seed) + ".npz";
      NamedTensor table{"table", {8, n.heads}, {}};
      for (std::int64_t i = 0; i < 8 * n.heads; ++i)
        table.values.push_back(static_cast<float>(dice.normal()));
      std::ofstream(folder + "/" + name, std::ios::binary) << npzBytes({table});
      return Object{{"kind", "t5"},
                    {"buckets", 8},
                    {"max_distance", 16},
                    {"bidirectional", dice.chance(50)},
                    {"table", name + ":table"}};
    }
    case 2:
      return Object{{"kind", "tensor"},
                    {"tensor", tensorFile(dice, n, folder, "bias-" + std::to_string(seed) + ".npz", false)}};
    default: {
      Object constant{{"kind", "constant"}, {"value", dice.normal()}};
      if (dice.chance(50)) constant.emplace_back("query", dice.between(0, n.queries - 1));
      return constant;
    }
  }
}

}  // namespace

Value randomScore(Dice& dice, const Numbers& n, const std::string& folder, std::uint64_t seed) {
  static const std::vector<Value> scales{"none", 0.25, -1.0, 0.0, "inverse_sqrt_d_k", "inverse_sqrt_d_k"};
  Object score{{"scale", dice.choose(scales)}};
  if (dice.chance(25)) score.emplace_back("softcap", 0.5 * static_cast<double>(dice.between(1, 20)));
  List biases;
  for (std::int64_t kind = 0; kind < 4; ++kind) {
    if (dice.chance(15)) biases.push_back(randomBias(dice, n, kind, folder, seed));
  }
  if (!biases.empty()) score.emplace_back("bias", std::move(biases));
  return score;
}

List randomMasks(Dice& dice, const Numbers& n, const std::string& folder, std::uint64_t seed) {
  List all;
  for (const MaskKind& kind : maskKinds()) {
    const std::string_view name = kind.spec.kind;
    if (name == "bigbird" && n.queries != n.keys) continue;
    const bool common = name == "causal" || name == "padding";
    if (dice.chance(common ? 30 : 7)) all.push_back(randomMask(dice, n, name, folder, seed));
  }
  return all;
}

Value randomNormalizer(Dice& dice, const Numbers& n) {
  static const std::vector<std::string> policies{"zeros", "nan", "uniform"};
  static const std::vector<std::string> kinds{"softmax",   "softmax",  "softmax", "softmax1", "sink",
                                              "sparsemax", "entmax15", "sigmoid", "relu"};
  const std::string& kind = dice.choose(kinds);
  Object normalizer{{"kind", kind},
                    {"temperature", 0.25 * static_cast<double>(dice.between(1, 8))},
                    {"empty_row", dice.choose(policies)}};
  if (kind == "sink") {
    List logits;
    for (std::int64_t h = 0; h < n.heads; ++h) logits.emplace_back(dice.normal());
    normalizer.emplace_back("logits", std::move(logits));
  }
  if (kind == "sigmoid" && dice.chance(50)) normalizer.emplace_back("bias", dice.normal());
  return normalizer;
}

Value randomMistake(Dice& dice, const Numbers& n, const Value& normalizer, bool projects) {
  const std::string& kind = normalizer.find("kind")->string();
  Object mistake;
  if (kind == "softmax" && dice.chance(30)) mistake.emplace_back("softmax_over", "queries");
  if (dice.chance(30)) mistake.emplace_back("mask_as", dice.chance(50) ? "zero_score" : "zero_weight");
  // subtract_max false overflows at large scores, in float sooner than in the reference's double.
  if (dice.chance(30)) mistake.emplace_back("merge", "mean");
  if (projects && n.heads == n.kvHeads && dice.chance(30)) mistake.emplace_back("tie", "w_k=w_q");
  return mistake;
}

}  // namespace headlight::test
