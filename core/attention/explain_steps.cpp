#include "core/attention/explain_steps.h"

#include <algorithm>
#include <cmath>

#include "core/base/number.h"

namespace headlight {

std::string numberText(float x) {
  constexpr int kDecimals = 3;
  constexpr float kSmall = 0.0995f;
  constexpr float kTiny = 1e-9f;
  const float size = std::abs(x);
  if (!std::isfinite(x) || size == 0 || size >= kSmall) return fixed(static_cast<double>(x), kDecimals);
  if (size < kTiny) return shortest(x);
  return fixed(static_cast<double>(x), kDecimals - 1 - static_cast<int>(std::floor(std::log10(size))));
}

std::string operandText(float x) {
  return std::signbit(x) && x != 0 ? "(" + numberText(x) + ")" : numberText(x);
}

ExplainTerm term(std::int64_t index, float left, float right) {
  return {index, left, right, left * right};
}

ExplainStep sumStep(Stage stage, std::string title, std::vector<ExplainTerm> terms, float result) {
  constexpr std::size_t kShown = 3;
  ExplainStep step{.stage = stage,
                   .title = std::move(title),
                   .detail = {},
                   .expression = {},
                   .result = result,
                   .hasResult = true,
                   .terms = std::move(terms),
                   .strips = {}};
  const std::size_t count = step.terms.size();
  step.detail = count == 1 ? "1 product" : std::to_string(count) + " products, then their sum";
  for (std::size_t n = 0; n < std::min(count, kShown); ++n) {
    const ExplainTerm& t = step.terms[n];
    step.expression += (n == 0 ? "" : " + ") + operandText(t.left) + " × " + operandText(t.right);
  }
  if (count > kShown) step.expression += " + …";
  return step;
}

ExplainStep plainStep(Stage stage, std::string title, std::string detail, std::string expression,
                      float result) {
  return {.stage = stage,
          .title = std::move(title),
          .detail = std::move(detail),
          .expression = std::move(expression),
          .result = result,
          .hasResult = true,
          .terms = {},
          .strips = {}};
}

ExplainStep::Strip strip(std::string label, std::vector<float> values) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * static_cast<double>(v);
  return {std::move(label), std::move(values), static_cast<float>(std::sqrt(squares))};
}

}  // namespace headlight
