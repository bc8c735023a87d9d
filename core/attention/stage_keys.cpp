#include "core/attention/stage_keys.h"

#include <algorithm>

#include "core/base/hash.h"

namespace headlight {
namespace {

/// Never 0, which stands for "absent".
std::uint64_t named(const KeyHash& hash) {
  return hash.key() == 0 ? 1 : hash.key();
}

KeyHash of(Stage stage) {
  KeyHash hash;
  hash.add(info(stage).id);
  return hash;
}

KeyHash& add(KeyHash& hash, std::int64_t number) {
  return hash.add(static_cast<std::uint64_t>(number));
}

void addEdits(KeyHash& hash, const Inputs& inputs, Stage stage) {
  for (const HeadEdit& edit : inputs.edits) {
    if (edit.stage != stage) continue;
    add(hash, edit.head);
    add(hash, edit.row);
    add(hash, edit.column);
    hash.add(static_cast<double>(edit.value));
  }
}

std::uint64_t projectedKey(const Inputs& inputs, Stage stage) {
  const Sizes& s = inputs.sizes;
  const bool isQuery = stage == Stage::q;
  const Caused<Heads>& given = isQuery ? inputs.q : stage == Stage::k ? inputs.k : inputs.v;
  const Caused<Linear>& linear = isQuery ? inputs.wQ : stage == Stage::k ? inputs.wK : inputs.wV;
  const Caused<Matrix>& x = isQuery || !inputs.memory                 ? inputs.x
                            : stage == Stage::v && inputs.memoryValue ? inputs.memoryValue
                                                                      : inputs.memory;
  KeyHash hash = of(stage);
  add(hash, isQuery ? s.queries : s.keys);
  add(hash, isQuery ? s.heads : s.kvHeads);
  add(hash, stage == Stage::v ? s.dV : s.dK);
  if (given) {
    hash.add("given").add(given.key);
  } else {
    hash.add("projected").add(x.key).add(linear.key);
  }
  if (!isQuery && s.extraKeys > 0) {
    add(hash, s.extraKeys);
    hash.add((stage == Stage::k ? inputs.extraK : inputs.extraV).key);
  }
  if (inputs.rotary && stage != Stage::v) {
    const Rotary& r = *inputs.rotary;
    hash.add("rotary").add(r.base).add(r.fraction);
    add(add(hash, r.interleaved ? 1 : 0), r.offset);
  }
  addEdits(hash, inputs, stage);
  return named(hash);
}

/// The files that an entry of the document names.
void addTensors(KeyHash& hash, const AttentionPlan& plan, const Kinded& entry) {
  if (!plan.tensors) return;
  for (const auto& [name, value] : entry.keys) {
    if ((name == "tensor" || name == "table") && value.isString())
      hash.add(plan.tensors->stamp(value.string()));
  }
}

std::uint64_t modifierKey(const AttentionPlan& plan) {
  KeyHash hash;
  hash.add("modifiers");
  if (plan.softcap) hash.add(*plan.softcap);
  for (const std::vector<Kinded>* list : {&plan.biases, &plan.masks}) {
    for (const Kinded& entry : *list) {
      const MaskKind* mask = list == &plan.masks ? maskKind(entry.kind) : nullptr;
      if (list == &plan.masks && (mask == nullptr || mask->makeBias == nullptr)) continue;
      hash.add(entry.kind).add(Value(entry.keys).json());
      addTensors(hash, plan, entry);
      add(add(hash, plan.inputs.sizes.heads), plan.batch);
    }
  }
  return named(hash);
}

void addMistake(KeyHash& hash, const Mistake& mistake) {
  add(hash, (mistake.overQueries ? 1 : 0) + (mistake.plainSum ? 2 : 0) + (mistake.keepsMaximum ? 4 : 0));
}

/// ∂L/∂scores need weights that are a normalizer's of the row, as it is meant.
bool hasGradients(const AttentionPlan& plan) {
  const Mistake& mistake = plan.mistake;
  return plan.inputs.sizes.dV > 0 && !mistake.overQueries && !mistake.plainSum &&
         mistake.maskAs == Mistake::MaskAs::minusInfinity;
}

}  // namespace

std::uint64_t maskKey(const AttentionPlan& plan) {
  KeyHash hash;
  hash.add("mask");
  add(hash, plan.inputs.sizes.queries);
  add(hash, plan.inputs.sizes.keys);
  add(hash, plan.inputs.sizes.extraKeys);
  for (const Kinded& entry : plan.masks) {
    hash.add(entry.kind).add(Value(entry.keys).json());
    addTensors(hash, plan, entry);
  }
  // Any mask may read which keys are padding (MaskContext).
  if (plan.masks.empty()) return named(hash);
  for (const bool padded : plan.inputs.paddedKeys) add(hash, padded ? 1 : 0);
  add(hash, plan.inputs.sizes.heads);
  add(hash, plan.batch);
  return named(hash);
}

std::uint64_t mixedKey(const AttentionPlan& plan) {
  const auto keys = stageKeys(plan);
  KeyHash hash;
  hash.add("mixed").add(keys[static_cast<std::size_t>(Stage::weights)]);
  return named(hash.add(keys[static_cast<std::size_t>(Stage::v)]));
}

std::array<std::uint64_t, kStageCount> stageKeys(const AttentionPlan& plan) {
  const Inputs& in = plan.inputs;
  std::array<std::uint64_t, kStageCount> keys{};
  const auto key = [&keys](Stage stage) -> std::uint64_t& { return keys[static_cast<std::size_t>(stage)]; };
  if (in.x) key(Stage::input) = named(of(Stage::input).add(in.x.key));
  if (in.memory) key(Stage::memory) = named(of(Stage::memory).add(in.memory.key));
  if (in.sizes.dV > 0) key(Stage::v) = projectedKey(in, Stage::v);
  const bool given = in.maps && in.maps->enters == Stage::weights;
  if (in.maps) {
    key(in.maps->enters) = named(of(in.maps->enters).add("given").add(in.maps.key));
  } else {
    key(Stage::q) = projectedKey(in, Stage::q);
    key(Stage::k) = projectedKey(in, Stage::k);
    key(Stage::dot) = named(of(Stage::dot).add(key(Stage::q)).add(key(Stage::k)));
    key(Stage::scaled) = named(of(Stage::scaled).add(key(Stage::dot)).add(plan.scale));
  }
  if (!given) {
    key(Stage::biased) = named(of(Stage::biased).add(key(Stage::scaled)).add(modifierKey(plan)));
    KeyHash masked = of(Stage::masked).add(key(Stage::biased)).add(maskKey(plan));
    key(Stage::masked) = named(masked.add(static_cast<std::uint64_t>(plan.mistake.maskAs)));
    KeyHash weights = of(Stage::weights)
                          .add(key(Stage::masked))
                          .add(plan.normalizer.kind)
                          .add(Value(plan.normalizer.keys).json())
                          .add(plan.temperature)
                          .add(static_cast<std::uint64_t>(plan.emptyRow));
    addMistake(weights, plan.mistake);
    key(Stage::weights) = named(weights);
  }
  if (in.sizes.dV == 0) return keys;

  KeyHash lengths = of(Stage::valueWeighted).add(key(Stage::weights)).add(key(Stage::v)).add(in.wO.key);
  key(Stage::valueWeighted) = named(add(lengths, plan.mistake.meanMerge ? 1 : 0));
  KeyHash mixed = of(Stage::headOutput).add(key(Stage::weights)).add(key(Stage::v));
  std::vector<int> ablated = plan.ablatedHeads;
  std::sort(ablated.begin(), ablated.end());
  ablated.erase(std::unique(ablated.begin(), ablated.end()), ablated.end());
  for (const int head : ablated) add(mixed, head);
  key(Stage::headOutput) = named(mixed);
  key(Stage::concat) = named(of(Stage::concat).add(key(Stage::headOutput)));
  if (in.wO) {
    for (const Stage stage : {Stage::contribution, Stage::output}) {
      KeyHash hash = of(stage).add(key(Stage::headOutput)).add(in.wO.key);
      key(stage) = named(add(hash, plan.mistake.meanMerge ? 1 : 0));
    }
  }
  if (!hasGradients(plan)) return keys;
  KeyHash gradient;
  gradient.add(key(Stage::headOutput)).add(key(Stage::output)).add(key(Stage::masked)).add(plan.upstream.key);
  const auto addGradient = [&](Stage stage) { key(stage) = named(of(stage).add(gradient.key())); };
  addGradient(Stage::gradV);
  if (given) return keys;
  addGradient(Stage::gradScores);
  if (in.maps) return keys;
  addGradient(Stage::gradQ);
  addGradient(Stage::gradK);
  return keys;
}

std::string absence(const Run& run, Stage stage) {
  if (run.has(stage)) return "";
  const Mistake& mistake = run.rules.mistake;
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  if (isGradient(stage)) {
    if (run.sizes.dV == 0) return "the source gives no values, the stages end at weights";
    if (mistake.overQueries || mistake.plainSum || mistake.maskAs != Mistake::MaskAs::minusInfinity) {
      return "the experiment is deliberately wrong, and its gradients are those of nothing that is meant";
    }
    return given ? "the source gives the weights, there are no scores"
                 : "the source gives maps, there are no queries and keys";
  }
  if (run.inputs.maps &&
      (stage == Stage::input || (stage >= Stage::q && stage <= Stage::masked && stage != Stage::v))) {
    if (given && stage >= Stage::scaled) return "the source gives the weights, there are no scores";
    return "the source gives maps, there are neither input nor queries and keys";
  }
  switch (stage) {
    case Stage::input:
      return "the source gives q and k, there is no input";
    case Stage::memory:
      return run.inputs.q ? "the source gives q and k, there is no memory"
                          : "queries and keys come from the same tokens, there is no memory";
    case Stage::v:
    case Stage::valueWeighted:
    case Stage::headOutput:
    case Stage::concat:
      return "the source gives no values, the stages end at weights";
    case Stage::contribution:
    case Stage::output:
      return run.sizes.dV == 0 ? "the source gives no values, the stages end at weights"
                               : "the source gives no w_o, the stages end at concat";
    default:
      return "the source does not give it";
  }
}

std::string absence(const Run& run, RowQuantity quantity) {
  if (run.has(quantity)) return "";
  if (quantity == RowQuantity::jacobianNorm) return absence(run, Stage::gradScores);
  const bool given = run.inputs.maps && run.inputs.maps->enters == Stage::weights;
  if (given) return "the source gives the weights, there are no scores";
  return "the normalizer " + run.rules.normalizerKind + " has none";
}

bool Run::has(RowQuantity quantity) const {
  const bool given = inputs.maps && inputs.maps->enters == Stage::weights;
  switch (quantity) {
    case RowQuantity::rowMax:
    case RowQuantity::lse:
      return !given;
    case RowQuantity::threshold:
      return !given && rules.normalizer->hasThreshold();
    case RowQuantity::jacobianNorm:
      return has(Stage::gradScores);
    default:
      return true;
  }
}

}  // namespace headlight
