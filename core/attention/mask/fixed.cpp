#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): j ≤ i and (⌊i ÷ stride⌋ = ⌊j ÷ stride⌋ or j mod stride ≥ stride − summary).
class Fixed : public Mask {
 public:
  Fixed(std::int64_t keys, std::int64_t stride, std::int64_t summary)
      : keys_(keys), stride_(stride), summary_(summary) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t own = query / stride_ * stride_;
    for (std::int64_t block = 0; block < std::min(own, keys_); block += stride_) {
      const std::int64_t begin = block + stride_ - summary_;
      if (begin < keys_) runs.push_back({begin, std::min(block + stride_, keys_)});
    }
    const std::int64_t end = std::min(query + 1, keys_);
    if (own < end) runs.push_back({own, end});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    if (key > query) return laterKey(query, key);
    return "key " + std::to_string(key) + " is in block " + std::to_string(key / stride_) + ", query " +
           std::to_string(query) + " in block " + std::to_string(query / stride_) + ", and the key's place " +
           std::to_string(key % stride_) + " is not among the last " + std::to_string(summary_) + " of " +
           std::to_string(stride_);
  }

 private:
  std::int64_t keys_;
  std::int64_t stride_;
  std::int64_t summary_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = fixedMask();
  const auto stride = neededWhole(entry, kind.spec, "stride", path);
  if (!stride) return stride.error();
  const auto summary = neededWhole(entry, kind.spec, "summary", path);
  if (!summary) return summary.error();
  if (*summary > *stride) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(*summary) + ", accepted is an integer from 1 to the stride, " +
                     std::to_string(*stride),
                 path + ".summary", ""};
  }
  return std::unique_ptr<Mask>(std::make_unique<Fixed>(context.keys, *stride, *summary));
}

std::string sentence(const Kinded& entry) {
  const std::int64_t summary = wholeOf(entry, "summary", 1);
  return "each token attends to itself, to the tokens before it in its block of " +
         std::to_string(wholeOf(entry, "stride", 1)) + " and to the last " +
         (summary == 1 ? std::string("token") : std::to_string(summary) + " tokens") +
         " of each block before";
}

void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("stride", 4);
  entry.set("summary", 1);
}

}  // namespace

MaskKind fixedMask() {
  return {
      {.kind = "fixed",
       .label = "fixed",
       .help = "The query's own block, and the last keys of each block before it (Child et al. 2019, section "
               "4.2)",
       .keys = {wholeKey("stride", 1, "How many tokens a block has"),
                wholeKey("summary", 1, "How many keys at the end of each block all later queries see")}},
      make,
      sentence,
      nullptr,
      start};
}

}  // namespace headlight
