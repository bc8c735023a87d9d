#include <cmath>

#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

using Index = std::int64_t;

Tensor fromMatrix(const Matrix& m) {
  Tensor t = doubles({m.rows(), m.cols()});
  for (Index i = 0; i < m.rows(); ++i) {
    for (Index j = 0; j < m.cols(); ++j) at(t, 0, i, j) = static_cast<double>(m(i, j));
  }
  return t;
}

/// q, k or v: what it is made of, and its shape.
struct Part {
  Stage stage;
  const Caused<Heads>& given;
  const Caused<Matrix>& x;
  const Caused<Linear>& linear;
  const Caused<Heads>* extra;
  Index heads;
  Index rows;  ///< extra ones among them
  Index d;
};

/// Column c of head h of x W + b, that is its column h · d + c.
double feature(const Part& part, Index h, Index i, Index c) {
  const Index column = h * part.d + c;
  double sum = 0;
  for (Index e = 0; e < part.x->cols(); ++e) {
    sum += static_cast<double>((*part.x)(i, e)) * static_cast<double>(part.linear->weight(e, column));
  }
  const AlignedFloats& bias = part.linear->bias;
  return bias.empty() ? sum : sum + static_cast<double>(bias[static_cast<std::size_t>(column)]);
}

/// Rotation of the pair (x, y) of features of each row by position · base^{−2k/R} (attention.md B.3).
void turn(const Rotary& rotary, Index rows, Tensor& t) {
  const Index heads = t.shape[0];
  const auto turned = static_cast<Index>(rotary.fraction * static_cast<double>(t.shape[2]));
  for (Index h = 0; h < heads; ++h) {
    for (Index p = 0; p < rows; ++p) {
      for (Index k = 0; k < turned / 2; ++k) {
        const double speed =
            std::exp(-std::log(rotary.base) * 2 * static_cast<double>(k) / static_cast<double>(turned));
        const double angle = static_cast<double>(p + rotary.offset) * speed;
        double& first = at(t, h, p, rotary.interleaved ? 2 * k : k);
        double& second = at(t, h, p, rotary.interleaved ? 2 * k + 1 : k + turned / 2);
        const double x = first;
        const double y = second;
        first = std::cos(angle) * x - std::sin(angle) * y;
        second = std::sin(angle) * x + std::cos(angle) * y;
      }
    }
  }
}

Tensor projected(const Inputs& inputs, const Part& part) {
  const Index extras = part.extra != nullptr ? inputs.sizes.extraKeys : 0;
  const Index own = part.rows - extras;
  Tensor out = doubles({part.heads, part.rows, part.d});
  for (Index h = 0; h < part.heads; ++h) {
    const auto head = static_cast<std::size_t>(h);
    for (Index i = 0; i < own; ++i) {
      for (Index c = 0; c < part.d; ++c) {
        at(out, h, i, c) =
            part.given ? static_cast<double>((*part.given)[head](i, c)) : feature(part, h, i, c);
      }
    }
    for (Index i = 0; i < extras; ++i) {
      for (Index c = 0; c < part.d; ++c) {
        at(out, h, own + i, c) = static_cast<double>((**part.extra)[head](i, c));
      }
    }
  }
  if (inputs.rotary && part.stage != Stage::v) turn(*inputs.rotary, own, out);
  for (const HeadEdit& edit : inputs.edits) {
    if (edit.stage != part.stage) continue;
    at(out, edit.head, edit.row, edit.column) = static_cast<double>(edit.value);
  }
  return out;
}

}  // namespace

void referenceProject(const ReferenceWork& work) {
  const Inputs& in = work.inputs();
  const Sizes& s = work.sizes();
  if (in.x) work.stage(Stage::input) = fromMatrix(*in.x);
  if (in.memory) work.stage(Stage::memory) = fromMatrix(*in.memory);
  const Caused<Matrix>& keySource = in.memory ? in.memory : in.x;
  const Caused<Matrix>& valueSource = in.memoryValue ? in.memoryValue : keySource;
  if (!in.maps) {
    work.stage(Stage::q) = projected(in, {Stage::q, in.q, in.x, in.wQ, nullptr, s.heads, s.queries, s.dK});
    work.stage(Stage::k) =
        projected(in, {Stage::k, in.k, keySource, in.wK, &in.extraK, s.kvHeads, s.keys, s.dK});
  }
  if (s.dV == 0) return;
  work.stage(Stage::v) =
      projected(in, {Stage::v, in.v, valueSource, in.wV, &in.extraV, s.kvHeads, s.keys, s.dV});
}

}  // namespace headlight
