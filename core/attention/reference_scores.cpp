#include <cmath>
#include <limits>

#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Index = std::int64_t;

double masked(const ReferenceWork& work, int h, Index i, Index j, double biased) {
  if (work.mask.keeps(h, i, j)) return biased;
  switch (work.plan.mistake.maskAs) {
    case Mistake::MaskAs::zeroScore:
      return 0;
    case Mistake::MaskAs::zeroWeight:
      return biased;
    case Mistake::MaskAs::minusInfinity:
      break;
  }
  return -kInfinity;
}

/// Row i of the scores that the source gives.
std::vector<float> givenRow(const ReferenceWork& work, int h, Index i) {
  const GivenMaps& maps = *work.inputs().maps;
  std::vector<float> row(static_cast<std::size_t>(work.sizes().keys));
  maps.tensor->read(maps.first + h * maps.headStride + i * work.sizes().keys, work.sizes().keys, row.data());
  return row;
}

double dot(const ReferenceWork& work, int h, Index i, Index j) {
  double sum = 0;
  for (Index e = 0; e < work.sizes().dK; ++e) {
    sum += at(work.stage(Stage::q), h, i, e) * at(work.stage(Stage::k), work.sizes().kvHeadOf(h), j, e);
  }
  return sum;
}

}  // namespace

void referenceScores(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  const bool given = static_cast<bool>(work.inputs().maps);
  for (const Stage map : {Stage::dot, Stage::scaled, Stage::biased, Stage::masked}) {
    if (map != Stage::dot || !given) work.stage(map) = doubles({s.heads, s.queries, s.keys});
  }
  for (int h = 0; h < s.heads; ++h) {
    for (Index i = 0; i < s.queries; ++i) {
      const std::vector<float> row = given ? givenRow(work, h, i) : std::vector<float>{};
      for (Index j = 0; j < s.keys; ++j) {
        double score = 0;
        if (given) {
          score = static_cast<double>(row[static_cast<std::size_t>(j)]);
        } else {
          at(work.stage(Stage::dot), h, i, j) = dot(work, h, i, j);
          score = at(work.stage(Stage::dot), h, i, j) * work.plan.scale;
        }
        at(work.stage(Stage::scaled), h, i, j) = score;
        if (work.plan.softcap) score = *work.plan.softcap * std::tanh(score / *work.plan.softcap);
        if (!work.biases.empty()) score += work.biases.at(h, i, j);
        at(work.stage(Stage::biased), h, i, j) = score;
        at(work.stage(Stage::masked), h, i, j) = masked(work, h, i, j, score);
      }
    }
  }
}

}  // namespace headlight
