#pragma once
#include <string>

#include "core/attention/stage.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// How a stage is made in this experiment, in math markup: "A = sparsemax(QK^T ÷ √d_k + B + M)". What is
/// switched off is left out, and what is deliberately wrong stands as it is done. Empty where the stage's
/// numbers are given.
std::string stageFormula(const Evaluation& evaluation, Stage stage);
/// From scores to head output in one line: "softmax(QK^T ÷ √d_k + M) V"; empty where maps are given.
std::string pipelineFormula(const Evaluation& evaluation);

/// What leads from one stage to the next, as it stands over an arrow.
std::string biasStep(const Evaluation& evaluation);        ///< "softcap, + bias"
std::string maskStep(const Evaluation& evaluation);        ///< "+ mask", "no mask"
std::string normalizerStep(const Evaluation& evaluation);  ///< "÷ τ, softmax"

}  // namespace headlight
