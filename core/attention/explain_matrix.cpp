#include "core/attention/explain_matrix.h"

#include "core/attention/explain_row.h"
#include "core/attention/field_blocks.h"
#include "core/attention/merge.h"

namespace headlight {
namespace {

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
  const MergeRows rows = mergeRows(run.rules.mistake, head, run.sizes.heads, run.sizes.dV);
  for (std::int64_t e = 0; e < z.cols(); ++e) {
    terms.push_back(
        term(head * z.cols() + e, rows.factor * z(row, e), run.inputs.wO->weight(rows.first + e, col)));
  }
}

/// What is said of the heads' mean in place of their concatenation.
std::string meanDetail(const Run& run) {
  if (!run.rules.mistake.meanMerge) return "";
  return "; by mistake each head's output ÷ " + std::to_string(run.sizes.heads) +
         ", and every head has the first rows of W_O";
}

void explainContribution(const Run& run, Explanation& out) {
  std::vector<ExplainTerm> terms;
  addMerged(run, out.head, out.row, out.col, terms);
  ExplainStep step = sumStep(Stage::contribution, "Z_h W_O^h", std::move(terms), out.value);
  step.detail += meanDetail(run);
  const std::string name = "head " + std::to_string(out.head);
  if (run.ablated[static_cast<std::size_t>(out.head)]) step.detail = name + " is ablated: it adds nothing";
  out.steps.push_back(std::move(step));
  out.headline = "what " + name + " adds to the output";
}

void explainOutput(const Run& run, Explanation& out) {
  std::vector<ExplainTerm> terms;
  for (int head = 0; head < run.sizes.heads; ++head) addMerged(run, head, out.row, out.col, terms);
  const std::size_t first = out.steps.size();
  addLinear(Stage::output, "Z W_O", "b_O", std::move(terms), *run.inputs.wO, out.col, out.value, out);
  out.steps[first].detail += meanDetail(run);
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
    case Stage::gradQ:
    case Stage::gradK:
    case Stage::gradV:
      return explainGradient(run, out);
    default:
      out.steps.push_back(
          plainStep(out.stage, std::string(info(out.stage).label), "given by the source", "", out.value));
      out.headline = "feature " + std::to_string(out.col) + " of token " + std::to_string(out.row);
  }
}

}  // namespace headlight
