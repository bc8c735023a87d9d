#include <algorithm>

#include "core/attention/explain_steps.h"
#include "core/attention/field_blocks.h"

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

/// Σ x · w and, where there is one, + b: ends at `value`.
void addLinear(Stage stage, const std::string& title, std::vector<ExplainTerm> terms, const Linear& linear,
               std::int64_t column, float value, Explanation& out) {
  if (linear.bias.empty()) {
    out.steps.push_back(sumStep(stage, title, std::move(terms), value));
    return;
  }
  const float sum = sumOf(terms);
  const float bias = linear.bias[static_cast<std::size_t>(column)];
  out.steps.push_back(sumStep(stage, title, std::move(terms), sum));
  const std::string name = stage == Stage::output ? "b_O" : "b_" + subscript(stage);
  out.steps.push_back(plainStep(stage, "+ " + name, "the bias of column " + std::to_string(column),
                                operandText(sum) + " + " + operandText(bias), value));
}

/// q, k, v: x W + b, or as the source gives it; then what was set by hand.
void explainProjection(const Run& run, Explanation& out) {
  const Inputs& in = run.inputs;
  const bool isQuery = out.stage == Stage::q;
  const Caused<Heads>& given = isQuery ? in.q : out.stage == Stage::k ? in.k : in.v;
  const Caused<Linear>& linear = isQuery ? in.wQ : out.stage == Stage::k ? in.wK : in.wV;
  const Caused<Matrix>& x = !isQuery && in.memory ? in.memory : in.x;
  const int head = isQuery ? out.head : run.sizes.kvHeadOf(out.head);
  const std::string name = subscript(out.stage);
  const HeadEdit* edit = editOf(run, out.stage, head, out.row, out.col);
  if (given) {
    const float source = (*given)[static_cast<std::size_t>(head)](out.row, out.col);
    out.steps.push_back(plainStep(out.stage, name, "given by the source", "", source));
  } else {
    const std::int64_t column = head * (out.stage == Stage::v ? run.sizes.dV : run.sizes.dK) + out.col;
    std::vector<ExplainTerm> terms;
    for (std::int64_t e = 0; e < x->cols(); ++e)
      terms.push_back(term(e, (*x)(out.row, e), linear->weight(e, column)));
    float made = out.value;
    if (edit != nullptr) {
      const float bias = linear->bias.empty() ? 0.0f : linear->bias[static_cast<std::size_t>(column)];
      made = sumOf(terms) + bias;
    }
    const std::string title = (!isQuery && in.memory ? "X_m W_" : "X W_") + name;
    addLinear(out.stage, title, std::move(terms), *linear, column, made, out);
  }
  if (edit != nullptr)
    out.steps.push_back(plainStep(out.stage, "set by hand", "an edit replaces it", "", out.value));
  out.headline = "feature " + std::to_string(out.col) +
                 (isQuery                 ? " of query "
                  : out.stage == Stage::k ? " of key "
                                          : " of the value of key ") +
                 std::to_string(out.row);
}

/// z_id = Σ_j a_ij v_jd over the keys of the row.
void addHeadOutput(const Run& run, int head, std::int64_t row, std::int64_t col, Explanation& out) {
  const auto h = static_cast<std::size_t>(head);
  const std::int64_t keys = run.sizes.keys;
  std::vector<float> weights(static_cast<std::size_t>(keys));
  std::vector<std::uint8_t> classes(weights.size());
  mapBlock(run, Stage::weights, head, {row, row + 1, 0, keys}, {weights.data(), classes.data(), keys});
  const Matrix& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
  std::vector<ExplainTerm> terms;
  for (std::int64_t j = 0; j < keys; ++j) {
    const auto at = static_cast<std::size_t>(j);
    if (classes[at] == static_cast<std::uint8_t>(CellClass::masked)) continue;
    terms.push_back(term(j, weights[at], v(j, col)));
  }
  const float mixed = (*run.mixed)[h](row, col);
  const bool none = terms.empty();
  ExplainStep step = sumStep(Stage::headOutput, "A V", std::move(terms), mixed);
  if (none) step.detail = "this query keeps no key: nothing is added up";
  out.steps.push_back(std::move(step));
  if (!run.ablated[h]) return;
  out.steps.push_back(
      plainStep(Stage::headOutput, "switched off", "head " + std::to_string(head) + " is ablated", "", 0));
}

void explainConcat(const Run& run, Explanation& out) {
  const auto head = static_cast<int>(out.col / run.sizes.dV);
  const std::int64_t col = out.col % run.sizes.dV;
  out.head = head;
  addHeadOutput(run, head, out.row, col, out);
  out.steps.push_back(plainStep(Stage::concat, "concat",
                                "column " + std::to_string(col) + " of head " + std::to_string(head) +
                                    " stands at column " + std::to_string(out.col),
                                "", out.value));
  out.headline = "column " + std::to_string(col) + " of head " + std::to_string(head);
}

/// Terms z · W_O of the columns of one head.
void addMerged(const Run& run, int head, std::int64_t row, std::int64_t col,
               std::vector<ExplainTerm>& terms) {
  const auto h = static_cast<std::size_t>(head);
  if (run.ablated[h]) return;
  const Matrix& z = run.outputs->headOutput[h];
  for (std::int64_t e = 0; e < z.cols(); ++e) {
    const std::int64_t index = head * z.cols() + e;
    terms.push_back(term(index, z(row, e), run.inputs.wO->weight(index, col)));
  }
}

void explainContribution(const Run& run, Explanation& out) {
  std::vector<ExplainTerm> terms;
  addMerged(run, out.head, out.row, out.col, terms);
  ExplainStep step = sumStep(Stage::contribution, "Z_h W_O^h", std::move(terms), out.value);
  const std::string name = "head " + std::to_string(out.head);
  if (run.ablated[static_cast<std::size_t>(out.head)]) step.detail = name + " is ablated: it adds nothing";
  out.steps.push_back(std::move(step));
  out.headline = "what " + name + " adds to the output";
}

void explainOutput(const Run& run, Explanation& out) {
  std::vector<ExplainTerm> terms;
  for (int head = 0; head < run.sizes.heads; ++head) addMerged(run, head, out.row, out.col, terms);
  addLinear(Stage::output, "Z W_O", std::move(terms), *run.inputs.wO, out.col, out.value, out);
  out.headline = "column " + std::to_string(out.col) + " of the output of query " + std::to_string(out.row);
}

}  // namespace

void explainMatrix(const Run& run, Explanation& out) {
  switch (out.stage) {
    case Stage::q:
    case Stage::k:
    case Stage::v:
      return explainProjection(run, out);
    case Stage::headOutput:
      addHeadOutput(run, out.head, out.row, out.col, out);
      out.headline =
          "column " + std::to_string(out.col) + " of what query " + std::to_string(out.row) + " collects";
      return;
    case Stage::concat:
      return explainConcat(run, out);
    case Stage::contribution:
      return explainContribution(run, out);
    case Stage::output:
      return explainOutput(run, out);
    default:
      out.steps.push_back(
          plainStep(out.stage, std::string(info(out.stage).label), "given by the source", "", out.value));
      out.headline = "feature " + std::to_string(out.col) + " of token " + std::to_string(out.row);
  }
}

}  // namespace headlight
