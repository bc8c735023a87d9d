#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): step divides i − j and |i − j| ≤ reach · step.
class Dilated : public Mask {
 public:
  Dilated(std::int64_t keys, std::int64_t reach, std::int64_t step)
      : keys_(keys), reach_(reach), step_(step) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t first = query - std::min(reach_, query / step_) * step_;
    const std::int64_t end = std::min(query + reach_ * step_ + 1, keys_);
    if (step_ == 1) {
      if (first < end) runs.push_back({first, end});
      return;
    }
    for (std::int64_t j = first; j < end; j += step_) runs.push_back({j, j + 1});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    const std::int64_t distance = std::abs(query - key);
    const std::string between =
        "|" + std::to_string(query) + " − " + std::to_string(key) + "| = " + std::to_string(distance);
    if (distance % step_ != 0) return between + " is no multiple of the step " + std::to_string(step_);
    return between + " > reach " + std::to_string(reach_) + " × step " + std::to_string(step_);
  }

 private:
  std::int64_t keys_;
  std::int64_t reach_;
  std::int64_t step_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = dilatedMask();
  const auto reach = neededWhole(entry, kind.spec, "reach", path);
  if (!reach) return reach.error();
  const auto step = neededWhole(entry, kind.spec, "step", path);
  if (!step) return step.error();
  return std::unique_ptr<Mask>(std::make_unique<Dilated>(context.keys, *reach, *step));
}

std::string sentence(const Kinded& entry) {
  const std::int64_t reach = wholeOf(entry, "reach", 0);
  const std::int64_t step = wholeOf(entry, "step", 1);
  if (reach == 0) return "each token attends to itself alone";
  return "each token attends to itself and to " + countText(reach, "token", "tokens") + " on each side, " +
         countText(step, "place", "places") + " apart";
}

void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("reach", 2);
  entry.set("step", 2);
}

}  // namespace

MaskKind dilatedMask() {
  return {{.kind = "dilated",
           .label = "dilated",
           .help = "A window with gaps: a query sees every step-th key around its own "
                   "(Beltagy et al. 2020, section 3.1)",
           .keys = {wholeKey("reach", 0, "How many keys a query may see on each side, beside its own"),
                    wholeKey("step", 1, "Distance of two keys that a query sees; 1: no gaps")}},
          make,
          sentence,
          nullptr,
          start};
}

}  // namespace headlight
