#include "app/session/head_products.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/session/product.h"
#include "core/attention/merge.h"
#include "core/base/hash.h"

namespace headlight {
namespace {

/// Pairs of numbers that the distances may take: about half a second.
constexpr double kDistanceWork = static_cast<double>(std::int64_t{1} << 26);

std::vector<std::string> labelsOf(const std::vector<Token>& tokens) {
  std::vector<std::string> labels;
  labels.reserve(tokens.size());
  for (const Token& token : tokens) labels.push_back(token.label);
  return labels;
}

void makeReadings(const Evaluation& evaluation, ThreadPool& pool, const Cancel& cancel,
                  HeadProduct& product) {
  const std::vector<std::string> queries = labelsOf(evaluation.prepared->queryTokens);
  const std::vector<std::string> keys = labelsOf(evaluation.prepared->keyTokens);
  const int heads = evaluation.run->sizes.heads;
  auto readings = std::make_shared<std::vector<HeadReading>>(static_cast<std::size_t>(heads));
  std::vector<char> made(static_cast<std::size_t>(heads), 0);
  ProfileOptions options;
  options.pairs = 0;
  options.queryTexts = queries;
  options.keyTexts = keys;
  pool.run(
      heads,
      [&](std::int64_t head) {
        const auto h = static_cast<std::size_t>(head);
        auto profile = profileHead(evaluation.run, static_cast<int>(head), options);
        if (!profile) return;
        HeadReading& reading = (*readings)[h];
        reading.profile = std::move(*profile);
        reading.tags = patternsOf(reading.profile);
        reading.destinations = whereWeightGoes(reading.profile, keys);
        made[h] = 1;
      },
      cancel);
  if (std::find(made.begin(), made.end(), 0) == made.end()) product.readings = std::move(readings);
}

void makeEffectiveKeys(const Run& run, HeadProduct& product) {
  if (!run.statistics) return;
  auto means = std::make_shared<std::vector<double>>();
  means->reserve(run.statistics->heads.size());
  for (const HeadStatistics& head : run.statistics->heads) {
    double sum = 0;
    std::int64_t rows = 0;
    for (const RowNumbers& row : head.rows) {
      if (row.keptKeys <= 0) continue;
      sum += static_cast<double>(row.effectiveKeys);
      ++rows;
    }
    means->push_back(rows > 0 ? sum / static_cast<double>(rows) : 0);
  }
  product.effectiveKeys = std::move(means);
}

void makeCell(const std::shared_ptr<const Run>& run, const Wanted& wanted, ThreadPool& pool,
              const Cancel& cancel, HeadProduct& product) {
  const int heads = run->sizes.heads;
  auto cell = std::make_shared<CellOfHeads>();
  cell->values.assign(static_cast<std::size_t>(heads), std::numeric_limits<float>::quiet_NaN());
  const bool whole = pool.run(
      heads,
      [&](std::int64_t head) {
        const auto field = Field::make(run, wanted.stage, static_cast<int>(head));
        if (!field || field->cellClass(wanted.r, wanted.c) == CellClass::masked) return;
        cell->values[static_cast<std::size_t>(head)] = field->cell(wanted.r, wanted.c);
      },
      cancel);
  if (whole) product.cell = std::move(cell);
}

/// Of the numbers that a pixel covers the one farthest from 0.
std::shared_ptr<const Tile> pooledRows(const Matrix& matrix, std::int64_t first, std::int64_t rows,
                                       int level) {
  const std::int64_t side = std::int64_t{1} << level;
  const std::int64_t down = (rows + side - 1) >> level;
  const std::int64_t across = (matrix.cols() + side - 1) >> level;
  if (down > kTileSize || across > kTileSize) return nullptr;
  auto tile = std::make_shared<Tile>();
  tile->level = level;
  tile->rows = static_cast<int>(down);
  tile->cols = static_cast<int>(across);
  tile->extreme.assign(static_cast<std::size_t>(down * across), 0.0f);
  tile->classes.assign(tile->extreme.size(), static_cast<std::uint8_t>(CellClass::value));
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* row = matrix.row(first + r);
    float* out = tile->extreme.data() + (r >> level) * across;
    for (std::int64_t c = 0; c < matrix.cols(); ++c) {
      float& pixel = out[c >> level];
      if (!(std::abs(row[c]) <= std::abs(pixel))) pixel = row[c];
    }
  }
  if (level > 0) tile->mean = tile->extreme;
  return tile;
}

void makeProjection(const Run& run, const Wanted& wanted, HeadProduct& product) {
  if (!run.inputs.wO) return;
  const Matrix& weight = run.inputs.wO->weight;
  auto slice = std::make_shared<ProjectionSlice>();
  slice->rows = run.sizes.dV;
  slice->cols = weight.cols();
  const std::int64_t first = mergeRows(run.rules.mistake, wanted.head, run.sizes.heads, run.sizes.dV).first;
  if (first + slice->rows > weight.rows()) return;
  slice->tile = pooledRows(weight, first, slice->rows, wanted.level);
  double squares = 0;
  for (std::int64_t r = 0; r < weight.rows(); ++r) {
    const float* row = weight.row(r);
    for (std::int64_t c = 0; c < weight.cols(); ++c) {
      const auto x = static_cast<double>(row[c]);
      squares += x * x;
      if (std::isfinite(x)) slice->largest = std::max(slice->largest, std::abs(x));
    }
  }
  const auto count = static_cast<double>(weight.rows()) * static_cast<double>(weight.cols());
  slice->spread = count > 0 ? std::sqrt(squares / count) : 0;
  product.projection = std::move(slice);
}

std::shared_ptr<const Tile> distanceTile(const HeadDistances& distances) {
  if (distances.heads > kTileSize) return nullptr;
  auto tile = std::make_shared<Tile>();
  tile->rows = tile->cols = distances.heads;
  tile->extreme = distances.distances;
  tile->classes.assign(tile->extreme.size(), static_cast<std::uint8_t>(CellClass::value));
  for (int h = 0; h < distances.heads; ++h) {
    tile->classes[static_cast<std::size_t>(h) * static_cast<std::size_t>(distances.heads + 1)] =
        static_cast<std::uint8_t>(CellClass::notComputed);
  }
  return tile;
}

void makeAlike(const std::shared_ptr<const Run>& run, ThreadPool& pool, const Cancel& cancel,
               HeadProduct& product) {
  DistanceOptions options;
  options.work = kDistanceWork;
  options.cancel = cancel;
  auto distances = headDistances(run, pool, options);
  if (!distances) return;
  auto alike = std::make_shared<AlikeHeads>();
  alike->distances = std::move(*distances);
  alike->order = likenessOrder(alike->distances);
  for (const float distance : alike->distances.distances) {
    if (std::isfinite(distance)) alike->largest = std::max(alike->largest, distance);
  }
  alike->tile = distanceTile(alike->distances);
  product.alike = std::move(alike);
}

}  // namespace

