#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/attention/explain_steps.h"
#include "core/attention/explain_words.h"
#include "core/attention/latex_text.h"

namespace headlight {
namespace {

/// A row of align*: what is made, how, and words about it.
std::string row(const std::string& left, const std::string& middle, const std::string& words) {
  std::string text = "  " + left + " &" + middle + " &&";
  if (!words.empty()) text += " \\text{" + latexText(words) + "}";
  return text + " \\\\\n";
}

/// Its products, a few a line.
std::vector<std::string> productLines(const std::vector<ExplainTerm>& terms) {
  constexpr std::size_t kOfLine = 3;
  constexpr std::size_t kMost = 24;
  std::vector<std::string> lines;
  const std::size_t count = terms.size() > kMost ? kOfLine : terms.size();
  for (std::size_t n = 0; n < count; ++n) {
    if (n % kOfLine == 0) lines.emplace_back();
    if (n > 0) lines.back() += " + ";
    lines.back() += latexMath(operandText(terms[n].left) + " × " + operandText(terms[n].right));
  }
  if (count < terms.size()) lines.back() += " + \\dots";
  return lines;
}

std::string vectorText(const std::vector<float>& values) {
  constexpr std::size_t kMost = 8;
  std::string text = "(";
  for (std::size_t e = 0; e < std::min(values.size(), kMost); ++e) {
    text += (e > 0 ? ", " : "") + latexMath(numberText(values[e]));
  }
  if (values.size() > kMost) text += ", \\dots";
  return text + ")";
}

std::string stepRows(const ExplainStep& step) {
  std::string text;
  std::string left = latexMath(step.title);
  const std::string result = step.hasResult ? "= " + latexMath(numberText(step.result)) : "";
  const std::vector<std::string> products = productLines(step.terms);
  for (std::size_t n = 0; n < products.size(); ++n) {
    const bool last = n + 1 == products.size();
    std::string middle = n == 0 ? "= " : "\\quad ";
    middle += products[n];
    if (last && !result.empty()) middle += " " + result;
    text += row(left, middle, last ? step.detail : "");
    left.clear();
  }
  if (products.empty()) {
    std::string middle = step.expression.empty() ? "" : "= " + latexMath(step.expression);
    if (!middle.empty() && !result.empty()) middle += " ";
    text += row(left, middle + result, step.detail);
  }
  for (const ExplainStep::Strip& strip : step.strips) {
    const std::string name = latexMath(strip.label);
    text += row(name, "= " + vectorText(strip.values), "");
    text += row("\\|" + name + "\\|", "= " + latexMath(numberText(strip.length)), "");
  }
  return text;
}

}  // namespace

std::string toLatex(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                    const std::vector<std::string>& keyLabels) {
  std::string cell = cellWords(explanation, queryLabels, keyLabels);
  // A comment ends with its line.
  std::replace_if(
      cell.begin(), cell.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
  std::string text = "% " + cell + "\n\\begin{align*}\n";
  for (const ExplainStep& step : explanation.steps) text += stepRows(step);
  if (explanation.droppedBy) text += row("\\text{mask}", "", droppedWords(*explanation.droppedBy));
  for (const ExplainFact& fact : explanation.facts) {
    text += row("\\text{" + latexText(fact.name) + "}", "", fact.text);
    for (const ExplainStep& step : fact.steps) text += stepRows(step);
  }
  // Behind the last row a line break would begin another.
  constexpr std::string_view kRowEnd = " \\\\\n";
  if (text.ends_with(kRowEnd)) text.replace(text.size() - kRowEnd.size(), kRowEnd.size(), "\n");
  return text + "\\end{align*}\n";
}

}  // namespace headlight
