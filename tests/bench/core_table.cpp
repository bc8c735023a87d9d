#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <thread>

#include "core/attention/kernels/simd.h"
#include "tests/bench/core_bench.h"
#include "tests/bench/core_works.h"
#include "tests/bench/torch_process.h"

namespace headlight::bench {
namespace {

struct Goal {
  std::optional<double> ratio = {};         ///< ours ÷ PyTorch's, at most
  std::optional<double> milliseconds = {};  ///< at most
};

/// Turns of the two sides.
constexpr int kRounds = 3;

class Table {
 public:
  Table(TorchProcess& torch, const std::vector<std::string>& only) : torch_(torch), only_(only) {
    std::printf("%-52s %10s %10s %7s  %s\n", "work", "ours ms", "torch ms", "ratio", "goal");
  }

  bool wants(const std::string& name) const {
    return only_.empty() || std::any_of(only_.begin(), only_.end(),
                                        [&](const std::string& start) { return name.rfind(start, 0) == 0; });
  }

  void row(const std::string& name, const Goal& goal, const std::function<std::function<void()>()>& prepare,
           const std::optional<TorchWork>& other = {}) {
    if (!wants(name)) return;
    const std::function<void()> work = prepare();
    double ours = 1e30;
    std::optional<double> theirs;
    for (int round = 0; round < (other ? kRounds : 1); ++round) {
      ours = std::min(ours, 1e3 * leastSeconds(work));
      if (!other) continue;
      const auto took = torch_.milliseconds(*other);
      if (took) theirs = std::min(theirs.value_or(1e30), *took);
    }
    std::printf("%-52s %10.3f", name.c_str(), ours);
    if (theirs) {
      std::printf(" %10.3f %7.2f", *theirs, ours / *theirs);
    } else {
      std::printf(" %10s %7s", "–", "–");
    }
    if (goal.ratio) std::printf("  ≤ %.2f", *goal.ratio);
    if (goal.milliseconds) std::printf("  ≤ %g ms", *goal.milliseconds);
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  TorchProcess& torch_;
  const std::vector<std::string>& only_;
};

/// The weights of every head written into memory that is used again.
std::function<void()> written(const AttentionPlan& plan, ThreadPool& pool) {
  const std::int64_t t = plan.inputs.sizes.queries;
  const std::int64_t stride = (t + 15) / 16 * 16;
  const auto memory =
      std::make_shared<AlignedFloats>(static_cast<std::size_t>(plan.inputs.sizes.heads * t * stride), 0.0f);
  AttendOptions options;
  options.weights = {memory->data(), t * stride, stride, true};
  return [again = std::make_shared<Repeated>(plan, pool, options), memory] { (*again)(); };
}

std::function<void()> evaluation(const AttentionPlan& plan, ThreadPool& pool,
                                 const AttendOptions& options = {}) {
  return [again = std::make_shared<Repeated>(plan, pool, options)] { (*again)(); };
}

Kinded windowOf(std::int64_t width) {
  Kinded mask{"window", {}};
  mask.set("left", width - 1);
  mask.set("right", std::int64_t{0});
  return mask;
}

/// Documents of the same length, or padding behind the first part of the keys.
Kinded listed(const char* kind, const char* key, std::int64_t tokens, std::int64_t first,
              std::int64_t length) {
  List list;
  for (std::int64_t j = 0; j < tokens; ++j)
    list.emplace_back(length > 0 ? j / length : std::int64_t{j < first});
  Kinded mask{kind, {}};
  mask.set(key, std::move(list));
  return mask;
}

void maskRows(Table& table, ThreadPool& pool, std::int64_t t) {
  AttentionPlan full = planOf({.tokens = t, .causal = false});
  const double whole = leastSeconds(evaluation(full, pool));
  const std::pair<const char*, Kinded> masks[] = {{"padding, half", listed("padding", "keep", t, t / 2, 0)},
                                                  {"window 256", windowOf(256)},
                                                  {"16 documents", listed("documents", "ids", t, 0, t / 16)}};
  for (const auto& [name, mask] : masks) {
    AttentionPlan plan = full;
    plan.masks = {mask};
    const auto run = Repeated(plan, pool)();
    const double share = static_cast<double>(run->mask->keptCells(0)) / static_cast<double>(t * t);
    char text[96];
    std::snprintf(text, sizeof text, "lazy T%ld, %s: %.0f %% kept, no mask %.2f ms", static_cast<long>(t),
                  name, 100 * share, 1e3 * whole);
    table.row(text, {.milliseconds = 1e3 * whole * share * 1.25}, [&] { return evaluation(plan, pool); });
  }
}

}  // namespace

void coreTable(const std::vector<std::string>& only) {
  TorchProcess torch;
  ThreadPool pool;
  std::printf("%s; PyTorch %s\n", machineName().c_str(),
              torch.alive() ? torch.version().c_str()
                            : "cannot be imported (HEADLIGHT_TORCH_PYTHON names one that can)");
  Table table(torch, only);
  const auto sized = [](const std::string& name, std::int64_t t) {
    return name + ", T " + std::to_string(t);
  };
  struct Family {
    const char* name;
    const char* work;
    bool layer;
    bool weights;
    std::array<double, 3> goals;
  };
  const Family families[] = {
      {"causal, weights written", "weights", false, true, {0.50, 0.45, 0.30}},
      {"layer, weights written", "layer_weights", true, true, {0.60, 0.30, 0.22}},
      {"causal, lazy", "lazy", false, false, {0.55, 0.70, 0.80}},
      {"layer, lazy", "layer_lazy", true, false, {0.85, 0.90, 0.95}},
  };
  for (const Family& family : families) {
    for (std::size_t n = 0; n < 3; ++n) {
      for (const std::int64_t t : {std::int64_t{512} << n, std::int64_t{500} << n}) {
        const bool odd = t % 64 != 0;
        table.row(
            sized(family.name, t), {.ratio = family.goals[n] * (odd ? 1.1 : 1)},
            [&] {
              const AttentionPlan plan = planOf({.tokens = t, .layer = family.layer});
              return family.weights ? written(plan, pool) : evaluation(plan, pool);
            },
            TorchWork{family.work, t});
      }
    }
  }
  table.row(
      "no mask, lazy, T 2048", {.ratio = 0.95},
      [&] { return evaluation(planOf({.tokens = 2048, .causal = false}), pool); },
      TorchWork{.work = "lazy", .tokens = 2048, .causal = false});
  if (table.wants("lazy")) maskRows(table, pool, 2000);
  table.row(
      "144 heads, lazy, T 512", {.milliseconds = 30},
      [&] { return evaluation(planOf({.tokens = 512, .heads = 144}), pool); },
      TorchWork{.work = "lazy", .tokens = 512, .heads = 144});
  table.row("classroom: layer T 64, h 8, d 8", {.milliseconds = 0.1},
            [&] { return evaluation(planOf({.tokens = 64, .width = 8, .layer = true}), pool); });
  table.row("tile 256 × 256 of weights, one thread", {.milliseconds = 0.07}, [&] {
    const auto run = Repeated(planOf({.tokens = 2048, .heads = 1}), pool)();
    const auto field = std::make_shared<Field>(*Field::make(run, Stage::weights, 0));
    return [field] { field->tile(0, 6, 2); };
  });
  const std::string best(simdLevel());
  if (useSimdLevel("avx2").ok()) {
    TorchProcess held(true);
    Table narrow(held, only);
    for (const std::int64_t t : {512, 1024, 2048}) {
      narrow.row(
          sized("avx2 on both sides, causal, lazy", t), {.ratio = 0.95},
          [&] { return evaluation(planOf({.tokens = t}), pool); }, TorchWork{"lazy", t});
    }
    static_cast<void>(useSimdLevel(best));
  }
  if (table.wants("long")) longTable(torch);
}

}  // namespace headlight::bench
