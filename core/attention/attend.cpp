#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>

#include "core/attention/attend_fused.h"
#include "core/attention/attend_heads.h"
#include "core/attention/gradient.h"
#include "core/attention/merge.h"
#include "core/attention/over_queries.h"
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
  const Sizes& s = plan.inputs.sizes;
  auto normalizer = makeNormalizer(plan.normalizer, {s.keys, s.heads, plan.mistake}, "normalizer");
  if (!normalizer) return normalizer.error();
  rules.normalizer = std::move(*normalizer);
  if (plan.softcap) {
    rules.softcap = static_cast<float>(*plan.softcap);
    if (!std::isfinite(rules.softcap) || !(rules.softcap > 0)) {
      return Error{ErrorCode::invalid, "found a softcap that is not above 0 as a 32-bit number",
                   "score.softcap", ""};
    }
  }
  auto biases = BiasPlan::compile(plan.biases, plan.masks, maskContext(plan));
  if (!biases) return biases.error();
  rules.biases = std::move(*biases);
  rules.mistake = plan.mistake;
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

/// Passes on what many threads report as one share that only grows, and reaches 1.
class Progress {
 public:
  explicit Progress(const std::function<void(double)>& report) : report_(report) {}
  /// What is reported from now on counts as [begin, end) of the whole.
  std::function<void(double)> part(double begin, double end) {
    if (!report_) return {};
    return [this, begin, end](double share) { reach(begin + share * (end - begin)); };
  }
  void reach(double share) {
    if (!report_) return;
    const std::lock_guard lock(mutex_);
    if (share < reached_ + kStep && !(share >= 1 && reached_ < 1)) return;
    reached_ = std::min(share, 1.0);
    report_(reached_);
  }

 private:
  static constexpr double kStep = 0.01;
  const std::function<void(double)>& report_;
  std::mutex mutex_;
  double reached_ = 0;
};

bool wantsOverviews(const Sizes& sizes, const AttendOptions& options) {
  return options.overview.value_or(sizes.queries > kOverviewCells / std::max<std::int64_t>(sizes.keys, 1));
}

Status evaluate(Run& run, const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                const AttendOptions& options) {
  Progress progress(options.progress);
  const Cancel& cancel = options.cancel;
  run.stageKeys = stageKeys(plan);
  if (!share(run.mask, previous ? &previous->mask : nullptr, maskKey(plan))) {
    auto mask = MaskPlan::compile(plan.masks, maskContext(plan), cancel);
    if (!mask) return mask.error();
    run.mask.value = std::move(*mask);
  }
  KeyHash projectedKey;
  projectedKey.add(run.key(Stage::q)).add(run.key(Stage::k)).add(run.key(Stage::v));
  if (!share(run.projected, previous ? &previous->projected : nullptr, projectedKey.key())) {
    run.projected.value = project(plan.inputs, pool, cancel);
    if (!run.projected) return cancelledError();
  }
  const bool wantsGradients = options.gradients && run.has(Stage::gradV);
  // Weights over queries are made of the columns' numbers, which no field computes by itself.
  const bool overQueries = weighsOverQueries(run);
  const bool measured =
      share(run.statistics, previous ? &previous->statistics : nullptr, run.key(Stage::weights));
  const bool tooMany = !measured && run.sizes.heads * run.sizes.queries > options.mostCells / run.sizes.keys;
  if ((!options.statistics || tooMany) && !wantsGradients && !overQueries) {
    // A run shows by itself whether it was evaluated without.
    run.statistics.value = nullptr;
    return {};
  }
  const bool wantsOutputs = options.outputs && run.has(Stage::headOutput);
  const bool mixed = share(run.mixed, previous ? &previous->mixed : nullptr, mixedKey(plan));
  const bool seen = !options.statistics || !wantsOverviews(run.sizes, options) ||
                    share(run.overviews, previous && !previous->overviewRows ? &previous->overviews : nullptr,
                          run.key(Stage::weights));
  const HeadsWanted wanted{!measured, wantsOutputs && !mixed, options.weights, !seen, options.sight};
  const double passes = seen || canFuse(rowsInput(run)) ? 1 : 0.5;
  if (wanted.statistics || wanted.mixed || wanted.weights) {
    const bool done = overQueries ? attendOverQueries(run, wanted, pool, cancel)
                                  : attendHeads(run, wanted, pool, cancel, progress.part(0, passes));
    if (!done) return cancelledError();
  }
  if (!seen && !run.overviews) {
    // The run outlives the call: nothing has to own it.
    const std::shared_ptr<const Run> whole(std::shared_ptr<const Run>(), &run);
    run.overviews.value = overviewsOfCells(whole, pool, cancel, progress.part(passes, 1));
    if (!run.overviews) return cancelledError();
  }
  progress.reach(1);
  if (wantsGradients) {
    KeyHash gradientsKey;
    gradientsKey.add(run.key(Stage::gradV)).add(run.key(Stage::gradScores)).add(run.key(Stage::gradQ));
    if (!share(run.gradients, previous ? &previous->gradients : nullptr, gradientsKey.key())) {
      run.gradients.value = gradientsOf(run, plan.upstream, pool, cancel);
      if (!run.gradients) return cancelledError();
    }
  }
  if (!wantsOutputs) return {};
  KeyHash outputsKey;
  outputsKey.add(run.key(Stage::headOutput)).add(run.key(Stage::output));
  if (!share(run.outputs, previous ? &previous->outputs : nullptr, outputsKey.key())) {
    run.outputs.value = merge(run.mixed.value, run.ablated, plan.inputs.wO, plan.mistake, pool, cancel);
    if (!run.outputs) return cancelledError();
  }
  return {};
}

}  // namespace

MaskContext maskContext(const AttentionPlan& plan) {
  const Sizes& s = plan.inputs.sizes;
  return {.queries = s.queries,
          .keys = s.tokenKeys(),
          .paddedKeys = plan.inputs.paddedKeys,
          .heads = s.heads,
          .batch = plan.batch,
          .batches = plan.batches,
          .tensors = plan.tensors.get(),
          .extraKeys = s.extraKeys};
}

Result<std::shared_ptr<const Run>> attend(const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                                          const AttendOptions& options) try {
  const auto start = std::chrono::steady_clock::now();
  fixSummationOrder();
  if (Status status = checkInputs(plan.inputs); !status) return status.error();
  if (options.gradients) {
    if (Status status = checkUpstream(plan); !status) return status.error();
  }
  auto rules = makeRules(plan);
  if (!rules) return rules.error();
  auto ablated = ablatedHeads(plan);
  if (!ablated) return ablated.error();
  auto run = std::make_shared<Run>();
  run->sizes = plan.inputs.sizes;
  run->inputs = plan.inputs;
  run->rules = std::move(*rules);
  run->ablated = std::move(*ablated);
  run->valueLengths = std::make_shared<const ValueLengths>();
  if (Status status = evaluate(*run, plan, previous, pool, options); !status) return status.error();
  run->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::shared_ptr<const Run>(std::move(run));
} catch (const std::exception&) {
  // bad_alloc and length_error: nothing else is thrown by what is called here.
  return Error{ErrorCode::failed, "not enough memory for the projections and head outputs of this experiment",
               "", "Shorten the sequence, or use fewer heads"};
}

}  // namespace headlight
