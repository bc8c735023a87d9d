#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"

namespace headlight {
namespace {

/// keep(i, j): j ≤ i or j < length.
class Prefix : public Mask {
 public:
  Prefix(std::int64_t keys, std::int64_t length) : keys_(keys), length_(length) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    runs.push_back({0, std::min(std::max(query + 1, length_), keys_)});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return laterKey(query, key) + " and is not among the first " + std::to_string(length_);
  }

 private:
  std::int64_t keys_;
  std::int64_t length_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = prefixMask();
  const auto length = neededWhole(entry, kind.spec, "length", path);
  if (!length) return length.error();
  return std::unique_ptr<Mask>(std::make_unique<Prefix>(context.keys, *length));
}

std::string sentence(const Kinded& entry) {
  const std::int64_t length = wholeOf(entry, "length", 0);
  return "each token attends to itself, to the tokens before it and to the first " +
         (length == 1 ? std::string("token") : std::to_string(length) + " tokens");
}

void start(Kinded& entry, std::int64_t, std::int64_t keys) {
  entry.set("length", std::max<std::int64_t>(1, keys / 3));
}

}  // namespace

MaskKind prefixMask() {
  return {{.kind = "prefix",
           .label = "prefix",
           .help = "Causal, but the first tokens are seen by all (prefix language model, Raffel et al. 2020, "
                   "section 3.2.1)",
           .keys = {wholeKey("length", 0, "How many tokens the prefix has")}},
          make,
          sentence,
          nullptr,
          start};
}

}  // namespace headlight
