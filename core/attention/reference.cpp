#include "core/attention/reference.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "core/attention/project.h"

namespace headlight {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostCells = 67108864;

using Index = std::int64_t;

Tensor tensor(std::vector<Index> shape) {
  Tensor t;
  t.shape = std::move(shape);
  t.doubles.assign(static_cast<std::size_t>(t.size()), 0.0);
  return t;
}

double& at(Tensor& t, Index head, Index i, Index j) {
  const std::size_t rank = t.shape.size();
  return t.doubles[static_cast<std::size_t>((head * t.shape[rank - 2] + i) * t.shape[rank - 1] + j)];
}
Tensor fromMatrix(const Matrix& m) {
  Tensor t = tensor({m.rows(), m.cols()});
  for (Index i = 0; i < m.rows(); ++i) {
    for (Index j = 0; j < m.cols(); ++j) at(t, 0, i, j) = static_cast<double>(m(i, j));
  }
  return t;
}

/// Feature head · d + c of x W + b is column c of that head; or the heads as given; then the edits.
Tensor projected(const Inputs& in, Stage stage, const Caused<Heads>& given, const Caused<Matrix>& x,
                 const Caused<Linear>& linear, Index heads, Index rows, Index d) {
  Tensor out = tensor({heads, rows, d});
  for (Index h = 0; h < heads; ++h) {
    for (Index i = 0; i < rows; ++i) {
      for (Index c = 0; c < d; ++c) {
        if (given) {
          at(out, h, i, c) = static_cast<double>((*given)[static_cast<std::size_t>(h)](i, c));
          continue;
        }
        const Index column = h * d + c;
        double sum = 0;
        for (Index e = 0; e < x->cols(); ++e) {
          sum += static_cast<double>((*x)(i, e)) * static_cast<double>(linear->weight(e, column));
        }
        if (!linear->bias.empty()) sum += static_cast<double>(linear->bias[static_cast<std::size_t>(column)]);
        at(out, h, i, c) = sum;
      }
    }
  }
  for (const HeadEdit& edit : in.edits) {
    if (edit.stage == stage) at(out, edit.head, edit.row, edit.column) = static_cast<double>(edit.value);
  }
  return out;
}

/// The numbers beside one row that keeps a key: from its kept masked scores and their weights.
struct Row {
  double maximum = -kInfinity;
  double lse = -kInfinity;
  double entropy = 0;
  double effectiveKeys = 0;
};

Row measure(const std::vector<double>& scores, const std::vector<double>& weights, double temperature) {
  Row row;
  bool anyNan = false;
  for (const double score : scores) {
    anyNan = anyNan || std::isnan(score);
    row.maximum = std::max(row.maximum, score);
  }
  if (anyNan) row.maximum = kNan;
  double exponentials = 0;
  double sum = 0;
  for (const double score : scores) exponentials += std::exp(score / temperature - row.maximum / temperature);
  for (const double weight : weights) sum += weight;
  for (const double weight : weights) {
    if (weight != 0) row.entropy -= weight / sum * std::log(weight / sum);
  }
  row.lse = row.maximum / temperature + std::log(exponentials);
  row.entropy = row.entropy < 0 ? 0 : row.entropy;
  row.effectiveKeys = std::exp(row.entropy);
  return row;
}

double emptyWeight(EmptyRow policy, Index keys) {
  if (policy == EmptyRow::nan) return kNan;
  return policy == EmptyRow::uniform ? 1.0 / static_cast<double>(keys) : 0.0;
}

class Evaluation {
 public:
  Evaluation(const AttentionPlan& plan, const MaskPlan& mask, const Normalizer& normalizer)
      : plan_(plan), in_(plan.inputs), s_(in_.sizes), mask_(mask), normalizer_(normalizer) {
    out_.sizes = s_;
  }

  ReferenceRun run() {
    project();
    scores();
    weights();
    if (s_.dV > 0) outputs();
    return std::move(out_);
  }

 private:
  Tensor& stage(Stage stage) { return out_.stages[static_cast<std::size_t>(stage)]; }
  Tensor& row(RowQuantity quantity) { return out_.rows[static_cast<std::size_t>(quantity)]; }

  void project() {
    if (in_.x) stage(Stage::input) = fromMatrix(*in_.x);
    if (in_.memory) stage(Stage::memory) = fromMatrix(*in_.memory);
    const Caused<Matrix>& source = in_.memory ? in_.memory : in_.x;
    stage(Stage::q) = projected(in_, Stage::q, in_.q, in_.x, in_.wQ, s_.heads, s_.queries, s_.dK);
    stage(Stage::k) = projected(in_, Stage::k, in_.k, source, in_.wK, s_.kvHeads, s_.keys, s_.dK);
    if (s_.dV > 0)
      stage(Stage::v) = projected(in_, Stage::v, in_.v, source, in_.wV, s_.kvHeads, s_.keys, s_.dV);
  }

  void scores() {
    for (const Stage map : {Stage::dot, Stage::scaled, Stage::biased, Stage::masked, Stage::weights}) {
      stage(map) = tensor({s_.heads, s_.queries, s_.keys});
    }
    for (int h = 0; h < s_.heads; ++h) {
      for (Index i = 0; i < s_.queries; ++i) {
        for (Index j = 0; j < s_.keys; ++j) {
          double dot = 0;
          for (Index e = 0; e < s_.dK; ++e) {
            dot += at(stage(Stage::q), h, i, e) * at(stage(Stage::k), s_.kvHeadOf(h), j, e);
          }
          const double scaled = dot * plan_.scale;
          at(stage(Stage::dot), h, i, j) = dot;
          at(stage(Stage::scaled), h, i, j) = scaled;
          at(stage(Stage::biased), h, i, j) = scaled;
          at(stage(Stage::masked), h, i, j) = mask_.keeps(i, j) ? scaled : -kInfinity;
        }
      }
    }
  }

