#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/base/value.h"

namespace headlight::test {

/// Numbered throws of one seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(0, 99) < percent; }
  double normal() { return normalFromBits(next()); }
  template <class T>
  const T& choose(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(list.size()) - 1))];
  }

 private:
  std::uint64_t next() { return randomBits(seed_, {count_++, 0, 0, 0}); }
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

/// The sizes that a random experiment is made for.
struct Numbers {
  std::int64_t queries, keys, heads, kvHeads, dModel, dK, dV;
};

}  // namespace headlight::test
