#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Index = std::int64_t;
using Numbers = std::vector<double>;

/// The keys that count in a row, their masked scores and their weights.
struct Row {
  std::vector<Index> keys;
  Numbers scores;
  Numbers weights;
};

double largest(const Numbers& numbers) {
  double most = -kInfinity;
  for (const double number : numbers) {
    if (std::isnan(number)) return kNan;
    most = std::max(most, number);
  }
  return most;
}

double logSumExp(const Numbers& scores, double temperature) {
  const double most = largest(scores) / temperature;
  double sum = 0;
  for (const double score : scores) sum += std::exp(score / temperature - most);
  return most + std::log(sum);
}

double sumOf(const Numbers& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  return sum;
}

double entropy(const Numbers& weights) {
  const double sum = sumOf(weights);
  double entropy = 0;
  if (sum == 0) return 0;
  for (const double weight : weights) {
    if (weight != 0) entropy -= weight / sum * std::log(weight / sum);
  }
  return entropy < 0 ? 0 : entropy;
}

/// t of max(z − t, 0) and of max(z/2 − t, 0)², from the key with the largest score.
double threshold(const ReferenceWork& work, const Row& row) {
  const double z = largest(row.scores) / work.plan.temperature;
  const double weight = largest(row.weights);
  return work.plan.normalizer.kind == "entmax15" ? z / 2 - std::sqrt(weight) : z - weight;
}

double emptyWeight(EmptyRow policy, Index keys) {
  if (policy == EmptyRow::nan) return kNan;
  return policy == EmptyRow::uniform ? 1.0 / static_cast<double>(keys) : 0.0;
}

/// e^z of the pair ÷ the sum of e^z over the queries of its key.
double columnWeight(const ReferenceWork& work, int h, Index i, Index j) {
  const auto z = [&](Index query) {
    return at(work.stage(Stage::masked), h, query, j) / work.plan.temperature;
  };
  Numbers column;
  for (Index query = 0; query < work.sizes().queries; ++query) {
    if (work.counts(h, query, j)) column.push_back(z(query));
  }
  const double most = largest(column);
  double sum = 0;
  for (const double other : column) sum += std::exp(other - most);
  return std::exp(z(i) - most) / sum;
}

Numbers weigh(const ReferenceWork& work, int h, Index i, const Row& row) {
  const Mistake& mistake = work.plan.mistake;
  Numbers z;
  for (const double score : row.scores) z.push_back(score / work.plan.temperature);
  if (mistake.overQueries) {
    for (std::size_t n = 0; n < z.size(); ++n) z[n] = columnWeight(work, h, i, row.keys[n]);
    return z;
  }
  const bool unshifted = mistake.keepsMaximum && work.plan.normalizer.kind == "softmax";
  if (mistake.plainSum || unshifted) {
    if (unshifted) {
      for (double& number : z) number = std::exp(number);
    }
    const double sum = sumOf(z);
    for (double& number : z) number /= sum;
    return z;
  }
  return work.normalizer.reference(z, h);
}

Row given(const ReferenceWork& work, int h, Index i) {
  const GivenMaps& maps = *work.inputs().maps;
  const Index keys = work.sizes().keys;
  std::vector<float> read(static_cast<std::size_t>(keys));
  maps.tensor->read(maps.first + h * maps.headStride + i * keys, keys, read.data());
  Row row;
  for (Index j = 0; j < keys; ++j) row.keys.push_back(j);
  row.weights.assign(read.begin(), read.end());
  return row;
}

Row made(const ReferenceWork& work, int h, Index i) {
  Row row;
  for (Index j = 0; j < work.sizes().keys; ++j) {
    if (!work.counts(h, i, j)) continue;
    row.keys.push_back(j);
    row.scores.push_back(at(work.stage(Stage::masked), h, i, j));
  }
  if (row.keys.empty()) return row;
  row.weights = weigh(work, h, i, row);
  if (work.plan.mistake.maskAs == Mistake::MaskAs::zeroWeight) {
    for (std::size_t n = 0; n < row.keys.size(); ++n) {
      if (!work.mask.keeps(h, i, row.keys[n])) row.weights[n] = 0;
    }
  }
  return row;
}

}  // namespace

void referenceWeights(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  const bool scored = !work.givesWeights();
  work.stage(Stage::weights) = doubles({s.heads, s.queries, s.keys});
  for (const RowQuantity quantity :
       {RowQuantity::entropy, RowQuantity::effectiveKeys, RowQuantity::keptKeys}) {
    work.row(quantity) = doubles({s.heads, s.queries});
  }
  if (scored) {
    work.row(RowQuantity::rowMax) = doubles({s.heads, s.queries});
    work.row(RowQuantity::lse) = doubles({s.heads, s.queries});
    if (work.normalizer.hasThreshold()) work.row(RowQuantity::threshold) = doubles({s.heads, s.queries});
  }
  for (int h = 0; h < s.heads; ++h) {
    for (Index i = 0; i < s.queries; ++i) {
      const Row row = scored ? made(work, h, i) : given(work, h, i);
      const auto number = [&](RowQuantity quantity) -> double& { return at(work.row(quantity), 0, h, i); };
      if (row.keys.empty()) {
        for (Index j = 0; j < s.keys; ++j) {
          at(work.stage(Stage::weights), h, i, j) = emptyWeight(work.plan.emptyRow, s.keys);
        }
        number(RowQuantity::rowMax) = -kInfinity;
        number(RowQuantity::lse) = -kInfinity;
        continue;
      }
      for (std::size_t n = 0; n < row.keys.size(); ++n) {
        at(work.stage(Stage::weights), h, i, row.keys[n]) = row.weights[n];
      }
      number(RowQuantity::entropy) = entropy(row.weights);
      number(RowQuantity::effectiveKeys) =
          sumOf(row.weights) == 0 ? 0 : std::exp(number(RowQuantity::entropy));
      number(RowQuantity::keptKeys) = static_cast<double>(row.keys.size());
      if (!scored) continue;
      number(RowQuantity::rowMax) = largest(row.scores);
      number(RowQuantity::lse) = logSumExp(row.scores, work.plan.temperature);
      if (work.normalizer.hasThreshold()) number(RowQuantity::threshold) = threshold(work, row);
    }
  }
}

}  // namespace headlight
