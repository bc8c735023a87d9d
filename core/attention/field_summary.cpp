#include "core/attention/field_summary.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

namespace headlight {
namespace {

constexpr std::int64_t kQuantiles = std::int64_t{1} << 12;
/// From so many values on counting them by leading bits is quicker than putting them in order.
constexpr std::size_t kLeastCounted = std::size_t{1} << 15;

/// A key that orders as the finite float does, and back.
std::uint32_t keyOf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return bits ^ ((0u - (bits >> 31)) | 0x80000000u);
}
float valueOf(std::uint32_t key) {
  return std::bit_cast<float>(key ^ (((key >> 31) - 1u) | 0x80000000u));
}

/// Memory for keys, not cleared.
class Keys {
 public:
  explicit Keys(std::size_t count) : bytes_(count * sizeof(std::uint32_t)), keys_(takeBlock(bytes_)) {}
  ~Keys() { giveBlock(keys_, bytes_); }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
  std::uint32_t* data() { return static_cast<std::uint32_t*>(keys_); }

 private:
  std::size_t bytes_;
  void* keys_;
};

/// Finite floats in order, by three passes over eleven, eleven and ten bits of their keys.
void sortFloats(AlignedFloats& values) {
  constexpr int kBits = 11;
  constexpr std::size_t kBuckets = std::size_t{1} << kBits;
  constexpr std::uint32_t kLow = kBuckets - 1;
  using Starts = std::array<std::uint32_t, kBuckets>;
  const std::size_t count = values.size();
  std::array<Starts, 3> starts{};
  for (const float value : values) {
    const std::uint32_t key = keyOf(value);
    ++starts[0][key & kLow];
    ++starts[1][(key >> kBits) & kLow];
    ++starts[2][key >> (2 * kBits)];
  }
  for (Starts& all : starts) {
    std::uint32_t before = 0;
    for (std::uint32_t& start : all) before += std::exchange(start, before);
  }
  Keys first(count);
  Keys second(count);
  std::uint32_t* const byLow = first.data();
  std::uint32_t* const byMiddle = second.data();
  for (const float value : values) {
    const std::uint32_t key = keyOf(value);
    byLow[starts[0][key & kLow]++] = key;
  }
  for (std::size_t n = 0; n < count; ++n) byMiddle[starts[1][(byLow[n] >> kBits) & kLow]++] = byLow[n];
  for (std::size_t n = 0; n < count; ++n)
    values[starts[2][byMiddle[n] >> (2 * kBits)]++] = valueOf(byMiddle[n]);
}

/// The place in order of what has the share `part` of `count` values below it.
std::int64_t rankOf(double part, std::int64_t count) {
  return std::llround(part * static_cast<double>(count - 1));
}

/// The value with the share `part` of the others below it.
float quantile(const AlignedFloats& sorted, double part) {
  return sorted[static_cast<std::size_t>(rankOf(part, static_cast<std::int64_t>(sorted.size())))];
}

/// Many values counted by the leading bits of their keys.
class Buckets {
 public:
  explicit Buckets(std::span<const std::span<const float>> pieces) : pieces_(pieces) {
    std::array<float, kLanes> least;
    std::array<float, kLanes> most;
    least.fill(std::numeric_limits<float>::max());
    most.fill(std::numeric_limits<float>::lowest());
    const auto widen = [&](float value, std::size_t lane) {
      least[lane] = value < least[lane] ? value : least[lane];
      most[lane] = value > most[lane] ? value : most[lane];
    };
    for (const std::span<const float> piece : pieces) {
      std::size_t n = 0;
      for (; n + kLanes <= piece.size(); n += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) widen(piece[n + lane], lane);
      }
      for (; n < piece.size(); ++n) widen(piece[n], 0);
      count_ += static_cast<std::int64_t>(piece.size());
    }
    least_ = *std::min_element(least.begin(), least.end());
    most_ = *std::max_element(most.begin(), most.end());
    // A zero may have either sign.
    first_ = keyOf(least_ == 0 ? -0.0f : least_);
    last_ = keyOf(most_ == 0 ? 0.0f : most_);
    while (((last_ - first_) >> shift_) >= kBuckets) ++shift_;
    counts_.resize(((last_ - first_) >> shift_) + 1);
    for (const std::span<const float> piece : pieces) {
      for (const float value : piece) ++counts_[bucketOf(value)];
    }
  }

