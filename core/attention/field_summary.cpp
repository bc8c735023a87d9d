#include "core/attention/field_summary.h"

#include <array>
#include <bit>
#include <utility>

namespace headlight {
namespace {

constexpr std::int64_t kQuantiles = std::int64_t{1} << 12;

/// Finite floats in order, by three passes of eleven bits of a key that orders as they do.
void sortFloats(std::vector<float>& values) {
  constexpr int kBits = 11;
  constexpr std::size_t kBuckets = std::size_t{1} << kBits;
  std::vector<std::uint32_t> keys(values.size());
  std::vector<std::uint32_t> other(values.size());
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto bits = std::bit_cast<std::uint32_t>(values[n]);
    keys[n] = (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
  }
  for (int shift = 0; shift < 32; shift += kBits) {
    std::array<std::size_t, kBuckets> starts{};
    for (const std::uint32_t key : keys) ++starts[(key >> shift) & (kBuckets - 1)];
    std::size_t before = 0;
    for (std::size_t& start : starts) before += std::exchange(start, before);
    for (const std::uint32_t key : keys) other[starts[(key >> shift) & (kBuckets - 1)]++] = key;
    keys.swap(other);
  }
  for (std::size_t n = 0; n < values.size(); ++n) {
    const std::uint32_t key = keys[n];
    values[n] = std::bit_cast<float>((key & 0x80000000u) != 0 ? key & 0x7fffffffu : ~key);
  }
}

/// The value with the share `part` of the others below it.
float quantile(const std::vector<float>& sorted, double part) {
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

void summarize(std::vector<float>& values, FieldStatistics& statistics) {
  if (values.empty()) return;
  sortFloats(values);
  statistics.minimum = values.front();
  statistics.maximum = values.back();
  statistics.low = quantile(values, 0.02);
  statistics.high = quantile(values, 0.98);
  const auto count = static_cast<std::int64_t>(values.size());
  if (count <= kQuantiles) {
    statistics.sorted = std::move(values);
    return;
  }
  statistics.sorted.resize(static_cast<std::size_t>(kQuantiles));
  for (std::int64_t n = 0; n < kQuantiles; ++n) {
    statistics.sorted[static_cast<std::size_t>(n)] =
        quantile(values, static_cast<double>(n) / static_cast<double>(kQuantiles - 1));
  }
}

}  // namespace headlight
