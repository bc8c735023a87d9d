#include "app/session/product.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/attention/tile_parts.h"
#include "core/base/hash.h"
#include "core/describe/selection_words.h"

namespace headlight {

namespace {

/// Whether a stage is made with the rows' numbers.
bool needsRowNumbers(Stage stage) {
  return isMap(stage) && stage >= Stage::weights;
}

std::shared_ptr<const Received> makeReceived(const Field& field, ThreadPool& pool, const Cancel& cancel) {
  auto received = std::make_shared<Received>();
  received->sampled = field.columnSumsAreSampled();
  received->sums = field.columnSums(pool, cancel);
  if (received->sums.empty()) return nullptr;
  // The queries that may see each key, from where runs of kept keys begin and end.
  std::vector<std::int64_t> seen(received->sums.size() + 1, 0);
  const MaskPlan& mask = *field.run().mask;
  for (std::int64_t i = 0; i < mask.queries(); ++i) {
    for (const KeyRun& run : mask.runs(std::max(field.head(), 0), i)) {
      ++seen[static_cast<std::size_t>(run.begin)];
      --seen[static_cast<std::size_t>(run.end)];
    }
  }
  std::int64_t queries = 0;
  for (std::size_t j = 0; j < received->sums.size(); ++j) {
    queries += seen[j];
    const double mean = queries > 0 ? received->sums[j] / static_cast<double>(queries) : 0.0;
    received->means.push_back(mean);
    if (std::isfinite(mean)) received->largestMean = std::max(received->largestMean, mean);
  }
  return received;
}

}  // namespace

std::uint64_t productKey(const Field& field, const Wanted& wanted) {
  KeyHash hash;
  // W_O stays when everything else changes.
  const bool ofWeights = wanted.what == Wanted::What::projection;
  const std::uint64_t from =
      ofWeights ? KeyHash().add(field.run().inputs.wO.key).add(static_cast<std::uint64_t>(wanted.head)).key()
                : field.key();
  hash.add(from).add(static_cast<std::uint64_t>(wanted.what)).add(wanted.texts);
  // Statistics of a few rows are not those of the field.
  const bool preliminary = !field.run().statistics && needsRowNumbers(field.stage());
  const bool ofField = wanted.what == Wanted::What::statistics || wanted.what == Wanted::What::extremes;
  if (ofField && preliminary) hash.add(std::uint64_t{1});
  // Of an overview under way more is there each time.
  if (field.run().overviewRows && wanted.what == Wanted::What::tile && overviewOf(field, wanted.level))
    hash.add(static_cast<std::uint64_t>(field.run().overviewRows->count));
  hash.add(static_cast<std::uint64_t>(wanted.level)).add(static_cast<std::uint64_t>(wanted.r));
  hash.add(static_cast<std::uint64_t>(wanted.c));
  for (const std::int64_t key : wanted.leaveOut) hash.add(static_cast<std::uint64_t>(key));
  return hash.key();
}

bool exists(const Field& field, const Wanted& wanted) {
  if (wanted.r < 0 || wanted.c < 0) return false;
  switch (wanted.what) {
    case Wanted::What::tile: {
      // 2^20 tokens, the largest sequence, fit into one pixel at level 20.
      if (wanted.level < 0 || wanted.level > 20) return false;
      const std::int64_t cells = std::int64_t{kTileSize} << wanted.level;
      return wanted.r * cells < field.rows() && wanted.c * cells < field.cols();
    }
    case Wanted::What::explanation:
    case Wanted::What::row:
    case Wanted::What::description:
      return wanted.r < field.rows() && wanted.c < field.cols();
    case Wanted::What::strongest:
      return wanted.r * kStrongestRows < field.rows();
    case Wanted::What::cellOfHeads:
      return wanted.r < field.rows() && wanted.c < field.cols();
    case Wanted::What::contributions:
      return wanted.r < field.rows();
    case Wanted::What::lengths:
      return wanted.r * kLengthRows < field.rows();
    case Wanted::What::projection:
      return wanted.level >= 0 && wanted.level <= 20;
    case Wanted::What::statistics:
    case Wanted::What::extremes:
    case Wanted::What::received:
    case Wanted::What::readings:
    case Wanted::What::effectiveKeys:
    case Wanted::What::alike:
      return true;
  }
  return false;
}

double cellsFor(const Field& field, const Wanted& wanted) {
  const Run& run = field.run();
  const double heads = field.head() == kMeanHead ? run.sizes.heads : 1;
  const auto rows = static_cast<double>(field.rows());
  const auto cols = static_cast<double>(field.cols());
  const bool measures = !run.statistics && needsRowNumbers(field.stage());
  switch (wanted.what) {
    case Wanted::What::tile: {
      if (const Overviews* overviews = overviewOf(field, wanted.level))
        return static_cast<double>(overviews->grid.size());
      const double side = std::ldexp(kTileSize, wanted.level);
      return heads * std::min(rows, side) * (measures ? cols : std::min(cols, side));
    }
    case Wanted::What::received:
      return field.columnSumsAreSampled() ? static_cast<double>(run.overviews->grid.size())
                                          : heads * rows * cols;
    case Wanted::What::strongest:
      return heads * std::min(rows, static_cast<double>(kStrongestRows)) * cols;
    case Wanted::What::row:
      return heads * cols;
    case Wanted::What::statistics:
    case Wanted::What::extremes:
    case Wanted::What::explanation:
    case Wanted::What::description:
      break;
    default:
      return cellsForHeads(field, wanted);
  }
  return 0;
}

bool inReach(const Field& field, const Wanted& wanted) {
  if (field.run().statistics) return true;
  const bool ofWholeRun =
      wanted.ofHeads() && wanted.what != Wanted::What::cellOfHeads && wanted.what != Wanted::What::projection;
  if (ofWholeRun) return false;
  return wanted.what != Wanted::What::received && cellsFor(field, wanted) <= kLongCells;
}

Product makeProduct(const Evaluation& evaluation, const Field& field, const Wanted& wanted, ThreadPool& pool,
                    const Cancel& cancel) {
  Product product;
  product.key = productKey(field, wanted);
  switch (wanted.what) {
    case Wanted::What::tile:
      product.tile =
          std::make_shared<const Tile>(field.tile(wanted.level, wanted.r, wanted.c, cancel, &pool));
      break;
    case Wanted::What::statistics:
      product.statistics =
          std::make_shared<const FieldStatistics>(field.statistics(pool, cancel, wanted.leaveOut));
      break;
    case Wanted::What::extremes:
      product.statistics = std::make_shared<const FieldStatistics>(field.extremes(pool, cancel));
      break;
    case Wanted::What::received:
      product.received = makeReceived(field, pool, cancel);
      break;
    case Wanted::What::explanation:
      if (auto made = explain(evaluation.run, wanted.stage, wanted.head, wanted.r, wanted.c)) {
        product.explanation = std::make_shared<const Explanation>(std::move(*made));
      }
      break;
    case Wanted::What::row:
      product.row = std::make_shared<const RowValues>(readRow(field, wanted.r));
      break;
    case Wanted::What::strongest:
      product.strongest = std::make_shared<const StrongestKeys>(
          strongestKeys(field, wanted.r * kStrongestRows, kStrongestRows, kStrongestKeys, pool, cancel));
      break;
    case Wanted::What::description:
      product.description = std::make_shared<const std::string>(describeSelection(
          evaluation, wanted.stage, wanted.head,
          wanted.level == 1 ? std::optional(SelectedCell{wanted.r, wanted.c}) : std::nullopt));
      break;
    default:
      product.ofHeads = makeHeadProduct(evaluation, field, wanted, pool, cancel);
      break;
  }
  return product;
}

int headStep(const Sizes& sizes, Stage stage) {
  if (!info(stage).perHead) return sizes.heads;
  return stage == Stage::k || stage == Stage::v ? sizes.heads / sizes.kvHeads : 1;
}

int fieldHead(const Sizes& sizes, Stage stage, int head) {
  if (!info(stage).perHead) return 0;
  if (head < 0 || head >= sizes.heads) return head;
  return head - head % headStep(sizes, stage);
}

}  // namespace headlight
