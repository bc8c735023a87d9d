#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): j ≤ i and (j < count or i − j < window).
class Sinks : public Mask {
 public:
  Sinks(std::int64_t keys, std::int64_t count, std::int64_t window)
      : keys_(keys), count_(count), window_(window) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t end = std::min(query + 1, keys_);
    const std::int64_t sinks = std::min(count_, end);
    const std::int64_t begin = std::max(query + 1 - window_, sinks);
    if (sinks > 0) runs.push_back({0, sinks});
    if (begin < end) runs.push_back({begin, end});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    if (key > query) return laterKey(query, key);
    return "key " + std::to_string(key) + " is not among the first " + std::to_string(count_) + ", and " +
           std::to_string(query) + " − " + std::to_string(key) + " ≥ window " + std::to_string(window_);
  }

 private:
  std::int64_t keys_;
  std::int64_t count_;
  std::int64_t window_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = sinksMask();
  const auto count = neededWhole(entry, kind.spec, "count", path);
  if (!count) return count.error();
  const auto window = neededWhole(entry, kind.spec, "window", path);
  if (!window) return window.error();
  return std::unique_ptr<Mask>(std::make_unique<Sinks>(context.keys, *count, *window));
}

std::string sentence(const Kinded& entry) {
  const std::int64_t count = wholeOf(entry, "count", 0);
  const std::int64_t before = wholeOf(entry, "window", 1) - 1;
  std::string words = "each token attends to itself";
  if (before > 0) words += ", to the " + countText(before, "token", "tokens") + " before it";
  words += " and to the first " + (count == 1 ? std::string("token") : std::to_string(count) + " tokens");
  return words;
}

void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("count", 1);
  entry.set("window", 3);
}

}  // namespace

MaskKind sinksMask() {
  return {{.kind = "sinks",
           .label = "sinks",
           .help = "The first tokens and a sliding window (StreamingLLM, Xiao et al. 2023, section 3.2)",
           .keys = {wholeKey("count", 0, "How many keys at the beginning all later queries see"),
                    wholeKey("window", 1, "How many keys up to its own a query sees beside them")}},
          make,
          sentence,
          nullptr,
          start};
}

}  // namespace headlight
