#include "core/analysis/strongest_keys.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

bool stronger(const KeyWeight& a, const KeyWeight& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.key < b.key;
}

StrongestKeys::Row strongestOf(const std::vector<float>& weights, const std::vector<std::uint8_t>& classes,
                               std::size_t most) {
  StrongestKeys::Row row;
  row.keys.reserve(most + 1);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (classes[j] != static_cast<std::uint8_t>(CellClass::value) || !std::isfinite(weights[j])) continue;
    row.sum += static_cast<double>(weights[j]);
    if (!(weights[j] > 0)) continue;
    ++row.given;
    const KeyWeight here{static_cast<std::int64_t>(j), weights[j]};
    if (row.keys.size() >= most && (most == 0 || !stronger(here, row.keys.back()))) continue;
    row.keys.insert(std::upper_bound(row.keys.begin(), row.keys.end(), here, stronger), here);
    if (row.keys.size() > most) row.keys.pop_back();
  }
  return row;
}

}  // namespace

void AttentionLines::add(std::int64_t query, const StrongestKeys::Row& row, const LineRule& rule) {
  total += row.sum;
  int taken = 0;
  for (const KeyWeight& key : row.keys) {
    if (taken++ == rule.most || static_cast<double>(key.weight) < rule.least) break;
    lines.push_back({query, key.key, key.weight});
    shown += static_cast<double>(key.weight);
  }
}

void AttentionLines::sort() {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const AttentionLine& a, const AttentionLine& b) { return a.weight < b.weight; });
}

StrongestKeys strongestKeys(const Field& field, std::int64_t first, std::int64_t count, int most,
                            ThreadPool& pool, const Cancel& cancel) {
  StrongestKeys found;
  found.first = std::clamp<std::int64_t>(first, 0, field.rows());
  found.rows.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, field.rows() - found.first)));
  pool.run(
      static_cast<std::int64_t>(found.rows.size()),
      [&](std::int64_t n) {
        std::vector<float> weights(static_cast<std::size_t>(field.cols()));
        std::vector<std::uint8_t> classes(weights.size());
        field.row(found.first + n, weights.data(), classes.data());
        found.rows[static_cast<std::size_t>(n)] =
            strongestOf(weights, classes, static_cast<std::size_t>(std::max(most, 0)));
      },
      cancel);
  return found;
}

}  // namespace headlight
