#include "core/describe/formula.h"

#include "core/attention/bias/bias.h"
#include "core/attention/normalize/normalize.h"
#include "core/base/number.h"

namespace headlight {
namespace {

using MaskAs = Mistake::MaskAs;

bool givesWeights(const Evaluation& evaluation) {
  const Inputs& inputs = evaluation.run->inputs;
  return inputs.maps && inputs.maps->enters == Stage::weights;
}

bool hasBias(const Evaluation& evaluation) {
  const auto& biases = evaluation.run->rules.biases;
  return biases && !biases->empty();
}

/// Of a sum or product that something else is to be done to.
std::string bracketed(const std::string& terms) {
  return terms.find(' ') == std::string::npos ? terms : "(" + terms + ")";
}

/// The scores up to a stage from `scaled` to `masked`; given ones are called S.
std::string scoreTerms(const Evaluation& evaluation, Stage stage) {
  const Experiment& e = evaluation.experiment;
  std::string terms = "S";
  if (evaluation.run->has(Stage::dot)) {
    terms = "QK^T";
    if (e.scale.isNumber()) {
      terms += " × " + withTrueMinus(shortest(e.scale.number()));
    } else if (!e.scale.isString() || e.scale.string() != "none") {
      terms += " ÷ √d_k";
    }
  }
  if (stage == Stage::scaled) return terms;
  if (e.softcap) terms = "cap(" + terms + ")";
  if (hasBias(evaluation)) terms += " + B";
  if (stage == Stage::biased || e.mask.empty()) return terms;
  if (e.mistake.maskAs == MaskAs::zeroScore) return bracketed(terms) + " × keep";
  return e.mistake.maskAs == MaskAs::zeroWeight ? terms : terms + " + M";
}

std::string normalizerName(const Experiment& e) {
  const NormalizerKind* kind = normalizerKind(e.normalizer.kind);
  return kind ? std::string(kind->spec.label) : e.normalizer.kind;
}

bool weightsAreTaken(const Experiment& e) {
  return e.mistake.maskAs == MaskAs::zeroWeight && !e.mask.empty();
}

std::string weightTerms(const Evaluation& evaluation) {
  const Experiment& e = evaluation.experiment;
  std::string terms = scoreTerms(evaluation, Stage::masked);
  if (e.temperature != 1) terms = bracketed(terms) + " ÷ τ";
  if (e.mistake.plainSum) {
    terms = bracketed(terms) + " ÷ their sum";
  } else {
    terms = normalizerName(e) + (e.mistake.overQueries ? "_i(" : "(") + terms + ")";
  }
  return weightsAreTaken(e) ? terms + " × keep" : terms;
}

}  // namespace

std::string stageFormula(const Evaluation& evaluation, Stage stage) {
  const Run& run = *evaluation.run;
  const Experiment& e = evaluation.experiment;
  switch (stage) {
    case Stage::q:
      return run.inputs.wQ ? std::string(info(stage).formula) : "";
    case Stage::k:
      if (!run.inputs.wK) return "";
      return e.tiesKeys ? "K = X W_Q + b_K" : std::string(info(stage).formula);
    case Stage::v:
      return run.inputs.wV ? std::string(info(stage).formula) : "";
    case Stage::scaled:
    case Stage::biased: {
      const std::string terms = scoreTerms(evaluation, stage);
      return terms == "S" ? "" : terms;
    }
    case Stage::masked: {
      const std::string terms = scoreTerms(evaluation, stage);
      if (terms == "S") return "";
      return run.has(Stage::dot) ? "S = " + terms : terms;
    }
    case Stage::weights:
      return givesWeights(evaluation) ? "" : "A = " + weightTerms(evaluation);
    case Stage::valueWeighted:
      return run.inputs.wO ? std::string(info(stage).formula) : "a_{ij} ‖v_j‖";
    case Stage::output:
      return e.mistake.meanMerge ? "Y = mean(Z_h) W_O + b_O" : std::string(info(stage).formula);
    default:
      return std::string(info(stage).formula);
  }
}

std::string pipelineFormula(const Evaluation& evaluation) {
  const Run& run = *evaluation.run;
  if (!run.has(Stage::dot)) return "";
  std::string weights = weightTerms(evaluation);
  if (!run.has(Stage::v)) return weights;
  return (weights.back() == ')' ? weights : "(" + weights + ")") + " V";
}

std::string biasStep(const Evaluation& evaluation) {
  if (!evaluation.experiment.softcap) return "+ bias";
  return hasBias(evaluation) ? "softcap, + bias" : "softcap";
}

std::string maskStep(const Evaluation& evaluation) {
  const Experiment& e = evaluation.experiment;
  if (e.mask.empty()) return "no mask";
  if (e.mistake.maskAs == MaskAs::zeroScore) return "masked → 0";
  return weightsAreTaken(e) ? "no mask yet" : "+ mask";
}

std::string normalizerStep(const Evaluation& evaluation) {
  const Experiment& e = evaluation.experiment;
  std::string words = e.temperature == 1 ? "" : "÷ τ, ";
  words += e.mistake.plainSum ? "÷ sum" : normalizerName(e);
  if (e.mistake.overQueries) words += " over queries";
  if (weightsAreTaken(e)) words += ", masked → 0";
  return words;
}

}  // namespace headlight
