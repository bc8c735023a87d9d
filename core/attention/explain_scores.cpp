#include <cmath>

#include "core/attention/explain_row.h"
#include "core/attention/kernels/softcap_row.h"

namespace headlight {
namespace {

ExplainStep dotStep(const MapRow& row, float result) {
  const Run& run = row.run();
  const Matrix& q = run.projected->q[static_cast<std::size_t>(row.head())];
  const Matrix& k = run.projected->k[static_cast<std::size_t>(run.sizes.kvHeadOf(row.head()))];
  std::vector<ExplainTerm> terms;
  for (std::int64_t e = 0; e < q.cols(); ++e) terms.push_back(term(e, q(row.query(), e), k(row.key(), e)));
  ExplainStep step = sumStep(Stage::dot, "QK^T", std::move(terms), result);
  if (row.key() >= run.sizes.tokenKeys()) {
    step.detail += "; the extra key belongs to no token";
  } else if (run.inputs.rotary) {
    step.detail += "; of q and k after their rotation";
  }
  return step;
}

ExplainStep scaleStep(const Run& run, float dot, float result) {
  const float scale = run.rules.scale;
  const double root = std::sqrt(static_cast<double>(run.sizes.dK));
  if (scale == 1) return plainStep(Stage::scaled, "× 1", "no scale", operandText(dot) + " × 1", result);
  if (scale == static_cast<float>(1 / root)) {
    return plainStep(Stage::scaled, "÷ √d_k", "d_k = " + std::to_string(run.sizes.dK),
                     operandText(dot) + " ÷ " + numberText(static_cast<float>(root)), result);
  }
  return plainStep(Stage::scaled, "× scale", "scale = " + numberText(scale),
                   operandText(dot) + " × " + operandText(scale), result);
}

/// Softcap, then a step for each bias; the last of them ends at `biased`.
void addModifierSteps(const MapRow& row, float scaled, float biased, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const std::size_t before = steps.size();
  float score = scaled;
  if (run.rules.softcap > 0) {
    softcapRow(&score, 1, run.rules.softcap);
    const std::string cap = numberText(run.rules.softcap);
    steps.push_back(plainStep(Stage::biased, "softcap", "c = " + cap,
                              cap + " × tanh(" + operandText(scaled) + " ÷ " + cap + ")", score));
  }
  for (const BiasPlan::Term& bias : run.rules.biases->terms(row.head(), row.query(), row.key())) {
    const auto value = static_cast<float>(bias.value);
    const std::string expression = operandText(score) + " + " + operandText(value);
    score += value;
    steps.push_back(plainStep(Stage::biased, "+ " + bias.label, bias.reason, expression, score));
  }
  if (steps.size() > before) steps.back().result = biased;
}

ExplainStep maskStep(const MapRow& row, float before, float result) {
  const Run& run = row.run();
  std::string reason;
  if (run.mask->droppedBy(row.head(), row.query(), row.key(), &reason) < 0) {
    return plainStep(Stage::masked, "+ mask", run.mask->keepsAll() ? "no mask" : "kept",
                     operandText(before) + " + 0", result);
  }
  const std::string masked = "masked: " + reason;
  switch (run.rules.mistake.maskAs) {
    case Mistake::MaskAs::zeroScore:
      return plainStep(Stage::masked, "+ mask", masked + "; by mistake its score becomes 0 and takes part",
                       "", result);
    case Mistake::MaskAs::zeroWeight:
      return plainStep(Stage::masked, "+ mask", masked + "; by mistake its score takes part all the same",
                       operandText(before) + " + 0", result);
    case Mistake::MaskAs::minusInfinity:
      break;
  }
  return plainStep(Stage::masked, "+ mask", masked, operandText(before) + " + (−∞)", result);
}

}  // namespace

void addScoreSteps(const MapRow& row, Stage stage, std::vector<ExplainStep>& steps) {
  const Run& run = row.run();
  const bool given = !run.has(Stage::dot);
  float scaled = 0;
  if (!given) {
    const float dot = row.cell(Stage::dot);
    steps.push_back(dotStep(row, dot));
    if (stage == Stage::dot) return;
    scaled = row.cell(Stage::scaled);
    steps.push_back(scaleStep(run, dot, scaled));
  } else {
    scaled = row.cell(Stage::scaled);
    steps.push_back(plainStep(Stage::scaled, "scaled", "given by the file", "", scaled));
  }
  if (stage == Stage::scaled) return;
  const float biased = row.cell(Stage::biased);
  const std::size_t before = steps.size();
  addModifierSteps(row, scaled, biased, steps);
  if (stage == Stage::biased) {
    if (steps.size() > before) return;
    const bool extra = run.rules.modifies();
    steps.push_back(plainStep(Stage::biased, "+ bias",
                              extra ? "no bias touches an extra key" : "no softcap and no bias",
                              operandText(scaled) + " + 0", biased));
    return;
  }
  steps.push_back(maskStep(row, biased, row.cell(Stage::masked)));
}

}  // namespace headlight