  float least() const { return least_; }
  float most() const { return most_; }
  std::int64_t count() const { return count_; }

  /// Exactly the values at two places in order: all of their buckets are looked at.
  std::array<float, 2> at(std::int64_t low, std::int64_t high) const {
    const Place a = placeOf(low, {});
    const Place b = placeOf(high, a);
    const std::array<float, 4> ends{valueOf(keyAt(a.bucket)), lastOf(a.bucket), valueOf(keyAt(b.bucket)),
                                    lastOf(b.bucket)};
    std::vector<float> inA;
    std::vector<float> inB;
    inA.reserve(counts_[a.bucket]);
    inB.reserve(counts_[b.bucket]);
    const auto look = [&](float value) {
      const std::size_t bucket = bucketOf(value);
      if (bucket == a.bucket) inA.push_back(value);
      if (bucket == b.bucket) inB.push_back(value);
    };
    for (const std::span<const float> piece : pieces_) {
      std::size_t n = 0;
      for (; n + kLanes <= piece.size(); n += kLanes) {
        int any = 0;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const float value = piece[n + lane];
          any |= static_cast<int>(value <= ends[1]) & static_cast<int>(value >= ends[0]);
          any |= static_cast<int>(value <= ends[3]) & static_cast<int>(value >= ends[2]);
        }
        if (any == 0) continue;
        for (std::size_t lane = 0; lane < kLanes; ++lane) look(piece[n + lane]);
      }
      for (; n < piece.size(); ++n) look(piece[n]);
    }
    const auto pick = [](std::vector<float>& values, std::int64_t rank) {
      const auto at = values.begin() + rank;
      std::nth_element(values.begin(), at, values.end());
      return *at;
    };
    return {pick(inA, low - a.before), pick(inB, high - b.before)};
  }

  /// Quantiles in order; inside a bucket as if its values stood evenly.
  void quantiles(std::vector<float>& into) const {
    const auto last = static_cast<std::int64_t>(into.size()) - 1;
    Place place;
    for (std::int64_t n = 0; n <= last; ++n) {
      // Whole numbers round as llround does.
      const std::int64_t rank = (2 * n * (count_ - 1) + last) / (2 * last);
      place = placeOf(rank, place);
      into[static_cast<std::size_t>(n)] = inside(place.bucket, rank - place.before);
    }
    into.front() = least_;
    into.back() = most_;
  }

 private:
  /// 2^16 tell values apart that differ by 1 in 128, of all signs and magnitudes.
  static constexpr std::uint32_t kBuckets = 1u << 16;
  static constexpr std::size_t kLanes = 16;

  struct Place {
    std::size_t bucket = 0;
    std::int64_t before = 0;  ///< values in the buckets before it
  };

  Place placeOf(std::int64_t rank, Place from) const {
    for (; rank - from.before >= counts_[from.bucket]; ++from.bucket) from.before += counts_[from.bucket];
    return from;
  }
  std::size_t bucketOf(float value) const { return (keyOf(value) - first_) >> shift_; }
  std::uint32_t keyAt(std::size_t bucket) const {
    return first_ + (static_cast<std::uint32_t>(bucket) << shift_);
  }
  float lastOf(std::size_t bucket) const {
    const std::uint32_t rest = last_ - keyAt(bucket);
    return valueOf(keyAt(bucket) + std::min(rest, (1u << shift_) - 1));
  }
  float inside(std::size_t bucket, std::int64_t rank) const {
    const auto part =
        static_cast<std::uint32_t>(((2 * rank + 1) << shift_) / (2 * std::int64_t{counts_[bucket]}));
    return valueOf(std::min(keyAt(bucket) + part, last_));
  }

  std::span<const std::span<const float>> pieces_;
  std::vector<std::uint32_t> counts_;
  float least_ = 0;
  float most_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
  std::int64_t count_ = 0;
  int shift_ = 0;
};

}  // namespace

