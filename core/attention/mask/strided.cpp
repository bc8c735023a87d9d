#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): j ≤ i and stride divides i − j.
class Strided : public Mask {
 public:
  Strided(std::int64_t keys, std::int64_t stride) : keys_(keys), stride_(stride) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t end = std::min(query + 1, keys_);
    if (stride_ == 1) {
      runs.push_back({0, end});
      return;
    }
    for (std::int64_t j = query % stride_; j < end; j += stride_) runs.push_back({j, j + 1});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    if (key > query) return laterKey(query, key);
    return std::to_string(query) + " − " + std::to_string(key) + " = " + std::to_string(query - key) +
           " is no multiple of the stride " + std::to_string(stride_);
  }

 private:
  std::int64_t keys_;
  std::int64_t stride_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = stridedMask();
  const auto stride = neededWhole(entry, kind.spec, "stride", path);
  if (!stride) return stride.error();
  return std::unique_ptr<Mask>(std::make_unique<Strided>(context.keys, *stride));
}

std::string sentence(const Kinded& entry) {
  return "each token attends to itself and to the tokens before it at distances that are multiples of " +
         std::to_string(wholeOf(entry, "stride", 1));
}

void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("stride", 3);
}

}  // namespace

MaskKind stridedMask() {
  return {
      {.kind = "strided",
       .label = "strided",
       .help = "Every stride-th key before the query, and its own: the second head of the strided pattern "
               "(Child et al. 2019, section 4.2)",
       .keys = {wholeKey("stride", 1, "Distance of two keys that a query sees")}},
      make,
      sentence,
      nullptr,
      start};
}

}  // namespace headlight
