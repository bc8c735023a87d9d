#include <utility>

#include "app/session/numbers.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

std::size_t bytesOf(const Tile& tile) {
  return (tile.extreme.size() + tile.mean.size()) * sizeof(float) + tile.classes.size() + sizeof(Tile);
}
std::size_t bytesOf(const FieldStatistics& statistics) {
  return statistics.sorted.size() * sizeof(float) + sizeof(FieldStatistics);
}
std::size_t bytesOf(const Received& received) {
  return (received.sums.size() + received.means.size()) * sizeof(double) + sizeof(Received);
}
std::size_t bytesOf(const RowValues& row) {
  std::size_t bytes = sizeof(RowValues) + row.largest.size() * sizeof(std::int64_t);
  for (const RowValues::Level& level : row.levels) bytes += level.values.size() * (sizeof(float) + 1);
  return bytes;
}
std::size_t bytesOf(const StrongestKeys& strongest) {
  std::size_t bytes = sizeof(StrongestKeys);
  for (const auto& row : strongest.rows) bytes += sizeof(row) + row.keys.capacity() * sizeof(KeyWeight);
  return bytes;
}
std::size_t bytesOf(const std::string& text) {
  return text.size() + sizeof(std::string);
}
std::size_t bytesOf(const Explanation& explanation) {
  std::size_t bytes = sizeof(Explanation) + explanation.keys.size() * sizeof(ExplainKey);
  for (const ExplainStep& step : explanation.steps) {
    bytes += sizeof(ExplainStep) + step.terms.size() * sizeof(ExplainTerm);
    for (const auto& strip : step.strips) bytes += strip.values.size() * sizeof(float);
  }
  return bytes;
}

}  // namespace

const Field* Numbers::field(Stage stage, int head) {
  if (!evaluation_) return nullptr;
  const auto [place, isNew] = fields_.try_emplace({stage, head});
  if (isNew) {
    if (auto made = Field::make(evaluation_->run, stage, head)) place->second = std::move(*made);
  }
  return place->second ? &*place->second : nullptr;
}

void Numbers::keep(Product product) {
  const auto put = [&](auto& cache, auto& value) {
    if (!value) return false;
    const std::size_t bytes = bytesOf(*value);
    cache.insert(product.key, std::move(value), bytes);
    return true;
  };
  const bool kept = put(tiles_, product.tile) || put(statistics_, product.statistics) ||
                    put(received_, product.received) || put(explanations_, product.explanation) ||
                    put(rows_, product.row) || put(strongest_, product.strongest) ||
                    put(descriptions_, product.description) || put(ofHeads_, product.ofHeads);
  if (!kept) impossible_.insert(product.key);
}

std::uint64_t Numbers::keyOf(const Field& source, const Wanted& wanted) const {
  const std::uint64_t key = productKey(source, wanted);
  return wanted.what == Wanted::What::description ? KeyHash().add(key).add(arrivals_).key() : key;
}

template <class T>
std::shared_ptr<const T> Numbers::look(const Wanted& wanted, ByteCache<T>& cache) {
  const Field* source = field(wanted.stage, wanted.head);
  if (source == nullptr || !exists(*source, wanted)) return nullptr;
  if (asked_.size() < kMostAsked) asked_.push_back(wanted);
  const std::uint64_t key = keyOf(*source, wanted);
  askedKeys_.insert(key);
  if (auto found = cache.find(key)) return found;
  // What cannot be made is not tried again in every frame.
  if (impossible_.count(key) != 0 || !inReach(*source, wanted)) return nullptr;
  if (live_ && waitsForRest(*evaluation_->run, evaluation_->experiment.view, wanted)) {
    const double left = kRest - (seconds_() - requestedAt_);
    if (left > 0) {
      worker_.wakeIn(left);
      return nullptr;
    }
  }
  worker_.add(
      key,
      [this, key, wanted, evaluation = evaluation_, from = *source](ThreadPool& pool,
                                                                    const Cancel& cancel) -> Worker::Home {
        Product product = makeProduct(*evaluation, from, wanted, pool, cancel);
        product.key = key;
        if (cancel.requested()) return nullptr;
        return [this, product = std::move(product)]() mutable { keep(std::move(product)); };
      },
      [this, key] { keep(Product{.key = key}); }, cellsFor(*source, wanted) > kLongCells);
  return nullptr;
}

