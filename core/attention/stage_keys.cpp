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
  const Caused<Matrix>& x = !isQuery && inputs.memory ? inputs.memory : inputs.x;
  KeyHash hash = of(stage);
  add(hash, isQuery ? s.queries : s.keys);
  add(hash, isQuery ? s.heads : s.kvHeads);
  add(hash, stage == Stage::v ? s.dV : s.dK);
  if (given) {
    hash.add("given").add(given.key);
  } else {
    hash.add("projected").add(x.key).add(linear.key);
  }
  addEdits(hash, inputs, stage);
  return named(hash);
}

}  // namespace

std::uint64_t maskKey(const AttentionPlan& plan) {
  KeyHash hash;
  hash.add("mask");
  add(hash, plan.inputs.sizes.queries);
  add(hash, plan.inputs.sizes.keys);
  for (const Kinded& entry : plan.masks) hash.add(entry.kind).add(Value(entry.keys).json());
  // Any mask may read which keys are padding (MaskContext).
  if (plan.masks.empty()) return named(hash);
  for (const bool padded : plan.inputs.paddedKeys) add(hash, padded ? 1 : 0);
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
  key(Stage::q) = projectedKey(in, Stage::q);
  key(Stage::k) = projectedKey(in, Stage::k);
  if (in.sizes.dV > 0) key(Stage::v) = projectedKey(in, Stage::v);

  key(Stage::dot) = named(of(Stage::dot).add(key(Stage::q)).add(key(Stage::k)));
  key(Stage::scaled) = named(of(Stage::scaled).add(key(Stage::dot)).add(plan.scale));
  key(Stage::biased) = named(of(Stage::biased).add(key(Stage::scaled)));
  key(Stage::masked) = named(of(Stage::masked).add(key(Stage::biased)).add(maskKey(plan)));
  key(Stage::weights) = named(of(Stage::weights)
                                  .add(key(Stage::masked))
                                  .add(plan.normalizer.kind)
                                  .add(Value(plan.normalizer.keys).json())
                                  .add(plan.temperature)
                                  .add(static_cast<std::uint64_t>(plan.emptyRow)));
  if (in.sizes.dV == 0) return keys;

  KeyHash mixed = of(Stage::headOutput).add(key(Stage::weights)).add(key(Stage::v));
  std::vector<int> ablated = plan.ablatedHeads;
  std::sort(ablated.begin(), ablated.end());
  ablated.erase(std::unique(ablated.begin(), ablated.end()), ablated.end());
  for (const int head : ablated) add(mixed, head);
  key(Stage::headOutput) = named(mixed);
  key(Stage::concat) = named(of(Stage::concat).add(key(Stage::headOutput)));
  if (!in.wO) return keys;
  key(Stage::contribution) = named(of(Stage::contribution).add(key(Stage::headOutput)).add(in.wO.key));
  key(Stage::output) = named(of(Stage::output).add(key(Stage::headOutput)).add(in.wO.key));
  return keys;
}

std::string absence(const Run& run, Stage stage) {
  if (run.has(stage)) return "";
  switch (stage) {
    case Stage::input:
      return "the source gives q and k, there is no input";
    case Stage::memory:
      return run.inputs.q ? "the source gives q and k, there is no memory"
                          : "queries and keys come from the same tokens, there is no memory";
    case Stage::v:
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

}  // namespace headlight
