#pragma once
#include <span>

#include "core/attention/explain.h"

namespace headlight {

// How each stage is explained; explain() has checked that the cell exists.
void explainMap(const Run& run, Explanation& out);
void explainMatrix(const Run& run, Explanation& out);

/// For people: three decimals, more where a small number would read 0.
std::string numberText(float x);
/// The same within arithmetic: negative numbers in parentheses.
std::string operandText(float x);

/// Σ a_n · b_n as a step: its terms, "64 products, then their sum", and the first of them as expression.
ExplainStep sumStep(Stage stage, std::string title, std::vector<ExplainTerm> terms, float result);
ExplainTerm term(std::int64_t index, float left, float right);
/// A step without terms.
ExplainStep plainStep(Stage stage, std::string title, std::string detail, std::string expression,
                      float result);
ExplainStep::Strip strip(std::string label, std::vector<float> values);

}  // namespace headlight
