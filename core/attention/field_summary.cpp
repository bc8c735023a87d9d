#include "core/attention/field_summary.h"

#include <array>
#include <bit>
#include <utility>

namespace headlight {
namespace {

constexpr std::int64_t kQuantiles = std::int64_t{1} << 12;

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

/// The value with the share `part` of the others below it.
float quantile(const AlignedFloats& sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::llround(at))];
}

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

}  // namespace headlight
