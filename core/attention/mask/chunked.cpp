#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): ⌊i ÷ size⌋ = ⌊j ÷ size⌋.
class Chunked : public Mask {
 public:
  Chunked(std::int64_t keys, std::int64_t size) : keys_(keys), size_(size) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t begin = query / size_ * size_;
    if (begin < keys_) runs.push_back({begin, std::min(begin + size_, keys_)});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "query " + std::to_string(query) + " is in chunk " + std::to_string(query / size_) + ", key " +
           std::to_string(key) + " in chunk " + std::to_string(key / size_);
  }

 private:
  std::int64_t keys_;
  std::int64_t size_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = chunkedMask();
  const auto size = neededWhole(entry, kind.spec, "size", path);
  if (!size) return size.error();
  return std::unique_ptr<Mask>(std::make_unique<Chunked>(context.keys, *size));
}

std::string sentence(const Kinded& entry) {
  return "each token attends to its own chunk of " + countText(wholeOf(entry, "size", 1), "token", "tokens");
}

void start(Kinded& entry, std::int64_t, std::int64_t keys) {
  entry.set("size", std::max<std::int64_t>(1, (keys + 2) / 3));
}

}  // namespace

MaskKind chunkedMask() {
  return {{.kind = "chunked",
           .label = "chunked",
           .help = "A query sees its own chunk of the sequence; with causal as Llama 4 has it",
           .keys = {wholeKey("size", 1, "How many tokens a chunk has")}},
          make,
          sentence,
          nullptr,
          start};
}

}  // namespace headlight