std::uint64_t textsKey(const Prepared& prepared) {
  KeyHash hash;
  for (const auto* tokens : {&prepared.queryTokens, &prepared.keyTokens}) {
    hash.add(static_cast<std::uint64_t>(tokens->size()));
    for (const Token& token : *tokens) hash.add(token.label);
  }
  return hash.key();
}

std::shared_ptr<const HeadProduct> makeHeadProduct(const Evaluation& evaluation, const Field& field,
                                                   const Wanted& wanted, ThreadPool& pool,
                                                   const Cancel& cancel) {
  auto product = std::make_shared<HeadProduct>();
  const std::shared_ptr<const Run>& run = evaluation.run;
  switch (wanted.what) {
    case Wanted::What::readings:
      makeReadings(evaluation, pool, cancel, *product);
      break;
    case Wanted::What::effectiveKeys:
      makeEffectiveKeys(*run, *product);
      break;
    case Wanted::What::cellOfHeads:
      makeCell(run, wanted, pool, cancel, *product);
      break;
    case Wanted::What::projection:
      makeProjection(*run, wanted, *product);
      break;
    case Wanted::What::lengths: {
      const std::int64_t begin = wanted.r * kLengthRows;
      auto made = contributionLengths(run, begin, std::min(begin + kLengthRows, field.rows()), pool, cancel);
      if (made) product->lengths = std::make_shared<const ContributionLengths>(std::move(*made));
      break;
    }
    case Wanted::What::contributions:
      if (auto made = headContributions(run, wanted.r)) {
        product->contributions = std::make_shared<const HeadContributions>(std::move(*made));
      }
      break;
    case Wanted::What::alike:
      makeAlike(run, pool, cancel, *product);
      break;
    default:
      break;
  }
  return cancel.requested() || bytesOf(*product) == 0 ? nullptr : product;
}

double cellsForHeads(const Field& field, const Wanted& wanted) {
  const Sizes& sizes = field.run().sizes;
  const auto heads = static_cast<double>(sizes.heads);
  const auto cells = static_cast<double>(field.rows()) * static_cast<double>(field.cols());
  const auto valueDim = static_cast<double>(sizes.dV);
  switch (wanted.what) {
    case Wanted::What::readings:
      // Dearer than a picture of as many cells, and less urgent.
      return 4 * heads * std::min(cells, static_cast<double>(ReadPlan().cells));
    case Wanted::What::cellOfHeads:
      return heads * (field.run().statistics ? 1 : static_cast<double>(field.cols()));
    case Wanted::What::lengths:
      return heads * valueDim * valueDim * static_cast<double>(sizes.dModel + kLengthRows) / 64;
    case Wanted::What::contributions:
      return heads * valueDim * static_cast<double>(sizes.dModel) / 64;
    case Wanted::What::alike:
      return heads * cells + 4 * std::min(kDistanceWork, heads * (heads - 1) / 2 * cells);
    default:
      return 0;
  }
}

std::size_t bytesOf(const HeadProduct& product) {
  std::size_t bytes = 0;
  if (product.readings) {
    for (const HeadReading& reading : *product.readings) {
      bytes += sizeof reading + reading.tags.size() * sizeof(PatternTag) +
               reading.destinations.size() * (sizeof(WeightDestination) + 32);
    }
  }
  if (product.effectiveKeys) bytes += product.effectiveKeys->size() * sizeof(double) + 64;
  if (product.cell) bytes += product.cell->values.size() * sizeof(float) + 64;
  const auto ofTile = [](const std::shared_ptr<const Tile>& tile) {
    return tile ? tile->extreme.size() * 9 + sizeof(Tile) : std::size_t{64};
  };
  if (product.projection) bytes += ofTile(product.projection->tile);
  if (product.lengths) bytes += product.lengths->lengths.size() * sizeof(float) + 64;
  if (product.contributions) {
    const HeadContributions& made = *product.contributions;
    bytes += (made.output.size() + made.bias.size()) * sizeof(float) + sizeof made;
    for (const HeadPart& part : made.heads) {
      bytes += (part.contribution.size() + part.headOutput.size()) * sizeof(float) + sizeof part;
    }
  }
  if (product.alike) bytes += ofTile(product.alike->tile) + product.alike->distances.distances.size() * 4;
  return bytes;
}

}  // namespace headlight