  void weights() {
    for (Tensor& quantity : out_.rows) quantity = tensor({s_.heads, s_.queries});
    for (Index h = 0; h < s_.heads; ++h) {
      for (Index i = 0; i < s_.queries; ++i) {
        std::vector<double> scores;
        std::vector<double> z;
        std::vector<Index> keys;
        for (Index j = 0; j < s_.keys; ++j) {
          if (!mask_.keeps(i, j)) continue;
          keys.push_back(j);
          scores.push_back(at(stage(Stage::masked), h, i, j));
          z.push_back(scores.back() / plan_.temperature);
        }
        Row made;
        if (keys.empty()) {
          for (Index j = 0; j < s_.keys; ++j) {
            at(stage(Stage::weights), h, i, j) = emptyWeight(plan_.emptyRow, s_.keys);
          }
        } else {
          const std::vector<double> weights = normalizer_.reference(z);
          for (std::size_t n = 0; n < keys.size(); ++n) at(stage(Stage::weights), h, i, keys[n]) = weights[n];
          made = measure(scores, weights, plan_.temperature);
        }
        at(row(RowQuantity::rowMax), 0, h, i) = made.maximum;
        at(row(RowQuantity::lse), 0, h, i) = made.lse;
        at(row(RowQuantity::entropy), 0, h, i) = made.entropy;
        at(row(RowQuantity::effectiveKeys), 0, h, i) = made.effectiveKeys;
        at(row(RowQuantity::keptKeys), 0, h, i) = static_cast<double>(keys.size());
      }
    }
  }

  /// True where the key's value takes part in the row: kept, or part of an empty row that has weights.
  bool takesPart(Index i, Index j) const {
    return mask_.keeps(i, j) || (mask_.runs(i).empty() && plan_.emptyRow != EmptyRow::zeros);
  }

  void outputs() {
    stage(Stage::headOutput) = tensor({s_.heads, s_.queries, s_.dV});
    stage(Stage::concat) = tensor({s_.queries, s_.heads * s_.dV});
    for (int h = 0; h < s_.heads; ++h) {
      if (std::count(plan_.ablatedHeads.begin(), plan_.ablatedHeads.end(), h) > 0) continue;
      for (Index i = 0; i < s_.queries; ++i) {
        for (Index c = 0; c < s_.dV; ++c) {
          double sum = 0;
          for (Index j = 0; j < s_.keys; ++j) {
            if (!takesPart(i, j)) continue;
            sum += at(stage(Stage::weights), h, i, j) * at(stage(Stage::v), s_.kvHeadOf(h), j, c);
          }
          at(stage(Stage::headOutput), h, i, c) = sum;
          at(stage(Stage::concat), 0, i, h * s_.dV + c) = sum;
        }
      }
    }
    if (in_.wO) merge();
  }

  void merge() {
    stage(Stage::contribution) = tensor({s_.heads, s_.queries, s_.dModel});
    stage(Stage::output) = tensor({s_.queries, s_.dModel});
    for (Index i = 0; i < s_.queries; ++i) {
      for (Index c = 0; c < s_.dModel; ++c) {
        double y =
            in_.wO->bias.empty() ? 0.0 : static_cast<double>(in_.wO->bias[static_cast<std::size_t>(c)]);
        for (int h = 0; h < s_.heads; ++h) {
          if (std::count(plan_.ablatedHeads.begin(), plan_.ablatedHeads.end(), h) > 0) continue;
          double part = 0;
          for (Index e = 0; e < s_.dV; ++e) {
            part +=
                at(stage(Stage::headOutput), h, i, e) * static_cast<double>(in_.wO->weight(h * s_.dV + e, c));
          }
          at(stage(Stage::contribution), h, i, c) = part;
          y += part;
        }
        at(stage(Stage::output), 0, i, c) = y;
      }
    }
  }

  const AttentionPlan& plan_;
  const Inputs& in_;
  const Sizes& s_;
  const MaskPlan& mask_;
  const Normalizer& normalizer_;
  ReferenceRun out_;
};

}  // namespace

Result<ReferenceRun> referenceAttend(const AttentionPlan& plan) try {
  if (Status status = checkInputs(plan.inputs); !status) return status.error();
  const Sizes& s = plan.inputs.sizes;
  if (static_cast<double>(s.heads) * static_cast<double>(s.queries) * static_cast<double>(s.keys) >
      kMostCells) {
    return Error{ErrorCode::failed,
                 "the reference stores its maps, and " + std::to_string(s.heads) + " heads of " +
                     std::to_string(s.queries) + " × " + std::to_string(s.keys) +
                     " cells are more than the 67108864 cells it accepts",
                 "", "Shorten the sequence, or use fewer heads"};
  }
  const auto normalizer = makeNormalizer(plan.normalizer, "normalizer");
  if (!normalizer) return normalizer.error();
  if (!(plan.temperature > 0)) {
    return Error{ErrorCode::invalid, "found a temperature that is not above 0", "normalizer.temperature", ""};
  }
  const auto mask = MaskPlan::compile(plan.masks, {s.queries, s.keys, plan.inputs.paddedKeys});
  if (!mask) return mask.error();
  return Evaluation(plan, **mask, **normalizer).run();
} catch (const std::exception&) {
  return Error{ErrorCode::failed, "not enough memory for the reference's maps", "",
               "Shorten the sequence, or use fewer heads"};
}

}  // namespace headlight
