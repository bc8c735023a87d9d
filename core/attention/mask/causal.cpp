#include "core/attention/mask/align.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): j ≤ i + shift.
class Causal : public Mask {
 public:
  Causal(std::int64_t keys, std::int64_t shift) : keys_(keys), shift_(shift) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t end = std::min(query + shift_ + 1, keys_);
    if (end > 0) runs.push_back({0, end});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "key " + std::to_string(key) + " > query " + std::to_string(query) + signedTerm(shift_);
  }

 private:
  std::int64_t keys_;
  std::int64_t shift_;
};

std::string sentence(const Kinded& entry) {
  const Value* given = entry.find("offset");
  const std::int64_t offset = given != nullptr ? given->integer() : 0;
  if (offset < 0) {
    return withAlignment(entry, "each token attends to the tokens at least " +
                                    countText(-offset, "place", "places") + " before it");
  }
  std::string words = "each token attends to itself and to the tokens before it";
  if (offset > 0) words += " and to the next " + std::to_string(offset);
  return withAlignment(entry, words);
}

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string&) {
  static const MaskKind kind = causalMask();
  const std::int64_t offset = valueOf(entry, kind.spec, "offset").integer();
  const std::int64_t shift = offset + alignment(valueOf(entry, kind.spec, "align"), context);
  return std::unique_ptr<Mask>(std::make_unique<Causal>(context.keys, shift));
}

}  // namespace

MaskKind causalMask() {
  return {{.kind = "causal",
           .label = "causal",
           .help = "A query attends to itself and to what stands before it (Vaswani et al. 2017, 3.2.3)",
           .keys = {alignKey(),
                    {.name = "offset",
                     .type = KeyType::integer,
                     .fallback = 0,
                     .minimum = -kLargestOffset,
                     .maximum = kLargestOffset,
                     .words = {},
                     .help = "How many keys beyond its own a query may see; negative hides the nearest"}}},
          make,
          sentence,
          nullptr};
}

}  // namespace headlight
