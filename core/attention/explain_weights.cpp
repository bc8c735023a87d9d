#include <cmath>

#include "core/attention/explain_row.h"
#include "core/attention/over_queries.h"

namespace headlight {
namespace {

std::string emptyRowText(const Run& run) {
  switch (run.rules.emptyRow) {
    case EmptyRow::zeros:
      return "this query keeps no key: all its weights are 0";
    case EmptyRow::nan:
      return "this query keeps no key: all its weights are NaN";
    case EmptyRow::uniform:
      return "this query keeps no key: each key gets 1 ÷ " + std::to_string(run.sizes.keys);
  }
  return "";
}

/// Softmax over the queries of the key.
void addColumnSteps(const MapRow& row, float score, float weight, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const HeadStatistics& head = run.statistics->heads[static_cast<std::size_t>(row.head())];
  const HeadStatistics::Column& column = head.columns[static_cast<std::size_t>(row.key())];
  const bool shifted = !run.rules.mistake.keepsMaximum;
  const bool plain = run.rules.temperature == 1;
  const std::string name = "key " + std::to_string(row.key());
  std::string title = shifted ? "s − max" : "s";
  std::string exponent =
      shifted ? operandText(score) + " − " + operandText(column.maximum) : numberText(score);
  std::string detail = shifted ? "the largest score of " + name + " is " + numberText(column.maximum)
                               : "the largest score is not subtracted first: floats end at e^{88.7}";
  if (!plain) {
    title = (shifted ? "(" + title + ")" : title) + " ÷ τ";
    exponent = (shifted ? "(" + exponent + ")" : exponent) + " ÷ " + numberText(run.rules.temperature);
    detail += ", τ = " + numberText(run.rules.temperature);
  }
  const float e = row.undivided(row.key(), score);
  steps.push_back(plainStep(Stage::weights, "e^{" + title + "}", detail, "e^{" + exponent + "}", e));
  steps.push_back(
      plainStep(Stage::weights, "÷ Σ_i e",
                "by mistake the sum over the queries of " + name + ": columns sum to 1, rows need not",
                numberText(e) + " ÷ " + numberText(column.sum), weight));
}

}  // namespace

void addWeightSteps(const MapRow& row, bool rowEmpty, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const float weight = row.cell(Stage::weights);
  if (givesWeights(run)) {
    steps.push_back(plainStep(Stage::weights, "weights A", "given by the file", "", weight));
    return;
  }
  if (rowEmpty) {
    steps.push_back(plainStep(Stage::weights, "weights", emptyRowText(run), "", weight));
    return;
  }
  const float score = row.cell(Stage::masked);
  const bool takesPart = row.takesPart(row.key());
  const bool taken = run.rules.mistake.maskAs == Mistake::MaskAs::zeroWeight &&
                     !run.mask->keeps(row.head(), row.query(), row.key());
  float made = weight;
  if (weighsOverQueries(run) && takesPart) {
    if (taken) columnWeights(run, row.head(), row.key(), row.key() + 1, &score, &made);
    addColumnSteps(row, score, made, steps);
  } else {
    if (taken) run.rules.normalizer->weigh(&score, 1, row.setting(), row.numbers(), &made);
    for (ExplainStep& step :
         run.rules.normalizer->explain({score, takesPart, row.setting(), row.numbers(), made})) {
      steps.push_back(std::move(step));
    }
  }
  if (!taken) return;
  steps.push_back(plainStep(Stage::weights, "mask",
                            "by mistake the weight is taken away only now, and the others keep theirs", "",
                            weight));
}

void addValueStep(const MapRow& row, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  if (run.sizes.dV == 0) return;
  const float weight = row.cell(Stage::weights);
  const Matrix& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(row.head()))];
  std::vector<float> value(v.row(row.key()), v.row(row.key()) + v.cols());
  std::vector<float> weighted(value);
  // A masked key takes no part, whatever its value holds: 0 · NaN would.
  const bool masked = weight == 0 && !row.takesPart(row.key());
  for (float& x : weighted) x = masked ? 0.0f : weight * x;
  ExplainStep step = plainStep(Stage::headOutput, "× V", "this key's part of the head output",
                               numberText(weight) + " × v_{" + std::to_string(row.key()) + "}", 0);
  step.hasResult = false;
  step.strips.push_back(strip("v_j", std::move(value)));
  step.strips.push_back(strip("a_{ij} v_j", std::move(weighted)));
  const auto h = static_cast<std::size_t>(row.head());
  if (run.outputs) {
    const Matrix& z = run.outputs->headOutput[h];
    step.strips.push_back(strip("z_i", {z.row(row.query()), z.row(row.query()) + z.cols()}));
  }
  if (run.ablated[h]) step.detail = "head " + std::to_string(row.head()) + " is switched off: z is 0";
  steps.push_back(std::move(step));
}

void addLengthStep(const MapRow& row, float value, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const float weight = row.cell(Stage::weights);
  const float length =
      run.valueLengths->of(run)[static_cast<std::size_t>(row.head())][static_cast<std::size_t>(row.key())];
  const std::string name = run.inputs.wO ? "‖v_j W_O‖" : "‖v_j‖";
  const std::string detail = run.inputs.wO ? "how long the key's value is behind the head's rows of W_O"
                                           : "how long the key's value is";
  ExplainStep step = plainStep(Stage::valueWeighted, "× " + name, detail,
                               operandText(weight) + " × " + numberText(length), value);
  const Matrix& v = run.projected->v[static_cast<std::size_t>(run.sizes.kvHeadOf(row.head()))];
  step.strips.push_back(strip("v_j", {v.row(row.key()), v.row(row.key()) + v.cols()}));
  steps.push_back(std::move(step));
}

}  // namespace headlight
