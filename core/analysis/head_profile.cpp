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

/// Sums over the rows read, and how many rows those of the neighbours are of.
class PlaceSums {
 public:
  PlaceSums(const Run& run, int head, HeadProfile& profile)
      : mask_(*run.mask), head_(head), keys_(run.sizes.keys), profile_(profile) {}

  void add(std::int64_t i, const std::vector<float>& weights, const std::vector<std::int64_t>* repeats) {
    const double equal = 1 / std::max(1.0, static_cast<double>(mask_.kept(head_, i)));
    const auto take = [&](std::int64_t j, double& share, double& chance) {
      if (j < 0 || j >= keys_) return false;
      share += static_cast<double>(weights[static_cast<std::size_t>(j)]);
      const bool kept = mask_.keeps(head_, i, j);
      if (kept) chance += equal;
      return kept;
    };
    PlaceShares& share = profile_.shares;
    PlaceShares& chance = profile_.chance;
    take(i, share.itself, chance.itself);
    take(0, share.first, chance.first);
    if (i > 0 && i - 1 < keys_) ++previousRows_;
    take(i - 1, share.previous, chance.previous);
    if (i + 1 < keys_) ++nextRows_;
    take(i + 1, share.next, chance.next);
    constexpr std::int64_t kNear = 2;
    for (std::int64_t j = i - kNear; j <= i + kNear; ++j) take(j, share.neighbours, chance.neighbours);
    if (repeats == nullptr) return;
    double elsewhere = 0;
    double elsewhereChance = 0;
    bool any = false;
    for (const std::int64_t j : *repeats) {
      if (j != i && take(j, elsewhere, elsewhereChance)) any = true;
    }
    profile_.sameElsewhereShare += elsewhere;
    if (!any) return;
    ++profile_.repeatRows;
    share.repeats += elsewhere;
    chance.repeats += elsewhereChance;
  }
  void finish() {
    const auto mean = [](std::int64_t rows, std::initializer_list<double*> sums) {
      for (double* sum : sums) *sum /= static_cast<double>(std::max<std::int64_t>(rows, 1));
    };
    PlaceShares& share = profile_.shares;
    PlaceShares& chance = profile_.chance;
    mean(previousRows_, {&share.previous, &chance.previous});
    mean(nextRows_, {&share.next, &chance.next});
    mean(profile_.repeatRows, {&share.repeats, &chance.repeats});
    mean(profile_.rowsRead, {&share.itself, &chance.itself, &share.first, &chance.first, &share.neighbours,
                             &chance.neighbours, &profile_.sameElsewhereShare});
    profile_.previousShare = share.previous;
    profile_.firstShare = share.first;
  }

 private:
  const MaskPlan& mask_;
  int head_;
  std::int64_t keys_;
  HeadProfile& profile_;
  std::int64_t previousRows_ = 0;
  std::int64_t nextRows_ = 0;
};

/// The keys that receive most, from their sums over `rows` rows.
std::vector<KeyShare> receiversOf(const std::vector<double>& received, std::int64_t rows, int most) {
  std::vector<KeyShare> keys(received.size());
  for (std::size_t j = 0; j < keys.size(); ++j) {
    keys[j] = {static_cast<std::int64_t>(j),
               received[j] / static_cast<double>(std::max<std::int64_t>(rows, 1))};
  }
  const auto more = [](const KeyShare& a, const KeyShare& b) {
    return a.share != b.share ? a.share > b.share : a.key < b.key;
  };
  std::erase_if(keys, [](const KeyShare& key) { return !(key.share > 0); });
  const auto count = std::min(keys.size(), static_cast<std::size_t>(std::max(most, 0)));
  std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count), keys.end(), more);
  keys.resize(count);
  return keys;
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
    profile.weightSum += static_cast<double>(row.weightSum);
    profile.strongest += static_cast<double>(row.largestWeight);
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
    profile.weightSum /= rows;
    profile.strongest /= rows;
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
  profile.samePlaces = !run->inputs.memory && run->sizes.tokenKeys() == run->sizes.queries;
  takeStatistics(statistics, profile);

  const std::vector<std::int64_t> rows = rowsToRead(field->rows(), field->cols(), options.read);
  profile.sampled = static_cast<std::int64_t>(rows.size()) < field->rows();
  const bool texts = options.queryTexts.size() == static_cast<std::size_t>(field->rows()) &&
                     options.keyTexts.size() == static_cast<std::size_t>(field->cols());
  const Places alike = texts ? placesOf(options.keyTexts) : Places{};
  const auto limit = static_cast<std::size_t>(std::max(options.pairs, 0));
  std::vector<float> weights(static_cast<std::size_t>(field->cols()));
  std::vector<double> received(options.receivers > 0 ? weights.size() : 0, 0.0);
  PlaceSums places(*run, head, profile);
  for (const std::int64_t i : rows) {
    const auto at = static_cast<std::size_t>(i);
    if (at < statistics.rows.size() && statistics.rows[at].keptKeys <= 0) continue;
    ++profile.rowsRead;
    field->row(i, weights.data());
    for (std::size_t j = 0; j < weights.size(); ++j) {
      profile.distance +=
          static_cast<double>(weights[j]) * std::abs(static_cast<double>(i) - static_cast<double>(j));
    }
    const std::vector<std::int64_t>* repeats = nullptr;
    if (texts) {
      if (const auto found = alike.find(options.queryTexts[at]); found != alike.end()) {
        repeats = &found->second;
        for (const std::int64_t j : found->second) {
          profile.sameTokenShare += static_cast<double>(weights[static_cast<std::size_t>(j)]);
        }
      }
    }
    places.add(i, weights, repeats);
    for (std::size_t j = 0; j < received.size(); ++j) received[j] += static_cast<double>(weights[j]);
    for (std::size_t j = 0; limit > 0 && j < weights.size(); ++j) {
      keepHeaviest(profile.largest, {i, static_cast<std::int64_t>(j), weights[j]}, limit);
    }
  }
  std::sort(profile.largest.begin(), profile.largest.end(), heavier);
  places.finish();
  profile.receivers = receiversOf(received, profile.rowsRead, options.receivers);
  if (profile.rowsRead > 0) {
    profile.sameTokenShare /= static_cast<double>(profile.rowsRead);
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
