#include "app/session/compare.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::size_t kOtherTileBytes = std::size_t{96} << 20;
constexpr std::size_t kDifferenceTileBytes = std::size_t{96} << 20;
constexpr std::size_t kStatisticsBytes = std::size_t{8} << 20;

enum class What : std::uint8_t { tile, statistics, largest };

std::uint64_t keyOf(std::uint64_t difference, What what, int level = 0, std::int64_t r = 0,
                    std::int64_t c = 0) {
  KeyHash hash;
  hash.add(difference).add(static_cast<std::uint64_t>(what)).add(static_cast<std::uint64_t>(level));
  return hash.add(static_cast<std::uint64_t>(r)).add(static_cast<std::uint64_t>(c)).key();
}

/// Statistics of a preliminary run are those of a few rows.
bool isPreliminary(const Field& field) {
  return !field.run().statistics;
}

double cellsOf(const FieldDifference& difference) {
  return static_cast<double>(difference.rows()) * static_cast<double>(difference.cols());
}

std::string sizeText(const Field& field) {
  return grouped(field.rows()) + " × " + grouped(field.cols());
}

}  // namespace

std::optional<Comparison> readComparison(const Value& compare) {
  Comparison read;
  if (const Value* head = compare.find("head")) {
    read.with = Comparison::With::head;
    read.head = head->isInteger() ? static_cast<int>(head->integer()) : kMeanHead;
    return read;
  }
  if (const Value* stage = compare.find("stage"); stage && stage->isString()) {
    const auto found = stageById(stage->string());
    if (!found) return std::nullopt;
    read.with = Comparison::With::stage;
    read.stage = *found;
    return read;
  }
  if (const Value* file = compare.find("file"); file && file->isString()) {
    read.with = Comparison::With::file;
    read.file = file->string();
    return read;
  }
  return std::nullopt;
}

Value writeComparison(const std::optional<Comparison>& comparison) {
  if (!comparison) return {};
  switch (comparison->with) {
    case Comparison::With::head:
      return Object{{"head", comparison->head == kMeanHead ? Value("mean") : Value(comparison->head)}};
    case Comparison::With::stage:
      return Object{{"stage", info(comparison->stage).id}};
    case Comparison::With::file:
      return Object{{"file", comparison->file}};
    case Comparison::With::snapshot:
    case Comparison::With::before:
      break;
  }
  return {};
}

Compare::Compare(int threads, std::function<double()> seconds, std::shared_ptr<HomeQueue> home)
    : threads_(threads),
      seconds_(std::move(seconds)),
      home_(std::move(home)),
      tiles_(kDifferenceTileBytes),
      statistics_(kStatisticsBytes),
      largest_(kStatisticsBytes) {}

Numbers& Compare::other() {
  if (!other_) other_ = std::make_unique<Numbers>(threads_, seconds_, home_, kOtherTileBytes);
  return *other_;
}

void Compare::clear() {
  maps_ = {};
  obstacle_.clear();
  difference_.reset();
  key_ = 0;
  tiles_.clear();
  statistics_.clear();
  largest_.clear();
  if (other_) other_->clear();
  if (!worker_) return;
  worker_->clearSmall();
  worker_->cancelLong();
}

void Compare::frame() {
  if (other_) other_->frame();
}

bool Compare::idle() const {
  return (!other_ || other_->idle()) && (!worker_ || worker_->idle());
}

void Compare::cancel() {
  if (other_) other_->cancel();
}

std::shared_ptr<const Evaluation> Compare::evaluation(int which) const {
  const Numbers* numbers = map(which).numbers;
  return numbers ? numbers->evaluation() : nullptr;
}

void Compare::show(ComparedMap a, ComparedMap b, std::string obstacle) {
  maps_ = {std::move(a), std::move(b)};
  obstacle_ = std::move(obstacle);
  std::optional<FieldDifference> made;
  std::vector<Field> fields;
  for (const ComparedMap& one : maps_) {
    if (!obstacle_.empty() || !one.numbers || !one.numbers->evaluation()) break;
    const auto& run = one.numbers->evaluation()->run;
    auto field = Field::make(run, one.stage, fieldHead(run->sizes, one.stage, one.head));
    if (field) {
      fields.push_back(std::move(*field));
    } else {
      obstacle_ = field.error().what;
    }
  }
  if (fields.size() == 2) {
    const bool sameShape = fields[0].rows() == fields[1].rows() && fields[0].cols() == fields[1].cols();
    if (!sameShape) {
      obstacle_ = "A is " + sizeText(fields[0]) + ", B is " + sizeText(fields[1]) +
                  ": only maps of one shape have a difference";
    } else if (auto difference = FieldDifference::make(fields[0], fields[1])) {
      made = std::move(*difference);
    }
  }
  const std::uint64_t key = made ? made->key() : 0;
  difference_ = std::move(made);
  if (key == key_) return;
  key_ = key;
  failed_ = 0;
  if (!worker_) return;
  worker_->clearSmall();
  worker_->cancelLong();
}

