#include <cmath>

#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

using Index = std::int64_t;

/// ∂L/∂(weights × v), [H, Tq, d_v], 0 for heads that are switched off.
Tensor upstreamOfHeads(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  const Caused<Linear>& wO = work.inputs().wO;
  const Caused<Matrix>& given = work.plan.upstream;
  const auto upstream = [&](Index i, Index c) { return given ? static_cast<double>((*given)(i, c)) : 1.0; };
  Tensor out = doubles({s.heads, s.queries, s.dV});
  for (int h = 0; h < s.heads; ++h) {
    if (work.ablated(h)) continue;
    for (Index i = 0; i < s.queries; ++i) {
      for (Index e = 0; e < s.dV; ++e) {
        if (!wO) at(out, h, i, e) = upstream(i, h * s.dV + e);
        for (Index c = 0; wO && c < wO->weight.cols(); ++c) {
          at(out, h, i, e) += upstream(i, c) * work.merging(h, e, c);
        }
      }
    }
  }
  return out;
}

void gradientOfValues(const ReferenceWork& work, Tensor& upstream) {
  const Sizes& s = work.sizes();
  Tensor& gradV = work.stage(Stage::gradV) = doubles({s.kvHeads, s.keys, s.dV});
  for (int h = 0; h < s.heads; ++h) {
    if (work.ablated(h)) continue;
    for (Index i = 0; i < s.queries; ++i) {
      for (Index j = 0; j < s.keys; ++j) {
        if (!work.mixes(h, i, j)) continue;
        for (Index e = 0; e < s.dV; ++e) {
          at(gradV, s.kvHeadOf(h), j, e) += at(work.stage(Stage::weights), h, i, j) * at(upstream, h, i, e);
        }
      }
    }
  }
}

/// ‖diag(c) − κ c cᵀ‖, its diagonal and the rest apart.
double norm(const Jacobian& jacobian) {
  double diagonal = 0;
  double squares = 0;
  double fourths = 0;
  for (const double c : jacobian.c) {
    diagonal += (c - jacobian.kappa * c * c) * (c - jacobian.kappa * c * c);
    squares += c * c;
    fourths += c * c * c * c;
  }
  const double rest = squares * squares - fourths;
  return std::sqrt(diagonal + jacobian.kappa * jacobian.kappa * (rest < 0 ? 0 : rest));
}

/// One row: ∂L/∂masked = J ∂L/∂weights ÷ τ, and the norm of J ÷ τ.
void gradientOfRow(const ReferenceWork& work, Tensor& upstream, int h, Index i) {
  const Sizes& s = work.sizes();
  std::vector<Index> keys;
  std::vector<double> weights;
  std::vector<double> slopes;  // ∂L/∂weights
  for (Index j = 0; j < s.keys; ++j) {
    if (!work.mask.keeps(h, i, j)) continue;
    keys.push_back(j);
    weights.push_back(at(work.stage(Stage::weights), h, i, j));
    double slope = 0;
    for (Index e = 0; e < s.dV; ++e) {
      slope += at(upstream, h, i, e) * at(work.stage(Stage::v), s.kvHeadOf(h), j, e);
    }
    slopes.push_back(slope);
  }
  if (keys.empty()) return;
  const Jacobian jacobian = work.normalizer.jacobian(weights);
  at(work.row(RowQuantity::jacobianNorm), 0, h, i) = norm(jacobian) / work.plan.temperature;
  if (work.ablated(h)) return;
  double common = 0;
  for (std::size_t n = 0; n < keys.size(); ++n) common += jacobian.c[n] * slopes[n];
  for (std::size_t n = 0; n < keys.size(); ++n) {
    at(work.stage(Stage::gradScores), h, i, keys[n]) =
        jacobian.c[n] * (slopes[n] - jacobian.kappa * common) / work.plan.temperature;
  }
}

/// Through softcap and scale to q and k.
void gradientOfProjected(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  Tensor& gradQ = work.stage(Stage::gradQ) = doubles({s.heads, s.queries, s.dK});
  Tensor& gradK = work.stage(Stage::gradK) = doubles({s.kvHeads, s.keys, s.dK});
  for (int h = 0; h < s.heads; ++h) {
    if (work.ablated(h)) continue;
    const int kv = s.kvHeadOf(h);
    for (Index i = 0; i < s.queries; ++i) {
      for (Index j = 0; j < s.keys; ++j) {
        if (!work.mask.keeps(h, i, j)) continue;
        double slope = at(work.stage(Stage::gradScores), h, i, j) * work.plan.scale;
        if (work.plan.softcap) {
          const double t = std::tanh(at(work.stage(Stage::scaled), h, i, j) / *work.plan.softcap);
          slope *= 1 - t * t;
        }
        for (Index e = 0; e < s.dK; ++e) {
          at(gradQ, h, i, e) += slope * at(work.stage(Stage::k), kv, j, e);
          at(gradK, kv, j, e) += slope * at(work.stage(Stage::q), h, i, e);
        }
      }
    }
  }
}

}  // namespace

void referenceGradients(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  const Mistake& mistake = work.plan.mistake;
  if (mistake.overQueries || mistake.plainSum || mistake.maskAs != Mistake::MaskAs::minusInfinity) return;
  Tensor upstream = upstreamOfHeads(work);
  gradientOfValues(work, upstream);
  if (work.givesWeights()) return;
  work.stage(Stage::gradScores) = doubles({s.heads, s.queries, s.keys});
  work.row(RowQuantity::jacobianNorm) = doubles({s.heads, s.queries});
  for (int h = 0; h < s.heads; ++h) {
    for (Index i = 0; i < s.queries; ++i) gradientOfRow(work, upstream, h, i);
  }
  if (!work.inputs().maps) gradientOfProjected(work);
}

}  // namespace headlight
