#include <cmath>

#include "core/attention/explain_matrix.h"

namespace headlight {
namespace {

std::string subscript(Stage stage) {
  return stage == Stage::q ? "Q" : stage == Stage::k ? "K" : "V";
}

/// Σ of the terms, for a step whose result is not kept anywhere.
float sumOf(const std::vector<ExplainTerm>& terms) {
  double sum = 0;
  for (const ExplainTerm& t : terms) sum += static_cast<double>(t.left) * static_cast<double>(t.right);
  return static_cast<float>(sum);
}

const HeadEdit* editOf(const Run& run, Stage stage, std::int64_t head, std::int64_t row, std::int64_t col) {
  const HeadEdit* last = nullptr;
  for (const HeadEdit& edit : run.inputs.edits) {
    const bool same = edit.stage == stage && edit.head == head && edit.row == row && edit.column == col;
    if (same) last = &edit;
  }
  return last;
}

/// What q, k or v of one row of a head is made of, before the rotation and what is set by hand.
class Projection {
 public:
  Projection(const Run& run, Stage stage, int head, std::int64_t row)
      : inputs_(run.inputs), stage_(stage), head_(head), row_(row) {
    const bool isQuery = stage == Stage::q;
    given_ = isQuery ? &inputs_.q : stage == Stage::k ? &inputs_.k : &inputs_.v;
    linear_ = isQuery ? &inputs_.wQ : stage == Stage::k ? &inputs_.wK : &inputs_.wV;
    fromMemory_ = !isQuery && inputs_.memory;
    const bool ownMemory = stage == Stage::v && inputs_.memoryValue;
    x_ = ownMemory ? &inputs_.memoryValue : fromMemory_ ? &inputs_.memory : &inputs_.x;
    width_ = stage == Stage::v ? run.sizes.dV : run.sizes.dK;
  }
  bool given() const { return static_cast<bool>(*given_); }
  std::string title() const { return (fromMemory_ ? "X_m W_" : "X W_") + subscript(stage_); }
  const Linear& linear() const { return **linear_; }
  std::int64_t column(std::int64_t feature) const { return head_ * width_ + feature; }
  std::vector<ExplainTerm> terms(std::int64_t feature) const {
    std::vector<ExplainTerm> terms;
    const Matrix& x = **x_;
    for (std::int64_t e = 0; e < x.cols(); ++e) {
      terms.push_back(term(e, x(row_, e), linear().weight(e, column(feature))));
    }
    return terms;
  }
  /// x W + b, or what is given.
  float value(std::int64_t feature) const {
    if (given()) return (**given_)[static_cast<std::size_t>(head_)](row_, feature);
    const AlignedFloats& bias = linear().bias;
    const float sum = sumOf(terms(feature));
    return bias.empty() ? sum : sum + bias[static_cast<std::size_t>(column(feature))];
  }

 private:
  const Inputs& inputs_;
  Stage stage_;
  int head_;
  std::int64_t row_;
  const Caused<Heads>* given_;
  const Caused<Linear>* linear_;
  const Caused<Matrix>* x_;
  std::int64_t width_;
  bool fromMemory_;
};

/// The two products that a turned feature is the sum of; none where the rotation leaves the feature alone.
std::vector<ExplainTerm> rotationTerms(const Rotary& rotary, const Projection& projection, std::int64_t row,
                                       std::int64_t feature, std::int64_t width) {
  const Result<std::int64_t> rotated = rotatedWidth(rotary, width);
  if (!rotated || feature >= *rotated) return {};
  const std::int64_t half = *rotated / 2;
  const std::int64_t pair = rotary.interleaved ? feature / 2 : feature % half;
  const bool first = rotary.interleaved ? feature % 2 == 0 : feature < half;
  const std::int64_t step = rotary.interleaved ? 1 : half;
  const std::int64_t partner = first ? feature + step : feature - step;
  const double angle =
      static_cast<double>(rotary.offset + row) *
      std::pow(rotary.base, -2.0 * static_cast<double>(pair) / static_cast<double>(*rotated));
  const auto cosine = static_cast<float>(std::cos(angle));
  const auto sine = static_cast<float>(std::sin(angle));
  return {term(feature, projection.value(feature), cosine),
          term(partner, projection.value(partner), first ? -sine : sine)};
}

std::string headlineOf(const Explanation& out) {
  const std::string of = out.stage == Stage::q   ? " of query "
                         : out.stage == Stage::k ? " of key "
                                                 : " of the value of key ";
  return "feature " + std::to_string(out.col) + of + std::to_string(out.row);
}

}  // namespace

void addLinear(Stage stage, const std::string& title, const std::string& bias, std::vector<ExplainTerm> terms,
               const Linear& linear, std::int64_t column, float value, Explanation& out) {
  if (linear.bias.empty()) {
    out.steps.push_back(sumStep(stage, title, std::move(terms), value));
    return;
  }
  const float sum = sumOf(terms);
  const float added = linear.bias[static_cast<std::size_t>(column)];
  out.steps.push_back(sumStep(stage, title, std::move(terms), sum));
  out.steps.push_back(plainStep(stage, "+ " + bias, "the bias of column " + std::to_string(column),
                                operandText(sum) + " + " + operandText(added), value));
}

void explainProjection(const Run& run, Explanation& out) {
  const int head = out.stage == Stage::q ? out.head : run.sizes.kvHeadOf(out.head);
  const std::string name = subscript(out.stage);
  const HeadEdit* edit = editOf(run, out.stage, head, out.row, out.col);
  out.headline = headlineOf(out);
  if (out.stage != Stage::q && out.row >= run.sizes.tokenKeys()) {
    const auto& extra = out.stage == Stage::k ? run.inputs.extraK : run.inputs.extraV;
    const float value = (*extra)[static_cast<std::size_t>(head)](out.row - run.sizes.tokenKeys(), out.col);
    out.steps.push_back(plainStep(out.stage, name, "an extra key, which belongs to no token", "", value));
  } else {
    const Projection projection(run, out.stage, head, out.row);
    std::vector<ExplainTerm> turned;
    if (run.inputs.rotary && out.stage != Stage::v) {
      turned = rotationTerms(*run.inputs.rotary, projection, out.row, out.col, run.sizes.dK);
    }
    const float made = edit == nullptr && turned.empty() ? out.value : projection.value(out.col);
    if (projection.given()) {
      out.steps.push_back(plainStep(out.stage, name, "given by the source", "", made));
    } else {
      addLinear(out.stage, projection.title(), "b_" + name, projection.terms(out.col), projection.linear(),
                projection.column(out.col), made, out);
    }
    if (!turned.empty()) {
      const std::string partner = std::to_string(turned[1].index);
      float result = out.value;
      if (edit != nullptr) result = sumOf(turned);
      ExplainStep step = sumStep(out.stage, "rotation", std::move(turned), result);
      step.detail = "turned with feature " + partner + " by the position " +
                    std::to_string(run.inputs.rotary->offset + out.row);
      out.steps.push_back(std::move(step));
    }
  }
  if (edit == nullptr) return;
  out.steps.push_back(plainStep(out.stage, "set by hand", "an edit replaces it", "", out.value));
}

}  // namespace headlight