/// The work that a cell costs, in FLOP.
double cellWork(const Field& field) {
  const Sizes& s = field.run().sizes;
  const double heads = field.head() == kMeanHead ? s.heads : 1;
  if (isMap(field.stage())) return heads * (2.0 * static_cast<double>(s.dK) + 30);
  return heads * (field.stage() == Stage::contribution ? 2.0 * static_cast<double>(s.dV) : 4);
}

void summarize(AlignedFloats& values, FieldStatistics& statistics) {
  if (values.empty()) return;
  sortFloats(values);
  statistics.minimum = values.front();
  statistics.maximum = values.back();
  statistics.low = quantile(values, 0.02);
  statistics.high = quantile(values, 0.98);
  const auto count = static_cast<std::int64_t>(values.size());
  if (count <= kQuantiles) {
    statistics.sorted.assign(values.begin(), values.end());
    return;
  }
  statistics.sorted.resize(static_cast<std::size_t>(kQuantiles));
  for (std::int64_t n = 0; n < kQuantiles; ++n) {
    statistics.sorted[static_cast<std::size_t>(n)] =
        quantile(values, static_cast<double>(n) / static_cast<double>(kQuantiles - 1));
  }
}

void summarize(std::span<const std::span<const float>> pieces, FieldStatistics& statistics) {
  std::size_t size = 0;
  for (const std::span<const float> piece : pieces) size += piece.size();
  if (size < kLeastCounted) {
    AlignedFloats values;
    values.reserve(size);
    for (const std::span<const float> piece : pieces) values.insert(values.end(), piece.begin(), piece.end());
    summarize(values, statistics);
    return;
  }
  const Buckets buckets(pieces);
  statistics.minimum = buckets.least();
  statistics.maximum = buckets.most();
  const std::int64_t count = buckets.count();
  const auto [low, high] = buckets.at(rankOf(0.02, count), rankOf(0.98, count));
  statistics.low = low;
  statistics.high = high;
  statistics.sorted.resize(static_cast<std::size_t>(kQuantiles));
  buckets.quantiles(statistics.sorted);
}

void CellCounts::keepFinite(std::span<float> values, std::span<const std::uint8_t> classes) {
  // Most cells are numbers and stand together: what is special is looked for in stretches.
  constexpr std::size_t kStretch = 32;
  constexpr std::uint32_t kExponent = 0x7f800000u;
  float* into = values.data();
  const auto one = [&](std::size_t n) {
    const float value = values[n];
    if (add(value, classes[n])) *into++ = value;
  };
  std::size_t n = 0;
  for (; n + kStretch <= values.size(); n += kStretch) {
    const float* from = values.data() + n;
    const std::uint8_t* kinds = classes.data() + n;
    std::uint32_t hidden = 0;
    std::uint32_t odd = 0;
    std::uint32_t none = 0;
    for (std::size_t k = 0; k < kStretch; ++k) {
      const auto bits = std::bit_cast<std::uint32_t>(from[k]);
      hidden += kinds[k] == static_cast<std::uint8_t>(CellClass::masked) ? 1u : 0u;
      odd += (bits & kExponent) == kExponent ? 1u : 0u;
      none += (bits << 1) == 0 ? 1u : 0u;
    }
    if (hidden == kStretch) {
      masked += static_cast<std::int64_t>(kStretch);
    } else if (hidden + odd == 0) {
      if (into != from) std::memmove(into, from, kStretch * sizeof(float));
      into += kStretch;
      finite += static_cast<std::int64_t>(kStretch);
      zeros += none;
    } else {
      for (std::size_t k = n; k < n + kStretch; ++k) one(k);
    }
  }
  for (; n < values.size(); ++n) one(n);
}

}  // namespace headlight
