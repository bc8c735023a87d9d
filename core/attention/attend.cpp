#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

#include "core/attention/attend_rows.h"
#include "core/attention/merge.h"
#include "core/attention/project.h"
#include "core/attention/stage_keys.h"
#include "core/attention/work.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

/// The part of the run before, when it has the same causes.
template <class T>
bool share(Caused<T>& into, const Caused<T>* before, std::uint64_t key) {
  into.key = key;
  if (before == nullptr || before->key != key) return false;
  into.value = before->value;
  return into.value != nullptr;
}

Result<Rules> makeRules(const AttentionPlan& plan) {
  Rules rules;
  rules.scale = static_cast<float>(plan.scale);
  if (!std::isfinite(rules.scale)) {
    return Error{ErrorCode::invalid,
                 "found a scale that is no finite 32-bit number, accepted is a finite one", "score.scale",
                 ""};
  }
  rules.temperature = static_cast<float>(plan.temperature);
  if (!std::isfinite(rules.temperature) || !(rules.temperature > 0)) {
    return Error{ErrorCode::invalid, "found a temperature that is not above 0 as a 32-bit number",
                 "normalizer.temperature", ""};
  }
  rules.emptyRow = plan.emptyRow;
  rules.normalizerKind = plan.normalizer.kind;
  auto normalizer = makeNormalizer(plan.normalizer, "normalizer");
  if (!normalizer) return normalizer.error();
  rules.normalizer = std::move(*normalizer);
  return rules;
}

Result<std::vector<bool>> ablatedHeads(const AttentionPlan& plan) {
  std::vector<bool> ablated(static_cast<std::size_t>(plan.inputs.sizes.heads), false);
  for (std::size_t n = 0; n < plan.ablatedHeads.size(); ++n) {
    const int head = plan.ablatedHeads[n];
    if (head < 0 || head >= plan.inputs.sizes.heads) {
      return Error{ErrorCode::invalid,
                   "found head " + std::to_string(head) + ", accepted are heads 0 to " +
                       std::to_string(plan.inputs.sizes.heads - 1),
                   "ablate.heads[" + std::to_string(n) + "]", ""};
    }
    ablated[static_cast<std::size_t>(head)] = true;
  }
  return ablated;
}

/// One pass over the scores of all heads: statistics, mixed head outputs, or both.
bool attendHeads(Run& run, bool measure, bool mixes, ThreadPool& pool, const Cancel& cancel) {
  const Sizes& s = run.sizes;
  const std::int64_t together = rowsTogether(s);
  const std::int64_t blocks = (s.queries + together - 1) / together;
  const auto heads = static_cast<std::size_t>(s.heads);
  auto statistics = std::make_shared<Statistics>();
  // Without measuring, the numbers of the run before are only read.
  if (measure) {
    statistics->heads.resize(heads);
    for (HeadStatistics& head : statistics->heads) head.rows.resize(static_cast<std::size_t>(s.queries));
  }
  auto mixed = std::make_shared<Heads>();
  if (mixes) mixed->assign(heads, Matrix(s.queries, s.dV));
  std::vector<RowsExtremes> extremes(static_cast<std::size_t>(s.heads * blocks));

  const RowsInput input{*run.projected, s, run.rules, *run.mask};
  const auto task = [&](std::int64_t index) {
    const std::int64_t head = index / blocks;
    // The last rows first: with a causal mask they are the longest.
    const std::int64_t block = blocks - 1 - index % blocks;
    const std::int64_t r0 = block * together;
    const std::int64_t r1 = std::min(r0 + together, s.queries);
    const auto h = static_cast<std::size_t>(head);
    Matrix* into = mixes ? &(*mixed)[h] : nullptr;
    RowsExtremes& result = extremes[static_cast<std::size_t>(head * blocks + block)];
    if (measure) {
      result =
          attendRows(input, static_cast<int>(head), r0, r1, statistics->heads[h].rows.data(), nullptr, into);
    } else {
      result = attendRows(input, static_cast<int>(head), r0, r1, nullptr,
                          run.statistics->heads[h].rows.data(), into);
    }
  };
  const double cells = static_cast<double>(run.mask->keptCells()) * s.heads;
  const double flop =
      cells * (2.0 * static_cast<double>(s.dK) + (mixes ? 2.0 * static_cast<double>(s.dV) : 0) + 20);
  if (!forEachTask(pool, flop, s.heads * blocks, task, cancel)) return false;

  if (mixes) run.mixed.value = std::move(mixed);
  if (!measure) return true;
  statistics->emptyRows = run.mask->emptyRows();
  for (std::size_t h = 0; h < heads; ++h) {
    HeadStatistics& head = statistics->heads[h];
    bool any = false;
    for (std::int64_t block = 0; block < blocks; ++block) {
      const RowsExtremes& part =
          extremes[h * static_cast<std::size_t>(blocks) + static_cast<std::size_t>(block)];
      head.largestWeight = std::max(head.largestWeight, part.largestWeight);
      if (std::isnan(part.rowSumError) || part.rowSumError > statistics->rowSumError) {
        statistics->rowSumError = part.rowSumError;
      }
      if (!part.anyScore) continue;
      head.smallestScore = any ? std::min(head.smallestScore, part.smallestScore) : part.smallestScore;
      head.largestScore = any ? std::max(head.largestScore, part.largestScore) : part.largestScore;
      any = true;
    }
  }
  run.statistics.value = std::move(statistics);
  return true;
}

