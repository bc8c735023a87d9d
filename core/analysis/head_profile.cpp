#include "core/analysis/head_profile.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "core/attention/field.h"

namespace headlight {
namespace {

bool heavier(const HeavyPair& a, const HeavyPair& b) {
  if (a.weight != b.weight) return a.weight > b.weight;
  if (a.query != b.query) return a.query < b.query;
  return a.key < b.key;
}

/// Keeps the `limit` heaviest pairs seen, as a heap whose front is the lightest of them.
void keepHeaviest(std::vector<HeavyPair>& heap, const HeavyPair& pair, std::size_t limit) {
  if (limit == 0 || !(pair.weight > 0)) return;
  if (heap.size() == limit) {
    if (!heavier(pair, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), heavier);
    heap.pop_back();
  }
  heap.push_back(pair);
  std::push_heap(heap.begin(), heap.end(), heavier);
}

/// Which keys carry each text.
using Places = std::unordered_map<std::string_view, std::vector<std::int64_t>>;

Places placesOf(std::span<const std::string> texts) {
  Places places;
  for (std::size_t j = 0; j < texts.size(); ++j) places[texts[j]].push_back(static_cast<std::int64_t>(j));
  return places;
}

void takeStatistics(const HeadStatistics& statistics, HeadProfile& profile) {
  double normalised = 0;
  std::int64_t normalisedRows = 0;
  for (const RowNumbers& row : statistics.rows) {
    if (row.keptKeys <= 0) {
      ++profile.emptyRows;
      continue;
    }
    ++profile.rows;
    const double entropy = std::max(0.0, static_cast<double>(row.entropy));
    profile.entropy += entropy;
    profile.effectiveKeys += static_cast<double>(row.effectiveKeys);
    profile.keptKeys += row.keptKeys;
    if (row.keptKeys >= 2) {
      normalised += entropy / std::log(static_cast<double>(row.keptKeys));
      ++normalisedRows;
    }
  }
  if (profile.rows > 0) {
    const auto rows = static_cast<double>(profile.rows);
    profile.entropy /= rows;
    profile.effectiveKeys /= rows;
    profile.keptKeys /= rows;
  }
  if (normalisedRows > 0) profile.normalisedEntropy = normalised / static_cast<double>(normalisedRows);
}

}  // namespace

std::vector<std::int64_t> rowsToRead(std::int64_t queries, std::int64_t keys, const ReadPlan& plan) {
  std::vector<std::int64_t> rows;
  const std::int64_t most =
      std::clamp<std::int64_t>(plan.cells / std::max<std::int64_t>(keys, 1), 1, 1 << 20);
  const std::int64_t count = std::min(queries, most);
  for (std::int64_t n = 0; n < count; ++n) {
    rows.push_back(count == queries ? n : n * queries / count);
  }
  return rows;
}

Result<HeadProfile> profileHead(const std::shared_ptr<const Run>& run, int head,
                                const ProfileOptions& options) {
  Result<Field> field = Field::make(run, Stage::weights, head);
  if (!field) return field.error();
  if (head < 0 || !run->statistics || static_cast<std::size_t>(head) >= run->statistics->heads.size()) {
    return Error{ErrorCode::usage,
                 "head " + std::to_string(head) + " has no numbers of its own",
                 {},
                 "Heads count from 0 to " + std::to_string(run->sizes.heads - 1)};
  }
  const HeadStatistics& statistics = run->statistics->heads[static_cast<std::size_t>(head)];
  HeadProfile profile;
  profile.head = head;
  takeStatistics(statistics, profile);

  const std::vector<std::int64_t> rows = rowsToRead(field->rows(), field->cols(), options.read);
  profile.sampled = static_cast<std::int64_t>(rows.size()) < field->rows();
  const bool texts = options.queryTexts.size() == static_cast<std::size_t>(field->rows()) &&
                     options.keyTexts.size() == static_cast<std::size_t>(field->cols());
  const Places places = texts ? placesOf(options.keyTexts) : Places{};
  const auto limit = static_cast<std::size_t>(std::max(options.pairs, 0));
  std::vector<float> weights(static_cast<std::size_t>(field->cols()));
  std::int64_t rowsWithPrevious = 0;
  for (const std::int64_t i : rows) {
    const auto at = static_cast<std::size_t>(i);
    if (at < statistics.rows.size() && statistics.rows[at].keptKeys <= 0) continue;
    ++profile.rowsRead;
    field->row(i, weights.data());
    if (i > 0 && i - 1 < field->cols()) {
      ++rowsWithPrevious;
      profile.previousShare += static_cast<double>(weights[at - 1]);
    }
    for (std::size_t j = 0; j < weights.size(); ++j) {
      profile.distance +=
          static_cast<double>(weights[j]) * std::abs(static_cast<double>(i) - static_cast<double>(j));
    }
    if (!weights.empty()) profile.firstShare += static_cast<double>(weights.front());
    if (texts) {
      if (const auto found = places.find(options.queryTexts[at]); found != places.end()) {
        for (const std::int64_t j : found->second) {
          profile.sameTokenShare += static_cast<double>(weights[static_cast<std::size_t>(j)]);
        }
      }
    }
    for (std::size_t j = 0; j < weights.size(); ++j) {
      keepHeaviest(profile.largest, {i, static_cast<std::int64_t>(j), weights[j]}, limit);
    }
  }
  std::sort(profile.largest.begin(), profile.largest.end(), heavier);
  if (rowsWithPrevious > 0) profile.previousShare /= static_cast<double>(rowsWithPrevious);
  if (profile.rowsRead > 0) {
    profile.sameTokenShare /= static_cast<double>(profile.rowsRead);
    profile.firstShare /= static_cast<double>(profile.rowsRead);
    profile.distance /= static_cast<double>(profile.rowsRead);
  }
  return profile;
}

Result<std::optional<double>> pairWeight(const std::shared_ptr<const Run>& run, int head,
                                         std::span<const std::int64_t> queries,
                                         std::span<const std::int64_t> keys) {
  const Result<Field> field = Field::make(run, Stage::weights, head);
  if (!field) return field.error();
  if (queries.empty() || keys.empty()) return std::optional<double>();
  double sum = 0;
  for (const std::int64_t i : queries) {
    for (const std::int64_t j : keys) sum += static_cast<double>(field->cell(i, j));
  }
  return std::optional(sum / (static_cast<double>(queries.size()) * static_cast<double>(keys.size())));
}

}  // namespace headlight
