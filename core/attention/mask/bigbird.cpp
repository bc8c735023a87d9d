#include <algorithm>
#include <array>
#include <unordered_set>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/random.h"

namespace headlight {
namespace {

/// Whole numbers in [0, count), each as likely as the next up to 2^−32, by the generator's bits.
class Draws {
 public:
  Draws(std::uint64_t seed, std::int64_t block)
      : address_(RandomAddress(seed).then(textAddress("bigbird")).then(static_cast<std::uint64_t>(block))) {}

  std::int64_t below(std::int64_t count) {
    const std::uint64_t high = address_.then(next_++).bits() >> 32;
    return static_cast<std::int64_t>((high * static_cast<std::uint64_t>(count)) >> 32);
  }

 private:
  RandomAddress address_;
  std::uint64_t next_ = 0;
};

/// `count` different numbers of [0, of), in ascending order (Floyd's selection, Bentley 1987).
std::vector<std::int64_t> selection(std::int64_t count, std::int64_t of, Draws draws) {
  std::unordered_set<std::int64_t> taken;
  for (std::int64_t last = of - count; last < of; ++last) {
    if (!taken.insert(draws.below(last + 1)).second) taken.insert(last);
  }
  std::vector<std::int64_t> chosen(taken.begin(), taken.end());
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// Of the n blocks the first and the last see all and are seen by all; another block sees its neighbours,
/// itself and `random` blocks more.
class BigBird : public Mask {
 public:
  BigBird(std::int64_t length, std::int64_t block, std::int64_t random, std::uint64_t seed)
      : length_(length),
        block_(block),
        random_(random),
        seed_(seed),
        last_((length + block - 1) / block - 1) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const std::int64_t row = query / block_;
    if (row == 0 || row == last_) {
      runs.push_back({0, length_});
      return;
    }
    for (const std::int64_t seen : seenBy(row)) {
      runs.push_back({seen * block_, std::min((seen + 1) * block_, length_)});
    }
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "key block " + std::to_string(key / block_) +
           " is none of the first, the last, the neighbours and the " + std::to_string(random_) +
           " random ones of query block " + std::to_string(query / block_);
  }

 private:
  std::vector<std::int64_t> seenBy(std::int64_t row) const {
    std::vector<std::int64_t> always{0, row - 1, row, row + 1, last_};
    always.erase(std::unique(always.begin(), always.end()), always.end());
    const std::int64_t others = last_ + 1 - static_cast<std::int64_t>(always.size());
    std::vector<std::int64_t> seen = always;
    for (std::int64_t other : selection(random_, others, Draws(seed_, row))) {
      for (const std::int64_t block : always) other += other >= block ? 1 : 0;
      seen.push_back(other);
    }
    std::sort(seen.begin(), seen.end());
    return seen;
  }

  std::int64_t length_;
  std::int64_t block_;
  std::int64_t random_;
  std::uint64_t seed_;
  std::int64_t last_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = bigbirdMask();
  const std::int64_t block = valueOf(entry, kind.spec, "block").integer();
  const std::int64_t random = valueOf(entry, kind.spec, "random").integer();
  const std::int64_t seed = valueOf(entry, kind.spec, "seed").integer();
  if (context.queries != context.keys) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(context.queries) + " queries and " + std::to_string(context.keys) +
                     " keys, accepted are as many queries as keys",
                 path, ""};
  }
  // What is too short for the blocks is attended to in full, as in Hugging Face's BigBird.
  if (context.keys <= (5 + 2 * random) * block) return everything(context.keys);
  return std::unique_ptr<Mask>(
      std::make_unique<BigBird>(context.keys, block, random, static_cast<std::uint64_t>(seed)));
}

std::string sentence(const Kinded& entry) {
  static const MaskKind kind = bigbirdMask();
  const std::int64_t block = wholeOf(entry, "block", valueOf({}, kind.spec, "block").integer());
  const std::int64_t random = wholeOf(entry, "random", valueOf({}, kind.spec, "random").integer());
  return "in blocks of " + std::to_string(block) +
         " each block attends to itself, its neighbours, the first, the last and " + std::to_string(random) +
         " random ones; the first and the last attend to all; up to " +
         std::to_string((5 + 2 * random) * block) + " tokens everything is kept";
}

/// Blocks so small that some are left out, where the sequence is long enough for any.
void start(Kinded& entry, std::int64_t, std::int64_t keys) {
  entry.set("block", std::clamp<std::int64_t>(keys / 12, 1, 64));
  entry.set("random", 1);
}

KeySpec withDefault(KeySpec key, std::int64_t fallback) {
  key.fallback = fallback;
  return key;
}

}  // namespace

MaskKind bigbirdMask() {
  KeySpec seed =
      wholeKey("seed", 0, "Which random blocks: equal seeds give equal blocks, alike for all heads");
  seed.maximum = 9007199254740991;  // every number up to here is a double of its own
  return {
      {.kind = "bigbird",
       .label = "BigBird",
       .help = "Blocks see their neighbours, the ends and a few random blocks (Zaheer et al. 2020, section "
               "2); short sequences are attended to in full",
       .keys = {withDefault(wholeKey("block", 1, "How many tokens a block has"), 64),
                withDefault(wholeKey("random", 0, "How many random blocks a block sees"), 3),
                withDefault(std::move(seed), 1)}},
      make,
      sentence,
      nullptr,
      start};
}

}  // namespace headlight