std::shared_ptr<const Tile> Numbers::tile(Stage stage, int head, int level, std::int64_t r, std::int64_t c,
                                          bool large) {
  if (!evaluation_) return nullptr;
  const int from = fieldHead(evaluation_->run->sizes, stage, head);
  const Wanted wanted{Wanted::What::tile, stage, from, level, r, c};
  const Field* source = large ? nullptr : field(stage, from);
  if (source != nullptr && exists(*source, wanted) && cellsFor(*source, wanted) > kThumbnailCells) {
    auto known = tiles_.find(productKey(*source, wanted));
    return known ? known : blank(*source, wanted);
  }
  return look(wanted, tiles_);
}

std::shared_ptr<const Tile> Numbers::blank(const Field& source, const Wanted& wanted) {
  const std::uint64_t key = KeyHash().add(productKey(source, wanted)).add("blank").key();
  if (auto known = tiles_.find(key)) return known;
  const Cancel never = Cancel::make();
  never.request();
  auto tile = std::make_shared<const Tile>(source.tile(wanted.level, wanted.r, wanted.c, never));
  tiles_.insert(key, tile, bytesOf(*tile));
  return tile;
}

std::shared_ptr<const FieldStatistics> Numbers::statistics(Stage stage, int head) {
  if (!evaluation_) return nullptr;
  return headStatistics(stage, fieldHead(evaluation_->run->sizes, stage, head));
}

std::shared_ptr<const FieldStatistics> Numbers::headStatistics(Stage stage, int head,
                                                               const std::vector<std::int64_t>& leaveOut,
                                                               bool onlyExtremes) {
  const auto what = onlyExtremes ? Wanted::What::extremes : Wanted::What::statistics;
  return look({what, stage, head, 0, 0, 0, 0, leaveOut}, statistics_);
}

std::shared_ptr<const Received> Numbers::received(int head) {
  return look({Wanted::What::received, Stage::weights, head, 0, 0, 0}, received_);
}

std::shared_ptr<const Explanation> Numbers::explanation(Stage stage, int head, std::int64_t row,
                                                        std::int64_t col) {
  if (!evaluation_) return nullptr;
  const int from = fieldHead(evaluation_->run->sizes, stage, head);
  return look({Wanted::What::explanation, stage, from, 0, row, col}, explanations_);
}

std::shared_ptr<const RowValues> Numbers::row(Stage stage, int head, std::int64_t row) {
  if (!evaluation_) return nullptr;
  const int from = fieldHead(evaluation_->run->sizes, stage, head);
  return look({Wanted::What::row, stage, from, 0, row, 0}, rows_);
}

std::shared_ptr<const StrongestKeys> Numbers::strongest(Stage stage, int head, std::int64_t block) {
  if (!evaluation_) return nullptr;
  return look({Wanted::What::strongest, stage, head, 0, block, 0}, strongest_);
}

std::shared_ptr<const std::string> Numbers::description(Stage stage, int head, const std::int64_t* cell) {
  if (!evaluation_) return nullptr;
  const int from = fieldHead(evaluation_->run->sizes, stage, head);
  Wanted wanted{Wanted::What::description, stage, from, 0, 0, 0};
  if (cell != nullptr) wanted.level = 1, wanted.r = cell[0], wanted.c = cell[1];
  return look(wanted, descriptions_);
}

std::shared_ptr<const HeadProduct> Numbers::ofHeads(Wanted wanted) {
  if (wanted.what == Wanted::What::readings) wanted.texts = texts_;
  return look(wanted, ofHeads_);
}

std::optional<std::pair<std::int64_t, std::int64_t>> Numbers::shape(Stage stage, int head) {
  if (!evaluation_) return std::nullopt;
  const Field* source = field(stage, fieldHead(evaluation_->run->sizes, stage, head));
  if (source == nullptr) return std::nullopt;
  return std::pair(source->rows(), source->cols());
}

}  // namespace headlight