Status evaluate(Run& run, const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                const AttendOptions& options) {
  const Cancel& cancel = options.cancel;
  run.stageKeys = stageKeys(plan);
  if (!share(run.mask, previous ? &previous->mask : nullptr, maskKey(plan))) {
    auto mask = MaskPlan::compile(
        plan.masks, {plan.inputs.sizes.queries, plan.inputs.sizes.keys, plan.inputs.paddedKeys}, cancel);
    if (!mask) return mask.error();
    run.mask.value = std::move(*mask);
  }
  KeyHash projectedKey;
  projectedKey.add(run.key(Stage::q)).add(run.key(Stage::k)).add(run.key(Stage::v));
  if (!share(run.projected, previous ? &previous->projected : nullptr, projectedKey.key())) {
    run.projected.value = project(plan.inputs, pool, cancel);
    if (!run.projected) return cancelledError();
  }
  const bool wantsOutputs = options.outputs && run.has(Stage::headOutput);
  const bool measured =
      share(run.statistics, previous ? &previous->statistics : nullptr, run.key(Stage::weights));
  const bool mixed = share(run.mixed, previous ? &previous->mixed : nullptr, mixedKey(plan));
  if (!measured || (wantsOutputs && !mixed)) {
    if (!attendHeads(run, !measured, wantsOutputs && !mixed, pool, cancel)) return cancelledError();
  }
  if (!wantsOutputs) return {};
  KeyHash outputsKey;
  outputsKey.add(run.key(Stage::headOutput)).add(run.key(Stage::output));
  if (!share(run.outputs, previous ? &previous->outputs : nullptr, outputsKey.key())) {
    run.outputs.value = merge(*run.mixed, run.ablated, plan.inputs.wO, pool, cancel);
    if (!run.outputs) return cancelledError();
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Run>> attend(const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                                          const AttendOptions& options) try {
  const auto start = std::chrono::steady_clock::now();
  fixSummationOrder();
  if (Status status = checkInputs(plan.inputs); !status) return status.error();
  auto rules = makeRules(plan);
  if (!rules) return rules.error();
  auto ablated = ablatedHeads(plan);
  if (!ablated) return ablated.error();
  auto run = std::make_shared<Run>();
  run->sizes = plan.inputs.sizes;
  run->inputs = plan.inputs;
  run->rules = std::move(*rules);
  run->ablated = std::move(*ablated);
  if (Status status = evaluate(*run, plan, previous, pool, options); !status) return status.error();
  run->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::shared_ptr<const Run>(std::move(run));
} catch (const std::exception&) {
  // bad_alloc and length_error: nothing else is thrown by what is called here.
  return Error{ErrorCode::failed, "not enough memory for the projections and head outputs of this experiment",
               "", "Shorten the sequence, or use fewer heads"};
}

}  // namespace headlight
