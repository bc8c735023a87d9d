#include <cmath>

#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

using Index = std::int64_t;

/// ‖v_j W_O^h‖, or ‖v_j‖ without W_O (Kobayashi et al. 2020, section 3).
double lengthOf(const ReferenceWork& work, int h, Index j) {
  const Sizes& s = work.sizes();
  const Index kv = s.kvHeadOf(h);
  const Caused<Linear>& wO = work.inputs().wO;
  double squares = 0;
  for (Index c = 0; c < (wO ? wO->weight.cols() : s.dV); ++c) {
    double part = 0;
    if (wO) {
      for (Index e = 0; e < s.dV; ++e) part += at(work.stage(Stage::v), kv, j, e) * work.merging(h, e, c);
    } else {
      part = at(work.stage(Stage::v), kv, j, c);
    }
    squares += part * part;
  }
  return std::sqrt(squares);
}

void valueWeighted(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  work.stage(Stage::valueWeighted) = doubles({s.heads, s.queries, s.keys});
  for (int h = 0; h < s.heads; ++h) {
    for (Index j = 0; j < s.keys; ++j) {
      const double length = lengthOf(work, h, j);
      for (Index i = 0; i < s.queries; ++i) {
        const double weight = at(work.stage(Stage::weights), h, i, j);
        // 0 · ∞ of a masked pair is 0.
        const bool none = weight == 0 && !work.givesWeights() && !work.mask.keeps(h, i, j);
        at(work.stage(Stage::valueWeighted), h, i, j) = none ? 0 : weight * length;
      }
    }
  }
}

void mix(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  work.stage(Stage::headOutput) = doubles({s.heads, s.queries, s.dV});
  work.stage(Stage::concat) = doubles({s.queries, s.heads * s.dV});
  for (int h = 0; h < s.heads; ++h) {
    if (work.ablated(h)) continue;
    for (Index i = 0; i < s.queries; ++i) {
      for (Index c = 0; c < s.dV; ++c) {
        double sum = 0;
        for (Index j = 0; j < s.keys; ++j) {
          if (!work.mixes(h, i, j)) continue;
          sum += at(work.stage(Stage::weights), h, i, j) * at(work.stage(Stage::v), s.kvHeadOf(h), j, c);
        }
        at(work.stage(Stage::headOutput), h, i, c) = sum;
        at(work.stage(Stage::concat), 0, i, h * s.dV + c) = sum;
      }
    }
  }
}

void merge(const ReferenceWork& work) {
  const Sizes& s = work.sizes();
  const Linear& wO = *work.inputs().wO;
  const Index width = wO.weight.cols();
  work.stage(Stage::contribution) = doubles({s.heads, s.queries, width});
  work.stage(Stage::output) = doubles({s.queries, width});
  for (Index i = 0; i < s.queries; ++i) {
    for (Index c = 0; c < width; ++c) {
      double y = wO.bias.empty() ? 0.0 : static_cast<double>(wO.bias[static_cast<std::size_t>(c)]);
      for (int h = 0; h < s.heads; ++h) {
        if (work.ablated(h)) continue;
        double part = 0;
        for (Index e = 0; e < s.dV; ++e) {
          part += at(work.stage(Stage::headOutput), h, i, e) * work.merging(h, e, c);
        }
        at(work.stage(Stage::contribution), h, i, c) = part;
        y += part;
      }
      at(work.stage(Stage::output), 0, i, c) = y;
    }
  }
}

}  // namespace

void referenceOutputs(const ReferenceWork& work) {
  valueWeighted(work);
  mix(work);
  if (work.inputs().wO) merge(work);
}

}  // namespace headlight