void Compare::keep(std::uint64_t key, Made made) {
  if (made.tile) {
    const std::size_t bytes = (made.tile->extreme.size() + made.tile->mean.size()) * sizeof(float) +
                              made.tile->classes.size() + sizeof(Tile);
    tiles_.insert(key, std::move(made.tile), bytes);
  } else if (made.statistics) {
    const std::size_t bytes = made.statistics->sorted.size() * sizeof(float) + sizeof(FieldStatistics);
    statistics_.insert(key, std::move(made.statistics), bytes);
  } else if (made.largest) {
    const std::size_t bytes =
        made.largest->cells.size() * sizeof(CellDifference) + sizeof(LargestDifferences);
    largest_.insert(key, std::move(made.largest), bytes);
  } else {
    failed_ = key;
  }
}

template <class T>
std::shared_ptr<const T> Compare::look(std::uint64_t key, ByteCache<T>& cache, double cells,
                                       const Make& make) {
  if (auto found = cache.find(key)) return found;
  if (failed_ == key) return nullptr;
  if (!worker_) worker_ = std::make_unique<Worker>(threads_, home_);
  worker_->add(
      key,
      [this, key, make, difference = *difference_](ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
        Made made = make(difference, pool, cancel);
        if (cancel.requested()) return nullptr;
        return [this, key, made = std::move(made)]() mutable { keep(key, std::move(made)); };
      },
      [this, key] { keep(key, {}); }, cells > kLongCells);
  return nullptr;
}

std::shared_ptr<const Tile> Compare::tile(int which, int level, std::int64_t r, std::int64_t c) {
  const ComparedMap& one = map(which);
  return one.numbers ? one.numbers->tile(one.stage, one.head, level, r, c) : nullptr;
}

std::shared_ptr<const FieldStatistics> Compare::statistics(int which) {
  const ComparedMap& one = map(which);
  return one.numbers ? one.numbers->statistics(one.stage, one.head) : nullptr;
}

std::shared_ptr<const Explanation> Compare::explanation(int which, std::int64_t row, std::int64_t col) {
  const ComparedMap& one = map(which);
  return one.numbers ? one.numbers->explanation(explainedStage(which), one.head, row, col) : nullptr;
}

/// Of one stage in two heads or experiments every step up to the weights; of two stages each as itself.
Stage Compare::explainedStage(int which) const {
  const ComparedMap& one = map(which);
  const auto now = one.numbers->evaluation();
  const bool sameStage = maps_[0].stage == maps_[1].stage;
  const bool leadsToWeights = isMap(one.stage) && one.stage <= Stage::weights;
  return sameStage && leadsToWeights && now && now->run->has(Stage::weights) ? Stage::weights : one.stage;
}

std::shared_ptr<const Tile> Compare::differenceTile(int level, std::int64_t r, std::int64_t c) {
  if (!difference_) return nullptr;
  const Wanted wanted{Wanted::What::tile, difference_->first().stage(), 0, level, r, c};
  if (!exists(difference_->first(), wanted)) return nullptr;
  if (!inReach(difference_->first(), wanted) || !inReach(difference_->second(), wanted)) return nullptr;
  const double side = std::ldexp(kTileSize, level);
  const double rows = std::min(static_cast<double>(difference_->rows()), side);
  const double cols = std::min(static_cast<double>(difference_->cols()), side);
  constexpr double kMostRead = 0x1p26;
  return look<Tile>(keyOf(key_, What::tile, level, r, c), tiles_, 2 * std::min(rows * cols, kMostRead),
                    [level, r, c](const FieldDifference& difference, ThreadPool& pool, const Cancel& cancel) {
                      return Made{std::make_shared<const Tile>(difference.tile(level, r, c, cancel, &pool)),
                                  nullptr, nullptr};
                    });
}

std::shared_ptr<const FieldStatistics> Compare::differenceStatistics() {
  if (!difference_ || isPreliminary(difference_->first()) || isPreliminary(difference_->second()))
    return nullptr;
  return look<FieldStatistics>(
      keyOf(key_, What::statistics), statistics_, 2 * cellsOf(*difference_),
      [](const FieldDifference& difference, ThreadPool& pool, const Cancel& cancel) {
        return Made{nullptr, std::make_shared<const FieldStatistics>(difference.statistics(pool, cancel)),
                    nullptr};
      });
}

std::shared_ptr<const LargestDifferences> Compare::largest() {
  if (!difference_ || isPreliminary(difference_->first()) || isPreliminary(difference_->second()))
    return nullptr;
  return look<LargestDifferences>(
      keyOf(key_, What::largest), largest_, 2 * cellsOf(*difference_),
      [](const FieldDifference& difference, ThreadPool& pool, const Cancel& cancel) {
        return Made{nullptr, nullptr,
                    std::make_shared<const LargestDifferences>(
                        difference.largest(kLargestDifferences, pool, cancel))};
      });
}

}  // namespace headlight
